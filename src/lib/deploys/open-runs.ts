import type { GitHub, WorkflowRun } from '../clients/github/github.ts';
import { OncallError } from '../errors.ts';

const RUNS_LOOKED_AT = 10;
/** A run that has been waiting longer than this was forgotten, and is not "under way". */
const FORGOTTEN_MS = 24 * 3_600_000;

/**
 * The runs of a workflow that are not over, newest first; none where there is no such workflow.
 * @param at `known` is a run that this machine started: lists may not show it yet
 */
export async function openRuns(
  github: GitHub,
  at: { repository: string; workflow: string; known?: number | null },
): Promise<WorkflowRun[]> {
  try {
    const [runs, known] = await Promise.all([
      github.runs(at.repository, { workflow: at.workflow, limit: RUNS_LOOKED_AT }),
      at.known ? github.run(at.repository, at.known).catch(orInterruption) : null,
    ]);
    const others = runs.filter(({ id }) => id !== known?.id);
    return [...(known ? [known] : []), ...others].filter(({ status }) => status !== 'completed');
  } catch (error) {
    // A service may have no such workflow; that it is missing where it is needed, its dispatch will say.
    if (error instanceof OncallError && error.code === 'NOT_FOUND') return [];
    throw error;
  }
}

/** The newest of them that nobody has forgotten. */
export function runUnderWay(runs: readonly WorkflowRun[], now: number): WorkflowRun | null {
  return runs.find(({ createdAt }) => now - Date.parse(createdAt) < FORGOTTEN_MS) ?? null;
}

function orInterruption(error: unknown): null {
  if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
  throw error;
}

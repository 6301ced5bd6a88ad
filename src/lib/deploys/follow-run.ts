import type { Gate, GitHub } from '../clients/github/github.ts';
import { OncallError } from '../errors.ts';
import type { Clock, StartedRun } from './start-run.ts';
import { type FinishedRun, type RunState, watchRun } from './watch-run.ts';

export type FollowEvent =
  | { kind: 'moved'; state: RunState }
  /** The run waits until somebody approves; `gates` is null when GitHub did not say who may. */
  | { kind: 'approval'; url: string; gates: Gate[] | null }
  | { kind: 'approved'; environments: string[] }
  | { kind: 'not approved'; why: string };

export interface Following {
  repository: string;
  run: StartedRun;
  /** Asked once for the environments that I may approve. Gives the comment, or null to leave it to others. */
  approval: (mine: readonly Gate[]) => Promise<string | null>;
  onEvent: (event: FollowEvent) => void | Promise<void>;
}

/**
 * Follows a run to its end. Where it waits for an approval, says who may give it, and gives it if I may and want to.
 * @throws as `watchRun` does
 */
export function followRun(github: GitHub, following: Following, clock: Clock): Promise<FinishedRun> {
  const said = new Set<string>();
  const onState = async (state: RunState) => {
    await following.onEvent({ kind: 'moved', state });
    if (state.status === 'waiting') await meetGates(github, following, said);
  };
  return watchRun(github, { repository: following.repository, runId: following.run.id, onState }, clock);
}

async function meetGates(github: GitHub, { repository, run, ...how }: Following, said: Set<string>): Promise<void> {
  const gates = await github.gates(repository, run.id).catch(unknown);
  const key = gates === null ? 'unknown' : gates.map(({ environmentId }) => environmentId).join();
  if (key === '' || said.has(key)) return;
  said.add(key);
  await how.onEvent({ kind: 'approval', url: run.url, gates });
  const mine = gates?.filter((gate) => gate.mine) ?? [];
  const comment = mine.length > 0 ? await how.approval(mine) : null;
  if (comment === null) return;
  const why = await approve(github, { repository, runId: run.id, mine, comment });
  const environments = mine.map(({ environment }) => environment);
  await how.onEvent(why === null ? { kind: 'approved', environments } : { kind: 'not approved', why });
}

/** Approves once, and looks whether the gates are gone. @returns why not, in words; null when they are */
async function approve(
  github: GitHub,
  wanted: { repository: string; runId: number; mine: readonly Gate[]; comment: string },
): Promise<string | null> {
  const { repository, runId, mine, comment } = wanted;
  const environments = mine.map(({ environmentId }) => environmentId);
  let told: string | null = null;
  try {
    await github.approve(repository, runId, { environments, comment });
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    told = error.message;
    if (error.code !== 'UNAVAILABLE') return told;
  }
  const left = await github.gates(repository, runId).catch(unknown);
  const isOpen = left === null || left.some(({ environmentId }) => environments.includes(environmentId));
  return isOpen ? (told ?? 'GitHub accepted it, and the run still waits.') : null;
}

function unknown(error: unknown): null {
  if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
  throw error;
}

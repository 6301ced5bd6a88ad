import type { GitHub, RunStep, WorkflowRun } from '../clients/github/github.ts';
import { OncallError } from '../errors.ts';
import type { Clock } from './start-run.ts';

/** A run as it stands. */
export interface RunState {
  status: WorkflowRun['status'];
  conclusion: string | null;
  steps: RunStep[];
}

export interface FinishedRun {
  run: WorkflowRun;
  /** The step that failed, as `job: step`; null when it succeeded or nothing tells. */
  failedStep: string | null;
}

/** Polls that fail in a row before it gives up following. */
const MOST_FAILURES = 12;

/** How long to wait before the next look, in milliseconds: often at first, for a revert is mostly over in a minute. */
export function pollDelay(followedFor: number): number {
  if (followedFor < 15_000) return 1000;
  return followedFor < 90_000 ? 3000 : 10_000;
}

/**
 * Follows a run until it is completed, and tells each time it has moved on. That GitHub does not answer for a while is
 * waited out.
 * @throws INTERRUPTED on Ctrl-C, which leaves the run alone; UNAVAILABLE when GitHub stays away
 */
export async function watchRun(
  github: GitHub,
  at: { repository: string; runId: number; onState: (state: RunState) => void | Promise<void> },
  clock: Clock,
): Promise<FinishedRun> {
  const { repository, runId, onState } = at;
  const start = clock.now();
  let failures = 0;
  for (;;) {
    try {
      const run = await github.run(repository, runId);
      const steps = run.status === 'queued' ? [] : await github.steps(repository, runId);
      failures = 0;
      await onState({ status: run.status, conclusion: run.conclusion, steps });
      if (run.status === 'completed') return { run, failedStep: failedStep(steps) };
    } catch (error) {
      const mayPass = error instanceof OncallError && ['UNAVAILABLE', 'RATE_LIMITED'].includes(error.code);
      if (!mayPass || ++failures >= MOST_FAILURES) throw error;
    }
    await clock.wait(failures > 0 ? 5000 : pollDelay(clock.now() - start));
  }
}

function failedStep(steps: readonly RunStep[]): string | null {
  const failed =
    steps.find(({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out') ??
    steps.find(({ conclusion }) => conclusion === 'cancelled');
  if (!failed) return null;
  return failed.job === failed.name ? failed.name : `${failed.job}: ${failed.name}`;
}

/** Where a run stands, in a few words, for a line that moves. */
export function runProgress({ status, steps }: RunState): string {
  if (status === 'waiting') return 'waits for an approval';
  if (status !== 'in_progress' && status !== 'completed') return 'queued';
  const done = steps.filter((step) => step.status === 'completed').length;
  const running = steps.find((step) => step.status === 'in_progress');
  return `step ${Math.min(done + 1, steps.length)} of ${steps.length}${running ? `: ${running.name}` : ''}`;
}

import type { ContainerRuns } from '../clients/kubernetes/kubernetes.ts';
import type { RunRead } from './read-run.ts';

/** Which request reaches a run: the present one, the one before, or none any more. */
export function whereIs(run: string | null, facts: ContainerRuns | null): 'current' | 'previous' | 'nowhere' {
  if (!facts) return 'nowhere';
  if (facts.run === run) return 'current';
  return facts.lastRun === run ? 'previous' : 'nowhere';
}

/**
 * The earliest run that the node still has and that was not read. A pod that was never read before begins with its
 * present run.
 * @param finished the last one that was read to its end
 */
export function firstUnread(finished: string | null, { run, lastRun }: ContainerRuns): string | null {
  if (finished !== null && run !== finished && lastRun !== finished && lastRun !== run && lastRun !== null)
    return lastRun;
  return run === finished ? null : run;
}

/** The how-manieth run of its container it is, as the node counts; null for one that is neither the present nor the last. */
export function numberOf(run: string, { run: present, lastRun, restarts }: ContainerRuns): number | null {
  if (run === present) return restarts;
  return run === lastRun ? restarts - 1 : null;
}

/** Whether a reading for a place came to a result. */
export function isSettled({ outcome, error }: RunRead): boolean {
  return outcome === 'end' || outcome === 'other run' || error?.code === 'NOT_FOUND';
}

/** Whether the node has it no longer. */
export function isGone({ error }: RunRead): boolean {
  return error?.code === 'NOT_FOUND';
}

import type { ContainerRuns } from '../clients/kubernetes/kubernetes.ts';
import type { PodBook } from './pod-book.ts';
import type { RunRead } from './read-run.ts';

/** After a stream that ended in order, the pod's status is waited for so long, in milliseconds, before the log is asked for again. */
export const STATUS_COMES = 150;

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

/**
 * Whether nothing will be written any more: the pod is done, or the container is one of those that run once.
 * @param known.finished the last run that was read to its end; `known.phase` the pod's
 */
export function isDone(
  { run, state, kind, ending }: ContainerRuns,
  known: { finished: string | null; phase: string | undefined },
): boolean {
  if (known.finished === null || run !== known.finished || state === 'running') return false;
  const over = known.phase === 'Succeeded' || known.phase === 'Failed';
  return over || (kind === 'init' && ending === 'Completed, exit code 0');
}

/** Whether a container's status says something else than before. */
export function isNews(now: ContainerRuns | null, before: ContainerRuns | null): boolean {
  return now?.run !== before?.run || now?.state !== before?.state || now?.lastRun !== before?.lastRun;
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

/** Resolves when there is a new run, and a moment later: the log of the old one ends then, any other would go on. */
export async function leftBehind(book: PodBook, isCurrent: () => boolean, signal: AbortSignal): Promise<void> {
  await book.until(() => !isCurrent(), { ms: null, signal });
  await book.until(() => false, { ms: STATUS_COMES, signal });
}

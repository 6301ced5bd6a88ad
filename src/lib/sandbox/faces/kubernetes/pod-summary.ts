import type { Pod } from '../../world/cluster/objects.ts';
import { ageOf } from './age.ts';

/** `1/1`: containers that are ready, of all. */
export function podReady({ spec, status }: Pod): string {
  return `${(status.containerStatuses ?? []).filter(({ ready }) => ready).length}/${spec.containers.length}`;
}

/**
 * The one word that sums a pod up, by the rules of the API server's own printer: what its containers wait for or died
 * of counts more than the phase, and being deleted more than anything.
 */
export function podStatusWord({ metadata, status }: Pod): string {
  if (metadata.deletionTimestamp) return 'Terminating';
  let word: string = status.phase;
  for (const { state } of [...(status.containerStatuses ?? [])].reverse()) {
    if (state.waiting) word = state.waiting.reason;
    else if (state.terminated) word = state.terminated.reason || `ExitCode:${state.terminated.exitCode}`;
  }
  return word;
}

/** `0`, or `3 (12s ago)`: restarts, and how long ago the latest run before this one ended. */
export function podRestarts({ status }: Pod, now: number): string {
  const containers = status.containerStatuses ?? [];
  const count = containers.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const ends = containers.flatMap(({ lastState }) => lastState.terminated?.finishedAt ?? []).sort();
  return count > 0 && ends.length > 0 ? `${count} (${ageOf(ends.at(-1), now)} ago)` : String(count);
}

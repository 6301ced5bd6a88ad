import { type NamedDeploy, type Suspicion, sameCommit } from './deploy.ts';

/** A change shows within this time, or it probably was not this change. */
const LONGEST_BEFORE = 30 * 60_000;
/** Alerts smooth, and clocks differ: a deploy may seem to come after what it broke. */
const LONGEST_AFTER = 5 * 60_000;

/** The moment at which a deploy took effect: its success; its start while it is going out, or if it got stuck. */
export function effectiveAt(deploy: Pick<NamedDeploy, 'startedAt' | 'succeededAt'>): number {
  return Date.parse(deploy.succeededAt ?? deploy.startedAt);
}

/**
 * The deploys near the onset, strongest first: those of the service in trouble before others, then by distance, and one
 * before the onset ahead of one just after it. Nearness is all that this says; it never claims a cause. What was put back
 * after the onset is a remedy, and no suspect.
 * @param deploys newest first
 * @param onset milliseconds since 1970
 * @param service the one in trouble; null if that is not known
 */
export function rankSuspects<D extends NamedDeploy & { current?: boolean }>(
  deploys: readonly D[],
  { onset, service }: { onset: number; service: string | null },
): { deploy: D; suspicion: Suspicion }[] {
  return deploys
    .filter(({ state, current }) => state === 'succeeded' || state === 'running' || current)
    .map((deploy) => ({ deploy, before: onset - effectiveAt(deploy) }))
    .filter(({ deploy, before }) => before >= 0 || !wentOutBefore(deploy, deploys))
    .filter(({ before }) => before <= LONGEST_BEFORE && before >= -LONGEST_AFTER)
    .sort(
      (a, b) =>
        Number(b.deploy.service === service) - Number(a.deploy.service === service) ||
        Number(a.before < 0) - Number(b.before < 0) ||
        Math.abs(a.before) - Math.abs(b.before),
    )
    .map(({ deploy, before }, i) => ({
      deploy,
      suspicion: { rank: i + 1, beforeOnsetSeconds: Math.round(before / 1000) },
    }));
}

function wentOutBefore(deploy: NamedDeploy, deploys: readonly NamedDeploy[]): boolean {
  return deploys.some(
    (other) =>
      other.service === deploy.service &&
      other.state === 'succeeded' &&
      effectiveAt(other) < effectiveAt(deploy) &&
      sameCommit(other.sha, deploy.sha),
  );
}

import { type Disturbance, type NamedDeploy, sameCommit } from './deploy.ts';
import { effectiveAt } from './suspects.ts';

/** A commit has to run this long without an incident before it counts as good. */
export const QUIET_MS = 10 * 60_000;

/** How a deploy went on: when another commit took its place, and whether it was quiet until then. */
export interface QuietRun<D> {
  deploy: D;
  /** When another commit began to take its place; null while none has. */
  replacedAt: number | null;
  /** When it was gone: the other's success. */
  endedAt: number | null;
  quiet: boolean;
}

/**
 * The runs of the deploys that succeeded, newest first. Another commit takes a deploy's place from the moment at which
 * it *starts* to go out: what breaks from then on is not held against the one before.
 * @param deploys newest first
 * @param current what the cluster runs, which may never have succeeded
 */
export function quietRuns<D extends NamedDeploy>(
  deploys: readonly D[],
  facts: { current: D | null; disturbances: readonly Disturbance[]; now: number },
): QuietRun<D>[] {
  const took = deploys.filter((deploy) => deploy.state === 'succeeded' || deploy === facts.current);
  return took.flatMap((deploy, i) => {
    if (deploy.succeededAt === null) return [];
    const next = took.slice(0, i).findLast((later) => !sameCommit(later.sha, deploy.sha)) ?? null;
    const from = effectiveAt(deploy);
    const replacedAt = next && Math.max(from, Date.parse(next.startedAt));
    const until = replacedAt ?? facts.now;
    const disturbed = facts.disturbances.some(({ startedAt }) => {
      const at = Date.parse(startedAt);
      return at >= from && at < until;
    });
    const quiet = until - from >= QUIET_MS && !disturbed;
    return { deploy, replacedAt, endedAt: next && Math.max(from, effectiveAt(next)), quiet };
  });
}

/** Where a revert would lead, judged by the history alone. */
export interface LastGood<D> {
  run: QuietRun<D> | null;
  /** The current commit has itself run quietly before, and was put back since: there is nothing to go back from. */
  alreadyThere: boolean;
}

/**
 * The newest commit before the current one, and other than it, that ran quietly.
 * @param deploys newest first
 */
export function findLastGood<D extends NamedDeploy>(
  deploys: readonly D[],
  facts: { current: D | null; currentSha: string | null; disturbances: readonly Disturbance[]; now: number },
): LastGood<D> {
  const runs = quietRuns(deploys, facts);
  const start = facts.current ? Date.parse(facts.current.startedAt) : Number.POSITIVE_INFINITY;
  const isCurrent = (run: QuietRun<D>) => sameCommit(run.deploy.sha, facts.currentSha);
  const run = runs.find((one) => one.quiet && !isCurrent(one) && Date.parse(one.deploy.startedAt) < start) ?? null;
  return { run, alreadyThere: runs.some((one) => one.quiet && isCurrent(one) && one.replacedAt !== null) };
}

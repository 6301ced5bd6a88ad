import { type Deploy, type Disturbance, type NamedDeploy, sameCommit } from './deploy.ts';
import { findLastGood, quietRuns } from './quiet-runs.ts';
import { rankSuspects } from './suspects.ts';

/**
 * Marks the current deploy, the last good one and the suspects. Pure.
 * @param deploys newest first
 */
export function mark(
  deploys: readonly NamedDeploy[],
  facts: {
    runs: string | null;
    service: { name: string };
    disturbances: readonly Disturbance[] | null;
    onset: number | null;
    now: number;
  },
): { deploys: Deploy[]; alreadyThere: boolean } {
  const disturbances = facts.disturbances ?? [];
  const current = deploys.find(({ sha }) => sameCommit(sha, facts.runs)) ?? null;
  const judged = { current, currentSha: facts.runs, disturbances, now: facts.now };
  const lastGood = findLastGood(deploys, judged);
  const ends = new Map(quietRuns(deploys, judged).map(({ deploy, endedAt }) => [deploy, endedAt ?? facts.now]));
  const candidates = deploys.map((deploy) => ({ ...deploy, current: deploy === current }));
  const suspects =
    facts.onset === null ? [] : rankSuspects(candidates, { onset: facts.onset, service: facts.service.name });
  const marked = deploys.map((deploy, i): Deploy => {
    const end = ends.get(deploy);
    const suspect = suspects.find((one) => one.deploy === candidates[i]);
    return {
      ...deploy,
      ranSeconds:
        end === undefined || !deploy.succeededAt ? null : Math.round((end - Date.parse(deploy.succeededAt)) / 1000),
      current: deploy === current,
      lastGood: deploy === lastGood.run?.deploy && !lastGood.alreadyThere,
      suspect: suspect?.suspicion ?? null,
    };
  });
  return { deploys: marked, alreadyThere: lastGood.alreadyThere };
}

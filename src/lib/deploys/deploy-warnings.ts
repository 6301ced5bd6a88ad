import type { CommitChecks, Comparison, WorkflowRun } from '../clients/github/github.ts';
import { plain } from '../text/plain.ts';
import { formatDuration } from '../text/time.ts';
import { delicateFiles, someNames } from './changed-files.ts';
import { type Deploy, sameCommit, shortSha } from './deploy.ts';
import type { DeployHistory } from './history.ts';
import { effectiveAt } from './suspects.ts';

/** Something about a deploy that a person has to have read. */
export interface DeployWarning {
  kind:
    | 'hold'
    | 'migrations'
    | 'checks'
    | 'came back'
    | 'runs ahead'
    | 'incident'
    | 'backward'
    | 'diverged'
    | 'unknown changes'
    | 'unknown now';
  text: string;
}

export interface DeployFacts {
  target: { sha: string };
  history: Pick<DeployHistory, 'now' | 'deploys'>;
  /** Null when it could not be had. */
  comparison: Comparison | null;
  checks: CommitChecks;
  runsAhead: readonly WorkflowRun[];
  /** The hold that is passed on purpose, in words; null when there is none. */
  passing: string | null;
  /** Title of the open incident that this service is part of. */
  incident: string | null;
  now: number;
}

/** Everything about a deploy that should make a person stop and think, the gravest first. Pure. */
export function deployWarnings(facts: DeployFacts): DeployWarning[] {
  const { comparison, history } = facts;
  const found: DeployWarning[] = [];
  const warn = (kind: DeployWarning['kind'], text: string) => found.push({ kind, text });
  if (facts.passing) warn('hold', `Deploys are on hold, ${facts.passing}. This goes out all the same.`);
  const back = cameBack(facts);
  if (back) {
    const ago = formatDuration(facts.now - effectiveAt(back));
    warn(
      'came back',
      `It brings back ${shortSha(back.sha)}, which was deployed ${ago} ago and has been replaced since.`,
    );
  }
  if (facts.incident) warn('incident', `An incident is open: ${plain(facts.incident)}`);
  const { migrations } = delicateFiles(comparison?.files ?? []);
  if (migrations.length > 0)
    warn(
      'migrations',
      `A database migration goes out with it, and a revert will not undo it: ${someNames(migrations)}`,
    );
  for (const text of checksTexts(facts.checks)) warn('checks', text);
  for (const run of facts.runsAhead)
    warn('runs ahead', `${plain(run.title)} (${plain(run.workflow)}) goes first: ${run.url}`);
  if (comparison?.status === 'behind') warn('backward', 'This goes back: the commit is older than what runs now.');
  if (comparison?.status === 'diverged')
    warn('diverged', 'The two commits have diverged: what runs now has changes that this commit does not have.');
  if (!comparison) warn('unknown changes', 'GitHub does not tell what lies between the two commits.');
  else if (comparison.truncated)
    warn('unknown changes', `GitHub does not list all that lies between: look at ${comparison.url}`);
  if (history.now?.from !== 'cluster')
    warn('unknown now', 'The cluster does not say what runs now; the newest successful deploy is taken for it.');
  return found;
}

function checksTexts({ failed, pending, total, seen }: CommitChecks): string[] {
  if (!seen) return [];
  if (total === 0) return ['Nothing has checked this commit.'];
  return [
    ...(failed.length > 0 ? [`Not all checks of this commit are good: ${someNames(failed)}`] : []),
    ...(pending.length > 0 ? [`Not all checks of this commit are over: ${someNames(pending)}`] : []),
  ];
}

/** The newest deploy of a commit that this one contains and that was taken back: it is what the next deploy brings again. */
function cameBack({ history, comparison, target }: DeployFacts): Deploy | null {
  const { now, deploys } = history;
  const coming = [
    target.sha,
    ...(comparison?.status === 'behind' ? [] : (comparison?.commits ?? []).map(({ sha }) => sha)),
  ];
  const found = deploys.find(
    (deploy) =>
      deploy.state === 'succeeded' &&
      !sameCommit(deploy.sha, now?.sha ?? null) &&
      coming.some((sha) => sameCommit(sha, deploy.sha)),
  );
  return found ?? null;
}

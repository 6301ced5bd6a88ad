import type { Deployment, WorkflowRun } from '../clients/github/github.ts';
import type { Revision, Workload } from '../clients/kubernetes/kubernetes.ts';
import { type DeployRecord, sameCommit } from './deploy.ts';

/** A commit as a run's title carries it: not part of a longer word, so that a nonce is not taken for one. */
const COMMIT_IN_TITLE = /(?<![\w-])[0-9a-f]{40}(?![\w-])|(?<![\w-])(?=[a-f]*\d)[0-9a-f]{7,39}(?![\w-])/;

export function fromDeployments(deployments: readonly Deployment[]): DeployRecord[] {
  return deployments.map(({ sha, createdAt, succeededAt, state, creator, runUrl }) => ({
    sha,
    startedAt: createdAt,
    succeededAt,
    state,
    by: creator,
    runUrl,
  }));
}

/** The commit that a run is about: its title's, since a dispatched run's own commit is only where the workflow file came from. */
export function commitOfRun(run: WorkflowRun): string {
  return COMMIT_IN_TITLE.exec(run.title)?.[0] ?? run.sha;
}

/** Runs that were skipped did not deploy anything. */
export function fromRuns(runs: readonly WorkflowRun[]): DeployRecord[] {
  return runs
    .filter(({ conclusion }) => conclusion !== 'skipped')
    .map((run) => {
      const succeeded = run.conclusion === 'success';
      return {
        sha: commitOfRun(run),
        startedAt: run.createdAt,
        succeededAt: succeeded ? run.updatedAt : null,
        state: run.status !== 'completed' ? 'running' : succeeded ? 'succeeded' : 'failed',
        by: run.actor,
        runUrl: run.url,
      };
    });
}

/**
 * The cluster's own memory. It does not say whether a revision ever worked: that it was replaced by a later one is all
 * that speaks for it. Going back to an old revision keeps its age and renews its number, so numbers give the order.
 */
export function fromRevisions(revisions: readonly Revision[], workload: Workload | null): DeployRecord[] {
  const newestFirst = [...revisions].sort((a, b) => b.number - a.number);
  const rollingOut = workload !== null && workload.updated < workload.desired;
  return newestFirst.map(({ revision, image, createdAt }, i) => ({
    sha: revision ?? image,
    startedAt: createdAt,
    succeededAt: i === 0 && rollingOut ? null : createdAt,
    state: i === 0 && rollingOut ? 'running' : 'succeeded',
    by: null,
    runUrl: null,
  }));
}

/** Newest first, and a commit that a source names twice at the same moment only once. */
export function newestFirst(records: readonly DeployRecord[]): DeployRecord[] {
  return [...records]
    .sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
    .filter((record, i, all) => {
      const before = all[i - 1];
      return !before || !(sameCommit(before.sha, record.sha) && before.startedAt === record.startedAt);
    });
}

import { OncallError } from '../../errors.ts';
import { type Api, ownerAndRepo } from './api.ts';
import type { CommitChecks } from './github.ts';

const PAGE = 100;
const GOOD = new Set(['success', 'neutral', 'skipped']);

interface Standing {
  name: string;
  state: 'good' | 'failed' | 'pending';
}

/**
 * The checks of a commit: the workflow runs that it set off, the checks of other apps, and commit statuses. Check runs of
 * Actions are passed over, since the run of a deploy is one of them; fine-grained personal tokens see none at all.
 * https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
 */
export async function checks(api: Api, repository: string, sha: string): Promise<CommitChecks> {
  const [runs, others, statuses] = await Promise.all([
    passOver(workflowRuns(api, repository, sha)),
    passOver(checkRuns(api, repository, sha)),
    passOver(commitStatuses(api, repository, sha)),
  ]);
  const all = [...(runs ?? []), ...(others ?? []), ...(statuses ?? [])];
  const named = (state: Standing['state']) => [
    ...new Set(all.filter((one) => one.state === state).map(({ name }) => name)),
  ];
  return {
    failed: named('failed'),
    pending: named('pending'),
    total: all.length,
    seen: runs !== null || others !== null || statuses !== null,
  };
}

function checkRuns(api: Api, repository: string, sha: string): Promise<Standing[]> {
  return api.call(
    checkErrand(repository, sha),
    () => api.octokit.rest.checks.listForRef({ ...ownerAndRepo(repository), ref: sha, per_page: PAGE }),
    ({ data }) =>
      data.check_runs
        .filter(({ app }) => app?.slug !== 'github-actions')
        .map(({ name, conclusion }) => ({ name, state: stateOf(conclusion) })),
  );
}

function workflowRuns(api: Api, repository: string, sha: string): Promise<Standing[]> {
  return api.call(
    checkErrand(repository, sha),
    () =>
      api.octokit.rest.actions.listWorkflowRunsForRepo({ ...ownerAndRepo(repository), head_sha: sha, per_page: PAGE }),
    ({ data }) =>
      data.workflow_runs
        // Runs that somebody started by hand act on the repository, and do not judge the commit.
        .filter(({ event }) => event !== 'workflow_dispatch')
        .map(({ name, conclusion }) => ({ name: name ?? 'a workflow', state: stateOf(conclusion) })),
  );
}

function commitStatuses(api: Api, repository: string, sha: string): Promise<Standing[]> {
  return api.call(
    checkErrand(repository, sha),
    () => api.octokit.rest.repos.getCombinedStatusForRef({ ...ownerAndRepo(repository), ref: sha, per_page: PAGE }),
    ({ data }) =>
      data.statuses.map(({ context, state }) => ({
        name: context,
        state: state === 'pending' ? 'pending' : state === 'success' ? 'good' : 'failed',
      })),
  );
}

function stateOf(conclusion: string | null): Standing['state'] {
  if (conclusion === null) return 'pending';
  return GOOD.has(conclusion) ? 'good' : 'failed';
}

function checkErrand(repository: string, sha: string): { what: string; look: string } {
  return { what: `the checks of ${sha.slice(0, 12)}`, look: `gh api repos/${repository}/commits/${sha}/check-runs` };
}

/** That a check cannot be seen is no reason to fail. */
async function passOver<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof OncallError && ['AUTH', 'NOT_FOUND', 'FAILED'].includes(error.code)) return null;
    throw error;
  }
}

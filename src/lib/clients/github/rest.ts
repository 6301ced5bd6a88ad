import { utcStamp } from '../utc-stamp.ts';
import { type Api, type GitHubOptions, githubApi } from './api.ts';
import { checks } from './checks.ts';
import { deployments } from './deployments.ts';
import { approve, gates } from './gates.ts';
import type { GitHub, TokenHolder } from './github.ts';
import { commit, commits, compare } from './history.ts';
import { advanceBranch, branchTip, commitFiles, createBranch, createPull, openPull } from './proposals.ts';
import { defaultBranch, deleteVariable, file, setVariable, variable } from './repository.ts';
import { dispatch, findRun, run, runs, steps } from './workflow-runs.ts';
import { workflows } from './workflows.ts';

/**
 * GitHub over its REST API. Reads are tried twice, writes never.
 * @throws AUTH (no or a wrong token, single sign-on, a missing permission), NOT_FOUND, RATE_LIMITED with when to try
 *   again, UNAVAILABLE, FAILED with GitHub's words, CONFIG, INTERRUPTED
 */
export function connectGitHub(options: GitHubOptions): GitHub {
  const api = githubApi(options);
  return {
    whoAmI: () => whoAmI(api),
    workflows: (repository) => workflows(api, repository),
    deployments: (repository, query) => deployments(api, repository, query),
    runs: (repository, query) => runs(api, repository, query),
    run: (repository, id) => run(api, repository, id),
    steps: (repository, runId) => steps(api, repository, runId),
    commit: (repository, ref) => commit(api, repository, ref),
    commits: (repository, query) => commits(api, repository, query),
    compare: (repository, range) => compare(api, repository, range),
    dispatch: (repository, request) => dispatch(api, repository, request),
    findRun: (repository, query) => findRun(api, repository, query),
    variable: (repository, name) => variable(api, repository, name),
    setVariable: (repository, name, value) => setVariable(api, repository, { name, value }),
    deleteVariable: (repository, name) => deleteVariable(api, repository, name),
    file: (repository, path) => file(api, repository, { path }),
    fileAt: (repository, path, ref) => file(api, repository, { path, ref }),
    defaultBranch: (repository) => defaultBranch(api, repository),
    gates: (repository, runId) => gates(api, repository, runId),
    approve: (repository, runId, review) => approve(api, repository, { runId, ...review }),
    checks: (repository, sha) => checks(api, repository, sha),
    branchTip: (repository, branch) => branchTip(api, repository, branch),
    commitFiles: (repository, change) => commitFiles(api, repository, change),
    createBranch: (repository, branch) => createBranch(api, repository, branch),
    advanceBranch: (repository, branch) => advanceBranch(api, repository, branch),
    openPull: (repository, branch) => openPull(api, repository, branch),
    createPull: (repository, pull) => createPull(api, repository, pull),
  };
}

function whoAmI(api: Api): Promise<TokenHolder> {
  return api.call(
    { what: 'the account of this token', look: 'gh auth status' },
    () => api.octokit.rest.users.getAuthenticated(),
    ({ data, headers }) => {
      const expiry = headers['github-authentication-token-expiration'];
      const scopes = headers['x-oauth-scopes'];
      return {
        login: data.login,
        // `2026-03-01 12:00:00 UTC`, or with an offset such as -0700.
        expiresAt: expiry ? utcStamp(String(expiry)) : null,
        // Only classic tokens tell their scopes; a fine-grained one has permissions, which nothing lists.
        scopes: scopes === undefined ? null : String(scopes).split(/,\s*/).filter(Boolean),
      };
    },
  );
}

import type { RestEndpointMethodTypes } from '@octokit/rest';
import { OncallError } from '../../errors.ts';
import { type Api, ownerAndRepo } from './api.ts';
import { readCommit, type WireCommit } from './commit-form.ts';
import type { PullRequest } from './github.ts';
import { inParallel } from './in-parallel.ts';

type WirePull = RestEndpointMethodTypes['repos']['listPullRequestsAssociatedWithCommit']['response']['data'][number];

/** Commits that are asked about one by one; beyond that the list is not complete, and says so. */
const MOST_QUESTIONS = 50;

/**
 * The pull requests that commits came from, in the commits' order. A squash merge names its pull request in its title
 * (`Fix it (#12)`) and was written by the same person, so that GitHub is asked only about the others. What it does not
 * tell (a token may read commits and yet not pull requests) leaves the list incomplete, and is no error.
 */
export async function pullsOf(
  api: Api,
  repository: string,
  commits: readonly WireCommit[],
): Promise<{ pulls: PullRequest[]; complete: boolean }> {
  const told = commits.map((commit) => pullNamedBy(commit, repository));
  const silent = commits.filter((_, i) => !told[i]);
  const asked = silent.slice(-MOST_QUESTIONS);
  const answers = await inParallel(asked, ({ sha }) => pullsAround(api, repository, sha));
  const bySha = new Map(asked.map(({ sha }, i) => [sha, answers[i]]));
  const found = new Map<number, PullRequest>();
  for (const [i, commit] of commits.entries()) {
    for (const pull of told[i] ? [told[i]] : (bySha.get(commit.sha) ?? [])) {
      if (!found.has(pull.number)) found.set(pull.number, pull);
    }
  }
  return { pulls: [...found.values()], complete: asked.length === silent.length && !answers.includes(null) };
}

async function pullsAround(api: Api, repository: string, sha: string): Promise<PullRequest[] | null> {
  try {
    return await api.call(
      { what: `the pull requests of commit ${sha.slice(0, 12)} of ${repository}` },
      () =>
        api.octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...ownerAndRepo(repository), commit_sha: sha }),
      ({ data }) => data.filter(({ merged_at }) => merged_at).map(readPull),
    );
  } catch (error) {
    if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
    throw error;
  }
}

function pullNamedBy(commit: WireCommit, repository: string): PullRequest | null {
  const { title, author, url } = readCommit(commit);
  const [, pullTitle, number] = /^(.*) \(#(\d+)\)$/.exec(title) ?? [];
  if (pullTitle === undefined) return null;
  // `…/owner/name/commit/sha` becomes `…/owner/name/pull/12`, on whatever server it is.
  const home = url.includes('/commit/') ? url.replace(/\/commit\/.*$/, '') : `https://github.com/${repository}`;
  return { number: Number(number), title: pullTitle, author, url: `${home}/pull/${number}` };
}

function readPull(wire: WirePull): PullRequest {
  return { number: wire.number, title: wire.title, author: wire.user?.login ?? 'unknown', url: wire.html_url };
}

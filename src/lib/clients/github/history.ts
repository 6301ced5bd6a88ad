import type { RestEndpointMethodTypes } from '@octokit/rest';
import { OncallError } from '../../errors.ts';
import { type Api, ownerAndRepo } from './api.ts';
import { readCommit, type WireCommit } from './commit-form.ts';
import type { Commit, Comparison } from './github.ts';
import { pullsOf } from './pulls.ts';

type WireComparison = RestEndpointMethodTypes['repos']['compareCommitsWithBasehead']['response']['data'];

const PAGE = 100;
/** More commits than this say that the two are worlds apart, which is all that one needs to know. */
const MOST_COMMITS = 250;
/** GitHub lists no more: https://docs.github.com/en/rest/commits/commits#compare-two-commits */
const MOST_FILES = 300;

/** The commit that a branch, a tag or a sha names. @throws NOT_FOUND when none does */
export async function commit(api: Api, repository: string, ref: string): Promise<Commit> {
  const look = `gh browse ${ref} -R ${repository}`;
  try {
    return await api.call(
      { what: `commit ${ref} of ${repository}`, look },
      () => api.octokit.rest.repos.getCommit({ ...ownerAndRepo(repository), ref }),
      ({ data }) => readCommit(data),
    );
  } catch (error) {
    // GitHub says 422 where it has the repository and not the commit.
    if (!(error instanceof OncallError) || !/No commit found for SHA/.test(error.message)) throw error;
    throw new OncallError(`${repository} has no branch, tag or commit "${ref}".`, {
      code: 'NOT_FOUND',
      hint: `See what there is: \`gh api repos/${repository}/branches --jq '.[].name'\``,
    });
  }
}

/** Commits of the default branch, newest first. `until` is a time. */
export async function commits(
  api: Api,
  repository: string,
  query: { limit: number; until?: string },
): Promise<Commit[]> {
  const found: Commit[] = [];
  for (let page = 1; found.length < query.limit; page++) {
    const per_page = Math.min(PAGE, query.limit);
    const more = await api.call(
      { what: `the commits of ${repository}` },
      () =>
        api.octokit.rest.repos.listCommits({
          ...ownerAndRepo(repository),
          per_page,
          page,
          ...(query.until ? { until: query.until } : {}),
        }),
      ({ data }) => data.map(readCommit),
    );
    found.push(...more);
    if (more.length < per_page) break;
  }
  return found.slice(0, query.limit);
}

/** What lies between two commits, the commits oldest first. At most 250 commits and 300 files are named. */
export async function compare(
  api: Api,
  repository: string,
  range: { base: string; head: string },
): Promise<Comparison> {
  const basehead = `${range.base}...${range.head}`;
  const errand = {
    what: `${range.base.slice(0, 12)} or ${range.head.slice(0, 12)} in ${repository}`,
    look: `gh api repos/${repository}/compare/${basehead}`,
  };
  const ask = (page: number) =>
    api.call<WireComparison, WireComparison>(
      errand,
      () =>
        api.octokit.rest.repos.compareCommitsWithBasehead({
          ...ownerAndRepo(repository),
          basehead,
          per_page: PAGE,
          page,
        }),
      ({ data }) => ({ ...data, commits: data.commits.slice(0) }),
    );
  const first = await ask(1);
  const found: WireCommit[] = first.commits;
  const wanted = Math.min(first.total_commits, MOST_COMMITS);
  for (let page = 2; found.length < wanted; page++) {
    const more = (await ask(page)).commits;
    if (more.length === 0) break;
    found.push(...more);
  }
  const between = found.slice(0, MOST_COMMITS);
  // Files come with the first page only.
  const files = (first.files ?? []).map(({ filename }) => filename);
  const { pulls, complete } = await pullsOf(api, repository, between);
  return {
    status: first.status,
    commits: between.map(readCommit),
    files,
    pulls,
    truncated: first.total_commits > between.length || files.length >= MOST_FILES || !complete,
    url: first.html_url,
  };
}

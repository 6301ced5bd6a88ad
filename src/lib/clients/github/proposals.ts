import { type Api, orNull, ownerAndRepo } from './api.ts';
import type { FilesChange, NewPull, OpenPull } from './github.ts';

/** The commit at a branch's tip. */
export function branchTip(api: Api, repository: string, branch: string): Promise<string | null> {
  return orNull(
    api.call(
      { what: `branch ${branch} of ${repository}` },
      () => api.octokit.rest.git.getRef({ ...ownerAndRepo(repository), ref: `heads/${branch}` }),
      ({ data }) => data.object.sha,
    ),
  );
}

/** A tree and a commit, which nobody sees until a branch has them: asked for twice, they do no harm. */
export async function commitFiles(api: Api, repository: string, change: FilesChange): Promise<string> {
  const where = ownerAndRepo(repository);
  const errand = { what: `the files of ${repository}`, done: 'kept the new files' };
  const base = await api.call(
    errand,
    () => api.octokit.rest.git.getCommit({ ...where, commit_sha: change.parent }),
    ({ data }) => data.tree.sha,
  );
  const entries = change.files.map(({ path, text }) => {
    return { path, content: text, mode: '100644' as const, type: 'blob' as const };
  });
  const tree = await api.call(
    errand,
    () => api.octokit.rest.git.createTree({ ...where, base_tree: base, tree: entries }),
    ({ data }) => data.sha,
  );
  return api.call(
    errand,
    () => api.octokit.rest.git.createCommit({ ...where, message: change.message, tree, parents: [change.parent] }),
    ({ data }) => data.sha,
  );
}

export function createBranch(api: Api, repository: string, branch: { name: string; sha: string }): Promise<void> {
  return api.call(
    branchErrand(repository, branch.name),
    () =>
      api.octokit.rest.git.createRef({
        ...ownerAndRepo(repository),
        ref: `refs/heads/${branch.name}`,
        sha: branch.sha,
      }),
    () => undefined,
  );
}

export function advanceBranch(api: Api, repository: string, branch: { name: string; sha: string }): Promise<void> {
  return api.call(
    branchErrand(repository, branch.name),
    () => api.octokit.rest.git.updateRef({ ...ownerAndRepo(repository), ref: `heads/${branch.name}`, sha: branch.sha }),
    () => undefined,
  );
}

/** The open pull request of a branch. */
export function openPull(api: Api, repository: string, branch: string): Promise<OpenPull | null> {
  const where = ownerAndRepo(repository);
  return api.call(
    pullErrand(repository),
    () => api.octokit.rest.pulls.list({ ...where, head: `${where.owner}:${branch}`, state: 'open' }),
    ({ data }) => {
      // A head that GitHub does not understand filters nothing.
      const found = data.find(({ head }) => head.ref === branch);
      return found ? { number: found.number, url: found.html_url, headSha: found.head.sha } : null;
    },
  );
}

export function createPull(api: Api, repository: string, pull: NewPull): Promise<OpenPull> {
  const { title, body, branch: head, base } = pull;
  return api.call(
    { ...pullErrand(repository), done: 'opened the pull request' },
    () => api.octokit.rest.pulls.create({ ...ownerAndRepo(repository), title, body, head, base }),
    ({ data }) => ({ number: data.number, url: data.html_url, headSha: data.head.sha }),
  );
}

function branchErrand(repository: string, name: string): { what: string; done: string; look: string } {
  const look = `gh api repos/${repository}/git/matching-refs/heads/${name}`;
  return { what: `branch ${name} of ${repository}`, done: `wrote branch ${name}`, look };
}

function pullErrand(repository: string): { what: string; look: string } {
  return { what: `the pull requests of ${repository}`, look: `gh pr list -R ${repository}` };
}

import { type Api, ownerAndRepo } from './api.ts';

const PAGE = 100;

/** Workflows of a repository that have a file in it. GitHub lists those of its own (Dependabot, Pages) as well. */
export async function workflows(api: Api, repository: string): Promise<{ name: string; file: string }[]> {
  const errand = { what: `the workflows of ${repository}`, look: `gh workflow list -R ${repository}` };
  const listed = await api.call(
    errand,
    () => api.octokit.rest.actions.listRepoWorkflows({ ...ownerAndRepo(repository), per_page: PAGE }),
    ({ data }) => data.workflows.map(({ name, path, state }) => ({ name, path, state })),
  );
  return listed.flatMap(({ name, path, state }) => {
    const file = /^\.github\/workflows\/([^/]+)$/.exec(path)?.[1];
    return file && state !== 'deleted' ? [{ name, file }] : [];
  });
}

import { OncallError } from '../../errors.ts';
import { type Api, orNull, ownerAndRepo } from './api.ts';

/** An Actions variable; null when it is not set. */
export function variable(api: Api, repository: string, name: string): Promise<string | null> {
  return orNull(
    api.call(
      variableErrand(repository, name),
      () => api.octokit.rest.actions.getRepoVariable({ ...ownerAndRepo(repository), name }),
      ({ data }) => data.value,
    ),
  );
}

/** Changes the variable, or creates it if there is none yet. */
export async function setVariable(
  api: Api,
  repository: string,
  variable: { name: string; value: string },
): Promise<void> {
  const errand = { ...variableErrand(repository, variable.name), done: `set ${variable.name}` };
  const parameters = { ...ownerAndRepo(repository), ...variable };
  try {
    await api.call(errand, () => api.octokit.rest.actions.updateRepoVariable(parameters), nothing);
  } catch (error) {
    if (!(error instanceof OncallError) || error.code !== 'NOT_FOUND') throw error;
    await api.call(errand, () => api.octokit.rest.actions.createRepoVariable(parameters), nothing);
  }
}

/** Removes the variable; one that is not there is as good as removed. */
export async function deleteVariable(api: Api, repository: string, name: string): Promise<void> {
  await orNull(
    api.call(
      { ...variableErrand(repository, name), done: `deleted ${name}` },
      () => api.octokit.rest.actions.deleteRepoVariable({ ...ownerAndRepo(repository), name }),
      nothing,
    ),
  );
}

/**
 * A file as text, up to 1 MB; null when there is no such file.
 * @param ref branch, tag or commit; the default branch when absent
 */
export function file(
  api: Api,
  repository: string,
  { path, ref }: { path: string; ref?: string },
): Promise<string | null> {
  const look = `gh browse ${path} -R ${repository}`;
  return orNull(
    api.call(
      { what: `${path} in ${repository}`, look },
      () => api.octokit.rest.repos.getContent({ ...ownerAndRepo(repository), path, ...(ref ? { ref } : {}) }),
      ({ data }) => {
        if (Array.isArray(data) || data.type !== 'file') return null;
        if (data.encoding === 'base64') return Buffer.from(data.content, 'base64').toString('utf8');
        // Over 1 MB the content is left out: https://docs.github.com/en/rest/repos/contents#get-repository-content
        throw new OncallError(`${path} in ${repository} is too large to read.`, {
          code: 'FAILED',
          hint: `Open it by hand: \`${look}\``,
        });
      },
    ),
  );
}

export function defaultBranch(api: Api, repository: string): Promise<string> {
  return api.call(
    { what: `repository ${repository}`, look: `gh repo view ${repository}` },
    () => api.octokit.rest.repos.get(ownerAndRepo(repository)),
    ({ data }) => data.default_branch,
  );
}

function variableErrand(repository: string, name: string): { what: string; look: string } {
  return { what: `variable ${name} of ${repository}`, look: `gh variable list -R ${repository}` };
}

function nothing(): void {}

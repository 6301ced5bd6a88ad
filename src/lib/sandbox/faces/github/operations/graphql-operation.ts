import { DEFAULT_BRANCH } from '../../../world/repositories/history.ts';
import type { Repositories } from '../../../world/repositories/repositories.ts';
import { nodeId } from '../addresses.ts';
import type { Call } from '../call.ts';
import type { AccountOperation } from '../operation.ts';
import { readBody } from '../request-body.ts';

/** The two questions that `gh` asks in GraphQL before it goes on over REST. There is no GraphQL here beyond them. */
const VIEWER = /^\s*query\s*\w*\s*\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/;
const REPOSITORY_INFO = /\bquery RepositoryInfo\b/;

/** https://docs.github.com/en/graphql/guides/forming-calls-with-graphql */
export function graphqlOperation(repositories: Repositories): AccountOperation {
  return { method: 'POST', path: '/graphql', docs: 'graphql', run: (call) => answer(call, repositories) };
}

function answer(call: Call, repositories: Repositories): void {
  if (!call.caller) {
    call.refuse(401, 'This endpoint requires you to be authenticated.');
    return;
  }
  const body = readBody(call.exchange, { query: 'string!', variables: 'object' } as const);
  const query = String(body['query']);
  if (VIEWER.test(query)) call.json(200, { data: { viewer: { login: call.caller.account.login } } });
  else if (REPOSITORY_INFO.test(query)) {
    call.json(200, repositoryInfo(repositories, (body['variables'] ?? {}) as Record<string, unknown>));
  } else {
    const message = 'The sandbox serves no GraphQL but for the viewer and the default branch of a repository.';
    call.json(200, { data: null, errors: [{ type: 'NOT_IMPLEMENTED', path: [], message }] });
  }
}

function repositoryInfo(repositories: Repositories, variables: Record<string, unknown>): object {
  const [owner, name] = [String(variables['owner']), String(variables['name'])];
  const repository = repositories.find(owner, name);
  if (!repository) {
    const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
    return { data: { repository: null }, errors: [{ type: 'NOT_FOUND', path: ['repository'], message }] };
  }
  const info = {
    id: nodeId('R', repository.id),
    name: repository.name,
    owner: { id: nodeId('O', repository.owner.id), login: repository.owner.login },
    hasIssuesEnabled: true,
    description: repository.service.description,
    hasWikiEnabled: false,
    viewerPermission: 'WRITE',
    defaultBranchRef: { name: DEFAULT_BRANCH },
    parent: null,
    mergeCommitAllowed: false,
    rebaseMergeAllowed: false,
    squashMergeAllowed: true,
  };
  return { data: { repository: info } };
}

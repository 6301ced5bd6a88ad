import type { Pull } from '../../../world/repositories/history.ts';
import { notFound } from '../../../world/repositories/refusal.ts';
import { addressesOf } from '../addresses.ts';
import { fileBody } from '../bodies/commit-body.ts';
import { fullPullBody, pullBody } from '../bodies/pull-body.ts';
import type { RepositoryCall } from '../call.ts';
import type { RepositoryOperation } from '../operation.ts';
import type { Need } from '../tokens.ts';

const READ: Need = { permission: 'pull_requests', level: 'read' };

function find({ call, repository }: RepositoryCall): Pull | undefined {
  return repository.history.pulls.find((pull) => String(pull.number) === call.param('number'));
}

// Without `state` a list has open pull requests only, and here all of them are merged.
function list({ call, repository }: RepositoryCall): void {
  const state = call.query('state') ?? 'open';
  const base = call.query('base');
  const head = call.query('head');
  const key = call.query('sort') === 'updated' ? 'mergedAt' : 'createdAt';
  const sign = call.query('direction') === 'asc' ? 1 : -1;
  const pulls = repository.history.pulls
    .filter((pull) => state !== 'open' && (!base || base === 'main') && (!head || head.endsWith(`:${pull.branch}`)))
    .sort((a, b) => sign * (a[key] - b[key]));
  call.list(pulls, (pull) => pullBody(repository, pull, call.at), { repository });
}

/** Pull requests, to read. */
export const pullOperations: readonly RepositoryOperation[] = [
  { method: 'GET', path: '/pulls', docs: 'pulls/pulls#list-pull-requests', needs: READ, run: list },
  {
    method: 'GET',
    path: '/pulls/:number',
    docs: 'pulls/pulls#get-a-pull-request',
    needs: READ,
    run: (about) => {
      const pull = find(about);
      if (pull) about.call.json(200, fullPullBody(about.repository, pull, about.call.at));
      else throw notFound();
    },
  },
  {
    method: 'GET',
    path: '/pulls/:number/files',
    docs: 'pulls/pulls#list-pull-requests-files',
    needs: READ,
    run: (about) => {
      const { call, repository } = about;
      const pull = find(about);
      if (!pull) throw notFound();
      const commit = { sha: pull.headSha, here: addressesOf(repository, call.at) };
      call.list(pull.files, (file) => fileBody(file, commit), { repository });
    },
  },
];

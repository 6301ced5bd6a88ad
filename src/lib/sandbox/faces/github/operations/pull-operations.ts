import { DEFAULT_BRANCH, type Pull } from '../../../world/repositories/history.ts';
import { notFound } from '../../../world/repositories/refusal.ts';
import { addressesOf } from '../addresses.ts';
import { fileBody } from '../bodies/commit-body.ts';
import { fullPullBody, pullBody } from '../bodies/pull-body.ts';
import type { RepositoryCall } from '../call.ts';
import type { RepositoryOperation } from '../operation.ts';
import { flagOf, readBody, textOf } from '../request-body.ts';
import type { Need } from '../tokens.ts';
import { mayTouch } from './workflow-permission.ts';

const READ: Need = { permission: 'pull_requests', level: 'read' };
const WRITE: Need = { permission: 'pull_requests', level: 'write' };

/** The pull request that the path names. */
function required({ call, repository }: RepositoryCall): Pull {
  const pull = repository.pulls.find(Number(call.param('number')));
  if (!pull) throw notFound();
  return pull;
}

// Without `state` a list has open pull requests only.
function list({ call, repository }: RepositoryCall): void {
  const state = call.query('state') ?? 'open';
  const base = call.query('base');
  const head = call.query('head');
  const key = call.query('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const sign = call.query('direction') === 'asc' ? 1 : -1;
  const owner = repository.owner.login;
  const pulls = repository.history.pulls
    .filter((pull) => state === 'all' || (pull.closedAt === null) === (state === 'open'))
    // A head without its owner is not understood, and filters nothing.
    .filter(
      (pull) => (!base || base === DEFAULT_BRANCH) && (!head?.includes(':') || head === `${owner}:${pull.branch}`),
    )
    .sort((a, b) => sign * (a[key] - b[key]));
  call.list(pulls, (pull) => pullBody(repository, pull, call.at), { repository });
}

function open({ call, repository, caller }: RepositoryCall): void {
  const shape = { title: 'string!', head: 'string!', base: 'string!', body: 'string', draft: 'boolean' } as const;
  const body = readBody(call.exchange, shape);
  const text = (name: string) => textOf(body, name) ?? '';
  const wanted = { title: text('title'), head: text('head'), base: text('base').replace(/^refs\/heads\//, '') };
  const pull = repository.pulls.open(
    { ...wanted, body: textOf(body, 'body') ?? null, draft: flagOf(body, 'draft') ?? false, author: caller.account },
    repository.owner.login,
  );
  const commit = repository.history.resolve(pull.headSha);
  if (commit) repository.check(commit, { event: 'pull_request', branch: pull.branch });
  const made = fullPullBody(repository, pull, call.at);
  call.json(201, made, { location: made.url });
}

function update(about: RepositoryCall): void {
  const { call, repository } = about;
  const pull = required(about);
  const body = readBody(call.exchange, { title: 'string', body: 'string', state: 'string', base: 'string' } as const);
  pull.title = textOf(body, 'title') ?? pull.title;
  pull.body = textOf(body, 'body') ?? pull.body;
  const state = textOf(body, 'state');
  if (state === 'open' || state === 'closed') repository.pulls.setState(pull, state);
  call.json(200, fullPullBody(repository, pull, call.at));
}

/** Why a request cannot be merged now; null when it can. */
function obstacle({ repository }: RepositoryCall, pull: Pull, asked: { method: string; sha: string | undefined }) {
  const isOpen = pull.closedAt === null && !pull.draft;
  if (!isOpen) return { status: 405, message: 'Pull Request is not mergeable' };
  if (asked.method !== 'squash') {
    const kind = asked.method === 'rebase' ? 'Rebase merges' : 'Merge commits';
    return { status: 405, message: `${kind} are not allowed on this repository.` };
  }
  if (asked.sha && asked.sha !== pull.headSha)
    return { status: 409, message: 'Head branch was modified. Review and try the merge again.' };
  return repository.pulls.isMergeable(pull) ? null : { status: 405, message: 'Pull Request is not mergeable' };
}

// https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
function merge(about: RepositoryCall): void {
  const { call, repository, caller } = about;
  const pull = required(about);
  const shape = { commit_title: 'string', commit_message: 'string', sha: 'string', merge_method: 'string' } as const;
  const body = readBody(call.exchange, shape);
  const asked = { method: textOf(body, 'merge_method') ?? 'merge', sha: textOf(body, 'sha') };
  const why = obstacle(about, pull, asked);
  if (why) {
    call.refuse(why.status, why.message);
    return;
  }
  const paths = pull.files.map(({ path }) => path);
  if (!mayTouch(about, paths)) return;
  const [title, message] = [textOf(body, 'commit_title') ?? null, textOf(body, 'commit_message') ?? null];
  const commit = repository.pulls.merge(pull, { merger: caller.account, title, message });
  if (repository.history.branches.has(pull.branch)) repository.branches.remove(pull.branch);
  repository.pushed();
  call.json(200, { sha: commit.sha, merged: true, message: 'Pull Request successfully merged' });
}

/** Pull requests: to read, to open, to change and to merge. */
export const pullOperations: readonly RepositoryOperation[] = [
  { method: 'GET', path: '/pulls', docs: 'pulls/pulls#list-pull-requests', needs: READ, run: list },
  {
    method: 'GET',
    path: '/pulls/:number',
    docs: 'pulls/pulls#get-a-pull-request',
    needs: READ,
    run: (about) => about.call.json(200, fullPullBody(about.repository, required(about), about.call.at)),
  },
  { method: 'POST', path: '/pulls', docs: 'pulls/pulls#create-a-pull-request', needs: WRITE, run: open },
  { method: 'PATCH', path: '/pulls/:number', docs: 'pulls/pulls#update-a-pull-request', needs: WRITE, run: update },
  {
    method: 'PUT',
    path: '/pulls/:number/merge',
    docs: 'pulls/pulls#merge-a-pull-request',
    needs: { permission: 'contents', level: 'write' },
    run: merge,
  },
  {
    method: 'GET',
    path: '/pulls/:number/files',
    docs: 'pulls/pulls#list-pull-requests-files',
    needs: READ,
    run: (about) => {
      const { call, repository } = about;
      const pull = required(about);
      const commit = { sha: pull.headSha, here: addressesOf(repository, call.at) };
      call.list(pull.files, (file) => fileBody(file, commit), { repository });
    },
  },
];

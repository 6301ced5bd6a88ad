import { gitHash, type TreeEntry } from '../../../world/repositories/git-objects.ts';
import type { Commit } from '../../../world/repositories/history.ts';
import { notFound, Refusal } from '../../../world/repositories/refusal.ts';
import { addressesOf, nodeId } from '../addresses.ts';
import { gitCommitObject } from '../bodies/commit-body.ts';
import type { RepositoryCall } from '../call.ts';
import type { RepositoryOperation } from '../operation.ts';
import { flagOf, readBody, textOf } from '../request-body.ts';
import type { Need } from '../tokens.ts';
import { mayTouch } from './workflow-permission.ts';

const READ: Need = { permission: 'contents', level: 'read' };
const WRITE: Need = { permission: 'contents', level: 'write' };

function refBody({ call, repository }: RepositoryCall, ref: { kind: string; name: string; sha: string }) {
  const here = addressesOf(repository, call.at);
  const { kind, name, sha } = ref;
  return {
    ref: `refs/${kind}/${name}`,
    node_id: nodeId('REF', repository.id, Number.parseInt(gitHash('blob', name).slice(0, 8), 16)),
    url: `${here.api}/git/refs/${kind}/${name}`,
    object: { sha, type: 'commit', url: `${here.api}/git/commits/${sha}` },
  };
}

/** The kind and the name in a path such as `heads/main`. */
function named(ref: string): { kind: string; name: string } {
  const [kind = '', ...rest] = ref.replace(/^refs\//, '').split('/');
  return { kind, name: rest.join('/') };
}

function getRef(about: RepositoryCall): void {
  const { call, repository } = about;
  const { kind, name } = named(call.param('ref'));
  const sha =
    kind === 'heads'
      ? repository.branches.tip(name)?.sha
      : kind === 'tags'
        ? repository.history.tags.get(name)
        : undefined;
  if (!sha) throw notFound();
  call.json(200, refBody(about, { kind, name, sha }));
}

function matchingRefs(about: RepositoryCall): void {
  const { call, repository } = about;
  const prefix = call.param('ref').replace(/^refs\//, '');
  const heads = repository.branches.names.map((name) => {
    return { kind: 'heads', name, sha: (repository.branches.tip(name) as Commit).sha };
  });
  const tags = [...repository.history.tags].map(([name, sha]) => ({ kind: 'tags', name, sha }));
  const found = [...heads, ...tags].filter(({ kind, name }) => `${kind}/${name}`.startsWith(prefix));
  call.list(found, (ref) => refBody(about, ref), { repository });
}

/** What a branch would have that the default branch has not: workflow files in it want a permission of their own. */
function changedPaths({ repository }: RepositoryCall, sha: string): string[] {
  const commit = repository.history.resolve(sha);
  return commit ? repository.branches.changes(repository.history.head, commit.tree).map(({ path }) => path) : [];
}

function createRef(about: RepositoryCall): void {
  const { call, repository } = about;
  const body = readBody(call.exchange, { ref: 'string!', sha: 'string!' } as const);
  const [ref, sha] = [textOf(body, 'ref') ?? '', textOf(body, 'sha') ?? ''];
  if (!/^refs\/heads\/./.test(ref)) throw new Refusal('invalid', "Reference name must start with 'refs/'");
  const { kind, name } = named(ref);
  if (!mayTouch(about, changedPaths(about, sha))) return;
  repository.branches.create(name, sha);
  const made = refBody(about, { kind, name, sha });
  call.json(201, made, { location: made.url });
}

function updateRef(about: RepositoryCall): void {
  const { call, repository } = about;
  const body = readBody(call.exchange, { sha: 'string!', force: 'boolean' } as const);
  const { kind, name } = named(call.param('ref'));
  const sha = textOf(body, 'sha') ?? '';
  if (kind !== 'heads') throw new Refusal('invalid', 'Reference does not exist');
  if (!mayTouch(about, changedPaths(about, sha))) return;
  repository.branches.move(name, { sha, force: flagOf(body, 'force') ?? false });
  call.json(200, refBody(about, { kind, name, sha }));
}

function deleteRef({ call, repository }: RepositoryCall): void {
  repository.branches.remove(named(call.param('ref')).name);
  call.empty(204);
}

function getCommit({ call, repository }: RepositoryCall): void {
  const commit = repository.history.resolve(call.param('sha'));
  if (!commit) throw notFound();
  call.json(200, gitCommitObject(repository, commit, addressesOf(repository, call.at)));
}

function createCommit({ call, repository, caller }: RepositoryCall): void {
  const body = readBody(call.exchange, { message: 'string!', tree: 'string!', parents: 'array' } as const);
  const commit = repository.branches.commit({
    message: textOf(body, 'message') ?? '',
    tree: textOf(body, 'tree') ?? '',
    parents: ((body['parents'] ?? []) as unknown[]).map(String),
    author: caller.account,
  });
  const made = gitCommitObject(repository, commit, addressesOf(repository, call.at));
  call.json(201, made, { location: made.url });
}

function treeBody({ call, repository }: RepositoryCall, sha: string) {
  const here = addressesOf(repository, call.at);
  return {
    sha,
    url: `${here.api}/git/trees/${sha}`,
    // All files at once, whether asked for `recursive` or not: the folders between are not kept here.
    tree: [...repository.objects.filesOf(sha)].sort().map(([path, text]) => {
      const blob = gitHash('blob', text);
      const size = Buffer.byteLength(text);
      return { path, mode: '100644', type: 'blob', sha: blob, size, url: `${here.api}/git/blobs/${blob}` };
    }),
    truncated: false,
  };
}

function getTree(about: RepositoryCall): void {
  const { call, repository } = about;
  const commit = repository.history.resolve(call.param('sha'));
  const tree = commit?.tree ?? call.param('sha');
  if (!commit && !repository.objects.has(tree)) throw notFound();
  call.json(200, treeBody(about, tree));
}

function createTree(about: RepositoryCall): void {
  const { call, repository } = about;
  const { history, objects } = repository;
  const body = readBody(call.exchange, { tree: 'array!', base_tree: 'string' } as const);
  const given = textOf(body, 'base_tree');
  const isTree = (sha: string) => objects.has(sha) || history.main.some(({ tree }) => tree === sha);
  const base = given === undefined ? null : isTree(given) ? given : history.resolve(given)?.tree;
  if (base === undefined) throw new Refusal('invalid', 'base_tree is not a valid tree oid');
  const entries = (body['tree'] as Record<string, unknown>[]).map((entry): TreeEntry => {
    const path = String(entry['path'] ?? '');
    if (path === '' || path.startsWith('/'))
      throw new Refusal('invalid', 'tree.path contains a malformed path component');
    if (typeof entry['content'] === 'string') return { path, content: entry['content'] };
    if (entry['sha'] === null) return { path, content: null };
    const content = objects.blob(String(entry['sha']));
    if (content === undefined) throw new Refusal('invalid', `tree.sha ${String(entry['sha'])} is not a valid blob`);
    return { path, content };
  });
  const made = treeBody(about, objects.addTree(base, entries));
  call.json(201, made, { location: made.url });
}

function getBlob({ call, repository }: RepositoryCall): void {
  const sha = call.param('sha');
  const text = repository.objects.blob(sha);
  if (text === undefined) throw notFound();
  const url = `${addressesOf(repository, call.at).api}/git/blobs/${sha}`;
  const size = Buffer.byteLength(text);
  call.json(200, { sha, node_id: sha, size, url, content: Buffer.from(text).toString('base64'), encoding: 'base64' });
}

function createBlob({ call, repository }: RepositoryCall): void {
  const body = readBody(call.exchange, { content: 'string!', encoding: 'string' } as const);
  const content = textOf(body, 'content') ?? '';
  const text = textOf(body, 'encoding') === 'base64' ? Buffer.from(content, 'base64').toString('utf8') : content;
  const sha = repository.objects.addBlob(text);
  const url = `${addressesOf(repository, call.at).api}/git/blobs/${sha}`;
  call.json(201, { sha, url }, { location: url });
}

/** The git database: references, commits, trees and blobs, to read and to write. */
export const gitOperations: readonly RepositoryOperation[] = [
  { method: 'GET', path: '/git/ref/*ref', docs: 'git/refs#get-a-reference', needs: READ, run: getRef },
  {
    method: 'GET',
    path: '/git/matching-refs/*ref',
    docs: 'git/refs#list-matching-references',
    needs: READ,
    run: matchingRefs,
  },
  { method: 'POST', path: '/git/refs', docs: 'git/refs#create-a-reference', needs: WRITE, run: createRef },
  { method: 'PATCH', path: '/git/refs/*ref', docs: 'git/refs#update-a-reference', needs: WRITE, run: updateRef },
  { method: 'DELETE', path: '/git/refs/*ref', docs: 'git/refs#delete-a-reference', needs: WRITE, run: deleteRef },
  { method: 'GET', path: '/git/commits/:sha', docs: 'git/commits#get-a-commit-object', needs: READ, run: getCommit },
  { method: 'POST', path: '/git/commits', docs: 'git/commits#create-a-commit', needs: WRITE, run: createCommit },
  { method: 'GET', path: '/git/trees/:sha', docs: 'git/trees#get-a-tree', needs: READ, run: getTree },
  { method: 'POST', path: '/git/trees', docs: 'git/trees#create-a-tree', needs: WRITE, run: createTree },
  { method: 'GET', path: '/git/blobs/:sha', docs: 'git/blobs#get-a-blob', needs: READ, run: getBlob },
  { method: 'POST', path: '/git/blobs', docs: 'git/blobs#create-a-blob', needs: WRITE, run: createBlob },
];

import { gitHash } from '../../../world/repositories/git-objects.ts';
import { DEFAULT_BRANCH } from '../../../world/repositories/history.ts';
import { notFound, Refusal } from '../../../world/repositories/refusal.ts';
import { addressesOf } from '../addresses.ts';
import { gitCommitObject } from '../bodies/commit-body.ts';
import type { RepositoryCall } from '../call.ts';
import type { RepositoryOperation } from '../operation.ts';
import { readBody, textOf } from '../request-body.ts';
import type { Need } from '../tokens.ts';
import { mayTouch } from './workflow-permission.ts';

const READ: Need = { permission: 'contents', level: 'read' };
const LINE = /.{1,60}/g;

/** The files of the commit that `ref` names. */
function filesFor({ call, repository }: RepositoryCall): Map<string, string> {
  const ref = call.query('ref');
  const commit = repository.history.resolve(ref || DEFAULT_BRANCH);
  if (!commit) throw new Refusal('missing', `No commit found for the ref ${ref}`);
  return repository.filesAt(commit.sha);
}

function entry(about: RepositoryCall, at: { path: string; kind: 'file' | 'dir'; text?: string | undefined }) {
  const { call, repository } = about;
  const { path, kind } = at;
  const here = addressesOf(repository, call.at);
  const ref = call.query('ref') ?? DEFAULT_BRANCH;
  const bytes = Buffer.from(at.text ?? path);
  const sha = gitHash(kind === 'file' ? 'blob' : 'tree', bytes);
  const url = `${here.api}/contents/${path}?ref=${ref}`;
  const git = `${here.api}/git/${kind === 'file' ? 'blobs' : 'trees'}/${sha}`;
  const html = `${here.html}/${kind === 'file' ? 'blob' : 'tree'}/${ref}/${path}`;
  return {
    name: path.split('/').at(-1) ?? path,
    path,
    sha,
    size: kind === 'file' ? bytes.length : 0,
    url,
    html_url: html,
    git_url: git,
    download_url: kind === 'file' ? `${here.html}/raw/${ref}/${path}` : null,
    type: kind,
    _links: { self: url, git, html },
  };
}

function directory(about: RepositoryCall, path: string, files: Map<string, string>): void {
  const { call } = about;
  const prefix = path === '' ? '' : `${path}/`;
  const below = [...files.keys()].filter((file) => file.startsWith(prefix));
  if (below.length === 0) throw notFound();
  const names = [...new Set(below.map((file) => `${prefix}${file.slice(prefix.length).split('/')[0]}`))].sort();
  const isFile = (name: string) => files.has(name);
  call.json(
    200,
    names.map((name) => entry(about, { path: name, kind: isFile(name) ? 'file' : 'dir', text: files.get(name) })),
  );
}

function read(about: RepositoryCall): void {
  const { call } = about;
  const path = call.param('path').replace(/^\/|\/$/g, '');
  const files = filesFor(about);
  const text = files.get(path);
  if (text === undefined) directory(about, path, files);
  else if (/\bapplication\/vnd\.github\.(v3\.)?raw\b/.test(call.exchange.header('accept') ?? '')) {
    call.send(200, text, { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' });
  } else {
    const content = Buffer.from(text).toString('base64').replace(LINE, '$&\n');
    call.json(200, { ...entry(about, { path, kind: 'file', text }), content, encoding: 'base64' });
  }
}

/** Writes one file by a commit of its own. https://docs.github.com/en/rest/repos/contents#create-or-update-file-contents */
function put(about: RepositoryCall): void {
  const { call, repository, caller } = about;
  const path = call.param('path');
  const shape = { message: 'string!', content: 'string!', sha: 'string', branch: 'string' } as const;
  const body = readBody(call.exchange, shape);
  const branch = textOf(body, 'branch') ?? DEFAULT_BRANCH;
  const tip = repository.branches.tip(branch);
  if (!tip) throw new Refusal('missing', `Branch ${branch} not found`);
  const before = repository.filesAt(tip.sha).get(path);
  const sha = textOf(body, 'sha');
  if (before !== undefined && sha === undefined)
    throw new Refusal('invalid', `Invalid request.\n\n"sha" wasn't supplied.`);
  if (sha !== undefined && sha !== (before === undefined ? undefined : gitHash('blob', before)))
    throw new Refusal('conflict', `${path} does not match ${sha}`);
  if (!mayTouch(about, [path])) return;
  const text = Buffer.from(textOf(body, 'content') ?? '', 'base64').toString('utf8');
  const { objects, branches } = repository;
  const commit = branches.commit({
    message: textOf(body, 'message') ?? '',
    tree: objects.addTree(tip.tree, [{ path, content: text }]),
    parents: [tip.sha],
    author: caller.account,
  });
  branches.move(branch, { sha: commit.sha, force: false });
  const here = addressesOf(repository, call.at);
  const content = entry(about, { path, kind: 'file', text });
  call.json(before === undefined ? 201 : 200, { content, commit: gitCommitObject(repository, commit, here) });
}

const docs = 'repos/contents#get-repository-content';

/** The files that exist in full, workflow files above all, as JSON or, if the caller accepts it, as they are. */
export const contentOperations: readonly RepositoryOperation[] = [
  { method: 'GET', path: '/contents', docs, needs: READ, run: read },
  { method: 'GET', path: '/contents/*path', docs, needs: READ, run: read },
  {
    method: 'PUT',
    path: '/contents/*path',
    docs: 'repos/contents#create-or-update-file-contents',
    needs: { permission: 'contents', level: 'write' },
    run: put,
  },
];

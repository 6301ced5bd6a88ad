import { createHash } from 'node:crypto';
import { DEFAULT_BRANCH } from '../../../world/repositories/history.ts';
import { notFound, Refusal } from '../../../world/repositories/refusal.ts';
import { addressesOf } from '../addresses.ts';
import type { RepositoryCall } from '../call.ts';
import type { RepositoryOperation } from '../operation.ts';
import type { Need } from '../tokens.ts';

const READ: Need = { permission: 'contents', level: 'read' };
const LINE = /.{1,60}/g;

function gitHash(kind: 'blob' | 'tree', content: Buffer): string {
  return createHash('sha1').update(`${kind} ${content.length}\0`).update(content).digest('hex');
}

function entry(about: RepositoryCall, at: { path: string; kind: 'file' | 'dir' }) {
  const { call, repository } = about;
  const { path, kind } = at;
  const here = addressesOf(repository, call.at);
  const ref = call.query('ref') ?? DEFAULT_BRANCH;
  const bytes = Buffer.from(repository.files.get(path) ?? path);
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

function directory(about: RepositoryCall, path: string): void {
  const { call, repository } = about;
  const prefix = path === '' ? '' : `${path}/`;
  const below = [...repository.files.keys()].filter((file) => file.startsWith(prefix));
  if (below.length === 0) throw notFound();
  const names = [...new Set(below.map((file) => `${prefix}${file.slice(prefix.length).split('/')[0]}`))].sort();
  const isFile = (name: string) => repository.files.has(name);
  call.json(
    200,
    names.map((name) => entry(about, { path: name, kind: isFile(name) ? 'file' : 'dir' })),
  );
}

function read(about: RepositoryCall): void {
  const { call, repository } = about;
  const path = call.param('path').replace(/^\/|\/$/g, '');
  const ref = call.query('ref');
  const text = repository.files.get(path);
  if (ref && !repository.history.resolve(ref)) {
    throw new Refusal('missing', `No commit found for the ref ${ref}`);
  }
  if (text === undefined) directory(about, path);
  else if (/\bapplication\/vnd\.github\.(v3\.)?raw\b/.test(call.exchange.header('accept') ?? '')) {
    call.send(200, text, { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' });
  } else {
    const content = Buffer.from(text).toString('base64').replace(LINE, '$&\n');
    call.json(200, { ...entry(about, { path, kind: 'file' }), content, encoding: 'base64' });
  }
}

const docs = 'repos/contents#get-repository-content';

/** The files that exist in full, workflow files above all, as JSON or, if the caller accepts it, as they are. */
export const contentOperations: readonly RepositoryOperation[] = [
  { method: 'GET', path: '/contents', docs, needs: READ, run: read },
  { method: 'GET', path: '/contents/*path', docs, needs: READ, run: read },
];

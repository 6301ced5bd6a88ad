import { type Commit, DEFAULT_BRANCH } from '../../../world/repositories/history.ts';
import { notFound, Refusal } from '../../../world/repositories/refusal.ts';
import { addressesOf } from '../addresses.ts';
import { commitBody, comparisonBody, fullCommitBody } from '../bodies/commit-body.ts';
import { pullBody } from '../bodies/pull-body.ts';
import { repositoryBody } from '../bodies/repository-body.ts';
import type { RepositoryCall } from '../call.ts';
import type { RepositoryOperation } from '../operation.ts';
import { linkHeader, pageOf } from '../pages.ts';
import type { Need } from '../tokens.ts';

const READ: Need = { permission: 'contents', level: 'read' };
const METADATA: Need = { permission: 'metadata', level: 'read' };
/** How many commits a comparison has when nobody asks for pages. */
const UNPAGED_COMPARISON = 250;

/** The commit that a path names; 422 rather than 404 when there is none, as only these operations answer. */
function commitNamed({ call, repository }: RepositoryCall): Commit {
  const ref = call.param('ref');
  const commit = repository.history.resolve(ref);
  if (!commit) throw new Refusal('invalid', `No commit found for SHA: ${ref}`);
  return commit;
}

function listCommits({ call, repository }: RepositoryCall): void {
  const start = repository.history.resolve(call.query('sha') || DEFAULT_BRANCH);
  const since = Date.parse(call.query('since') ?? '');
  const until = Date.parse(call.query('until') ?? '');
  const path = call.query('path')?.replace(/\/$/, '');
  const author = call.query('author');
  if (!start) throw notFound();
  const commits = repository.history
    .ancestry(start)
    .filter(
      (commit) =>
        !(commit.at < since) &&
        !(commit.at > until) &&
        (!author || author === commit.author.login || author === commit.author.email) &&
        (!path || commit.files.some((file) => file.path === path || file.path.startsWith(`${path}/`))),
    );
  call.list(commits, (commit) => commitBody(repository, commit, call.at), { repository });
}

function compare({ call, repository }: RepositoryCall): void {
  const basehead = call.param('basehead');
  const [base, head] = basehead
    .split('...')
    .map((ref) => repository.history.resolve(ref.replace(`${repository.owner.login}:`, '')));
  if (!base || !head || basehead.split('...').length !== 2) throw notFound();
  const { query } = call.exchange;
  const isPaged = query.has('page') || query.has('per_page');
  const comparison = repository.history.compare(base, head);
  const size = isPaged ? { usual: 30, most: 100 } : { usual: UNPAGED_COMPARISON, most: UNPAGED_COMPARISON };
  const page = pageOf(comparison.commits, query, size);
  const address = `${call.at.api}/repositories/${repository.id}/compare/${encodeURIComponent(basehead)}`;
  const link = linkHeader(page, address, query);
  const shown = { ...comparison, page: page.items, isFirst: page.number === 1, basehead };
  call.json(200, comparisonBody(repository, shown, call.at), link ? { link } : {});
}

function listPulls(about: RepositoryCall): void {
  const { call, repository } = about;
  const commit = commitNamed(about);
  const pulls = repository.history.pulls.filter((pull) => [pull.mergeSha, pull.headSha].includes(commit.sha));
  call.list(pulls, (pull) => pullBody(repository, pull, call.at), { repository });
}

function listBranches({ call, repository }: RepositoryCall): void {
  const here = addressesOf(repository, call.at);
  const branch = (name: string) => {
    const { sha } = repository.branches.tip(name) as Commit;
    return { name, commit: { sha, url: `${here.api}/commits/${sha}` }, protected: false };
  };
  call.list(repository.branches.names, branch, { repository });
}

function getBranch({ call, repository }: RepositoryCall): void {
  const name = call.param('branch');
  const tip = repository.branches.tip(name);
  if (!tip) throw new Refusal('missing', 'Branch not found');
  const here = addressesOf(repository, call.at);
  const url = `${here.api}/branches/${encodeURIComponent(name)}`;
  call.json(200, {
    name,
    commit: fullCommitBody(repository, tip, call.at),
    _links: { self: url, html: `${here.html}/tree/${name}` },
    protected: false,
    protection: { enabled: false, required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] } },
    protection_url: `${url}/protection`,
  });
}

/** The repository itself, its branch, its commits, and what lies between two of them. */
export const commitOperations: readonly RepositoryOperation[] = [
  {
    method: 'GET',
    path: '',
    docs: 'repos/repos#get-a-repository',
    needs: METADATA,
    run: ({ call, repository }) => call.json(200, repositoryBody(repository, call.at)),
  },
  { method: 'GET', path: '/branches', docs: 'branches/branches#list-branches', needs: READ, run: listBranches },
  { method: 'GET', path: '/branches/:branch', docs: 'branches/branches#get-a-branch', needs: READ, run: getBranch },
  { method: 'GET', path: '/commits', docs: 'commits/commits#list-commits', needs: READ, run: listCommits },
  {
    method: 'GET',
    path: '/commits/:ref/pulls',
    docs: 'commits/commits#list-pull-requests-associated-with-a-commit',
    needs: { permission: 'pull_requests', level: 'read' },
    run: listPulls,
  },
  {
    method: 'GET',
    path: '/commits/*ref',
    docs: 'commits/commits#get-a-commit',
    needs: READ,
    run: (about) => {
      const { call, repository } = about;
      const commit = commitNamed(about);
      if (/\bapplication\/vnd\.github\.(v3\.)?sha\b/.test(call.exchange.header('accept') ?? '')) {
        call.send(200, commit.sha, { 'content-type': 'application/vnd.github.sha; charset=utf-8' });
      } else call.json(200, fullCommitBody(repository, commit, call.at));
    },
  },
  {
    method: 'GET',
    path: '/compare/*basehead',
    docs: 'commits/commits#compare-two-commits',
    needs: READ,
    run: compare,
  },
];

import { WEB_FLOW } from '../../../world/repositories/accounts.ts';
import type { Commit, Comparison, FileChange } from '../../../world/repositories/history.ts';
import type { Repository } from '../../../world/repositories/repository.ts';
import { type Addresses, addressesOf, nodeId, timeText } from '../addresses.ts';
import { userBody } from './user-body.ts';

const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

/** A changed file, as commits, comparisons and pull requests list it. It has no `patch`: no source is kept here. */
export function fileBody(file: FileChange, commit: { sha: string; here: Addresses }) {
  const { sha, here } = commit;
  return {
    sha: file.blob,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${here.html}/blob/${sha}/${file.path}`,
    raw_url: `${here.html}/raw/${sha}/${file.path}`,
    contents_url: `${here.api}/contents/${file.path}?ref=${sha}`,
  };
}

/** What git knows of a commit, without GitHub's additions. */
export function gitCommitBody(commit: Commit, here: Addresses) {
  const committer = commit.squashed ? WEB_FLOW : commit.author;
  const date = timeText(commit.at);
  return {
    author: { name: commit.author.name, email: commit.author.email, date },
    committer: { name: committer.name, email: committer.email, date },
    message: commit.message,
    tree: { sha: commit.tree, url: `${here.api}/git/trees/${commit.tree}` },
    url: `${here.api}/git/commits/${commit.sha}`,
    comment_count: 0,
    verification: commit.squashed
      ? { verified: true, reason: 'valid', signature: null, payload: null, verified_at: date }
      : UNSIGNED,
  };
}

/** A commit as the git database shows it. */
export function gitCommitObject(repository: Repository, commit: Commit, here: Addresses) {
  const { author, committer, message, tree, verification } = gitCommitBody(commit, here);
  return {
    sha: commit.sha,
    node_id: nodeId('C', repository.id, Number.parseInt(commit.sha.slice(0, 8), 16)),
    url: `${here.api}/git/commits/${commit.sha}`,
    html_url: `${here.html}/commit/${commit.sha}`,
    author,
    committer,
    tree,
    message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${here.api}/git/commits/${sha}`,
      html_url: `${here.html}/commit/${sha}`,
    })),
    verification,
  };
}

/** A commit as lists show it. */
export function commitBody(repository: Repository, commit: Commit, at: Addresses) {
  const here = addressesOf(repository, at);
  const url = `${here.api}/commits/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId('C', repository.id, Number.parseInt(commit.sha.slice(0, 8), 16)),
    commit: gitCommitBody(commit, here),
    url,
    html_url: `${here.html}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    author: userBody(commit.author, at),
    committer: userBody(commit.squashed ? WEB_FLOW : commit.author, at),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${here.api}/commits/${sha}`,
      html_url: `${here.html}/commit/${sha}`,
    })),
  };
}

/** A commit with its files and their numbers. */
export function fullCommitBody(repository: Repository, commit: Commit, at: Addresses) {
  const additions = commit.files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = commit.files.reduce((sum, file) => sum + file.deletions, 0);
  const here = addressesOf(repository, at);
  return {
    ...commitBody(repository, commit, at),
    stats: { additions, deletions, total: additions + deletions },
    files: commit.files.map((file) => fileBody(file, { sha: commit.sha, here })),
  };
}

/** A comparison. `commits` is the page that was asked for; the files come with the first page only. */
export function comparisonBody(
  repository: Repository,
  comparison: Comparison & { page: readonly Commit[]; isFirst: boolean; basehead: string },
  at: Addresses,
) {
  const here = addressesOf(repository, at);
  const { base, head, mergeBase, basehead } = comparison;
  const files = comparison.isFirst ? comparison.files.slice(0, 300) : [];
  return {
    url: `${here.api}/compare/${basehead}`,
    html_url: `${here.html}/compare/${basehead}`,
    permalink_url: `${here.html}/compare/${repository.owner.login}:${base.sha.slice(0, 7)}...${repository.owner.login}:${head.sha.slice(0, 7)}`,
    diff_url: `${here.html}/compare/${basehead}.diff`,
    patch_url: `${here.html}/compare/${basehead}.patch`,
    base_commit: commitBody(repository, base, at),
    merge_base_commit: commitBody(repository, mergeBase, at),
    status: comparison.status,
    ahead_by: comparison.aheadBy,
    behind_by: comparison.behindBy,
    total_commits: comparison.aheadBy,
    commits: comparison.page.map((commit) => commitBody(repository, commit, at)),
    files: files.map((file) => fileBody(file, { sha: head.sha, here })),
  };
}

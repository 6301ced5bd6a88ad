import { DEFAULT_BRANCH, type Pull } from '../../../world/repositories/history.ts';
import type { Repository } from '../../../world/repositories/repository.ts';
import { type Addresses, addressesOf, nodeId, timeOrNull, timeText } from '../addresses.ts';
import { repositoryBody } from './repository-body.ts';
import { userBody } from './user-body.ts';

function linksOf(pull: Pull, here: Addresses) {
  const url = `${here.api}/pulls/${pull.number}`;
  const issue = `${here.api}/issues/${pull.number}`;
  return {
    url,
    html_url: `${here.html}/pull/${pull.number}`,
    diff_url: `${here.html}/pull/${pull.number}.diff`,
    patch_url: `${here.html}/pull/${pull.number}.patch`,
    issue_url: issue,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${here.api}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: `${here.api}/statuses/${pull.headSha}`,
  };
}

/** A pull request, as lists show it. */
export function pullBody(repository: Repository, pull: Pull, at: Addresses) {
  const links = linksOf(pull, addressesOf(repository, at));
  const owner = repository.owner.login;
  const end = (ref: string, sha: string) => ({
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: userBody(repository.owner, at),
    repo: repositoryBody(repository, at),
  });
  return {
    ...links,
    id: pull.id,
    node_id: nodeId('PR', repository.id, pull.id),
    number: pull.number,
    state: pull.closedAt === null ? ('open' as const) : ('closed' as const),
    locked: false,
    title: pull.title,
    body: pull.body,
    user: userBody(pull.author, at),
    labels: [],
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    draft: pull.draft,
    head: end(pull.branch, pull.headSha),
    base: end(DEFAULT_BRANCH, pull.baseSha),
    _links: {
      self: { href: links.url },
      html: { href: links.html_url },
      issue: { href: links.issue_url },
      comments: { href: links.comments_url },
      review_comments: { href: links.review_comments_url },
      review_comment: { href: links.review_comment_url },
      commits: { href: links.commits_url },
      statuses: { href: links.statuses_url },
    },
    author_association: 'MEMBER' as const,
    auto_merge: null,
    active_lock_reason: null,
    merge_commit_sha: pull.mergeSha,
    created_at: timeText(pull.createdAt),
    updated_at: timeText(pull.updatedAt),
    closed_at: timeOrNull(pull.closedAt),
    merged_at: timeOrNull(pull.mergedAt),
  };
}

/** A pull request in full. Whether it can be merged is said of an open one only. */
export function fullPullBody(repository: Repository, pull: Pull, at: Addresses) {
  const isOpen = pull.closedAt === null;
  const mergeable = isOpen && repository.pulls.isMergeable(pull);
  return {
    ...pullBody(repository, pull, at),
    merged: pull.mergedAt !== null,
    mergeable: isOpen ? mergeable : null,
    rebaseable: isOpen ? mergeable : null,
    mergeable_state: isOpen ? (mergeable ? 'clean' : 'dirty') : 'unknown',
    merged_by: pull.mergedBy && userBody(pull.mergedBy, at),
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: pull.files.reduce((sum, file) => sum + file.additions, 0),
    deletions: pull.files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: pull.files.length,
  };
}

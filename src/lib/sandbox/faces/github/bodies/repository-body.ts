import { DEFAULT_BRANCH } from '../../../world/repositories/history.ts';
import type { Repository } from '../../../world/repositories/repository.ts';
import { type Addresses, addressesOf, nodeId, repositoryName, timeText } from '../addresses.ts';
import { userBody } from './user-body.ts';

const RESOURCES = {
  archive_url: '{archive_format}{/ref}',
  assignees_url: 'assignees{/user}',
  blobs_url: 'git/blobs{/sha}',
  branches_url: 'branches{/branch}',
  collaborators_url: 'collaborators{/collaborator}',
  comments_url: 'comments{/number}',
  commits_url: 'commits{/sha}',
  compare_url: 'compare/{base}...{head}',
  contents_url: 'contents/{+path}',
  contributors_url: 'contributors',
  deployments_url: 'deployments',
  downloads_url: 'downloads',
  events_url: 'events',
  forks_url: 'forks',
  git_commits_url: 'git/commits{/sha}',
  git_refs_url: 'git/refs{/sha}',
  git_tags_url: 'git/tags{/sha}',
  hooks_url: 'hooks',
  issue_comment_url: 'issues/comments{/number}',
  issue_events_url: 'issues/events{/number}',
  issues_url: 'issues{/number}',
  keys_url: 'keys{/key_id}',
  labels_url: 'labels{/name}',
  languages_url: 'languages',
  merges_url: 'merges',
  milestones_url: 'milestones{/number}',
  notifications_url: 'notifications{?since,all,participating}',
  pulls_url: 'pulls{/number}',
  releases_url: 'releases{/id}',
  stargazers_url: 'stargazers',
  statuses_url: 'statuses/{sha}',
  subscribers_url: 'subscribers',
  subscription_url: 'subscription',
  tags_url: 'tags',
  teams_url: 'teams',
  trees_url: 'git/trees{/sha}',
} as const;

/** A repository as it appears inside other bodies. */
export function minimalRepositoryBody(repository: Repository, at: Addresses) {
  const here = addressesOf(repository, at);
  const resources = Object.entries(RESOURCES).map(([key, path]) => [key, `${here.api}/${path}`]);
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: repositoryName(repository),
    private: true,
    owner: userBody(repository.owner, at),
    html_url: here.html,
    description: repository.service.description,
    fork: false,
    url: here.api,
    ...(Object.fromEntries(resources) as Record<keyof typeof RESOURCES, string>),
  };
}

/** A repository in full, as its own page in the API shows it. */
export function repositoryBody(repository: Repository, at: Addresses) {
  const { html } = addressesOf(repository, at);
  const pushed = timeText(repository.history.head.at);
  const count = { forks: 0, forks_count: 0, stargazers_count: 0, watchers: 0, watchers_count: 0 };
  return {
    ...minimalRepositoryBody(repository, at),
    ...count,
    git_url: `${html.replace('https:', 'git:')}.git`,
    ssh_url: `git@github.test:${repositoryName(repository)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    language: repository.service.language === 'go' ? 'Go' : 'TypeScript',
    size: 41_206,
    open_issues: 0,
    open_issues_count: 0,
    subscribers_count: 5,
    network_count: 0,
    default_branch: DEFAULT_BRANCH,
    topics: [],
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_downloads: true,
    has_pages: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    visibility: 'private',
    license: null,
    allow_forking: false,
    is_template: false,
    web_commit_signoff_required: false,
    allow_squash_merge: true,
    allow_merge_commit: false,
    allow_rebase_merge: false,
    delete_branch_on_merge: true,
    permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
    organization: userBody(repository.owner, at),
    pushed_at: pushed,
    created_at: timeText(repository.createdAt),
    updated_at: pushed,
  };
}

import type { Account } from '../../../world/repositories/accounts.ts';
import { type Addresses, nodeId } from '../addresses.ts';

const RESOURCES = {
  followers_url: 'followers',
  following_url: 'following{/other_user}',
  gists_url: 'gists{/gist_id}',
  starred_url: 'starred{/owner}{/repo}',
  subscriptions_url: 'subscriptions',
  organizations_url: 'orgs',
  repos_url: 'repos',
  events_url: 'events{/privacy}',
  received_events_url: 'received_events',
} as const;

/** A person, a bot or the company, as it appears inside other bodies. */
export function userBody(account: Account, at: Addresses) {
  const url = `${at.api}/users/${encodeURIComponent(account.login)}`;
  const page = account.type === 'Bot' ? `apps/${account.login.replace('[bot]', '')}` : account.login;
  const resources = Object.entries(RESOURCES).map(([key, path]) => [key, `${url}/${path}`]);
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type === 'User' ? 'U' : account.type === 'Bot' ? 'BOT' : 'O', account.id),
    avatar_url: `${at.html}/avatars/${account.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${at.html}/${page}`,
    ...(Object.fromEntries(resources) as Record<keyof typeof RESOURCES, string>),
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** The caller's own profile. */
export function profileBody(account: Account, at: Addresses) {
  return {
    ...userBody(account, at),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: account.email,
    notification_email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2019-04-11T16:20:05Z',
    updated_at: '2024-01-08T09:12:44Z',
  };
}

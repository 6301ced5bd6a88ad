/** What a fine-grained token can be given, by the names that `x-accepted-github-permissions` uses. */
export type Permission =
  | 'metadata'
  | 'contents'
  | 'actions'
  | 'actions_variables'
  | 'deployments'
  | 'pull_requests'
  | 'environments'
  | 'checks'
  | 'statuses'
  | 'workflows';

export type Level = 'read' | 'write';

/** What an operation asks of its caller; null when any caller will do. */
export type Need = { permission: Permission; level: Level } | null;

/** A fine-grained personal access token of one person, good for every repository of the company. */
export interface GithubToken {
  token: string;
  login: string;
  permissions: Readonly<Partial<Record<Permission, Level>>>;
  /** Wall-clock milliseconds; null for a token that does not expire. */
  expiresAt: number | null;
  /** Requests an hour; 5,000 unless told. */
  limit?: number;
}

/** What `oncall` asks an engineer's token to have. */
export const RESPONDER_PERMISSIONS: GithubToken['permissions'] = {
  contents: 'read',
  actions: 'write',
  actions_variables: 'write',
  deployments: 'write',
  pull_requests: 'read',
  environments: 'read',
};

/** What one who also sets up a repository's workflows has, as the token that `gh auth login` makes. */
export const MAINTAINER_PERMISSIONS: GithubToken['permissions'] = {
  ...RESPONDER_PERMISSIONS,
  contents: 'write',
  pull_requests: 'write',
  workflows: 'write',
  checks: 'read',
  statuses: 'read',
};

/** Whether a token may do what is needed. Metadata can be read with every token. */
export function isAllowed(token: GithubToken, need: Need): boolean {
  if (need === null || need.permission === 'metadata') return true;
  const level = token.permissions[need.permission];
  return level === 'write' || (level === 'read' && need.level === 'read');
}

/** The token in an `Authorization` header: `Bearer X`, `token X`, or Basic with it as the password; null without one. */
export function tokenIn(header: string | undefined): string | null {
  const [, scheme = '', credential = ''] = /^(\w+)\s+(.+)$/.exec(header?.trim() ?? '') ?? [];
  if (/^(bearer|token)$/i.test(scheme)) return credential;
  if (!/^basic$/i.test(scheme)) return header ? '' : null;
  return Buffer.from(credential, 'base64').toString('utf8').split(':').slice(1).join(':');
}

import type { Exchange } from '../../exchange.ts';
import type { ApiRequest } from './api-request.ts';
import { peerOf, type User } from './peer.ts';
import { RESOURCES } from './resources.ts';
import { ApiFailure, methodNotAllowed, qualified } from './status.ts';

export interface AccessOptions {
  /** Who each bearer token belongs to. */
  tokens: ReadonlyMap<string, User>;
  /** Whether a token has run out. */
  isExpired?(token: string): boolean;
  /** What a user may do of what anybody may; everything of it unless told. */
  allowed?(user: User, verb: string, resource: string, subresource?: string): boolean;
}

/**
 * Who sends a request: the owner of its bearer token, else of its client certificate. Nobody is anonymous here.
 * @throws 401
 */
export function authenticate(exchange: Exchange, { tokens, isExpired }: AccessOptions): User {
  const [, token] = /^bearer (.+)$/i.exec(exchange.header('authorization') ?? '') ?? [];
  const user = token === undefined ? peerOf(exchange) : isExpired?.(token) ? undefined : tokens.get(token);
  if (!user) throw new ApiFailure('Unauthorized', 'Unauthorized');
  return { user: user.user, groups: [...user.groups, 'system:authenticated'] };
}

/** Whether the roles of this cluster, and those of the user, allow something. `*` is nobody's. */
export function mayDo(
  user: User,
  asked: { verb: string; group: string | null; resource: string; subresource: string | undefined },
  { allowed }: AccessOptions,
): boolean {
  const { verb, group, resource, subresource } = asked;
  const granted = RESOURCES.some((known) => {
    if (known.name !== resource || (group !== null && known.group !== group)) return false;
    const target = subresource ? known.subresources.find(({ name }) => name === subresource) : known;
    return target?.granted.includes(verb) ?? false;
  });
  return granted && (allowed?.(user, verb, resource, subresource) ?? true);
}

/**
 * Checks that the user may do what the request asks.
 * @throws 403 in the words of RBAC
 */
export function authorize(user: User, request: ApiRequest, access: AccessOptions): void {
  const { resource, verb, namespace, name, subresource } = request;
  if (mayDo(user, { verb, group: resource.group, resource: resource.name, subresource }, access)) return;
  // A verb that the type does not have is not a matter of rights.
  const { verbs } = resource.subresources.find((known) => known.name === subresource) ?? resource;
  if (!verbs.includes(verb)) throw methodNotAllowed();
  const target = subresource ? `${resource.name}/${subresource}` : resource.name;
  // A single namespace is checked as if it lay within itself.
  const where = resource.name === 'namespaces' ? name : namespace;
  const scope = where === undefined ? 'at the cluster scope' : `in the namespace "${where}"`;
  const message =
    `${qualified(resource)}${name === undefined ? '' : ` "${name}"`} is forbidden: User "${user.user}" cannot ${verb} ` +
    `resource "${target}" in API group "${resource.group}" ${scope}`;
  throw new ApiFailure('Forbidden', message, {
    ...(name === undefined ? {} : { name }),
    ...(resource.group ? { group: resource.group } : {}),
    kind: resource.name,
  });
}

/**
 * Nobody may act for somebody else here; a request that tries must not pass as its sender's own.
 * @throws 403
 */
export function refuseImpersonation(user: User, exchange: Exchange): void {
  const other = exchange.header('impersonate-user');
  if (other === undefined) return;
  const message = `users "${other}" is forbidden: User "${user.user}" cannot impersonate resource "users" in API group "" at the cluster scope`;
  throw new ApiFailure('Forbidden', message, { name: other, kind: 'users' });
}

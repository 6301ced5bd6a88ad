import type { Exchange } from '../../exchange.ts';
import { kubeTime } from '../../world/cluster/objects.ts';
import type { AccessOptions } from './access.ts';
import type { ApiRequest } from './api-request.ts';
import { isRecord, type Json } from './merge-patch.ts';
import { bodyOf } from './patch.ts';
import type { User } from './peer.ts';
import { apiVersionOf, RESOURCES } from './resources.ts';

/** Answers the reviews that ask who one is and what one may do: `kubectl auth whoami` and `kubectl auth can-i`. */
export function review(
  exchange: Exchange,
  request: ApiRequest,
  facts: { user: User; access: AccessOptions; now: number },
): void {
  const { resource } = request;
  const sent = bodyOf(exchange);
  const spec = isRecord(sent) && isRecord(sent['spec']) ? sent['spec'] : {};
  exchange.json(201, {
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: { creationTimestamp: resource.kind === 'SelfSubjectReview' ? kubeTime(facts.now) : null },
    ...(resource.kind === 'SelfSubjectReview' ? {} : { spec }),
    status: statusOf(resource.kind, spec, facts),
  });
}

function statusOf(
  kind: string,
  spec: Record<string, Json>,
  { user, access }: { user: User; access: AccessOptions },
): object {
  if (kind === 'SelfSubjectReview') return { userInfo: { username: user.user, groups: user.groups } };
  if (kind === 'SelfSubjectRulesReview') return rules(user, access);
  const attributes = isRecord(spec['resourceAttributes']) ? spec['resourceAttributes'] : null;
  if (!attributes) return { allowed: true, reason: 'RBAC: allowed by ClusterRoleBinding "system:discovery"' };
  const text = (key: string) => String(attributes[key] ?? '');
  const allowed = access.allowed?.(user, text('verb'), text('resource'), text('subresource') || undefined) ?? true;
  return allowed ? { allowed, reason: 'RBAC: allowed by ClusterRoleBinding "on-call"' } : { allowed };
}

function rules(user: User, { allowed = () => true }: AccessOptions): object {
  const resourceRules = RESOURCES.flatMap((resource) => {
    const own = { name: resource.name, subresource: undefined, verbs: resource.verbs };
    const below = resource.subresources.map(({ name, verbs }) => ({ name: resource.name, subresource: name, verbs }));
    return [own, ...below].map(({ name, subresource, verbs }) => ({
      verbs: verbs.filter((verb) => allowed(user, verb, name, subresource)),
      apiGroups: [resource.group],
      resources: [subresource ? `${name}/${subresource}` : name],
    }));
  });
  return {
    resourceRules: resourceRules.filter(({ verbs }) => verbs.length > 0),
    nonResourceRules: [
      { verbs: ['get'], nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/version'] },
    ],
    incomplete: false,
  };
}

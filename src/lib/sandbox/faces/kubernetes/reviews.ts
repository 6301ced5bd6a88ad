import type { Exchange } from '../../exchange.ts';
import { kubeTime } from '../../world/cluster/objects.ts';
import { type AccessOptions, mayDo } from './access.ts';
import type { ApiRequest } from './api-request.ts';
import type { User } from './peer.ts';
import { apiVersionOf, RESOURCES } from './resources.ts';
import { type ReviewQuestion, readQuestion } from './review-body.ts';

interface ReviewFacts {
  user: User;
  access: AccessOptions;
  /** Milliseconds since 1970. */
  now: number;
}

/** Answers the reviews that ask who one is and what one may do: `kubectl auth whoami` and `kubectl auth can-i`. */
export function review(exchange: Exchange, { resource }: ApiRequest, facts: ReviewFacts): void {
  const { kind } = resource;
  const question = readQuestion(exchange, kind);
  const whoami = kind === 'SelfSubjectReview';
  exchange.json(201, {
    kind,
    apiVersion: apiVersionOf(resource),
    metadata: { creationTimestamp: whoami ? kubeTime(facts.now) : null },
    ...(whoami ? {} : { spec: question.spec }),
    status: statusOf(kind, question, facts),
  });
}

function statusOf(kind: string, question: ReviewQuestion, { user, access }: ReviewFacts): object {
  if (kind === 'SelfSubjectReview') return { userInfo: { username: user.user, groups: user.groups } };
  if (kind === 'SelfSubjectRulesReview') return rules(user, access);
  if (question.nonResource) {
    return { allowed: true, reason: 'RBAC: allowed by ClusterRoleBinding "system:discovery"' };
  }
  const { verb, group, resource, subresource } = question;
  const allowed = mayDo(user, { verb, group, resource, subresource: subresource || undefined }, access);
  return allowed ? { allowed, reason: 'RBAC: allowed by ClusterRoleBinding "on-call"' } : { allowed };
}

function rules(user: User, access: AccessOptions): object {
  const resourceRules = RESOURCES.flatMap((known) => {
    const { group, name: resource } = known;
    const below = known.subresources.map(({ name, verbs }) => ({ subresource: name, verbs }));
    return [{ subresource: undefined, verbs: known.verbs }, ...below].map(({ subresource, verbs }) => ({
      verbs: verbs.filter((verb) => mayDo(user, { verb, group, resource, subresource }, access)),
      apiGroups: [group],
      resources: [subresource ? `${resource}/${subresource}` : resource],
    }));
  });
  const nonResourceURLs = ['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/readyz', '/version'];
  return {
    resourceRules: resourceRules.filter(({ verbs }) => verbs.length > 0),
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs }],
    incomplete: false,
  };
}

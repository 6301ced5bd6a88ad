import type { Exchange } from '../../exchange.ts';
import type { Face } from '../../face.ts';
import type { Cluster } from '../../world/cluster/cluster.ts';
import { type AccessOptions, authenticate, authorize, refuseImpersonation } from './access.ts';
import { type ApiRequest, readRequest } from './api-request.ts';
import { answerOpenly, discover } from './discovery.ts';
import { list } from './list.ts';
import { podLog } from './pod-log.ts';
import { representationOf, showOne } from './representation.ts';
import { review } from './reviews.ts';
import { ApiFailure, methodNotAllowed, noSuchPath } from './status.ts';
import { watch } from './watch.ts';
import { change, found, remove, scale } from './writes.ts';

/**
 * The cluster as a Kubernetes API server shows it: what stock kubectl and the client libraries need to read it, to
 * follow logs, and to change deployments and pods. Errors are `Status` objects. An operation is named as RBAC names
 * it: `list pods`, `get pods/log`, `patch deployments`.
 */
export function kubernetesFace(cluster: Cluster, access: AccessOptions): Face {
  return {
    name: 'kubernetes',
    async answer(exchange) {
      try {
        await answer(exchange, cluster, access);
      } catch (error) {
        refuseWith(exchange, error);
      }
    },
  };
}

async function answer(exchange: Exchange, cluster: Cluster, access: AccessOptions): Promise<void> {
  if (answerOpenly(exchange)) return;
  const user = authenticate(exchange, access);
  refuseImpersonation(user, exchange);
  if (discover(exchange, cluster)) return;
  const request = readRequest(exchange);
  if (!request) throw noSuchPath();
  const { resource, verb, subresource } = request;
  exchange.operation = `${verb} ${resource.name}${subresource ? `/${subresource}` : ''}`;
  if (isReview(request)) {
    if (verb !== 'create') throw methodNotAllowed();
    review(exchange, request, { user, access, now: cluster.clock.now() });
    return;
  }
  authorize(user, request, access);
  await serve(exchange, request, cluster);
}

async function serve(exchange: Exchange, request: ApiRequest, cluster: Cluster): Promise<void> {
  const { resource, verb, subresource } = request;
  if (subresource === 'log') return verb === 'get' ? podLog(exchange, request, cluster) : refuse();
  if (subresource === 'scale')
    return ['get', 'patch', 'update'].includes(verb) ? scale(exchange, request, cluster) : refuse();
  if (subresource !== undefined && verb !== 'get') return refuse();
  switch (verb) {
    case 'get': {
      const object = found(request, cluster);
      const shown = { resource, representation: representationOf(exchange), now: cluster.clock.now() };
      return exchange.json(200, showOne(object, shown));
    }
    case 'list':
      return list(exchange, request, cluster);
    case 'watch':
      return watch(exchange, request, cluster);
    case 'patch':
    case 'update':
      return change(exchange, request, cluster);
    case 'delete':
    case 'deletecollection':
      return remove(exchange, request, cluster);
    default:
      return refuse();
  }
}

/** Everybody may ask who they are and what they may do. */
function isReview({ resource }: ApiRequest): boolean {
  return resource.verbs.length === 1 && resource.verbs[0] === 'create';
}

function refuse(): never {
  throw methodNotAllowed();
}

/** A refusal becomes its `Status`. Anything else is a bug of the sandbox and left to whoever stands before the faces. */
function refuseWith(exchange: Exchange, error: unknown): void {
  if (!(error instanceof ApiFailure) || exchange.answered) throw error;
  exchange.json(error.code, error.status);
}

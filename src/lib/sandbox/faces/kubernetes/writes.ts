import type { Exchange } from '../../exchange.ts';
import type { Cluster } from '../../world/cluster/cluster.ts';
import type { KubeObject, ObjectMeta, Pod, ResourceName } from '../../world/cluster/objects.ts';
import { deletePod } from '../../world/cluster/replicaset-controller.ts';
import type { ApiRequest } from './api-request.ts';
import { computed } from './computed.ts';
import { matcherOf, wholeNumber } from './list.ts';
import { isRecord, type Json } from './merge-patch.ts';
import { applyPatch, bodyOf } from './patch.ts';
import { representationOf, showList, showOne } from './representation.ts';
import { ApiFailure, methodNotAllowed, notFound, qualified } from './status.ts';
import { validateWrite } from './validation.ts';

/** The object that a request names, kept or worked out. */
export function found(request: ApiRequest, cluster: Cluster): KubeObject {
  const { resource, namespace, name = '' } = request;
  if (resource.kept !== null) return required(request, cluster).object;
  const object = computed(resource, cluster).find(
    ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
  );
  if (!object) throw notFound(resource, name);
  return object;
}

/** The object that a request names, and where it is kept. */
export function required(request: ApiRequest, cluster: Cluster): { kept: ResourceName; object: KubeObject } {
  const { resource, namespace, name = '' } = request;
  const object = resource.kept === null ? undefined : cluster.store.get(resource.kept, { namespace, name });
  if (!object || resource.kept === null) throw notFound(resource, name);
  return { kept: resource.kept, object };
}

/** Answers PATCH and PUT of a whole object. */
export function change(exchange: Exchange, request: ApiRequest, cluster: Cluster): void {
  if (!request.resource.verbs.includes(request.verb)) throw methodNotAllowed();
  const { object } = required(request, cluster);
  const sent = request.verb === 'patch' ? applyPatch(exchange, object as unknown as Json) : bodyOf(exchange);
  const written = replace(request, { cluster, wanted: sent, dryRun: isDryRun(exchange) });
  const { resource } = request;
  exchange.json(
    200,
    showOne(written, { resource, representation: representationOf(exchange), now: cluster.clock.now() }),
  );
}

/** Answers GET, PATCH and PUT of the `scale` subresource. */
export function scale(exchange: Exchange, request: ApiRequest, cluster: Cluster): void {
  const { object } = required(request, cluster);
  let shown = object as KubeObject & { spec: { replicas: number } };
  if (request.verb !== 'get') {
    const current = scaleOf(shown) as Json;
    const sent = request.verb === 'patch' ? applyPatch(exchange, current) : bodyOf(exchange);
    const spec = isRecord(sent) ? sent['spec'] : undefined;
    const replicas = isRecord(spec) ? (spec['replicas'] ?? 0) : 0;
    const metadata = isRecord(sent) ? sent['metadata'] : undefined;
    const wanted = structuredClone(shown) as unknown as { metadata: Json; spec: { replicas: Json } };
    wanted.spec.replicas = replicas;
    if (isRecord(metadata)) Object.assign(wanted.metadata as object, { resourceVersion: metadata['resourceVersion'] });
    shown = replace(request, {
      cluster,
      wanted: wanted as unknown as Json,
      dryRun: isDryRun(exchange),
    }) as typeof shown;
  }
  exchange.json(200, scaleOf(shown));
}

/** Answers DELETE of one object or, for pods, of all that a selector matches. */
export function remove(exchange: Exchange, request: ApiRequest, cluster: Cluster): void {
  const { resource, verb, name } = request;
  if (!resource.verbs.includes(verb)) throw methodNotAllowed();
  const shown = { resource, representation: representationOf(exchange), now: cluster.clock.now() };
  if (name === undefined) {
    const matches = matcherOf(exchange, resource);
    const doomed = cluster.store.list('pods', request.namespace).filter(matches);
    if (!isDryRun(exchange)) for (const pod of doomed) deletePod(cluster, pod, graceSeconds(exchange));
    exchange.json(200, showList(doomed, { resourceVersion: String(cluster.store.version) }, shown));
    return;
  }
  const { kept, object } = required(request, cluster);
  checkPreconditions(exchange, request, object);
  if (!isDryRun(exchange)) {
    if (kept === 'pods') deletePod(cluster, object as Pod, graceSeconds(exchange));
    else cluster.store.remove(kept, object.metadata);
  }
  const left = cluster.store.get(kept, object.metadata);
  if (left?.metadata.uid === object.metadata.uid && kept === 'pods') {
    exchange.json(200, showOne(left, shown));
    return;
  }
  const details = {
    name,
    ...(resource.group ? { group: resource.group } : {}),
    kind: resource.name,
    uid: object.metadata.uid,
  };
  exchange.json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

function replace(
  request: ApiRequest,
  { cluster, wanted, dryRun }: { cluster: Cluster; wanted: Json; dryRun: boolean },
): KubeObject {
  const { kept, object } = required(request, cluster);
  const next = validateWrite(request, object, wanted);
  const version = (wanted as unknown as { metadata?: Partial<ObjectMeta> }).metadata?.resourceVersion;
  if (version !== undefined && version !== '' && version !== object.metadata.resourceVersion) {
    const message =
      `Operation cannot be fulfilled on ${qualified(request.resource)} "${object.metadata.name}": the object has been ` +
      'modified; please apply your changes to the latest version and try again';
    throw new ApiFailure('Conflict', message, { name: object.metadata.name, kind: request.resource.name });
  }
  if (dryRun) return next;
  const written = cluster.store.update(kept, object.metadata, (draft) => {
    // Keys that the client took away must go too.
    for (const key of Object.keys(draft)) delete (draft as unknown as Record<string, unknown>)[key];
    Object.assign(draft, next);
  });
  return written as KubeObject;
}

function scaleOf(object: KubeObject & { spec: { replicas: number } }): unknown {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { spec, status } = object as unknown as {
    spec: { replicas: number; selector?: { matchLabels?: Record<string, string> } };
    status: { replicas?: number };
  };
  const selector = Object.entries(spec.selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: { replicas: status.replicas ?? 0, selector: selector.join() },
  };
}

function isDryRun(exchange: Exchange): boolean {
  return exchange.query.getAll('dryRun').includes('All') || options(exchange)['dryRun']?.toString() === 'All';
}

function graceSeconds(exchange: Exchange): number | undefined {
  const sent = options(exchange)['gracePeriodSeconds'];
  return wholeNumber(exchange, 'gracePeriodSeconds') ?? (typeof sent === 'number' ? sent : undefined);
}

function checkPreconditions(exchange: Exchange, { resource }: ApiRequest, { metadata }: KubeObject): void {
  const preconditions = options(exchange)['preconditions'];
  const uid = isRecord(preconditions) ? preconditions['uid'] : undefined;
  if (uid === undefined || uid === null || uid === metadata.uid) return;
  const message =
    `Operation cannot be fulfilled on ${qualified(resource)} "${metadata.name}": Precondition failed: UID in ` +
    `precondition: ${String(uid)}, UID in object meta: ${metadata.uid}`;
  throw new ApiFailure('Conflict', message, { name: metadata.name, kind: resource.name });
}

/** The `DeleteOptions` in the body of a DELETE; a PATCH has a body of another kind. */
function options(exchange: Exchange): Record<string, Json> {
  if (exchange.method !== 'DELETE' || exchange.body.length === 0) return {};
  const body = bodyOf(exchange);
  return isRecord(body) ? body : {};
}

import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectMeta } from '../../world/cluster/objects.ts';
import type { ApiRequest } from './api-request.ts';
import { isRecord, type Json } from './merge-patch.ts';
import { apiVersionOf } from './resources.ts';
import { ApiFailure, invalid, type StatusCause } from './status.ts';

/** Fields of metadata that only the server writes. */
const OWN_METADATA = [
  'uid',
  'creationTimestamp',
  'generation',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

const IMMUTABLE = 'Invalid value: field is immutable';

/**
 * Makes of what a client wants to write the object to store: the server's own fields stay, as does the status, which
 * has an endpoint of its own.
 * @throws 400 for something that is no such object, 422 for fields that may not be so
 */
export function validateWrite(request: ApiRequest, current: KubeObject, wanted: Json): KubeObject {
  const { resource } = request;
  if (!isRecord(wanted) || wanted['kind'] !== resource.kind || wanted['apiVersion'] !== apiVersionOf(resource)) {
    throw new ApiFailure('BadRequest', `the object provided is not a ${apiVersionOf(resource)} ${resource.kind}`);
  }
  const metadata = isRecord(wanted['metadata']) ? wanted['metadata'] : {};
  const { name, namespace } = current.metadata;
  if (metadata['name'] !== name) {
    const message = `the name of the object (${String(metadata['name'])}) does not match the name on the URL (${name})`;
    throw new ApiFailure('BadRequest', message);
  }
  if ((metadata['namespace'] ?? namespace) !== namespace) {
    throw new ApiFailure(
      'BadRequest',
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
  const kept = Object.fromEntries(OWN_METADATA.flatMap((key) => pick(current.metadata, key)));
  for (const key of OWN_METADATA) delete metadata[key];
  const next = {
    ...wanted,
    metadata: { ...metadata, ...kept, namespace, resourceVersion: current.metadata.resourceVersion },
    status: (current as unknown as { status: Json }).status,
  } as unknown as KubeObject;
  if (namespace === undefined) delete next.metadata.namespace;
  const causes = resource.name === 'pods' ? podCauses(current, next) : workloadCauses(current, next);
  if (causes.length > 0) throw invalid({ group: resource.group, kind: resource.kind }, name, causes);
  return next;
}

function pick(metadata: ObjectMeta, key: (typeof OWN_METADATA)[number]): [string, unknown][] {
  return metadata[key] === undefined ? [] : [[key, metadata[key]]];
}

function podCauses(current: KubeObject, next: KubeObject): StatusCause[] {
  if (isDeepStrictEqual(specOf(current), specOf(next))) return [];
  const message = 'Forbidden: pod updates may not change fields of the spec here';
  return [{ reason: 'FieldValueForbidden', message, field: 'spec' }];
}

function workloadCauses(current: KubeObject, next: KubeObject): StatusCause[] {
  const spec = specOf(next);
  const causes: StatusCause[] = [];
  const replicas = spec['replicas'] ?? null;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0) {
    const message = `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`;
    causes.push({ reason: 'FieldValueInvalid', message, field: 'spec.replicas' });
  }
  if (!isDeepStrictEqual(specOf(current)['selector'], spec['selector'])) {
    causes.push({ reason: 'FieldValueInvalid', message: IMMUTABLE, field: 'spec.selector' });
  }
  return [...causes, ...templateCauses(spec)];
}

function templateCauses(spec: Record<string, Json>): StatusCause[] {
  const template = isRecord(spec['template']) ? spec['template'] : {};
  const metadata = isRecord(template['metadata']) ? template['metadata'] : {};
  const labels = isRecord(metadata['labels']) ? metadata['labels'] : {};
  const causes: StatusCause[] = [];
  const selector = isRecord(spec['selector']) ? spec['selector']['matchLabels'] : undefined;
  if (isRecord(selector) && Object.entries(selector).some(([key, value]) => labels[key] !== value)) {
    const field = 'spec.template.metadata.labels';
    const message = `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``;
    causes.push({ reason: 'FieldValueInvalid', message, field });
  }
  const pod = isRecord(template['spec']) ? template['spec'] : {};
  const containers = Array.isArray(pod['containers']) ? pod['containers'].filter(isRecord) : [];
  if (containers.length === 0) {
    causes.push({ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.template.spec.containers' });
  }
  containers.forEach((container, i) => {
    for (const key of ['name', 'image']) {
      if (typeof container[key] === 'string' && container[key] !== '') continue;
      const field = `spec.template.spec.containers[${i}].${key}`;
      causes.push({ reason: 'FieldValueRequired', message: 'Required value', field });
    }
  });
  return causes;
}

function specOf(object: KubeObject): Record<string, Json> {
  const { spec } = object as unknown as { spec?: Json };
  return isRecord(spec) ? spec : {};
}

import { createHash } from 'node:crypto';
import type { Cluster } from '../../world/cluster/cluster.ts';
import { computed } from './computed.ts';
import { FIELD_WORDS, KIND_WORDS } from './openapi-words.ts';
import { apiVersionOf, RESOURCES, type Resource } from './resources.ts';

type Schema = Record<string, unknown>;

/** The document at `/openapi/v3` or below it; undefined for a path that has none. */
export function openApiAt(path: string, cluster: Cluster): object | undefined {
  const versions = new Set(RESOURCES.map(pathOf));
  if (path === '/openapi/v3') {
    const entries = [...versions].map((version) => [
      version,
      { serverRelativeURL: `/openapi/v3/${version}?hash=${hash(version)}` },
    ]);
    return { paths: Object.fromEntries(entries) };
  }
  const version = path.replace(/^\/openapi\/v3\//, '');
  return versions.has(version) ? documentOf(version, cluster) : undefined;
}

function pathOf({ group, version }: Resource): string {
  return group ? `apis/${group}/${version}` : `api/${version}`;
}

function hash(version: string): string {
  return createHash('sha256').update(version).digest('hex').slice(0, 32).toUpperCase();
}

function documentOf(version: string, cluster: Cluster): object {
  const resources = RESOURCES.filter((resource) => pathOf(resource) === version);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths: Object.fromEntries(
      resources.map((resource) => [
        `/${version}/${resource.namespaced ? 'namespaces/{namespace}/' : ''}${resource.name}`,
        { get: { 'x-kubernetes-action': 'list', 'x-kubernetes-group-version-kind': kindOf(resource) } },
      ]),
    ),
    components: {
      schemas: Object.fromEntries(resources.map((resource) => [nameOf(resource), schemaOf(resource, cluster)])),
    },
  };
}

function nameOf({ group, version, kind }: Resource): string {
  return `io.k8s.api.${group === '' ? 'core' : group.split('.')[0]}.${version}.${kind}`;
}

function kindOf({ group, version, kind }: Resource): object {
  return { group, version, kind };
}

/** A kind's schema, as the objects show it that there are now: this world knows no field that none of them has. */
function schemaOf(resource: Resource, cluster: Cluster): Schema {
  const { kept, kind } = resource;
  const objects = kept === null ? computed(resource, cluster) : cluster.store.list(kept);
  const samples = [...objects, { apiVersion: apiVersionOf(resource), kind, metadata: { name: '' } }];
  return {
    ...shapeOf(samples),
    description: KIND_WORDS[kind] ?? `${kind} of this cluster, which has none.`,
    'x-kubernetes-group-version-kind': [kindOf(resource)],
  };
}

/** The schema that all the values fit. */
function shapeOf(values: readonly unknown[], name = ''): Schema {
  const words = FIELD_WORDS[name];
  const described = words ? { description: words } : {};
  const known = values.filter((value) => value !== null && value !== undefined);
  const [first] = known;
  if (Array.isArray(first)) return { ...described, type: 'array', items: shapeOf(known.flat()) };
  if (typeof first === 'object') return { ...described, ...objectShape(known as Record<string, unknown>[], name) };
  if (typeof first === 'number') return { ...described, type: 'integer', format: 'int32' };
  return { ...described, type: typeof first === 'boolean' ? 'boolean' : 'string' };
}

/** Fields that hold a map with keys of anybody's choosing. */
const MAPS = new Set([
  'labels',
  'annotations',
  'matchLabels',
  'data',
  'limits',
  'requests',
  'capacity',
  'allocatable',
  'usage',
]);

function objectShape(values: readonly Record<string, unknown>[], name: string): Schema {
  if (MAPS.has(name)) return { type: 'object', additionalProperties: { type: 'string' } };
  const keys = [...new Set(values.flatMap((value) => Object.keys(value)))].sort();
  const properties = keys.map((key) => [
    key,
    shapeOf(
      values.map((value) => value[key]),
      key,
    ),
  ]);
  return { type: 'object', properties: Object.fromEntries(properties) };
}

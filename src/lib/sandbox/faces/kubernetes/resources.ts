import type { ResourceName } from '../../world/cluster/objects.ts';

/** One resource type of the API, as discovery tells it and as paths name it. */
export interface Resource {
  group: string;
  version: string;
  /** Plural, as in paths. */
  name: string;
  singular: string;
  kind: string;
  shortNames: readonly string[];
  namespaced: boolean;
  /** What an API server can do with it. */
  verbs: readonly string[];
  /** What the roles of this cluster let anybody do with it; the rest of `verbs` is forbidden to all. */
  granted: readonly string[];
  categories: readonly string[];
  /** Where its objects are; null for a type that this cluster has none of, or works out when asked. */
  kept: ResourceName | null;
  subresources: readonly Subresource[];
}

export interface Subresource {
  name: string;
  kind: string;
  group?: string;
  version?: string;
  verbs: readonly string[];
  granted: readonly string[];
}

const READ = ['get', 'list', 'watch'];
const ALL = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const CHANGE = ['get', 'patch', 'update'];
const CONNECT = ['create', 'delete', 'get', 'patch', 'update'];
const SCALE: Subresource = {
  ...{ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1' },
  ...{ verbs: CHANGE, granted: CHANGE },
};

type Facts = Pick<Resource, 'name' | 'kind'> & Partial<Resource>;

function resource(facts: Facts): Resource {
  return {
    group: '',
    version: 'v1',
    singular: facts.kind.toLowerCase(),
    shortNames: [],
    namespaced: true,
    verbs: ALL,
    granted: READ,
    categories: [],
    kept: null,
    subresources: [],
    ...facts,
  };
}

/** The types of one group; most have none of their own here, or are only read. */
function group(name: string, version: string, members: readonly Facts[]): Resource[] {
  return members.map((facts) => resource({ group: name, version, ...facts }));
}

/** A subresource that exists and is nobody's to use, such as `exec`. */
function closed(name: string, kind: string, more: Partial<Subresource> = {}): Subresource {
  return { name, kind, verbs: ['create', 'get'], granted: [], ...more };
}

function status(kind: string): Subresource {
  return { name: 'status', kind, verbs: CHANGE, granted: ['get'] };
}

const all = { categories: ['all'] };

const CORE = group('', 'v1', [
  { name: 'configmaps', kind: 'ConfigMap', shortNames: ['cm'], kept: 'configmaps' },
  { name: 'endpoints', kind: 'Endpoints', shortNames: ['ep'], kept: 'endpoints' },
  { name: 'events', kind: 'Event', shortNames: ['ev'], kept: 'events' },
  { name: 'limitranges', kind: 'LimitRange', shortNames: ['limits'] },
  {
    ...{ name: 'namespaces', kind: 'Namespace', shortNames: ['ns'], namespaced: false, kept: 'namespaces' },
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    subresources: [status('Namespace')],
  },
  {
    ...{ name: 'nodes', kind: 'Node', shortNames: ['no'], namespaced: false, kept: 'nodes' },
    subresources: [closed('proxy', 'NodeProxyOptions', { verbs: CONNECT }), status('Node')],
  },
  { name: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim', shortNames: ['pvc'] },
  { name: 'persistentvolumes', kind: 'PersistentVolume', shortNames: ['pv'], namespaced: false },
  {
    ...{ name: 'pods', kind: 'Pod', shortNames: ['po'], ...all, kept: 'pods' },
    granted: ['delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    subresources: [
      closed('attach', 'PodAttachOptions'),
      closed('binding', 'Binding', { verbs: ['create'] }),
      closed('ephemeralcontainers', 'Pod', { verbs: CHANGE }),
      closed('eviction', 'Eviction', { group: 'policy', version: 'v1', verbs: ['create'] }),
      closed('exec', 'PodExecOptions'),
      { name: 'log', kind: 'Pod', verbs: ['get'], granted: ['get'] },
      closed('portforward', 'PodPortForwardOptions'),
      closed('proxy', 'PodProxyOptions', { verbs: CONNECT }),
      status('Pod'),
    ],
  },
  { name: 'resourcequotas', kind: 'ResourceQuota', shortNames: ['quota'] },
  { name: 'secrets', kind: 'Secret', kept: 'secrets' },
  {
    ...{ name: 'serviceaccounts', kind: 'ServiceAccount', shortNames: ['sa'], kept: 'serviceaccounts' },
    subresources: [
      closed('token', 'TokenRequest', { group: 'authentication.k8s.io', version: 'v1', verbs: ['create'] }),
    ],
  },
  {
    ...{ name: 'services', kind: 'Service', shortNames: ['svc'], ...all, kept: 'services' },
    subresources: [closed('proxy', 'ServiceProxyOptions', { verbs: CONNECT }), status('Service')],
  },
]);

const WORKLOAD = ['delete', 'get', 'list', 'patch', 'update', 'watch'];

const APPS = group('apps', 'v1', [
  { name: 'daemonsets', kind: 'DaemonSet', shortNames: ['ds'], ...all },
  {
    ...{ name: 'deployments', kind: 'Deployment', shortNames: ['deploy'], ...all, kept: 'deployments' },
    granted: WORKLOAD,
    subresources: [SCALE, status('Deployment')],
  },
  {
    ...{ name: 'replicasets', kind: 'ReplicaSet', shortNames: ['rs'], ...all, kept: 'replicasets' },
    granted: WORKLOAD,
    subresources: [SCALE, status('ReplicaSet')],
  },
  { name: 'statefulsets', kind: 'StatefulSet', shortNames: ['sts'], ...all },
]);

/** Everybody may ask who they are and what they may do. */
const ASKED = { namespaced: false, verbs: ['create'], granted: ['create'] };
/** What the metrics-server adds; it can neither be watched nor changed. */
const MEASURED = { verbs: ['get', 'list'], granted: ['get', 'list'] };

/** Everything that can be asked for. What is not here answers 404, as a resource that no API server has heard of. */
export const RESOURCES: readonly Resource[] = [
  ...CORE,
  ...APPS,
  ...group('authentication.k8s.io', 'v1', [{ name: 'selfsubjectreviews', kind: 'SelfSubjectReview', ...ASKED }]),
  ...group('authorization.k8s.io', 'v1', [
    { name: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview', ...ASKED },
    { name: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview', ...ASKED },
  ]),
  ...group('autoscaling', 'v2', [
    { name: 'horizontalpodautoscalers', kind: 'HorizontalPodAutoscaler', shortNames: ['hpa'], ...all },
  ]),
  ...group('batch', 'v1', [
    { name: 'cronjobs', kind: 'CronJob', shortNames: ['cj'], ...all },
    { name: 'jobs', kind: 'Job', ...all },
  ]),
  ...group('coordination.k8s.io', 'v1', [{ name: 'leases', kind: 'Lease' }]),
  ...group('discovery.k8s.io', 'v1', [{ name: 'endpointslices', kind: 'EndpointSlice', kept: 'endpointslices' }]),
  ...group('events.k8s.io', 'v1', [{ name: 'events', kind: 'Event', shortNames: ['ev'], kept: 'events' }]),
  ...group('networking.k8s.io', 'v1', [{ name: 'ingresses', kind: 'Ingress', shortNames: ['ing'] }]),
  ...group('policy', 'v1', [{ name: 'poddisruptionbudgets', kind: 'PodDisruptionBudget', shortNames: ['pdb'] }]),
  ...group('metrics.k8s.io', 'v1beta1', [
    { name: 'nodes', kind: 'NodeMetrics', singular: '', namespaced: false, ...MEASURED },
    { name: 'pods', kind: 'PodMetrics', singular: '', ...MEASURED },
  ]),
];

export function findResource(group: string, version: string, name: string): Resource | undefined {
  return RESOURCES.find((known) => known.group === group && known.version === version && known.name === name);
}

export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group ? `${group}/${version}` : version;
}

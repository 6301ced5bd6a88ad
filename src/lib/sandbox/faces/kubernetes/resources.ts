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
  verbs: readonly string[];
  categories: readonly string[];
  /** Where its objects are; null for a type that this cluster has none of. */
  kept: ResourceName | null;
  subresources: readonly Subresource[];
}

export interface Subresource {
  name: string;
  kind: string;
  group?: string;
  version?: string;
  verbs: readonly string[];
}

const READ = ['get', 'list', 'watch'];
const SCALE: Subresource = {
  name: 'scale',
  kind: 'Scale',
  group: 'autoscaling',
  version: 'v1',
  verbs: ['get', 'patch', 'update'],
};

type Facts = Pick<Resource, 'name' | 'kind'> & Partial<Resource>;

function resource(facts: Facts): Resource {
  return {
    group: '',
    version: 'v1',
    singular: facts.kind.toLowerCase(),
    shortNames: [],
    namespaced: true,
    verbs: READ,
    categories: [],
    kept: null,
    subresources: [],
    ...facts,
  };
}

/** Everything that can be asked for. What is not here answers 404, as a resource that no API server has heard of. */
export const RESOURCES: readonly Resource[] = [
  resource({ name: 'namespaces', kind: 'Namespace', shortNames: ['ns'], namespaced: false, kept: 'namespaces' }),
  resource({ name: 'nodes', kind: 'Node', shortNames: ['no'], namespaced: false, kept: 'nodes' }),
  resource({
    name: 'pods',
    kind: 'Pod',
    shortNames: ['po'],
    verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    categories: ['all'],
    kept: 'pods',
    subresources: [{ name: 'log', kind: 'Pod', verbs: ['get'] }],
  }),
  resource({ name: 'services', kind: 'Service', shortNames: ['svc'], categories: ['all'], kept: 'services' }),
  resource({ name: 'events', kind: 'Event', shortNames: ['ev'], kept: 'events' }),
  resource({ name: 'configmaps', kind: 'ConfigMap', shortNames: ['cm'] }),
  resource({ name: 'secrets', kind: 'Secret' }),
  resource({ name: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim', shortNames: ['pvc'] }),
  resource({
    group: 'apps',
    name: 'deployments',
    kind: 'Deployment',
    shortNames: ['deploy'],
    verbs: ['delete', 'get', 'list', 'patch', 'update', 'watch'],
    categories: ['all'],
    kept: 'deployments',
    subresources: [SCALE, { name: 'status', kind: 'Deployment', verbs: ['get'] }],
  }),
  resource({
    group: 'apps',
    name: 'replicasets',
    kind: 'ReplicaSet',
    shortNames: ['rs'],
    verbs: ['delete', 'get', 'list', 'patch', 'update', 'watch'],
    categories: ['all'],
    kept: 'replicasets',
    subresources: [SCALE],
  }),
  resource({ group: 'apps', name: 'statefulsets', kind: 'StatefulSet', shortNames: ['sts'], categories: ['all'] }),
  resource({ group: 'apps', name: 'daemonsets', kind: 'DaemonSet', shortNames: ['ds'], categories: ['all'] }),
  resource({ group: 'batch', name: 'jobs', kind: 'Job', categories: ['all'] }),
  resource({ group: 'batch', name: 'cronjobs', kind: 'CronJob', shortNames: ['cj'], categories: ['all'] }),
  resource({ group: 'discovery.k8s.io', name: 'endpointslices', kind: 'EndpointSlice', kept: 'endpointslices' }),
  resource({ group: 'events.k8s.io', name: 'events', kind: 'Event', shortNames: ['ev'], kept: 'events' }),
  resource({
    group: 'authentication.k8s.io',
    name: 'selfsubjectreviews',
    kind: 'SelfSubjectReview',
    namespaced: false,
    verbs: ['create'],
  }),
  ...['SelfSubjectAccessReview', 'SelfSubjectRulesReview'].map((kind) =>
    resource({
      group: 'authorization.k8s.io',
      name: `${kind.toLowerCase()}s`,
      kind,
      namespaced: false,
      verbs: ['create'],
    }),
  ),
];

export function findResource(group: string, version: string, name: string): Resource | undefined {
  return RESOURCES.find((known) => known.group === group && known.version === version && known.name === name);
}

export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group ? `${group}/${version}` : version;
}

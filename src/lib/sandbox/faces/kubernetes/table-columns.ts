import type { ConfigMap, Endpoints, Secret } from '../../world/cluster/furniture.ts';
import type {
  Deployment,
  EndpointSlice,
  EventObject,
  KubeObject,
  LabelSelector,
  PlainObject,
  Pod,
  PodTemplate,
  ReplicaSet,
} from '../../world/cluster/objects.ts';
import { ageOf } from './age.ts';
import { podReady, podRestarts, podStatusWord } from './pod-summary.ts';
import type { Resource } from './resources.ts';

/** One column of a table and how to fill it. A `wide` one is shown by `-o wide` only. */
export interface Column {
  name: string;
  type?: 'integer';
  wide?: boolean;
  cell(object: KubeObject, now: number): string | number;
}

const NAME: Column = { name: 'Name', cell: ({ metadata }) => metadata.name };
const AGE: Column = { name: 'Age', cell: ({ metadata }, now) => ageOf(metadata.creationTimestamp, now) };

/** A column of one kind of object; the caller knows that it is only shown such objects. */
function column<T extends KubeObject>(
  name: string,
  cell: (object: T, now: number) => string | number,
  more: Pick<Column, 'type' | 'wide'> = {},
): Column {
  return { name, ...more, cell: (object, now) => cell(object as T, now) };
}

const integer = { type: 'integer' } as const;
const wide = { wide: true } as const;

const PODS: Column[] = [
  NAME,
  column<Pod>('Ready', podReady),
  column<Pod>('Status', podStatusWord),
  column<Pod>('Restarts', podRestarts),
  AGE,
  column<Pod>('IP', ({ status }) => status.podIP ?? '<none>', wide),
  column<Pod>('Node', ({ spec }) => spec.nodeName ?? '<none>', wide),
  column<Pod>('Nominated Node', () => '<none>', wide),
  column<Pod>('Readiness Gates', () => '<none>', wide),
];

const DEPLOYMENTS: Column[] = [
  NAME,
  column<Deployment>('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`),
  column<Deployment>('Up-to-date', ({ status }) => status.updatedReplicas ?? 0, integer),
  column<Deployment>('Available', ({ status }) => status.availableReplicas ?? 0, integer),
  AGE,
  ...workload<Deployment>(),
];

const REPLICA_SETS: Column[] = [
  NAME,
  column<ReplicaSet>('Desired', ({ spec }) => spec.replicas, integer),
  column<ReplicaSet>('Current', ({ status }) => status.replicas, integer),
  column<ReplicaSet>('Ready', ({ status }) => status.readyReplicas ?? 0, integer),
  AGE,
  ...workload<ReplicaSet>(),
];

const EVENTS: Column[] = [
  column<EventObject>('Last Seen', ({ lastTimestamp }, now) => ageOf(lastTimestamp, now)),
  column<EventObject>('Type', ({ type }) => type),
  column<EventObject>('Reason', ({ reason }) => reason),
  column<EventObject>('Object', ({ involvedObject: { kind, name } }) => `${kind.toLowerCase()}/${name}`),
  column<EventObject>('Subobject', ({ involvedObject }) => involvedObject.fieldPath ?? '', wide),
  column<EventObject>('Source', ({ source }) => [source.component, source.host].filter(Boolean).join(', '), wide),
  column<EventObject>('Message', ({ message }) => message.trim()),
  column<EventObject>('First Seen', ({ firstTimestamp }, now) => ageOf(firstTimestamp, now), wide),
  column<EventObject>('Count', ({ count }) => count, { ...integer, ...wide }),
  { ...NAME, wide: true },
];

const NODES: Column[] = [
  NAME,
  column<PlainObject>('Status', () => 'Ready'),
  column<PlainObject>('Roles', () => '<none>'),
  AGE,
  column<PlainObject>('Version', (node) => nodeInfo(node, 'kubeletVersion')),
  column<PlainObject>(
    'Internal-IP',
    ({ status }) => (status['addresses'] as { address: string }[])[0]?.address ?? '',
    wide,
  ),
  column<PlainObject>('External-IP', () => '<none>', wide),
  column<PlainObject>('OS-Image', (node) => nodeInfo(node, 'osImage'), wide),
  column<PlainObject>('Kernel-Version', (node) => nodeInfo(node, 'kernelVersion'), wide),
  column<PlainObject>('Container-Runtime', (node) => nodeInfo(node, 'containerRuntimeVersion'), wide),
];

const NAMESPACES: Column[] = [NAME, column<PlainObject>('Status', ({ status }) => String(status['phase'])), AGE];

const SERVICES: Column[] = [
  NAME,
  column<PlainObject>('Type', ({ spec }) => String(spec['type'])),
  column<PlainObject>('Cluster-IP', ({ spec }) => String(spec['clusterIP'])),
  column<PlainObject>('External-IP', () => '<none>'),
  column<PlainObject>('Port(s)', ({ spec }) =>
    (spec['ports'] as { port: number; protocol: string }[]).map(({ port, protocol }) => `${port}/${protocol}`).join(),
  ),
  AGE,
  column<PlainObject>('Selector', ({ spec }) => pairs(spec['selector'] as Record<string, string>), wide),
];

const ENDPOINT_SLICES: Column[] = [
  NAME,
  column<EndpointSlice>('AddressType', ({ addressType }) => addressType),
  column<EndpointSlice>('Ports', ({ ports }) => ports.map(({ port }) => port).join() || '<unset>'),
  column<EndpointSlice>('Endpoints', ({ endpoints }) =>
    shortList(endpoints.flatMap((one) => one['addresses'] as string[])),
  ),
  AGE,
];

const ENDPOINTS: Column[] = [NAME, column<Endpoints>('Endpoints', endpointsOf), AGE];

const dataCount = column<ConfigMap>('Data', ({ data }) => Object.keys(data).length, integer);
const CONFIG_MAPS: Column[] = [NAME, dataCount, AGE];
const SECRETS: Column[] = [NAME, column<Secret>('Type', ({ type }) => type), dataCount, AGE];
const SERVICE_ACCOUNTS: Column[] = [NAME, column('Secrets', () => 0, integer), AGE];

const LEASES: Column[] = [NAME, column<PlainObject>('Holder', ({ spec }) => String(spec['holderIdentity'])), AGE];

const METRICS: Column[] = [
  NAME,
  column<Measured>('cpu', (object) => usageOf(object).cpu ?? ''),
  column<Measured>('memory', (object) => usageOf(object).memory ?? ''),
  column<Measured>('Window', ({ window }) => window),
];

const COLUMNS: Readonly<Record<string, Column[]>> = {
  pods: PODS,
  deployments: DEPLOYMENTS,
  replicasets: REPLICA_SETS,
  events: EVENTS,
  nodes: NODES,
  namespaces: NAMESPACES,
  services: SERVICES,
  endpointslices: ENDPOINT_SLICES,
  endpoints: ENDPOINTS,
  configmaps: CONFIG_MAPS,
  secrets: SECRETS,
  serviceaccounts: SERVICE_ACCOUNTS,
  leases: LEASES,
};

/** The columns of a resource's table: for one that nobody wrote columns for, its name and age, as for any custom resource. */
export function columnsOf({ name, group }: Pick<Resource, 'name' | 'group'>): Column[] {
  return (group === 'metrics.k8s.io' ? METRICS : COLUMNS[name]) ?? [NAME, { ...AGE, name: 'Created At' }];
}

type Workload = KubeObject & { spec: { template: PodTemplate; selector: LabelSelector } };

function workload<T extends Workload>(): Column[] {
  const containers = ({ spec }: T) => spec.template.spec.containers;
  return [
    column<T>(
      'Containers',
      (object) =>
        containers(object)
          .map(({ name }) => name)
          .join(),
      wide,
    ),
    column<T>(
      'Images',
      (object) =>
        containers(object)
          .map(({ image }) => image)
          .join(),
      wide,
    ),
    column<T>('Selector', ({ spec }) => pairs(spec.selector.matchLabels ?? {}), wide),
  ];
}

function pairs(labels: Record<string, string>): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join();
}

function shortList(addresses: string[]): string {
  if (addresses.length === 0) return '<unset>';
  const more = addresses.length - 3;
  return addresses.slice(0, 3).join() + (more > 0 ? ` + ${more} more...` : '');
}

function nodeInfo({ status }: PlainObject, field: string): string {
  return (status['nodeInfo'] as Record<string, string>)[field] ?? '';
}

/** A PodMetrics or a NodeMetrics. */
interface Measured extends KubeObject {
  window: string;
  usage?: Record<string, string>;
  containers?: { usage: Record<string, string> }[];
}

function usageOf({ usage, containers }: Measured): Record<string, string> {
  return usage ?? containers?.[0]?.usage ?? {};
}

function endpointsOf({ subsets = [] }: Endpoints): string {
  const all = subsets.flatMap(({ addresses = [], ports }) =>
    addresses.flatMap(({ ip }) => ports.map(({ port }) => `${ip}:${port}`)),
  );
  if (all.length === 0) return '<none>';
  const more = all.length - 3;
  return all.slice(0, 3).join() + (more > 0 ? ` + ${more} more...` : '');
}

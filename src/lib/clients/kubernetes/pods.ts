import { utcStamp } from '../utc-stamp.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterEvent, Pod, Target } from './kubernetes.ts';
import { hasCondition, printedStatus } from './pod-status.ts';
import type { Termination, WireEvent, WirePod } from './wire.ts';

/** The pods that a target's selector finds, by name. */
export async function pods(cluster: Cluster, target: Target): Promise<Pod[]> {
  const found = await wirePods(cluster, target);
  return found.map(readPod).sort((a, b) => a.name.localeCompare(b.name));
}

export function wirePods(cluster: Cluster, { namespace, selector }: Target): Promise<WirePod[]> {
  return cluster.list<WirePod>({ resource: 'pods', namespace, query: { labelSelector: selector } });
}

/** Recent events about the target's pods, oldest first. Events live for an hour, longer than some of the pods. */
export async function events(cluster: Cluster, target: Target): Promise<ClusterEvent[]> {
  const query = { fieldSelector: 'involvedObject.kind=Pod' };
  const [found, all] = await Promise.all([
    wirePods(cluster, target),
    cluster.list<WireEvent>({ resource: 'events', namespace: target.namespace, query }),
  ]);
  const names = new Set(found.map(({ metadata }) => metadata.name));
  return all
    .filter(({ involvedObject }) => names.has(involvedObject.name ?? ''))
    .map(readEvent)
    .sort((a, b) => a.at.localeCompare(b.at));
}

export function readPod(wire: WirePod): Pod {
  const { status, restarts } = printedStatus(wire);
  return {
    name: wire.metadata.name,
    phase: wire.status?.phase ?? 'Unknown',
    status,
    ready: hasCondition(wire, 'Ready'),
    restarts,
    startedAt: wire.status?.startTime ? utcStamp(wire.status.startTime) : null,
    node: wire.spec.nodeName ?? null,
    image: wire.spec.containers[0]?.image ?? '',
    containers: wire.spec.containers.map(({ name }) => name),
    lastTermination: lastTermination(wire),
  };
}

function lastTermination({ status = {} }: WirePod): string | null {
  const [last] = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
    .flatMap(({ state, lastState }) => [state?.terminated, lastState?.terminated])
    .filter((one): one is Termination => one !== undefined)
    .sort((a, b) => (b.finishedAt ?? '').localeCompare(a.finishedAt ?? ''));
  return last ? endingOf(last) : null;
}

/** How a run ended, e.g. `OOMKilled, exit code 137`. */
export function endingOf({ reason, signal, exitCode }: Termination): string {
  const how = signal ? `signal ${signal}` : `exit code ${exitCode}`;
  return reason ? `${reason}, ${how}` : how;
}

/** Two generations of the events API fill different fields: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
function readEvent(wire: WireEvent): ClusterEvent {
  const { metadata, series, involvedObject: about } = wire;
  const at = series?.lastObservedTime ?? wire.lastTimestamp ?? wire.eventTime ?? wire.firstTimestamp;
  return {
    at: utcStamp(at ?? metadata.creationTimestamp ?? ''),
    kind: wire.type === 'Warning' ? 'Warning' : 'Normal',
    reason: wire.reason ?? '',
    object: `${(about.kind ?? 'object').toLowerCase()}/${about.name ?? ''}`,
    message: wire.message ?? '',
    count: series?.count ?? wire.count ?? 1,
  };
}

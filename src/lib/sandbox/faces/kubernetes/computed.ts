import type { Cluster } from '../../world/cluster/cluster.ts';
import { NODES } from '../../world/cluster/manifests.ts';
import { type KubeObject, kubeTime, type ObjectMeta } from '../../world/cluster/objects.ts';
import type { Usage, UsageSource } from '../../world/cluster/usage.ts';
import { apiVersionOf, type Resource } from './resources.ts';

/** A kubelet renews its lease about so often. */
const RENEWED_EVERY = 10_000;

/** The objects of a type that the cluster does not keep, worked out now. */
export function computed(resource: Resource, cluster: Cluster): KubeObject[] {
  const version = String(cluster.store.version);
  switch (`${resource.name}.${resource.group}`) {
    case 'leases.coordination.k8s.io':
      return cluster.store.list('nodes').map(({ metadata }) => lease(metadata, { resource, version, cluster }));
    case 'pods.metrics.k8s.io':
      return cluster.usage ? podMetrics(resource, cluster, cluster.usage) : [];
    case 'nodes.metrics.k8s.io':
      return cluster.usage ? nodeMetrics(resource, cluster, cluster.usage) : [];
    default:
      return [];
  }
}

/** What `kubectl describe node` takes for the sign of life of its kubelet. */
function lease(
  node: ObjectMeta,
  { resource, version, cluster }: { resource: Resource; version: string; cluster: Cluster },
): KubeObject {
  const { name, uid, creationTimestamp } = node;
  const now = cluster.clock.now();
  const renewed = new Date(now - (now % RENEWED_EVERY)).toISOString().replace('Z', '000Z');
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: { name, namespace: 'kube-node-lease', uid, resourceVersion: version, creationTimestamp },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: renewed },
  } as KubeObject;
}

function podMetrics(resource: Resource, cluster: Cluster, source: UsageSource): KubeObject[] {
  return cluster.store.list('pods').flatMap(({ metadata, spec }) => {
    const used = source.ofPod(metadata.name);
    const [container] = spec.containers;
    if (!used || !container) return [];
    const containers = [{ name: container.name, usage: quantities(used) }];
    return [{ ...measured(resource, metadata, { cluster, source }), containers }];
  });
}

function nodeMetrics(resource: Resource, cluster: Cluster, source: UsageSource): KubeObject[] {
  return cluster.store.list('nodes').flatMap(({ metadata }) => {
    const used = source.ofNode(NODES.findIndex(({ name }) => name === metadata.name));
    return used ? [{ ...measured(resource, metadata, { cluster, source }), usage: quantities(used) }] : [];
  });
}

/** Metrics have neither a uid nor a version. */
function measured(
  resource: Resource,
  { name, namespace, labels }: ObjectMeta,
  { cluster, source }: { cluster: Cluster; source: UsageSource },
): KubeObject {
  const now = kubeTime(cluster.clock.now());
  return {
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      creationTimestamp: now,
      ...(labels ? { labels } : {}),
    },
    timestamp: now,
    window: `${source.window}s`,
  } as unknown as KubeObject;
}

function quantities({ cpu, memory }: Usage): { cpu: string; memory: string } {
  return { cpu: `${Math.round(cpu * 1e9)}n`, memory: `${Math.round(memory / 1024)}Ki` };
}

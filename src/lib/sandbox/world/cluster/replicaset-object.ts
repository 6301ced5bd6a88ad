import { templateHash } from './naming.ts';
import {
  type Deployment,
  kubeTime,
  ownedBy,
  REVISION_ANNOTATION,
  type ReplicaSet,
  TEMPLATE_HASH_LABEL,
} from './objects.ts';
import { limits } from './rollout.ts';
import type { Surroundings } from './surroundings.ts';

/** The revision that a deployment gave a replica set; 0 before it has given one. */
export function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION_ANNOTATION] ?? 0);
}

/** A deployment's annotations as its newest replica set takes them over, the change cause among them. */
export function copiedAnnotations({ metadata }: Deployment): Record<string, string> {
  const own = new Set([REVISION_ANNOTATION, 'kubectl.kubernetes.io/last-applied-configuration']);
  return Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([name]) => !own.has(name)));
}

export function scaleAnnotations(deployment: Deployment): Record<string, string> {
  const { replicas, strategy } = deployment.spec;
  const surge = strategy.type === 'Recreate' ? 0 : limits(deployment).surge;
  return {
    'deployment.kubernetes.io/desired-replicas': String(replicas),
    'deployment.kubernetes.io/max-replicas': String(replicas + surge),
  };
}

/** An empty replica set for a deployment's current template. */
export function replicaSetFor(
  deployment: Deployment,
  annotations: Record<string, string>,
  { random, clock }: Pick<Surroundings, 'random' | 'clock'>,
): ReplicaSet {
  const { metadata, spec } = deployment;
  const hash = templateHash(spec.template);
  const labels = { ...spec.template.metadata.labels, [TEMPLATE_HASH_LABEL]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`,
      ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
      uid: random.uuid(),
      resourceVersion: '',
      generation: 1,
      creationTimestamp: kubeTime(clock.now()),
      labels,
      annotations,
      ownerReferences: ownedBy(deployment),
    },
    spec: {
      replicas: 0,
      selector: {
        ...spec.selector,
        matchLabels: { ...spec.selector.matchLabels, [TEMPLATE_HASH_LABEL]: hash },
      },
      template: { metadata: { ...spec.template.metadata, labels }, spec: structuredClone(spec.template.spec) },
    },
    status: { replicas: 0 },
  };
}

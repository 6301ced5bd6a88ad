import type { ServiceSpec } from '../catalog.ts';
import { WARM } from './container-run.ts';
import type { Kubelet } from './kubelet.ts';
import { deploymentOf, imageOf, podTemplate, type Release } from './manifests.ts';
import { nameSuffix, templateHash } from './naming.ts';
import { type Deployment, kubeTime, REVISION_ANNOTATION, type ReplicaSet } from './objects.ts';
import { podFor } from './replicaset-controller.ts';
import { copiedAnnotations, replicaSetFor, scaleAnnotations } from './replicaset-object.ts';
import type { Surroundings } from './surroundings.ts';

/** A release of the past. `at` is when it was deployed, in milliseconds since 1970. */
export interface PastRelease extends Release {
  at: number;
}

/** From the pod's creation to its container's start, and from a deploy to the end of the pods it replaced. */
const STARTED_AFTER = 1300;
const REPLACED_AFTER = 5500;
/** A node keeps about so much of a container's log; what is older has been rotated away. */
const LOG_KEPT = 3_600_000;

/**
 * Writes a service's past into the cluster as if it had been there all along: its deployment, a replica set for each
 * of its latest revisions, the pods that run now, and the lives of those that ran before.
 */
export function writeHistory(
  service: ServiceSpec,
  releases: readonly PastRelease[],
  { world, kubelet }: { world: Surroundings; kubelet: Kubelet },
): void {
  const ordered = [...releases].sort((a, b) => a.at - b.at);
  const [first, current] = [ordered[0], ordered.at(-1)];
  if (!first || !current) return;
  const facts = { at: first.at, random: world.random, generation: ordered.length };
  const deployment = deploymentOf(service, current, facts);
  deployment.metadata.annotations = {
    ...deployment.metadata.annotations,
    [REVISION_ANNOTATION]: String(ordered.length),
  };
  const stored = world.store.create('deployments', deployment);
  ordered.forEach((release, index) => {
    const next = ordered[index + 1];
    if (next) pastLives(service, release, { until: next.at + REPLACED_AFTER, world, kubelet });
    const kept = index >= ordered.length - 1 - deployment.spec.revisionHistoryLimit;
    if (!kept) return;
    const set = replicaSetOf(stored, service, { release, revision: index + 1, world });
    set.spec.replicas = next ? 0 : service.replicas;
    set.status = next ? { replicas: 0, observedGeneration: 1 } : runningStatus(service.replicas);
    world.store.create('replicasets', set);
    if (!next) livingPods(set, release, { world, kubelet });
  });
}

function replicaSetOf(
  deployment: Deployment,
  service: ServiceSpec,
  facts: { release: PastRelease; revision: number; world: Surroundings },
): ReplicaSet {
  const { release, revision, world } = facts;
  const then = deploymentOf(service, release, { at: release.at, random: world.random.fork('then'), generation: 1 });
  then.metadata.uid = deployment.metadata.uid;
  const annotations = {
    ...copiedAnnotations(then),
    ...scaleAnnotations(then),
    [REVISION_ANNOTATION]: String(revision),
  };
  const set = replicaSetFor(then, annotations, world);
  set.metadata.creationTimestamp = kubeTime(release.at);
  return set;
}

function runningStatus(replicas: number): ReplicaSet['status'] {
  return {
    replicas,
    fullyLabeledReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    observedGeneration: 1,
  };
}

function livingPods(
  set: ReplicaSet,
  release: PastRelease,
  { world, kubelet }: { world: Surroundings; kubelet: Kubelet },
): void {
  const logFrom = world.clock.now() - LOG_KEPT;
  for (let i = 0; i < set.spec.replicas; i++) {
    const pod = podFor(set, world);
    pod.metadata.creationTimestamp = kubeTime(release.at);
    const startedAt = release.at + STARTED_AFTER + world.random.between(0, 300);
    world.store.create('pods', kubelet.adopt(pod, { startedAt, logFrom }));
  }
}

function pastLives(
  service: ServiceSpec,
  release: PastRelease,
  { until, world, kubelet }: { until: number; world: Surroundings; kubelet: Kubelet },
): void {
  const steady = world.behaviourOf(imageOf(service.name, release.sha)) === 'steady';
  const set = `${service.name}-${templateHash(podTemplate(service, release.sha))}`;
  for (let i = 0; i < service.replicas; i++) {
    const end = until + world.random.between(0, 400);
    world.lives.open(world.random.uuid(), {
      service: service.name,
      pod: `${set}-${nameSuffix(world.random)}`,
      instance: `${kubelet.pastAddress()}:${service.port}`,
      sha: release.sha,
      from: release.at,
      until: end,
      states: steady
        ? [
            { at: release.at + STARTED_AFTER + WARM, up: true },
            { at: end, up: false },
          ]
        : [],
    });
  }
}

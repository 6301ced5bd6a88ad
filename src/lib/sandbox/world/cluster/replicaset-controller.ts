import { nameSuffix } from './naming.ts';
import type { Change } from './object-store.ts';
import { isReady, kubeTime, ownedBy, ownerOf, type Pod, type ReplicaSet } from './objects.ts';
import type { Surroundings } from './surroundings.ts';

/** Sees to it that every replica set has as many pods as it asks for. */
export class ReplicaSetController {
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  observe(change: Change): void {
    if (change.resource === 'replicasets') {
      if (change.type === 'DELETED') this.#orphaned(change.object.metadata.uid);
      else this.#reconcile(change.object.metadata.uid);
    } else if (change.resource === 'pods') {
      const owner = ownerOf(change.object);
      if (owner?.kind === 'ReplicaSet') this.#reconcile(owner.uid);
    }
  }

  #reconcile(uid: string): void {
    const set = this.#world.store.list('replicasets').find(({ metadata }) => metadata.uid === uid);
    if (!set) return;
    const pods = podsOf(this.#world, set);
    const missing = set.spec.replicas - pods.length;
    for (let i = 0; i < missing; i++) pods.push(this.#create(set));
    if (missing < 0) {
      const doomed = [...pods].sort(leastUsefulFirst).slice(0, -missing);
      for (const pod of doomed) {
        this.#report(set, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
        deletePod(this.#world, pod);
        pods.splice(pods.indexOf(pod), 1);
      }
    }
    this.#writeStatus(set, pods);
  }

  #writeStatus(set: ReplicaSet, pods: Pod[]): void {
    const ready = pods.filter(isReady).length;
    this.#world.store.update('replicasets', set.metadata, (draft) => {
      draft.status = {
        replicas: pods.length,
        fullyLabeledReplicas: pods.length,
        ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
        observedGeneration: draft.metadata.generation ?? 1,
      };
    });
  }

  #create(set: ReplicaSet): Pod {
    const { store } = this.#world;
    let pod = podFor(set, this.#world);
    while (store.get('pods', pod.metadata)) pod = podFor(set, this.#world);
    const created = store.create('pods', pod);
    this.#report(set, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
    return created;
  }

  #orphaned(uid: string): void {
    for (const pod of this.#world.store.list('pods')) if (ownerOf(pod)?.uid === uid) deletePod(this.#world, pod);
  }

  #report(set: ReplicaSet, reason: string, message: string): void {
    this.#world.recorder.record(set, { reason, message, component: 'replicaset-controller' });
  }
}

/** A new pod out of a replica set's template. */
export function podFor(set: ReplicaSet, { random, clock }: Pick<Surroundings, 'random' | 'clock'>): Pod {
  const { template } = set.spec;
  const generateName = `${set.metadata.name}-`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: generateName + nameSuffix(random),
      generateName,
      ...(set.metadata.namespace ? { namespace: set.metadata.namespace } : {}),
      uid: random.uuid(),
      resourceVersion: '',
      creationTimestamp: kubeTime(clock.now()),
      ...(template.metadata.labels ? { labels: template.metadata.labels } : {}),
      ...(template.metadata.annotations ? { annotations: template.metadata.annotations } : {}),
      ownerReferences: ownedBy(set),
    },
    spec: structuredClone(template.spec),
    status: { phase: 'Pending', qosClass: 'Burstable' },
  };
}

/** A replica set's pods, without those that are on their way out. */
export function podsOf({ store }: Pick<Surroundings, 'store'>, set: ReplicaSet): Pod[] {
  const pods = store.list('pods', set.metadata.namespace);
  return pods.filter((pod) => ownerOf(pod)?.uid === set.metadata.uid && !pod.metadata.deletionTimestamp);
}

/**
 * Asks a pod to end.
 * @param graceSeconds what it is given to end by itself; its own setting unless told.
 */
export function deletePod(
  { store, clock }: Pick<Surroundings, 'store' | 'clock'>,
  pod: Pod,
  graceSeconds?: number,
): void {
  const grace = graceSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  if (grace === 0) {
    store.remove('pods', pod.metadata);
    return;
  }
  store.update('pods', pod.metadata, (draft) => {
    if (draft.metadata.deletionTimestamp) return;
    draft.metadata.deletionTimestamp = kubeTime(clock.now() + grace * 1000);
    draft.metadata.deletionGracePeriodSeconds = grace;
  });
}

/** The controller's own order of sacrifice: not yet running, then not ready, then the most restarted, then the newest. */
function leastUsefulFirst(a: Pod, b: Pod): number {
  const running = (pod: Pod) => (pod.status.phase === 'Running' ? 1 : 0);
  const ready = (pod: Pod) => (isReady(pod) ? 1 : 0);
  const restarts = (pod: Pod) => Math.max(0, ...(pod.status.containerStatuses ?? []).map((c) => c.restartCount));
  return (
    running(a) - running(b) ||
    ready(a) - ready(b) ||
    restarts(b) - restarts(a) ||
    Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp)
  );
}

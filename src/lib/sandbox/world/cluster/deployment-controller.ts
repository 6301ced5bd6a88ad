import type { Wait } from '../clock.ts';
import { deploymentStatus } from './deployment-status.ts';
import { templateHash } from './naming.ts';
import type { Change } from './object-store.ts';
import { type Deployment, ownerOf, REVISION_ANNOTATION, type ReplicaSet } from './objects.ts';
import { copiedAnnotations, replicaSetFor, revisionOf, scaleAnnotations } from './replicaset-object.ts';
import { nextSizes } from './rollout.ts';
import type { Surroundings } from './surroundings.ts';

/** Turns every deployment into replica sets, one for each template it has had, and moves pods from old to new. */
export class DeploymentController {
  readonly #world: Surroundings;
  /** When each deployment last got on with its rollout, in milliseconds of life, and what wakes us if it does not. */
  readonly #progress = new Map<string, { at: number; mark: string; wait: Wait }>();

  constructor(world: Surroundings) {
    this.#world = world;
  }

  observe(change: Change): void {
    if (change.resource === 'deployments') {
      if (change.type === 'DELETED') this.#orphaned(change.object.metadata.uid);
      else this.#reconcile(change.object.metadata.uid);
    } else if (change.resource === 'replicasets') {
      const owner = ownerOf(change.object);
      if (owner) this.#reconcile(owner.uid);
    } else if (change.resource === 'pods' && change.type === 'DELETED') {
      // A Recreate rollout waits for the last old pod to be gone.
      const set = this.#world.store.list('replicasets').find((rs) => rs.metadata.uid === ownerOf(change.object)?.uid);
      const owner = set && ownerOf(set);
      if (owner) this.#reconcile(owner.uid);
    }
  }

  #reconcile(uid: string): void {
    const { store } = this.#world;
    const found = store.list('deployments').find(({ metadata }) => metadata.uid === uid);
    if (!found) return;
    const sets = this.#setsOf(found);
    const hash = templateHash(found.spec.template);
    const current = sets.find(({ metadata }) => metadata.name === `${found.metadata.name}-${hash}`);
    const older = sets.filter((set) => set !== current);
    const newest = found.spec.paused ? current : this.#newest(found, current, older);
    const deployment = store.get('deployments', found.metadata) ?? found;
    if (newest) this.#rollOut(deployment, newest, older);
    this.#writeStatus(deployment, hash);
  }

  /** The replica set of the current template, made or, after going back to an old template, made the latest again. */
  #newest(deployment: Deployment, current: ReplicaSet | undefined, older: ReplicaSet[]): ReplicaSet {
    const { store } = this.#world;
    const latest = Math.max(0, ...older.map(revisionOf));
    const revision = current && revisionOf(current) > latest ? revisionOf(current) : latest + 1;
    const annotations = {
      ...copiedAnnotations(deployment),
      ...scaleAnnotations(deployment),
      [REVISION_ANNOTATION]: String(revision),
    };
    const set = current
      ? store.update('replicasets', current.metadata, (draft) => {
          draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations };
        })
      : store.create('replicasets', replicaSetFor(deployment, annotations, this.#world));
    store.update('deployments', deployment.metadata, (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, [REVISION_ANNOTATION]: String(revision) };
    });
    return set as ReplicaSet;
  }

  #rollOut(deployment: Deployment, newest: ReplicaSet, older: ReplicaSet[]): void {
    const uids = new Set(older.map(({ metadata }) => metadata.uid));
    const livePods = this.#world.store.list('pods').filter((pod) => uids.has(ownerOf(pod)?.uid ?? '')).length;
    const sizes = nextSizes(deployment, { newest, older }, livePods);
    for (const [set, size] of sizes) this.#scale(deployment, set, size);
    const settled = sizes.size === 0 && (newest.status.availableReplicas ?? 0) >= deployment.spec.replicas;
    if (!settled) return;
    const spent = older.filter(({ spec, status }) => spec.replicas === 0 && status.replicas === 0);
    const doomed = spent.sort((a, b) => revisionOf(a) - revisionOf(b));
    const surplus = Math.max(0, doomed.length - deployment.spec.revisionHistoryLimit);
    for (const set of doomed.slice(0, surplus)) this.#world.store.remove('replicasets', set.metadata);
  }

  #scale(deployment: Deployment, set: ReplicaSet, size: number): void {
    const before = set.spec.replicas;
    if (before === size) return;
    this.#world.store.update('replicasets', set.metadata, (draft) => {
      draft.spec.replicas = size;
      draft.metadata.annotations = { ...draft.metadata.annotations, ...scaleAnnotations(deployment) };
    });
    this.#world.recorder.record(deployment, {
      reason: 'ScalingReplicaSet',
      message: `Scaled ${size > before ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${size}`,
      component: 'deployment-controller',
    });
  }

  #writeStatus(deployment: Deployment, hash: string): void {
    const { store, clock } = this.#world;
    const sets = this.#setsOf(deployment);
    const newest = sets.find(({ metadata }) => metadata.name === `${deployment.metadata.name}-${hash}`);
    const late = this.#isLate(deployment, newest, sets);
    store.update('deployments', deployment.metadata, (draft) => {
      draft.status = deploymentStatus(draft, { sets, newest, late, now: clock.now() });
    });
  }

  /** Whether the rollout has not moved for `progressDeadlineSeconds`. */
  #isLate(deployment: Deployment, newest: ReplicaSet | undefined, sets: ReplicaSet[]): boolean {
    const { uid } = deployment.metadata;
    const { clock } = this.#world;
    const deadline = deployment.spec.progressDeadlineSeconds * 1000;
    const mark = [
      newest?.metadata.uid,
      ...sets.map((set) => `${set.status.replicas}/${set.status.readyReplicas}`),
    ].join();
    const before = this.#progress.get(uid);
    if (before?.mark === mark) return clock.waited() - before.at >= deadline;
    before?.wait.cancel();
    const wait = clock.after(deadline, () => this.#reconcile(uid));
    this.#progress.set(uid, { at: clock.waited(), mark, wait });
    return false;
  }

  #setsOf(deployment: Deployment): ReplicaSet[] {
    const sets = this.#world.store.list('replicasets', deployment.metadata.namespace);
    return sets
      .filter((set) => ownerOf(set)?.uid === deployment.metadata.uid)
      .sort((a, b) => revisionOf(a) - revisionOf(b));
  }

  #orphaned(uid: string): void {
    this.#progress.get(uid)?.wait.cancel();
    this.#progress.delete(uid);
    for (const set of this.#world.store.list('replicasets')) {
      if (ownerOf(set)?.uid === uid) this.#world.store.remove('replicasets', set.metadata);
    }
  }
}

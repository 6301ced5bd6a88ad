import type { Deployment, ReplicaSet } from './objects.ts';

/** The sizes that a deployment's replica sets should have next; a set that is not named stays as it is. */
export type Sizes = Map<ReplicaSet, number>;

/** How many pods may exist above, and how many may be missing below, the number that was asked for. */
export function limits({ spec }: Deployment): { surge: number; unavailable: number } {
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy.rollingUpdate ?? {};
  const surge = resolve(maxSurge, spec.replicas, Math.ceil);
  const unavailable = resolve(maxUnavailable, spec.replicas, Math.floor);
  // Both zero would never move; the controller then allows one missing pod.
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

/**
 * One step of a deployment towards its newest replica set, by the arithmetic of the real controller
 * (kubernetes/kubernetes, pkg/controller/deployment/rolling.go and recreate.go).
 * @param newest the replica set of the current template
 * @param older the others, oldest first
 * @param livePods how many pods of older sets still exist, those on their way out included
 */
export function nextSizes(
  deployment: Deployment,
  sets: { newest: ReplicaSet; older: ReplicaSet[] },
  livePods: number,
): Sizes {
  if (deployment.spec.strategy.type === 'Recreate') return recreate(deployment, sets, livePods);
  const grown = growNewest(deployment, sets);
  return grown.size > 0 ? grown : shrinkOlder(deployment, sets);
}

function recreate(
  { spec }: Deployment,
  { newest, older }: { newest: ReplicaSet; older: ReplicaSet[] },
  livePods: number,
): Sizes {
  const shrunk: Sizes = new Map(older.filter(({ spec: set }) => set.replicas > 0).map((set) => [set, 0]));
  if (shrunk.size > 0 || livePods > 0) return shrunk;
  return newest.spec.replicas === spec.replicas ? shrunk : new Map([[newest, spec.replicas]]);
}

function growNewest(deployment: Deployment, { newest, older }: { newest: ReplicaSet; older: ReplicaSet[] }): Sizes {
  const wanted = deployment.spec.replicas;
  if (newest.spec.replicas === wanted) return new Map();
  if (newest.spec.replicas > wanted) return new Map([[newest, wanted]]);
  const room = wanted + limits(deployment).surge - asked([newest, ...older]);
  if (room <= 0) return new Map();
  return new Map([[newest, newest.spec.replicas + Math.min(room, wanted - newest.spec.replicas)]]);
}

function shrinkOlder(deployment: Deployment, { newest, older }: { newest: ReplicaSet; older: ReplicaSet[] }): Sizes {
  const sizes: Sizes = new Map();
  const least = deployment.spec.replicas - limits(deployment).unavailable;
  const newestMissing = newest.spec.replicas - available(newest);
  const most = asked([newest, ...older]) - least - newestMissing;
  if (most <= 0) return sizes;
  const size = (set: ReplicaSet) => sizes.get(set) ?? set.spec.replicas;
  // Pods that serve nobody go first, since their going costs nothing.
  let cleaned = 0;
  for (const set of older) {
    const going = Math.min(most - cleaned, set.spec.replicas - available(set));
    if (going > 0) sizes.set(set, size(set) - going);
    cleaned += Math.max(0, going);
  }
  let spare = [newest, ...older].reduce((sum, set) => sum + available(set), 0) - least;
  for (const set of older) {
    const going = Math.min(size(set), spare);
    if (going <= 0) continue;
    sizes.set(set, size(set) - going);
    spare -= going;
  }
  return sizes;
}

const asked = (sets: ReplicaSet[]): number => sets.reduce((sum, { spec }) => sum + spec.replicas, 0);

const available = ({ status }: ReplicaSet): number => status.availableReplicas ?? 0;

function resolve(value: number | string, of: number, round: (value: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseFloat(value) / 100) * of);
}

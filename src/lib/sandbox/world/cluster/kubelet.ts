import { NODES } from './manifests.ts';
import type { Change } from './object-store.ts';
import type { Pod } from './objects.ts';
import { type Place, PodRun } from './pod-run.ts';
import type { Surroundings } from './surroundings.ts';

/** All nodes' kubelets and the scheduler in one: gives each pod a node and an address, and runs it. */
export class Kubelet {
  readonly #world: Surroundings;
  readonly #runs = new Map<string, { run: PodRun; node: number; ip: string }>();
  readonly #images = new Set<string>();
  readonly #addresses = NODES.map(() => 9);

  constructor(world: Surroundings) {
    this.#world = world;
  }

  observe(change: Change): void {
    if (change.resource !== 'pods') return;
    const pod = change.object as Pod;
    const known = this.#runs.get(pod.metadata.uid);
    if (change.type === 'DELETED') {
      this.#runs.delete(pod.metadata.uid);
      known?.run.vanish();
    } else if (!known) {
      this.#take(pod).begin();
    } else if (pod.metadata.deletionTimestamp) {
      known.run.stop();
    }
  }

  /** Takes over a pod that has been running since `startedAt`, with its log from `logFrom` on; gives it with its status. */
  adopt(pod: Pod, times: { startedAt: number; logFrom: number }): Pod {
    return this.#take(pod).adopt(times.startedAt, times.logFrom);
  }

  /** An address that was never given before, for a pod of the past. */
  pastAddress(): string {
    return this.#place().place.ip;
  }

  #take(pod: Pod): PodRun {
    const { place, node } = this.#place();
    const run = new PodRun(pod, place, this.#world);
    this.#runs.set(pod.metadata.uid, { run, node, ip: place.ip });
    return run;
  }

  /** The node with the fewest pods, and its next address. */
  #place(): { place: Place; node: number } {
    const load = NODES.map((_, index) => [...this.#runs.values()].filter(({ node }) => node === index).length);
    const least = Math.min(...load);
    const node = this.#world.random.pick([...load.keys()].filter((index) => load[index] === least));
    const spec = NODES[node] as (typeof NODES)[number];
    const taken = new Set([...this.#runs.values()].map(({ ip }) => ip));
    let last = this.#addresses[node] ?? 9;
    do last = (last % 250) + 1;
    while (taken.has(`${spec.pods}.${last}`));
    this.#addresses[node] = last;
    const fetchImage = (image: string) => {
      const key = `${node} ${image}`;
      const there = this.#images.has(key);
      this.#images.add(key);
      return there;
    };
    return { node, place: { node: spec, ip: `${spec.pods}.${last}`, fetchImage } };
  }
}

import { plain } from '../text/plain.ts';
import type { Source } from './source.ts';
import { shortPodName } from './sources.ts';

/** How pods are called on one screen, and the number by which each has its colour. */
export class PodNames {
  readonly #known: string[];
  readonly #names = new Map<string, string>();
  readonly #containers: boolean;
  #width = 0;

  /** @param pods those known at the start; containers are named where one of them has several */
  constructor(pods: readonly { name: string; containers: readonly string[] }[]) {
    this.#known = pods.map(({ name }) => name);
    this.#containers = pods.some(({ containers }) => containers.length > 1);
    for (const name of this.#known) this.nameOf(name);
  }

  /** The shortest end of a pod's name that means no other; once given, it stays. */
  nameOf(pod: string): string {
    const known = this.#names.get(pod);
    if (known) return known;
    const name = plain(shortPodName(pod, [...this.#known, ...this.#names.keys()]));
    this.#names.set(pod, name);
    this.#width = Math.max(this.#width, name.length);
    return name;
  }

  /** Counts up as pods come, so that no two of a dozen neighbours share a colour. */
  numberOf(pod: string): number {
    this.nameOf(pod);
    return [...this.#names.keys()].indexOf(pod);
  }

  /** What a line begins with: the cluster where there are several, the pod, the container where it is not the only one. */
  prefixOf({ context, pod, container, kind }: Source): string {
    const name = this.nameOf(pod).padEnd(this.#width);
    const where = context === null ? '' : `${plain(context)} `;
    return `${where}${name}${this.#containers || kind !== 'regular' ? ` ${plain(container)}` : ''}`;
  }
}

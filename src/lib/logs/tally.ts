import type { Level } from './flatten.ts';

/** How much of what was shown, by pod. */
export interface PodTally {
  pod: string;
  lines: number;
  errors: number;
  warnings: number;
}

/** Counts lines by pod and level as they are shown. */
export class Tally {
  readonly #pods = new Map<string, PodTally>();

  count(pod: string, level: Level | null): void {
    const counts = this.of(pod);
    counts.lines += 1;
    if (level === 'error' || level === 'fatal') counts.errors += 1;
    if (level === 'warn') counts.warnings += 1;
  }

  /** The counts of one pod, for whoever counts by himself. */
  of(pod: string): PodTally {
    let counts = this.#pods.get(pod);
    if (!counts) {
      counts = { pod, lines: 0, errors: 0, warnings: 0 };
      this.#pods.set(pod, counts);
    }
    return counts;
  }

  get pods(): PodTally[] {
    return [...this.#pods.values()];
  }

  get lines(): number {
    return this.pods.reduce((sum, { lines }) => sum + lines, 0);
  }
}

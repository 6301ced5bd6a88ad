import { flatten, type Level } from './flatten.ts';
import type { Entry } from './log-line.ts';

/** How much of what was shown, by pod. */
export interface PodTally {
  pod: string;
  lines: number;
  errors: number;
  warnings: number;
}

const ERRORS: ReadonlySet<Level | null> = new Set<Level>(['error', 'fatal']);

/** Counts lines by pod and level as they are shown. */
export class Tally {
  readonly #pods = new Map<string, PodTally>();

  count({ pod, text }: Entry): void {
    const counts = this.#pods.get(pod) ?? { pod, lines: 0, errors: 0, warnings: 0 };
    const { level } = flatten(text);
    counts.lines += 1;
    if (ERRORS.has(level)) counts.errors += 1;
    if (level === 'warn') counts.warnings += 1;
    this.#pods.set(pod, counts);
  }

  get pods(): PodTally[] {
    return [...this.#pods.values()];
  }

  get lines(): number {
    return this.pods.reduce((sum, { lines }) => sum + lines, 0);
  }
}

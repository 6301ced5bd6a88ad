import type { OncallError } from '../errors.ts';

/** Waits between tries, in milliseconds: at once, then longer and longer, with some chance so that not all come together. */
const STEPS = [0, 250, 500, 1000, 2000, 4000, 8000, 10_000];
/** Health for so long makes the next break a first one. */
const HEALTHY = 10_000;

export class Backoff {
  readonly #random: () => number;
  readonly #now: () => number;
  #step = 0;
  #lastBreak = Number.NEGATIVE_INFINITY;

  /** @param random gives numbers from 0 to 1; @param now milliseconds */
  constructor(random: () => number, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  /** How long to wait before the next try. `fresh` when the last one brought something. */
  next(fresh: boolean): number {
    const now = this.#now();
    if (fresh || now - this.#lastBreak > HEALTHY + (STEPS[this.#step] ?? 0)) this.#step = 0;
    this.#lastBreak = now;
    const wait = STEPS[Math.min(this.#step, STEPS.length - 1)] as number;
    this.#step++;
    return wait * (0.75 + this.#random() / 2);
  }
}

/** Whether no other try can mend an error. */
export function isFinal({ code }: OncallError): boolean {
  return ['AUTH', 'CONFIG', 'REFUSED', 'INTERRUPTED', 'BUG'].includes(code);
}

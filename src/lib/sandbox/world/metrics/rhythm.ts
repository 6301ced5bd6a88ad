import type { Random } from '../random.ts';

interface Wave {
  /** Share of the mean by which the rate swings to either side. */
  swing: number;
  /** Radians per second. */
  speed: number;
  phase: number;
}

const DAY_SECONDS = 86_400;
/** Totals are counted from near the world's own time, where they keep their digits. */
const ORIGIN_MS = Date.UTC(2026, 0, 1);
/** The company's customers are mostly in the Americas, so the busiest hour is about 19:00 UTC. */
const BUSIEST_SECOND = 19 * 3600;
/** Noise: a few slow waves of lengths (in seconds) that never fall in step. Together with the day they stay below 1. */
const NOISE: readonly [seconds: number, swing: number][] = [
  [7 * DAY_SECONDS, 0.06],
  [2837, 0.04],
  [787, 0.03],
  [191, 0.03],
];

/**
 * How busy a service is over time: a daily rhythm with some noise, as a sum of waves. It can be integrated exactly, so a
 * counter's value at any moment of the past is computed, not stored.
 */
export class Rhythm {
  readonly #mean: number;
  readonly #waves: readonly Wave[];

  /** @param mean events per second, averaged over days */
  constructor(mean: number, random: Random) {
    this.#mean = mean;
    const daily = (2 * Math.PI) / DAY_SECONDS;
    this.#waves = [
      { swing: 0.34, speed: daily, phase: Math.PI / 2 - daily * BUSIEST_SECOND },
      { swing: 0.08, speed: 2 * daily, phase: random.next() * 2 * Math.PI },
      ...NOISE.map(([seconds, swing]) => ({
        swing,
        speed: (2 * Math.PI) / seconds,
        phase: random.next() * 2 * Math.PI,
      })),
    ];
  }

  /** Events per second at a moment, in milliseconds since 1970. Always positive. */
  rate(atMs: number): number {
    const seconds = atMs / 1000;
    let share = 1;
    for (const { swing, speed, phase } of this.#waves) share += swing * Math.sin(speed * seconds + phase);
    return this.#mean * share;
  }

  /**
   * How many events there were from a fixed moment up to this one, in milliseconds since 1970; not rounded. Only the
   * difference of two totals means something.
   */
  total(atMs: number): number {
    const seconds = (atMs - ORIGIN_MS) / 1000;
    let share = seconds;
    for (const { swing, speed, phase } of this.#waves)
      share -= (swing / speed) * Math.cos((speed * atMs) / 1000 + phase);
    return this.#mean * share;
  }
}

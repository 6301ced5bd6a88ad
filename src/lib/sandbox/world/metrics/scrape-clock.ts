import type { Steps } from '../../promql/series-source.ts';
import type { WorldClock } from '../clock.ts';

/** The interval at which the world's Prometheus scrapes, in milliseconds of life. */
export const SCRAPE_INTERVAL_MS = 15_000;
const SHORTEST_MS = 1000;
/** Scrapes that `advance` brings about closer together than this are one scrape. */
const MERGED_MS = 100;
/** More milliseconds of life than this between two ticks, beyond what the wall clock explains, are an `advance`. */
const NOTICEABLE_MS = 500;

/**
 * When each target was scraped: every 15 s before the world began, and every 15 s of life since, each target at its own
 * moment of the interval. An `advance` moves waits but not the wall clock; it scrapes everything once more, or the
 * monitoring would not see what happened in it.
 */
export class ScrapeClock {
  readonly #clock: WorldClock;
  readonly #began: number;
  readonly #period: number;
  readonly #extra: number[] = [];
  #lastWaited: number;
  #lastNow: number;

  constructor(clock: WorldClock) {
    this.#clock = clock;
    this.#began = clock.now();
    this.#period = Math.max(SHORTEST_MS, Math.round(SCRAPE_INTERVAL_MS / clock.speed));
    this.#lastWaited = clock.waited();
    this.#lastNow = clock.now();
    clock.every(SCRAPE_INTERVAL_MS, () => this.#tick());
  }

  /** The newest moment at which anything can have been scraped. */
  get latest(): number {
    return Math.max(this.#clock.now(), this.#extra.at(-1) ?? 0);
  }

  /** Milliseconds between two scrapes of one target at a moment. */
  intervalAt(at: number): number {
    return at < this.#began ? SCRAPE_INTERVAL_MS : this.#period;
  }

  /**
   * The moments from `fromMs` to `toMs` at which a target was scraped, in order, none in the future.
   * @param offset the target's own place in the interval, from 0 to 1
   */
  times(
    offset: number,
    { fromMs, toMs, steps }: { fromMs: number; toMs: number; steps?: Steps | undefined },
  ): number[] {
    const end = Math.min(toMs, this.latest);
    if (!steps || steps.stepMs <= steps.rangeMs) return this.#within(offset, fromMs, end);
    const times: number[] = [];
    for (let at = fromMs + steps.rangeMs; at <= toMs; at += steps.stepMs) {
      // One scrape more at either end, so that the end of a series is not overlooked.
      times.push(...this.#within(offset, at - steps.rangeMs, Math.min(at, end)));
    }
    return times;
  }

  /** The first scrape of a target at or after a moment. */
  firstFrom(offset: number, at: number): number {
    const reach = this.intervalAt(at) + SCRAPE_INTERVAL_MS;
    return this.#within(offset, at, at + reach)[0] ?? at + reach;
  }

  #within(offset: number, fromMs: number, toMs: number): number[] {
    const past = grid(Math.floor(offset * SCRAPE_INTERVAL_MS), SCRAPE_INTERVAL_MS, {
      from: fromMs,
      to: Math.min(toMs, this.#began - 1),
    });
    const from = Math.max(fromMs, this.#began);
    const present = grid(this.#began + Math.floor(offset * this.#period), this.#period, { from, to: toMs });
    const extra = this.#extra.filter((at) => at >= from && at <= toMs);
    if (extra.length === 0) return [...past, ...present];
    return [...past, ...[...new Set([...present, ...extra])].sort((a, b) => a - b)];
  }

  #tick(): void {
    const [waited, now] = [this.#clock.waited(), this.#clock.now()];
    const jumped = waited - this.#lastWaited - (now - this.#lastNow) * this.#clock.speed;
    this.#lastWaited = waited;
    this.#lastNow = now;
    if (jumped < NOTICEABLE_MS) return;
    if (now - (this.#extra.at(-1) ?? 0) < MERGED_MS) this.#extra.pop();
    this.#extra.push(now);
  }
}

/** The moments `origin + n × period` from `from` to `to`, both included. */
function grid(origin: number, period: number, { from, to }: { from: number; to: number }): number[] {
  const times: number[] = [];
  for (let at = origin + Math.ceil((from - origin) / period) * period; at <= to; at += period) times.push(at);
  return times;
}

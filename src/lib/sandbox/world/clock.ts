/** A wait that has been asked for and not yet ended. */
export interface Wait {
  cancel(): void;
}

interface Pending {
  due: number;
  order: number;
  act: () => void;
}

/**
 * The world's one clock. Two times live here and must not be mixed up:
 *
 * - `now()` is wall-clock time in milliseconds since 1970, always. Every timestamp the sandbox shows comes from it,
 *   because other people's clients compare with their own clocks.
 * - *waits* (an alert's `for`, an escalation stage, a workflow step, a restart) are counted in milliseconds of life.
 *   `speed` shortens them, and `advance` moves them on at once, so that no test sleeps.
 */
export class WorldClock {
  readonly speed: number;
  readonly #wall: () => number;
  #elapsed = 0;
  #since: number;
  #lastStamp = 0;
  #order = 0;
  #pending: Pending[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #behind: number;

  /**
   * @param options `wall` replaces the wall clock, for tests; `behind` starts the world so many milliseconds in the past,
   *   and `catchUp` then lets it live through them.
   */
  constructor(options: { speed?: number; wall?: () => number; behind?: number } = {}) {
    this.speed = options.speed ?? 1;
    this.#wall = options.wall ?? Date.now;
    this.#behind = options.behind ?? 0;
    this.#since = this.#wall();
  }

  /** Wall-clock time, in milliseconds since 1970. */
  now(): number {
    return this.#wall() - this.#behind;
  }

  /** Like `now()`, but never the same value twice, so that things which happen in order also sort in order. */
  stamp(): number {
    this.#lastStamp = Math.max(this.#lastStamp + 1, this.now());
    return this.#lastStamp;
  }

  /**
   * Lives through the time by which the world began in the past, in no time: what falls due happens in order, each at
   * its own moment of that past. This is how a world begins with an outage already under way, by having had it.
   */
  catchUp(): void {
    for (
      let next = this.#nextDue(this.waited() + this.#behind);
      next;
      next = this.#nextDue(this.waited() + this.#behind)
    ) {
      this.#live(Math.max(0, next.due - this.waited()));
      this.#remove(next);
      next.act();
    }
    this.#live(this.#behind);
    this.#arm();
  }

  #live(ms: number): void {
    const lived = Math.min(ms, this.#behind);
    this.#behind -= lived;
    this.#elapsed += lived;
  }

  /** How many milliseconds of waiting the world has been through: real ones times `speed`, plus every `advance`. */
  waited(): number {
    return this.#elapsed + (this.#wall() - this.#since) * this.speed;
  }

  /** Calls `act` once, after `ms` milliseconds of life. Acts that are due together run in the order of their due times. */
  after(ms: number, act: () => void): Wait {
    const wait: Pending = { due: this.waited() + Math.max(0, ms), order: this.#order++, act };
    this.#pending.push(wait);
    this.#arm();
    return { cancel: () => this.#remove(wait) };
  }

  /** Calls `act` every `ms` milliseconds of life until cancelled. */
  every(ms: number, act: () => void): Wait {
    let next: Wait;
    const again = () => {
      next = this.after(ms, again);
      act();
    };
    next = this.after(ms, again);
    return { cancel: () => next.cancel() };
  }

  /**
   * Moves every wait on by `ms` milliseconds of life at once. What falls due runs now, in order, and what those acts
   * start in turn runs too if it falls within the same span. The wall clock does not move.
   */
  advance(ms: number): void {
    const until = this.waited() + ms;
    for (let next = this.#nextDue(until); next; next = this.#nextDue(until)) {
      this.#elapsed += Math.max(0, next.due - this.waited());
      this.#remove(next);
      next.act();
    }
    this.#elapsed += Math.max(0, until - this.waited());
    this.#arm();
  }

  /** Milliseconds of life until the next wait ends, or null when nothing is waited for. */
  untilNext(): number | null {
    const next = this.#nextDue(Number.POSITIVE_INFINITY);
    return next ? Math.max(0, next.due - this.waited()) : null;
  }

  /** Forgets all waits and lets the process end. */
  stop(): void {
    this.#stopped = true;
    this.#pending = [];
    clearTimeout(this.#timer);
  }

  #remove(wait: Pending): void {
    this.#pending = this.#pending.filter((other) => other !== wait);
  }

  #nextDue(until: number): Pending | undefined {
    let next: Pending | undefined;
    for (const wait of this.#pending) {
      if (wait.due > until) continue;
      if (!next || wait.due < next.due || (wait.due === next.due && wait.order < next.order)) next = wait;
    }
    return next;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const ms = this.untilNext();
    if (ms === null || this.#stopped || this.#behind > 0) return;
    // A Node timer takes at most 2^31-1 ms; waking early is harmless, since `advance(0)` only runs what is due.
    this.#timer = setTimeout(() => this.advance(0), Math.min(Math.ceil(ms / this.speed), 2_000_000_000));
  }
}

import type { Wait, WorldClock } from '../clock.ts';

/** The waits of one thing that may be stopped: all that is still to happen to it can be called off at once. */
export class Waits {
  readonly #clock: WorldClock;
  #pending: Wait[] = [];

  constructor(clock: WorldClock) {
    this.#clock = clock;
  }

  /** Calls `act` after `ms` milliseconds of life. */
  in(ms: number, act: () => void): void {
    const wait = this.#clock.after(ms, () => {
      this.#pending = this.#pending.filter((other) => other !== wait);
      act();
    });
    this.#pending.push(wait);
  }

  cancel(): void {
    for (const wait of this.#pending) wait.cancel();
    this.#pending = [];
  }
}

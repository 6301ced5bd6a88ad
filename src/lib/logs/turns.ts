import { interrupted } from '../errors.ts';

/** Lets only so many streams be open at once; the others wait for their turn, first come first served. */
export class Turns {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(most: number) {
    this.#free = most;
  }

  /**
   * Does something when it is its turn.
   * @param at.waits is called when it has to wait
   * @throws INTERRUPTED while it waits
   */
  async take<T>(act: () => Promise<T>, at: { signal: AbortSignal; waits(): void }): Promise<T> {
    if (this.#free > 0) this.#free--;
    else {
      at.waits();
      await this.#turn(at.signal);
    }
    try {
      return await act();
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#free++;
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const mine = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#queue.splice(this.#queue.indexOf(mine), 1);
        reject(interrupted());
      };
      if (signal.aborted) return reject(interrupted());
      this.#queue.push(mine);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}

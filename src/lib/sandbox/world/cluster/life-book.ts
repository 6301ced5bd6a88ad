import type { WorldClock } from '../clock.ts';
import type { PodLife } from '../pod-life.ts';

/** Every pod's life, past and present, as the monitoring would have seen it. */
export class LifeBook {
  readonly #clock: WorldClock;
  readonly #lives = new Map<string, PodLife>();

  constructor(clock: WorldClock) {
    this.#clock = clock;
  }

  /** Opens the life of a pod under its uid. */
  open(uid: string, life: PodLife): void {
    this.#lives.set(uid, life);
  }

  /** Notes that the pod's metrics endpoint answers from now on, or no longer does. */
  mark(uid: string, up: boolean): void {
    const life = this.#lives.get(uid);
    if (!life || (life.states.at(-1)?.up ?? false) === up) return;
    life.states.push({ at: this.#clock.now(), up });
  }

  /** Notes that the pod is gone. */
  close(uid: string): void {
    this.mark(uid, false);
    const life = this.#lives.get(uid);
    if (life && life.until === null) life.until = this.#clock.now();
  }

  /** The lives of a service's pods, oldest first. */
  of(service: string): PodLife[] {
    const lives = [...this.#lives.values()].filter((life) => life.service === service);
    return lives.sort((a, b) => a.from - b.from);
  }

  /** Whether any instance of the service was up at a moment, in milliseconds since 1970. */
  wasUp(service: string, at: number): boolean {
    for (const life of this.#lives.values()) {
      if (life.service !== service || life.from > at || (life.until !== null && life.until <= at)) continue;
      if (life.states.findLast((state) => state.at <= at)?.up) return true;
    }
    return false;
  }
}

import type { WorldClock } from '../clock.ts';
import type { Account } from './accounts.ts';
import type { Ids } from './ids.ts';

/** A deployment environment of one repository. */
export interface Environment {
  id: number;
  name: string;
  createdAt: number;
  /** One of them must agree before a job of this environment runs; nobody need when empty. */
  reviewers: readonly Account[];
}

/** The environments of one repository; like on GitHub, one exists from the moment that something names it. */
export class Environments {
  readonly #all = new Map<string, Environment>();
  readonly #clock: WorldClock;
  readonly #ids: Ids;

  constructor(options: { clock: WorldClock; ids: Ids }) {
    this.#clock = options.clock;
    this.#ids = options.ids;
  }

  get all(): Environment[] {
    return [...this.#all.values()];
  }

  get(name: string): Environment | undefined {
    return this.#all.get(name);
  }

  ensure(name: string): Environment {
    const known = this.#all.get(name);
    if (known) return known;
    const made: Environment = { id: this.#ids.next('environment'), name, createdAt: this.#clock.now(), reviewers: [] };
    this.#all.set(name, made);
    return made;
  }
}

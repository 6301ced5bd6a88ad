import type { ServiceSpec } from '../catalog.ts';
import type { PodLife } from '../pod-life.ts';

/** A stretch of time in which as many of a service's instances answered and as much of its work failed. */
export interface Stretch {
  /** Milliseconds since 1970; the stretch ends where the next begins. */
  from: number;
  instances: number;
  /** Share of requests that fail because something the service depends on is down. */
  failing: number;
}

/**
 * Share of a service's requests that fail with one particular dependency; caches answer the rest. It shows in every graph,
 * and stays under the limit at which a service pages by itself: one outage shall be one page.
 */
const NEEDS_DEPENDENCY = 0.036;
/** What is passed on of a failure two steps away. */
const PASSED_ON = 0.55;

/** Which services answered when, and what that did to those that depend on them. */
export class Availability {
  readonly #services: ReadonlyMap<string, ServiceSpec>;
  readonly #lives: ReadonlyMap<string, readonly PodLife[]>;
  readonly #stretches = new Map<string, readonly Stretch[]>();
  readonly #edges = new Map<string, readonly { at: number; up: number; existing: number }[]>();

  constructor(services: readonly ServiceSpec[], lives: (service: string) => readonly PodLife[]) {
    this.#services = new Map(services.map((service) => [service.name, service]));
    this.#lives = new Map(services.map(({ name }) => [name, lives(name)]));
  }

  lives(service: string): readonly PodLife[] {
    return this.#lives.get(service) ?? [];
  }

  /** The history of a service, in order, gapless, from its first instance on. */
  stretches(service: string): readonly Stretch[] {
    let known = this.#stretches.get(service);
    if (!known) {
      known = this.#compute(service);
      this.#stretches.set(service, known);
    }
    return known;
  }

  #compute(service: string): Stretch[] {
    const concerned = [service, ...this.#upstream(service)];
    const moments = concerned.flatMap((name) => this.#counts(name).map(({ at }) => at));
    return [...new Set(moments)]
      .sort((a, b) => a - b)
      .map((from) => ({ from, instances: this.#countAt(service, from).up, failing: this.#failing(service, from) }));
  }

  /** Everything the service needs, directly or through others. */
  #upstream(service: string, seen = new Set<string>()): Set<string> {
    for (const name of this.#services.get(service)?.dependsOn ?? []) {
      if (seen.has(name)) continue;
      seen.add(name);
      this.#upstream(name, seen);
    }
    return seen;
  }

  #failing(service: string, at: number, depth = 0): number {
    if (depth > 4) return 0;
    let worst = 0;
    for (const name of this.#services.get(service)?.dependsOn ?? []) {
      const { up, existing } = this.#countAt(name, at);
      const down = existing > 0 && up === 0;
      worst = Math.max(worst, down ? NEEDS_DEPENDENCY : PASSED_ON * this.#failing(name, at, depth + 1));
    }
    return worst;
  }

  /** How many instances answered from each change on, and how many had been started by then. */
  #counts(service: string): readonly { at: number; up: number; existing: number }[] {
    let known = this.#edges.get(service);
    if (known) return known;
    const changes = this.lives(service)
      .flatMap(changesOf)
      .sort((a, b) => a.at - b.at);
    let up = 0;
    let existing = 0;
    known = changes.map((change) => {
      up += change.up;
      existing += change.existing;
      return { at: change.at, up, existing };
    });
    this.#edges.set(service, known);
    return known;
  }

  #countAt(service: string, at: number): { up: number; existing: number } {
    const counts = this.#counts(service);
    let low = 0;
    let high = counts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((counts[middle] as { at: number }).at <= at) low = middle + 1;
      else high = middle;
    }
    return counts[low - 1] ?? { up: 0, existing: 0 };
  }
}

function changesOf(life: PodLife): { at: number; up: number; existing: number }[] {
  const changes = [{ at: life.from, up: 0, existing: 1 }];
  for (const run of runsOf(life)) {
    changes.push({ at: run.from, up: 1, existing: 0 });
    if (run.until !== null) changes.push({ at: run.until, up: -1, existing: 0 });
  }
  return changes;
}

/** One time a pod's process answered: its counters start from zero at `from`. */
export interface Run {
  from: number;
  until: number | null;
}

/** The stretches in which a pod answered, in order. */
export function runsOf({ states, until }: PodLife): Run[] {
  const runs: Run[] = [];
  for (const { at, up } of states) {
    const open = runs.at(-1)?.until === null ? (runs.at(-1) as Run) : null;
    if (up && !open) runs.push({ from: at, until: null });
    if (!up && open) open.until = at;
  }
  const last = runs.at(-1);
  if (last && last.until === null) last.until = until;
  return runs;
}

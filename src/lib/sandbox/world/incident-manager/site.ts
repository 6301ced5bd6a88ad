import type { WorldClock } from '../clock.ts';
import type { Random } from '../random.ts';

/** Something that happened in Incident Manager, for those in the world who watch: a drill, the sandbox's own output. */
export type Change =
  | { kind: 'incident-started' | 'incident-updated' | 'incident-resolved'; incident: string }
  | { kind: 'trigger-absorbed'; incident: string }
  | { kind: 'page-sent' | 'page-delivered' | 'page-accepted'; page: string; person: string; incident: string | null }
  | { kind: 'engagement-started' | 'engagement-stopped'; engagement: string; incident: string | null }
  | { kind: 'activation-code-sent'; channel: string; code: string };

/** How long things take that take an uncertain time in life. Milliseconds of life, each from least to most. */
export interface Delays {
  /** From the start of an engagement to its first page. */
  engage: readonly [number, number];
  /** From a page sent to its delivery. */
  deliver: readonly [number, number];
}

export const USUAL_DELAYS: Delays = { engage: [2_000, 4_000], deliver: [800, 2_500] };

/** What every part of Incident Manager stands on. */
export interface Site {
  clock: WorldClock;
  random: Random;
  account: string;
  region: string;
  delays: Delays;
  announce(change: Change): void;
}

/** ARNs of Contacts carry a region, those of Incidents do not. https://docs.aws.amazon.com/incident-manager/latest/userguide/ */
export function contactsArn(site: Site, resource: string): string {
  return `arn:aws:ssm-contacts:${site.region}:${site.account}:${resource}`;
}

export function incidentsArn(site: Site, resource: string): string {
  return `arn:aws:ssm-incidents::${site.account}:${resource}`;
}

/** Remembers what a request with a token brought about, so that a repeated request brings it about once. */
export class Once {
  readonly #done = new Map<string, { details: string; result: unknown }>();

  /**
   * The result of `act`, or of the earlier call with the same key.
   * @throws what `conflict` makes, if that call came with other details.
   */
  run(key: string, details: string, { act, conflict }: { act: () => unknown; conflict: () => Error }): unknown {
    const before = this.#done.get(key);
    if (before && before.details !== details) throw conflict();
    if (before) return before.result;
    const result = act();
    this.#done.set(key, { details, result });
    return result;
  }

  forget(): void {
    this.#done.clear();
  }
}

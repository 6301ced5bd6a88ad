import type { WorldClock } from '../clock.ts';
import type { Random } from '../random.ts';
import { type SilenceMatcher, SilenceProblem, silenceMatches, validateMatchers } from './silence-matcher.ts';

/** What a client asks for. Times are milliseconds since 1970. */
export interface SilenceDraft {
  /** The silence to change; empty or absent for a new one. */
  id?: string | undefined;
  matchers: readonly SilenceMatcher[];
  startsAt: number;
  endsAt: number;
  createdBy: string;
  comment: string;
}

export type SilenceState = 'active' | 'pending' | 'expired';

export interface Silence extends SilenceDraft {
  id: string;
  updatedAt: number;
}

const RANK: Readonly<Record<SilenceState, number>> = { active: 0, pending: 1, expired: 2 };
/** Alertmanager forgets a silence five days after its end. */
const KEPT_MS = 120 * 3_600_000;

/** Alertmanager's silences. A silence in force is only ever changed in its end; any other change makes a new one. */
export class Silences {
  readonly #clock: WorldClock;
  readonly #random: Random;
  readonly #silences = new Map<string, Silence>();

  constructor({ clock, random }: { clock: WorldClock; random: Random }) {
    this.#clock = clock;
    this.#random = random.fork('silences');
  }

  /**
   * Creates a silence, or changes one.
   * @returns its id: another than the one given when the change needed a new silence
   * @throws SilenceProblem in Alertmanager's words; `missing` when the id is unknown
   */
  put(draft: SilenceDraft): string {
    const now = this.#clock.now();
    const previous = draft.id ? this.#silences.get(draft.id) : undefined;
    if (draft.startsAt > draft.endsAt || draft.startsAt === draft.endsAt) {
      throw new SilenceProblem('Failed to create silence: start time must be before end time');
    }
    if (draft.endsAt < now) throw new SilenceProblem("Failed to create silence: end time can't be in the past");
    if (draft.id && !previous) throw new SilenceProblem('silence not found', 'missing');
    validateMatchers(draft.matchers);
    if (previous && this.#canChange(previous, draft)) {
      this.#silences.set(previous.id, { ...draft, id: previous.id, updatedAt: now });
      return previous.id;
    }
    if (previous && this.stateOf(previous) !== 'expired') this.#end(previous);
    const id = this.#random.uuid();
    this.#silences.set(id, { ...draft, id, startsAt: Math.max(draft.startsAt, now), updatedAt: now });
    return id;
  }

  /**
   * Ends a silence now. Ending one that has ended does nothing.
   * @throws SilenceProblem `missing`
   */
  expire(id: string): void {
    const silence = this.#silences.get(id);
    if (!silence) throw new SilenceProblem('silence not found', 'missing');
    if (this.stateOf(silence) !== 'expired') this.#end(silence);
  }

  get(id: string): Silence | undefined {
    return this.#silences.get(id);
  }

  /** All silences: first those in force, the next to end first; then those to come; then those over, the latest first. */
  list(): Silence[] {
    const forgotten = this.#clock.now() - KEPT_MS;
    for (const [id, { endsAt }] of this.#silences) if (endsAt < forgotten) this.#silences.delete(id);
    return [...this.#silences.values()].sort((a, b) => {
      const [stateA, stateB] = [this.stateOf(a), this.stateOf(b)];
      if (stateA !== stateB) return RANK[stateA] - RANK[stateB];
      if (stateA === 'pending') return a.startsAt - b.startsAt;
      return stateA === 'active' ? a.endsAt - b.endsAt : b.endsAt - a.endsAt;
    });
  }

  stateOf({ startsAt, endsAt }: Silence): SilenceState {
    const now = this.#clock.now();
    if (now < startsAt) return 'pending';
    return now < endsAt ? 'active' : 'expired';
  }

  /** The ids of the silences that now cover these labels. */
  covering(labels: Readonly<Record<string, string>>): string[] {
    return this.list()
      .filter((silence) => this.stateOf(silence) === 'active' && silenceMatches(silence.matchers, labels))
      .map(({ id }) => id);
  }

  #canChange(previous: Silence, draft: SilenceDraft): boolean {
    if (JSON.stringify(previous.matchers) !== JSON.stringify(draft.matchers)) return false;
    const state = this.stateOf(previous);
    const sameSecond = Math.floor(previous.startsAt / 1000) === Math.floor(draft.startsAt / 1000);
    return state === 'pending' ? draft.startsAt >= this.#clock.now() : state === 'active' && sameSecond;
  }

  #end(silence: Silence): void {
    const now = this.#clock.now();
    silence.updatedAt = now;
    if (this.stateOf(silence) === 'pending') silence.startsAt = now;
    silence.endsAt = now;
  }
}

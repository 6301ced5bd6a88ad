import type { Pager, TimelineEvent, Trigger } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { OncallError } from '../errors.ts';
import { linkedService, linkNote } from '../incidents/subject.ts';
import { lastKnown, type Memory, sharedPatience } from '../store/fallback.ts';
import { asOf } from '../text/age.ts';

const PAGER = 'The pager';

/**
 * Lets those questions fall back that lead from an incident to its service, alert and expression: which incidents there
 * are, what set one off, what it was linked to, and the alert rules. Everything else is asked as always. An old list of no
 * incident is never given (`lastKnown`). For what is only shown: whoever changes something asks the sources themselves.
 */
export class Recollection {
  readonly #memory: Memory;
  readonly #left: () => number | null;
  #oldest: { cachedAt: string; trouble: OncallError } | null = null;

  readonly #waitOn: boolean;

  /** @param patience milliseconds that all these questions share; with `waitOn` longer where nothing is known from before */
  constructor(memory: Memory, patience: number, { waitOn = false }: { waitOn?: boolean } = {}) {
    this.#waitOn = waitOn;
    this.#memory = memory;
    this.#left = sharedPatience(patience, memory.now);
  }

  pager(pager: Pager): Pager {
    return {
      ...pager,
      incidents: (filter = {}) =>
        this.#recall(PAGER, `incidents ${filter.status ?? 'all'}${filter.since ? ' of late' : ''}`, () =>
          pager.incidents(filter),
        ),
      trigger: (id) => this.#recall(PAGER, `trigger ${id}`, async () => withoutRaw(await pager.trigger(id))),
      timeline: async (id) => {
        const linked = await this.#recall(PAGER, `linked ${id}`, async () => linkedService(await pager.timeline(id)));
        return linked ? [linkEvent(linked)] : [];
      },
    };
  }

  prometheus(prometheus: Prometheus | null): Prometheus | null {
    return (
      prometheus && {
        ...prometheus,
        // Which alerts fire is another question, and an old answer to it is none.
        alertRules: () =>
          this.#recall('Prometheus', 'alert rules', async () =>
            (await prometheus.alertRules()).map((rule) => ({ ...rule, alerts: [] })),
          ),
      }
    );
  }

  /** The oldest of the answers that came out of memory so far, ISO 8601 UTC; null while all were live. */
  get cachedAt(): string | null {
    return this.#oldest?.cachedAt ?? null;
  }

  /** `What it is about as of 2h ago, from cache: …`; null while all was live. */
  notice(what: string): string | null {
    const old = this.#oldest;
    return old && `${what} ${asOf(old.cachedAt, this.#memory.now())}: ${old.trouble.message}`;
  }

  /** Why an answer is not live; null while all are. */
  get trouble(): OncallError | null {
    return this.#oldest?.trouble ?? null;
  }

  async #recall<T>(who: string, key: string, ask: () => Promise<T>): Promise<T> {
    const how = { patience: this.#left(), waitOn: this.#waitOn };
    const { value, cachedAt, trouble } = await lastKnown({ memory: this.#memory, key, who, ask, ...how });
    if (cachedAt && trouble && (!this.#oldest || cachedAt < this.#oldest.cachedAt))
      this.#oldest = { cachedAt, trouble };
    return value;
  }
}

/** The alert is kept; the text that it came in may hold anything. */
function withoutRaw(trigger: Trigger | null): Trigger | null {
  return trigger && { ...trigger, raw: '' };
}

/** Of a timeline only the link is kept, and comes back as the note that it was. */
function linkEvent(service: string): TimelineEvent {
  return { id: 'link', at: '', kind: 'note', title: 'Note', text: linkNote(service), contact: null };
}

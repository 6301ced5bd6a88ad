import type { Directory } from '../../../paging/contact.ts';
import type { Contacts } from './contacts.ts';
import { noContactResource } from './failure.ts';
import { type Page, Pages } from './pages.ts';
import { contactsArn, type Site } from './site.ts';
import { StageClock } from './stage-clock.ts';

/** What was asked for when someone was engaged. */
export interface EngagementWish {
  contact: string;
  sender: string;
  subject: string;
  content: string;
  publicSubject?: string | undefined;
  publicContent?: string | undefined;
  /** ARN of an incident record; Contacts takes any text. */
  incident?: string | undefined;
}

/** One attempt to reach a person, a schedule or a plan. */
export interface Engagement extends EngagementWish {
  arn: string;
  startedAt: number;
  stoppedAt: number | null;
  stopReason: string | null;
}

export interface Acceptance {
  page: string;
  type: 'DELIVERED' | 'READ';
  code: string;
  ignoreCode: boolean;
  channel?: string | undefined;
}

/** What the incidents hear about the paging that goes on for them. */
export interface PagingWatcher {
  paged(page: Page): void;
  acknowledged(page: Page): void;
}

/** Every engagement, and the clocks that drive the running ones. */
export class Engagements {
  readonly pages: Pages;
  readonly #site: Site;
  readonly #contacts: Contacts;
  readonly #directory: () => Directory;
  readonly #byArn = new Map<string, Engagement>();
  readonly #clocks = new Map<Engagement, StageClock>();
  #watcher: PagingWatcher = { paged() {}, acknowledged() {} };

  constructor(site: Site, contacts: Contacts, directory: () => Directory) {
    this.#site = site;
    this.#contacts = contacts;
    this.#directory = directory;
    this.pages = new Pages(site, contacts.channels);
  }

  watchedBy(watcher: PagingWatcher): void {
    this.#watcher = watcher;
  }

  /** Begins to page. The first page follows some seconds later, as in life. */
  start(wish: EngagementWish): Engagement {
    const engagement = this.#make(wish, this.#site.clock.stamp());
    const clock = new StageClock({
      clock: this.#site.clock,
      directory: this.#directory,
      contact: wish.contact,
      ring: (reached, channel) => {
        const page = this.pages.send(engagement, reached, channel);
        if (page) this.#watcher.paged(page);
      },
    });
    this.#clocks.set(engagement, clock);
    clock.start(this.#site.random.between(...this.#site.delays.engage));
    const incident = wish.incident ?? null;
    this.#site.announce({ kind: 'engagement-started', engagement: engagement.arn, incident });
    return engagement;
  }

  /** An engagement of the past, on which no clock runs. */
  restore(wish: EngagementWish, startedAt: number): Engagement {
    return this.#make(wish, startedAt);
  }

  get(arn: string): Engagement {
    const engagement = this.#byArn.get(arn);
    if (!engagement) throw noContactResource(arn, 'ENGAGEMENT');
    return engagement;
  }

  /** Newest first. The time range holds those that were under way at any moment of it. */
  list(only: { incident?: string | undefined; from?: number | undefined; until?: number | undefined }): Engagement[] {
    const { incident, from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = only;
    return [...this.#byArn.values()]
      .filter((one) => incident === undefined || one.incident === incident)
      .filter((one) => one.startedAt <= until && (one.stoppedAt ?? Number.POSITIVE_INFINITY) >= from)
      .sort((a, b) => b.startedAt - a.startedAt);
  }

  /** Nobody is paged for it any more. Stopping it again changes nothing. */
  stop(arn: string, reason: string | undefined): void {
    const engagement = this.get(arn);
    if (engagement.stoppedAt !== null) return;
    engagement.stoppedAt = this.#site.clock.stamp();
    engagement.stopReason = reason ?? null;
    this.#clocks.get(engagement)?.stop();
    this.#clocks.delete(engagement);
    this.pages.stop(this.pages.ofEngagement(engagement), reason ?? 'Engagement stopped');
    const incident = engagement.incident ?? null;
    this.#site.announce({ kind: 'engagement-stopped', engagement: arn, incident });
  }

  /**
   * Takes an answer to one page. Reading one page answers for its person in the whole engagement: their other pages
   * stop, and so do the stages of the plan if the paging arithmetic says so.
   */
  accept({ page: arn, type, code, ignoreCode, channel }: Acceptance): void {
    const page = this.pages.get(arn);
    if (!this.pages.accept(page, { type, code, ignoreCode, channel })) return;
    this.#clocks.get(page.engagement)?.acknowledge(page.contact);
    const others = this.pages.ofEngagement(page.engagement).filter(({ contact }) => contact === page.contact);
    this.pages.stop(others, 'Acknowledged on another page');
    this.#watcher.acknowledged(page);
  }

  /** Ends the paging and forgets that there was any. */
  forget(): void {
    for (const clock of this.#clocks.values()) clock.stop();
    this.#clocks.clear();
    this.#byArn.clear();
    this.pages.forget();
  }

  #make(wish: EngagementWish, startedAt: number): Engagement {
    const { alias } = this.#contacts.get(wish.contact);
    const arn = contactsArn(this.#site, `engagement/${alias}/${this.#site.random.uuid()}`);
    const engagement: Engagement = { ...wish, arn, startedAt, stoppedAt: null, stopReason: null };
    this.#byArn.set(arn, engagement);
    return engagement;
  }
}

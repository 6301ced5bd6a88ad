import type { Reached } from '../../../paging/contact.ts';
import type { Channel, Channels } from './channels.ts';
import type { Engagement } from './engagements.ts';
import { invalid, noContactResource } from './failure.ts';
import { contactsArn, type Site } from './site.ts';

export type ReceiptType = 'SENT' | 'DELIVERED' | 'READ' | 'STOP' | 'ERROR';

export interface Receipt {
  type: ReceiptType;
  channel: string;
  info: string;
  at: number;
}

/** One message to one channel of one person: what rings. */
export interface Page {
  arn: string;
  engagement: Engagement;
  /** The person. */
  contact: string;
  channel: string;
  reached: Reached;
  sentAt: number;
  deliveredAt: number | null;
  readAt: number | null;
  /** Six digits that its receiver answers with to acknowledge. */
  acceptCode: string;
  /** What stands in the message on the phone; the API never shows it, since it carries the code. */
  message: string;
  receipts: Receipt[];
}

/** SMS is not a private channel, so it carries the public words only; voice and e-mail carry the full ones. */
function messageFor(channel: Channel, engagement: Engagement, code: string): string {
  const { subject, content, publicSubject, publicContent } = engagement;
  const words = channel.type === 'SMS' ? [publicSubject, publicContent] : [subject, content];
  const answer = channel.type === 'VOICE' ? `Press 1 or use code ${code}` : `Reply or enter code ${code}`;
  return [...words.filter((part) => part), `${answer} to acknowledge.`].join('\n');
}

/** Every page ever sent. */
export class Pages {
  readonly #site: Site;
  readonly #channels: Channels;
  readonly #byArn = new Map<string, Page>();

  constructor(site: Site, channels: Channels) {
    this.#site = site;
    this.#channels = channels;
  }

  /** Sends a page, and lets it be delivered a little later; undefined if the channel is gone or not activated. */
  send(engagement: Engagement, reached: Reached, channelArn: string): Page | undefined {
    const channel = this.#channels.find(channelArn);
    if (!channel?.activated) return undefined;
    const { clock, random, delays } = this.#site;
    const page = this.#make(engagement, reached, channel, clock.stamp());
    this.#announce('page-sent', page);
    clock.after(random.between(...delays.deliver), () => {
      if (page.deliveredAt !== null || engagement.stoppedAt !== null) return;
      this.#deliver(page, clock.stamp());
      this.#announce('page-delivered', page);
    });
    return page;
  }

  /** A page of the past, for a world that begins with a history. */
  restore(
    engagement: Engagement,
    reached: Reached,
    past: { channel: string; sentAt: number; readAt: number | null },
  ): Page {
    const page = this.#make(engagement, reached, this.#channels.get(past.channel), past.sentAt);
    this.#deliver(page, past.sentAt + 1_400);
    if (past.readAt !== null) this.#read(page, past.readAt);
    return page;
  }

  get(arn: string): Page {
    const page = this.#byArn.get(arn);
    if (!page) throw noContactResource(arn, 'PAGE');
    return page;
  }

  /** Newest first. */
  ofContact(contact: string): Page[] {
    return this.#newestFirst((page) => page.contact === contact);
  }

  /** Newest first. */
  ofEngagement(engagement: Engagement): Page[] {
    return this.#newestFirst((page) => page.engagement === engagement);
  }

  /**
   * Marks a page delivered or read. A page that was read before stays as it was.
   * @returns whether it was read just now.
   */
  accept(
    page: Page,
    accepted: { type: 'DELIVERED' | 'READ'; code: string; ignoreCode: boolean; channel: string | undefined },
  ): boolean {
    if (!accepted.ignoreCode && accepted.code !== page.acceptCode) throw invalid('Accept code is not valid');
    if (accepted.channel !== undefined && accepted.channel !== page.channel) {
      throw invalid('Contact channel does not belong to the page');
    }
    if (page.deliveredAt === null) this.#deliver(page, this.#site.clock.stamp());
    if (accepted.type === 'DELIVERED' || page.readAt !== null) return false;
    this.#read(page, this.#site.clock.stamp());
    this.#announce('page-accepted', page);
    return true;
  }

  /** Says on each page that was not read that its engagement, or its person's part in it, is over. */
  stop(pages: readonly Page[], reason: string): void {
    for (const page of pages.filter(({ readAt, receipts }) => readAt === null && receipts.every(isNotStop))) {
      page.receipts.push({ type: 'STOP', channel: page.channel, info: reason, at: this.#site.clock.stamp() });
    }
  }

  forget(): void {
    this.#byArn.clear();
  }

  #make(engagement: Engagement, reached: Reached, channel: Channel, sentAt: number): Page {
    const { random } = this.#site;
    const alias = reached.person.slice(reached.person.lastIndexOf('/') + 1);
    const acceptCode = random.text(6, '0123456789');
    const provider = `${channel.type === 'EMAIL' ? 'EM' : 'SM'}${random.hex(32)}`;
    const page: Page = {
      arn: contactsArn(this.#site, `page/${alias}/${random.uuid()}`),
      engagement,
      contact: reached.person,
      channel: channel.arn,
      reached,
      sentAt,
      deliveredAt: null,
      readAt: null,
      acceptCode,
      message: messageFor(channel, engagement, acceptCode),
      receipts: [{ type: 'SENT', channel: channel.arn, info: provider, at: sentAt }],
    };
    this.#byArn.set(page.arn, page);
    return page;
  }

  #deliver(page: Page, at: number): void {
    page.deliveredAt = at;
    page.receipts.push({ type: 'DELIVERED', channel: page.channel, info: page.acceptCode, at });
  }

  #read(page: Page, at: number): void {
    page.readAt = at;
    page.receipts.push({ type: 'READ', channel: page.channel, info: page.acceptCode, at });
  }

  #announce(kind: 'page-sent' | 'page-delivered' | 'page-accepted', page: Page): void {
    const incident = page.engagement.incident ?? null;
    this.#site.announce({ kind, page: page.arn, person: page.contact, incident });
  }

  #newestFirst(wanted: (page: Page) => boolean): Page[] {
    return [...this.#byArn.values()].filter(wanted).sort((a, b) => b.sentAt - a.sentAt);
  }
}

function isNotStop({ type }: Receipt): boolean {
  return type !== 'STOP';
}

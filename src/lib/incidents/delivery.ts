import type { ChannelKind, Pager, Receipt } from '../clients/pager/pager.ts';
import type { Clock } from './acknowledge.ts';
import type { RingPlan } from './ring.ts';

/** A page may lag by some seconds: this long a sign of it is waited for. */
const LONGEST_LAG = 10_000;
/** Once a page is on its way, this much longer for the word that it arrived. */
const UNTIL_DELIVERED = 3000;
const POLL = 500;

/** What became of one page. Times are ISO 8601 UTC. */
export interface Delivery {
  person: string;
  name: string;
  /** Null when the receipt names no channel that is known. */
  channel: ChannelKind | null;
  sentAt: string | null;
  deliveredAt: string | null;
  /** Why it failed, in the pager's words. */
  error: string | null;
}

/**
 * Watches until the pages of new engagements are on their way: the proof that somebody is really being rung.
 * @returns what is known of each page; empty when none appeared in time
 */
export async function watchDelivery(
  pager: Pager,
  engagements: readonly string[],
  at: { plan: RingPlan; clock: Clock; progress?: (text: string) => void },
): Promise<Delivery[]> {
  const { clock, progress } = at;
  const giveUp = clock.now() + LONGEST_LAG;
  let settledBy = giveUp;
  for (;;) {
    const deliveries = await look(pager, engagements, at.plan);
    const now = clock.now();
    if (deliveries.some(({ deliveredAt }) => deliveredAt !== null)) return deliveries;
    if (deliveries.some(onItsWay)) settledBy = Math.min(settledBy, now + UNTIL_DELIVERED);
    if (now >= settledBy) return deliveries;
    progress?.(deliveries.length > 0 ? 'The page is on its way …' : 'Waiting for the page to go out …');
    await clock.wait(POLL);
  }
}

/** Whether a page has left the pager and nothing is known to have stopped it. */
export function onItsWay({ sentAt, deliveredAt, error }: Delivery): boolean {
  return deliveredAt !== null || (sentAt !== null && error === null);
}

async function look(pager: Pager, engagements: readonly string[], plan: RingPlan): Promise<Delivery[]> {
  const pages = (await Promise.all(engagements.map((id) => pager.pagesOfEngagement(id)))).flat();
  const receipts = await Promise.all(pages.map(({ id }) => pager.receipts(id)));
  const rings = plan.targets.flatMap((target) => target.rings);
  return pages
    .map((page, i) => {
      const own = receipts[i] ?? [];
      const channelId = own.find((receipt) => receipt.channelId !== null)?.channelId;
      const ring = rings.find((one) => one.channelId === channelId);
      return {
        person: page.contact,
        name: rings.find(({ person }) => person === page.contact)?.name ?? page.contact,
        channel: ring?.channel ?? null,
        sentAt: timeOf(own, 'sent') ?? page.sentAt,
        deliveredAt: timeOf(own, 'delivered') ?? page.deliveredAt,
        error: own.find(({ kind }) => kind === 'error')?.info ?? (timeOf(own, 'error') ? 'not delivered' : null),
      };
    })
    .sort((a, b) => (a.sentAt ?? '').localeCompare(b.sentAt ?? ''));
}

function timeOf(receipts: readonly Receipt[], kind: Receipt['kind']): string | null {
  return receipts.find((receipt) => receipt.kind === kind)?.at ?? null;
}

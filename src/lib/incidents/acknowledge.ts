import type { Incident, Page, Pager } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';
import { plain } from '../text/plain.ts';
import { shortId } from './choose-incident.ts';
import { findStillToRing } from './still-to-ring.ts';

/** A page may lag its incident by some seconds: this long it is waited for. */
const LONGEST_LAG = 10_000;
/** An incident older than this has sent its first pages long ago: there is nothing to wait for. */
const FRESH = 120_000;
const POLL = 500;

export interface Clock {
  now: () => number;
  /** Resolves after so many milliseconds, or rejects when the user interrupts. */
  wait: (ms: number) => Promise<void>;
}

/** What became of an acknowledgement. */
export interface Acknowledged {
  incident: Incident;
  /** My earliest page for it. */
  pagedAt: string;
  /** When it was read; the proof that the pager took the acknowledgement. */
  readAt: string | null;
  /** True when it had been acknowledged before, and nothing was done now. */
  already: boolean;
}

/** Somebody whom the pager will still ring. */
export interface WillRing {
  person: string;
  name: string;
  at: string;
  channel: string;
  /** They were paged before, and their own phone goes on by itself; false when a stage of the plan has yet to reach them. */
  alreadyPaged: boolean;
}

/** Why there was nothing to acknowledge. */
export interface NothingToAcknowledge {
  incident: null;
  openIncidents: Incident[];
  /** Who is engaged for each open incident, and whether somebody has acknowledged it. */
  engaged: { incident: string; people: { alias: string; acknowledged: boolean }[] }[];
}

export interface AckRequest {
  pager: Pager;
  me: () => Promise<string>;
  /** Only an incident that this names; null for any that paged me. */
  ref: string | null;
  /** The code out of the text message, if the caller wants the pager to check it. */
  code: string | null;
  clock: Clock;
}

/**
 * Accepts my page, and nobody else's. From the start to the accepted page it takes three round trips one after the
 * other: who I am and what is open, my pages, the acceptance.
 * @throws AMBIGUOUS when pages of several incidents wait for me
 */
export async function acknowledge(request: AckRequest): Promise<Acknowledged | NothingToAcknowledge> {
  const { pager, clock } = request;
  const [me, open] = await Promise.all([request.me(), pager.incidents({ status: 'open' })]);
  const wanted = matching(open, request.ref);
  const mine = await myPages(pager, { me, incidents: wanted, clock });
  const unread = mine.filter((page) => page.readAt === null && !answeredBy(page, mine));
  const incidents = wanted.filter(({ id }) =>
    (unread.length > 0 ? unread : mine).some((page) => page.incidentId === id),
  );
  const [incident, second] = incidents;
  if (!incident) return nothing(pager, wanted);
  if (second && unread.length > 0) throw severalWait(incidents);
  const pages = mine.filter((page) => page.incidentId === incident.id);
  const pagedAt = pages.map(({ sentAt }) => sentAt).sort()[0] ?? incident.startedAt;
  const page = unread.find((one) => one.incidentId === incident.id);
  if (!page) {
    const readAt = pages.find((one) => one.readAt)?.readAt ?? null;
    return { incident, pagedAt, readAt, already: true };
  }
  await pager.accept(page.id, request.code ? { code: request.code } : {});
  return { incident, pagedAt, readAt: await readTime(pager, { me, page, clock }), already: false };
}

/**
 * Who will still be rung for the incident although it was acknowledged. Empty is the second half of the proof that
 * paging has stopped; the first is that my own page has been read.
 */
export async function whoWillRing(pager: Pager, incidentId: string, now: number): Promise<WillRing[]> {
  const { engagements, rings, directory } = await findStillToRing(pager, incidentId, now);
  const paged = new Set(engagements.flatMap(({ soFar }) => soFar.pages.map(({ person }) => person)));
  const first = new Map<string, WillRing>();
  for (const ring of rings) {
    if (first.has(ring.person)) continue;
    const contact = directory(ring.person);
    first.set(ring.person, {
      person: ring.person,
      name: contact?.name ?? ring.person,
      at: new Date(ring.at).toISOString(),
      channel: ring.channelKind,
      alreadyPaged: paged.has(ring.person),
    });
  }
  return [...first.values()];
}

function matching(open: readonly Incident[], ref: string | null): Incident[] {
  if (ref === null) return [...open];
  const wanted = ref.toLowerCase();
  const id = wanted.startsWith('arn:') ? (wanted.split('/').at(-1) ?? '') : wanted;
  const words = wanted.split(/\s+/).filter(Boolean);
  const found = open.filter(
    (incident) => incident.id.startsWith(id) || words.every((word) => incident.title.toLowerCase().includes(word)),
  );
  if (found.length > 0) return found;
  throw new OncallError(`No open incident matches "${plain(ref)}".`, {
    code: 'NOT_FOUND',
    hint:
      open.length > 0
        ? `Open now: ${open.map((one) => `${shortId(one.id)} "${plain(one.title)}"`).join(', ')}.`
        : 'Nothing is open; see `oncall incident list`.',
  });
}

/** One person has a page for each ring of each channel; answering any of them answers all that came before it. */
function answeredBy(page: Page, mine: readonly Page[]): boolean {
  return mine.some(
    (other) => other.incidentId === page.incidentId && other.readAt !== null && other.readAt >= page.sentAt,
  );
}

/** My pages for these incidents; waited for a little when the incident is so fresh that they may still be on their way. */
async function myPages(pager: Pager, at: { me: string; incidents: Incident[]; clock: Clock }): Promise<Page[]> {
  const { me, incidents, clock } = at;
  const ids = new Set(incidents.map(({ id }) => id));
  const fresh = incidents.some(({ startedAt }) => clock.now() - Date.parse(startedAt) < FRESH);
  for (const giveUp = clock.now() + LONGEST_LAG; ; await clock.wait(POLL)) {
    const pages = (await pager.pagesOf(me)).filter(({ incidentId }) => incidentId !== null && ids.has(incidentId));
    if (pages.length > 0 || ids.size === 0 || !fresh || clock.now() >= giveUp) return pages;
  }
}

/** Reads the page back until the pager shows it as read; null when it did not within the time a page may lag. */
async function readTime(pager: Pager, at: { me: string; page: Page; clock: Clock }): Promise<string | null> {
  const { me, page, clock } = at;
  for (const giveUp = clock.now() + LONGEST_LAG; ; await clock.wait(POLL)) {
    const pages = await pager.pagesOf(me, page.incidentId ?? undefined);
    const readAt = pages.find(({ id }) => id === page.id)?.readAt ?? null;
    if (readAt || clock.now() >= giveUp) return readAt;
  }
}

function severalWait(incidents: readonly Incident[]): OncallError {
  const lines = incidents.map(
    ({ id, title, startedAt }) => `  oncall ack ${shortId(id)}   ${startedAt.slice(11, 19)}Z  ${plain(title)}`,
  );
  return new OncallError(`You have pages for ${incidents.length} open incidents. Which one do you take?`, {
    code: 'AMBIGUOUS',
    hint: `Run one of:\n${lines.join('\n')}`,
  });
}

async function nothing(pager: Pager, openIncidents: Incident[]): Promise<NothingToAcknowledge> {
  const engaged = await Promise.all(
    openIncidents.map(async ({ id }) => {
      const engagements = await pager.engagements(id);
      const pages = (await Promise.all(engagements.map((engagement) => pager.pagesOfEngagement(engagement.id)))).flat();
      const people = [...new Set(pages.map(({ contact }) => contact))];
      return {
        incident: id,
        people: people.map((alias) => ({
          alias,
          acknowledged: pages.some((page) => page.contact === alias && page.readAt),
        })),
      };
    }),
  );
  return { incident: null, openIncidents, engaged };
}

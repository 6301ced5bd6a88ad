import type { EngageRequest, Pager } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';
import { plain } from '../text/plain.ts';
import type { Clock } from './acknowledge.ts';
import { type Reach, rungFirst } from './reach.ts';
import type { PlannedStop, RingPlan } from './ring.ts';

/** A doubtful engagement may lag in the lists, as pages do: this long it is looked for. */
const LONGEST_LAG = 10_000;
const POLL = 1000;
/** Wall clocks differ; a page may seem to be a little older than the call that sent it. */
const CLOCK_SKEW = 30_000;

/** What the one who is rung hears, reads, or is read to. */
export interface Message {
  sender: string;
  subject: string;
  content: string;
  publicSubject: string;
  publicContent: string;
}

export interface Engaged {
  contact: string;
  name: string;
  engagement: string;
  /** True when the pager did not answer clearly, and a look showed that it had happened all the same. */
  foundAfterDoubt: boolean;
}

/** An engagement that was stopped, or could not be. */
export interface Stopped extends PlannedStop {
  /** Why it still runs; null when it was stopped. */
  failure: string | null;
}

export interface Rung {
  engaged: Engaged[];
  stopped: Stopped[];
}

export interface RingRequest {
  pager: Pager;
  plan: RingPlan;
  message: Message;
  incidentId: string | null;
  /** Ids of the engagements there were before this one. */
  known: readonly string[];
  /** Makes a repeat by the pager's own client harmless. */
  token: string;
  clock: Clock;
}

/**
 * Engages each target once, and then stops what would ring the same people again. In this order: if the second half
 * fails, somebody is rung twice, and not nobody.
 * @throws UNAVAILABLE when it is not known whether anybody is rung; nothing is repeated then
 */
export async function ring(request: RingRequest): Promise<Rung> {
  const engaged: Engaged[] = [];
  for (const target of request.plan.targets) engaged.push(await engageOnce(request, target));
  const names = request.plan.targets.map(({ name }) => name).join(', ');
  const reason = `${names} rung directly by ${request.message.sender}`;
  const stopped = await Promise.all(request.plan.stops.map((stop) => stopOne(request.pager, stop, reason)));
  return { engaged, stopped };
}

async function engageOnce(request: RingRequest, target: Reach): Promise<Engaged> {
  const { pager, message, incidentId, clock } = request;
  const token = request.plan.targets.length === 1 ? request.token : `${request.token}-${target.contact}`;
  const wish: EngageRequest = { to: target.contact, incidentId, ...message, token };
  const askedAt = clock.now();
  const done = { contact: target.contact, name: target.name };
  try {
    return { ...done, engagement: await pager.engage(wish), foundAfterDoubt: false };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code !== 'UNAVAILABLE') throw error;
    const engagement = await lookForIt(request, target, askedAt);
    if (engagement) return { ...done, engagement, foundAfterDoubt: true };
    throw unknownWhether(target, error);
  }
}

/** Whether the engagement began although the pager did not say so; null when that cannot be told. */
async function lookForIt(request: RingRequest, target: Reach, askedAt: number): Promise<string | null> {
  const { clock } = request;
  for (const giveUp = clock.now() + LONGEST_LAG; ; await clock.wait(POLL)) {
    const found = await look(request, target, askedAt).catch((error: unknown) => {
      if (error instanceof OncallError && error.code === 'INTERRUPTED') throw error;
      return null;
    });
    if (found || clock.now() >= giveUp) return found;
  }
}

async function look(request: RingRequest, target: Reach, askedAt: number): Promise<string | null> {
  const { pager, incidentId, known } = request;
  const since = askedAt - CLOCK_SKEW;
  if (incidentId !== null) {
    const engagements = await pager.engagements(incidentId);
    const fresh = engagements.filter(
      ({ id, contact, startedAt }) =>
        contact === target.contact && !known.includes(id) && Date.parse(startedAt) >= since,
    );
    return fresh.at(-1)?.id ?? null;
  }
  // Outside an incident the pager lists no engagements; the pages of the first one rung show theirs.
  const [first] = rungFirst(target);
  const pages = first ? await pager.pagesOf(first.person) : [];
  const fresh = pages.find(
    (page) => page.incidentId === null && !known.includes(page.engagementId) && Date.parse(page.sentAt) >= since,
  );
  return fresh?.engagementId ?? null;
}

async function stopOne(pager: Pager, stop: PlannedStop, reason: string): Promise<Stopped> {
  try {
    await pager.stop(stop.engagement, reason);
    return { ...stop, failure: null };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    return { ...stop, failure: error.message };
  }
}

function unknownWhether(target: Reach, cause: OncallError): OncallError {
  return new OncallError(
    `It is not known whether ${plain(target.name)} is being rung: the pager did not answer, and shows no such page yet. It was asked once, and nothing was repeated.`,
    {
      code: 'UNAVAILABLE',
      hint: 'Look with `oncall incident show` before you ring again, or call them yourself.',
      cause,
    },
  );
}

import type { Contact, ContactKind, Engagement, Page, Pager } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';
import { plain } from '../text/plain.ts';
import { formatDuration } from '../text/time.ts';
import { firstRings, type PlannedRing, plannedRings, type Reach, reachOf, rungFirst } from './reach.ts';
import { findStillToRing, type StillToRing } from './still-to-ring.ts';

/** Somebody who is rung at most this long ago is still reaching for the phone. */
const STILL_REACHING = 120_000;

/** A running engagement that has to end, since it would ring the same person a second time. */
export interface PlannedStop {
  engagement: string;
  contact: string;
  kind: ContactKind;
  name: string;
  startedAt: string;
  /** Others than the caller whom it would have rung later, each with the first ring that now does not come. */
  silences: PlannedRing[];
}

/** Somebody about to be rung who was rung for this incident before. */
export interface RungBefore {
  person: string;
  name: string;
  /** The latest page. */
  at: string;
  acknowledgedAt: string | null;
}

/** Everything about a ring that is known before it happens. */
export interface RingPlan {
  targets: Reach[];
  before: RungBefore[];
  /** Engagements that are stopped once the new one was accepted. */
  stops: PlannedStop[];
  /** What other engagements will still ring by themselves, one entry for each person. */
  goesOn: PlannedRing[];
}

/** Everybody who has been paged for an incident so far. */
export interface PagedSoFar {
  engagements: Engagement[];
  pages: Page[];
  toCome: StillToRing;
}

/** Reads who has been rung for an incident and who will be. */
export async function readPagedSoFar(pager: Pager, incidentId: string, now: number): Promise<PagedSoFar> {
  const [engagements, toCome] = await Promise.all([
    pager.engagements(incidentId),
    findStillToRing(pager, incidentId, now),
  ]);
  const pages = await Promise.all(engagements.map(({ id }) => pager.pagesOfEngagement(id)));
  return { engagements, pages: pages.flat(), toCome };
}

/**
 * Works out whom engaging these contacts would ring, who of them has been rung before, and which running engagements
 * would ring them once more by their own clock. Every call is a read.
 * @throws REFUSED when a target would ring nobody
 */
export async function planRing(
  pager: Pager,
  contacts: readonly Contact[],
  at: { soFar: PagedSoFar | null; me: string | null; now: number },
): Promise<RingPlan> {
  const { soFar, me, now } = at;
  const targets = await Promise.all(contacts.map((contact) => reachOf(pager, contact, now)));
  if (!soFar) return { targets, before: [], stops: [], goesOn: [] };
  const { directory, engagements } = soFar.toCome;
  const aimedAt = new Set(targets.flatMap(({ rings }) => rings.map(({ person }) => person)));
  const wouldRepeat = engagements.filter(({ rings }) => rings.some(({ person }) => aimedAt.has(person)));
  const others = engagements.filter((one) => !wouldRepeat.includes(one));
  return {
    targets,
    before: targets.flatMap(rungFirst).flatMap((one) => rungBefore(one, soFar.pages)),
    stops: wouldRepeat.map(({ engagement, rings }) => ({
      engagement: engagement.id,
      contact: engagement.contact,
      kind: engagement.kind,
      startedAt: engagement.startedAt,
      name: directory(engagement.contact)?.name ?? engagement.contact,
      silences: firstRings(plannedRings(rings, directory)).filter(
        ({ person }) => person !== me && !aimedAt.has(person),
      ),
    })),
    goesOn: firstRings(
      plannedRings(
        others.flatMap(({ rings }) => rings),
        directory,
      ).sort((a, b) => a.at.localeCompare(b.at)),
    ),
  };
}

function rungBefore(one: { person: string; name: string }, pages: readonly Page[]): RungBefore[] {
  const theirs = pages.filter(({ contact }) => contact === one.person);
  const at = theirs
    .map(({ sentAt }) => sentAt)
    .sort()
    .at(-1);
  if (at === undefined) return [];
  const acknowledgedAt =
    theirs
      .flatMap(({ readAt }) => readAt ?? [])
      .sort()
      .at(-1) ?? null;
  return [{ ...one, at, acknowledgedAt }];
}

/**
 * Without a person to ask, nobody is rung again who was rung a moment ago and is reaching for the phone.
 * @throws REFUSED
 */
export function refuseToNag(plan: RingPlan, now: number): void {
  const reaching = plan.before.find(
    ({ at, acknowledgedAt }) => acknowledgedAt === null && now - Date.parse(at) < STILL_REACHING,
  );
  if (!reaching) return;
  const ago = formatDuration(now - Date.parse(reaching.at));
  throw new OncallError(
    `${plain(reaching.name)} was rung ${ago} ago and may be reaching for the phone. Nothing was sent.`,
    {
      code: 'REFUSED',
      hint: 'Give it two minutes, or add --again to ring once more now.',
    },
  );
}

import type { ContactDetail, Engagement, Page, Pager, Shift } from '../clients/pager/pager.ts';
import type { Contact, Directory } from '../paging/contact.ts';
import type { Ring } from '../paging/rings.ts';
import { type EngagementSoFar, ringsToCome, type StageToCome, stagesToCome } from '../paging/still-to-ring.ts';

const HOUR = 3_600_000;

/** One engagement with everything that the arithmetic needs to know of it. */
export interface RunningEngagement {
  engagement: Engagement;
  soFar: EngagementSoFar;
  /** Rings that will still come if nobody does anything more. */
  rings: Ring[];
  /** Stages of its plan that will still begin. */
  stages: StageToCome[];
}

export interface StillToRing {
  engagements: RunningEngagement[];
  /** All rings still to come, in order of time. */
  rings: Ring[];
  directory: Directory;
}

/**
 * Works out, from what the pager shows of an incident, who will still be rung if nobody does anything more.
 * Every call is a read. Engagements that were stopped, or whose plan ended, have nothing to come.
 * @param now milliseconds since 1970
 */
export async function findStillToRing(pager: Pager, incidentId: string, now: number): Promise<StillToRing> {
  const engagements = await pager.engagements(incidentId);
  const running = engagements.filter(({ stoppedAt }) => stoppedAt === null);
  const [directory, states] = await Promise.all([
    readDirectory(
      pager,
      running.map(({ contact }) => contact),
      now,
    ),
    Promise.all(running.map((engagement) => readSoFar(pager, engagement))),
  ]);
  const known = running.map((engagement, i) => {
    const soFar = states[i] as EngagementSoFar;
    return {
      engagement,
      soFar,
      rings: ringsToCome(directory, soFar, now),
      stages: stagesToCome(directory, soFar, now),
    };
  });
  return {
    engagements: known,
    rings: known.flatMap(({ rings }) => rings).sort((a, b) => a.at - b.at),
    directory,
  };
}

async function readSoFar(pager: Pager, engagement: Engagement): Promise<EngagementSoFar> {
  const pages = await pager.pagesOfEngagement(engagement.id);
  const stages = await Promise.all(pages.map((page) => stageOf(pager, page, engagement)));
  return {
    contact: engagement.contact,
    startedAt: Date.parse(engagement.startedAt),
    stoppedAt: engagement.stoppedAt ? Date.parse(engagement.stoppedAt) : null,
    pages: pages.map((page, i) => ({
      person: page.contact,
      stage: stages[i] ?? null,
      sentAt: Date.parse(page.sentAt),
      readAt: page.readAt ? Date.parse(page.readAt) : null,
    })),
  };
}

/** The plan's stage that led to a page; a page that no plan led to has none, and costs no call. */
async function stageOf(pager: Pager, page: Page, engagement: Engagement): Promise<number | null> {
  if (engagement.kind !== 'plan') return null;
  const path = await pager.pathOf(page.id);
  return path.find(({ kind }) => kind === 'plan')?.stage ?? path.find(({ stage }) => stage !== null)?.stage ?? null;
}

/**
 * The contacts that some engagements lead to, each asked for once: plans, the schedules and people they name, and who
 * the schedules put on call around now.
 */
export async function readDirectory(pager: Pager, aliases: readonly string[], now: number): Promise<Directory> {
  const known = new Map<string, Contact | null>();
  for (let wanted = [...new Set(aliases)]; wanted.length > 0; ) {
    const found = await Promise.all(wanted.map((alias) => readContact(pager, alias, now)));
    wanted.forEach((alias, i) => {
      known.set(alias, found[i] ?? null);
    });
    wanted = [...new Set(found.flatMap(namedBy))].filter((alias) => !known.has(alias));
  }
  return (id) => known.get(id) ?? undefined;
}

async function readContact(pager: Pager, alias: string, now: number): Promise<Contact | null> {
  const detail = await pager.contact(alias).catch((error: { code?: string }) => {
    // A plan may name someone who has left; the pager rings nobody in their place, and neither do we.
    if (error.code === 'NOT_FOUND') return null;
    throw error;
  });
  if (!detail) return null;
  const shifts = detail.kind === 'schedule' ? await pager.shifts(alias, span(now)) : [];
  return toContact(detail, shifts);
}

/** An escalation takes at most a few half-hour stages: shifts of the next hours are all that can matter. */
function span(now: number): { from: string; to: string } {
  return { from: new Date(now - 2 * HOUR).toISOString(), to: new Date(now + 4 * HOUR).toISOString() };
}

function namedBy(contact: Contact | null): readonly string[] {
  if (contact?.kind === 'plan') return contact.stages.flatMap(({ targets }) => targets.map((target) => target.contact));
  if (contact?.kind === 'schedule') return contact.shifts.flatMap(({ people }) => people);
  return [];
}

function toContact(detail: ContactDetail, shifts: readonly Shift[]): Contact {
  const { alias, name, stages } = detail;
  switch (detail.kind) {
    case 'person':
      return {
        kind: 'person',
        id: alias,
        name,
        channels: detail.channels.map(({ id, kind, activated }) => ({ id, kind, activated })),
        stages: stages.map(({ minutes, targets }) => ({
          minutes,
          channels: targets.flatMap((target) =>
            target.kind === 'channel' ? [{ channel: target.channelId, retryMinutes: target.retryMinutes }] : [],
          ),
        })),
      };
    case 'plan':
      return {
        kind: 'plan',
        id: alias,
        name,
        stages: stages.map(({ minutes, targets }) => ({
          minutes,
          targets: targets.flatMap((target) =>
            target.kind === 'contact' ? [{ contact: target.alias, essential: target.essential }] : [],
          ),
        })),
      };
    default:
      return {
        kind: 'schedule',
        id: alias,
        name,
        shifts: shifts.map(({ people, from, to }) => ({ people, from: Date.parse(from), until: Date.parse(to) })),
      };
  }
}

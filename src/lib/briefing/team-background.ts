import type { Background, Inquiry } from '../chat/background.ts';
import type { Incident, Pager } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';
import { chooseIncident, shortId } from '../incidents/choose-incident.ts';
import { type IncidentFacts, readFacts } from '../incidents/facts.ts';
import { triedSoFar } from '../incidents/message.ts';
import { onCallAt } from '../incidents/on-call.ts';
import { callerName } from '../incidents/people.ts';
import { knownRoster, type Wanted } from '../incidents/roster.ts';
import { graphLink } from '../metrics/links.ts';
import { impactView } from '../metrics/view.ts';
import { inTime, lastKnown, PATIENCE } from '../store/fallback.ts';
import type { JournalEntry } from '../store/journal.ts';
import { createPaint } from '../text/paint.ts';
import { type Briefing, brief } from './brief.ts';
import { type Part, part, type Sources } from './sources.ts';

const HOUR = 3_600_000;

/** The incident that a message belongs to. `incident` is null where only this machine's own memory names it. */
export interface Matter {
  id: string;
  title: string;
  incident: Incident | null;
}

/**
 * The incident at hand, for what must also be sent while the pager is down, or when there is none.
 * @returns with it, in words, why it is not known
 * @throws NOT_FOUND, AMBIGUOUS and whatever the pager says, when an incident was named
 */
export async function findMatter(
  desk: { pager(): Promise<Pager>; currentIncident(): Promise<{ id: string; title: string } | null> },
  ref: string | null,
): Promise<{ matter: Matter | null; caution: string | null }> {
  const current = await desk.currentIncident();
  try {
    const pager = await desk.pager();
    const choice = await inTime(chooseIncident(pager, ref, current?.id ?? null), ref === null ? PATIENCE : null);
    if (!choice) return { matter: null, caution: null };
    const { incident } = choice;
    return { matter: { id: incident.id, title: incident.title, incident }, caution: null };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED' || ref !== null) throw error;
    if (error.code === 'AMBIGUOUS')
      return {
        matter: null,
        caution: 'More than one incident is open, so the message is tied to none; name it with -i.',
      };
    const caution = `Little is known of the incident, because the pager did not tell: ${error.message}`;
    return { matter: current && { ...current, incident: null }, caution };
  }
}

/** Who sends it, by name; the alias, or nothing, where that is not known. It never keeps a message from being sent. */
export async function senderName(desk: { pager(): Promise<Pager>; me(): Promise<string> }): Promise<string | null> {
  const me = await inTime(desk.me(), PATIENCE).catch(unlessInterrupted);
  if (me === null) return null;
  const contacts = await inTime(
    desk.pager().then((pager) => pager.contacts()),
    PATIENCE,
  ).catch(unlessInterrupted);
  return callerName(contacts ?? [], me);
}

function unlessInterrupted(error: unknown): null {
  if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
  throw error;
}

/** The few facts that stand under a message to the team. */
export async function noticeBackground(sources: Sources, matter: Matter): Promise<Background> {
  const { value: facts } = await factsPart(sources, matter);
  return backgroundOf(matter, facts);
}

/** Everything that is known of an incident, for somebody who is asked about it. What cannot be had is named. */
export async function inquiryBackground(
  sources: Sources,
  matter: Matter,
  about: { wanted: Wanted; prometheusUrl: string | null; journal: readonly JournalEntry[] },
): Promise<Inquiry> {
  const { pager, memory, now } = sources;
  const { incident } = matter;
  const roster = knownRoster({ pager: async () => pager, wanted: about.wanted, memory, at: now() });
  const [facts, briefing, onCall] = await Promise.all([
    factsPart(sources, matter),
    incident && brief(sources, incident),
    part('Who is on call', roster, now),
  ]);
  const [first] = onCall.value ? onCallAt(onCall.value, now(), onCall.cachedAt !== null).responders : [];
  return {
    ...backgroundOf(matter, facts.value),
    impact: impactLines(briefing, now()),
    tried: triedSoFar(about.journal),
    links: linksOf(facts.value, briefing, { prometheusUrl: about.prometheusUrl, now: now() }),
    onCall: first ? first.people.map(({ name }) => name).join(', ') || null : null,
    missing: [facts, onCall].flatMap(({ missing }) => missing ?? []).concat(briefing?.missing ?? []),
  };
}

function factsPart(sources: Sources, { incident }: Matter): Promise<Part<IncidentFacts | null>> {
  const { pager, prometheus, services, memory, now } = sources;
  const id = incident?.id ?? '';
  const ask = () => incident && readFacts({ pager, prometheus, services }, id, now());
  return part('The incident', lastKnown({ memory, key: `facts ${id}`, who: 'The pager', ask }), now);
}

function backgroundOf({ id, title, incident }: Matter, facts: IncidentFacts | null): Background {
  const since = facts?.onset ?? incident?.startedAt ?? null;
  return {
    title,
    id: shortId(id),
    service: facts?.service ?? null,
    since: since === null ? null : Date.parse(since),
    takenBy: (facts?.paged ?? []).filter(({ acknowledgedAt }) => acknowledgedAt !== null).map(({ name }) => name),
    resolved: incident?.status === 'resolved',
  };
}

/** In UTC and without a curve: the readers sit in other places, before another screen. */
function impactLines(briefing: Briefing | null, now: number): string[] {
  if (!briefing?.impact) return [];
  const paint = createPaint({ colour: false, ascii: false });
  return impactView(briefing.impact, { paint, zone: { utc: true, timeZone: null }, now, width: 0 }).split('\n');
}

function linksOf(
  facts: IncidentFacts | null,
  briefing: Briefing | null,
  { prometheusUrl, now }: { prometheusUrl: string | null; now: number },
): Inquiry['links'] {
  const suspect = briefing?.changes?.[0];
  const graph =
    prometheusUrl && facts?.expression
      ? [
          {
            title: 'Graph',
            url: graphLink(prometheusUrl, facts.expression, { from: Date.parse(facts.onset) - HOUR, to: now }),
          },
        ]
      : [];
  const run = suspect?.runUrl ? [{ title: `Run that deployed ${suspect.service}`, url: suspect.runUrl }] : [];
  const page = facts ? [{ title: 'Incident', url: facts.incident.url }] : [];
  return [...graph, ...run, ...(facts?.links ?? []), ...page];
}

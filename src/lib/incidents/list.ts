import type { Incident, Pager } from '../clients/pager/pager.ts';
import { isOut } from '../errors.ts';
import type { Paint } from '../text/paint.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import { dateTime, formatDuration, relative, type Zone } from '../text/time.ts';
import { shortId } from './choose-incident.ts';
import { pagedPeople } from './facts.ts';
import { impactWord } from './message.ts';

const DAY = 86_400_000;
/** How far back the list goes by itself, in milliseconds. */
export const LISTED = 30 * DAY;

/** An incident as a line of the list. */
export interface ListedIncident extends Incident {
  /** Aliases of those who acknowledged it; null where it was not looked at (resolved ones), or could not be. */
  acknowledgedBy: string[] | null;
}

export interface IncidentList {
  incidents: ListedIncident[];
  /** Incidents that fit but are not shown. */
  more: number;
  /** Start of the span that was asked for; null for all there are. */
  since: string | null;
  /** Why it is not known who has an open one; null when it is. */
  missing: string | null;
}

/**
 * Open incidents, however old, then the newest resolved ones.
 * @param within milliseconds that resolved ones may lie back; null for all
 */
export async function listIncidents(
  pager: Pager,
  { limit, within, now }: { limit: number; within: number | null; now: number },
): Promise<IncidentList> {
  const since = within === null ? null : new Date(now - within).toISOString();
  const [open, all] = await Promise.all([
    pager.incidents({ status: 'open' }),
    pager.incidents({ ...(since ? { since } : {}) }),
  ]);
  const resolved = all.filter(({ status }) => status === 'resolved');
  const shown = resolved.slice(0, Math.max(0, limit - open.length));
  const asked = await Promise.allSettled(open.map((incident) => takers(pager, incident.id)));
  // Which incidents are open is the answer; who has them only adds to it.
  const failures = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const [failed = null] = failures.map((reason) => {
    if (isOut(reason)) return reason;
    throw reason;
  });
  const taken = asked.map((one) => (one.status === 'fulfilled' ? one.value : null));
  return {
    incidents: [
      ...open.map((incident, i) => ({ ...incident, acknowledgedBy: taken[i] ?? null })),
      ...shown.map((incident) => ({ ...incident, acknowledgedBy: null })),
    ],
    more: resolved.length - shown.length,
    since,
    missing: failed ? `It is not known who has what is open: ${failed.message}` : null,
  };
}

async function takers(pager: Pager, incidentId: string): Promise<string[]> {
  const engagements = await pager.engagements(incidentId);
  const pages = await Promise.all(engagements.map(({ id }) => pager.pagesOfEngagement(id)));
  return pagedPeople(pages.flat(), [])
    .filter(({ acknowledgedAt }) => acknowledgedAt !== null)
    .map(({ alias }) => alias);
}

/** The list as a table; off a terminal every time is exact. */
export function listView(
  { incidents, more, since }: IncidentList,
  { paint, zone, now, width }: { paint: Paint; zone: Zone; now: number; width: number | null },
): string {
  const open = incidents.filter(({ status }) => status === 'open').length;
  const span = since ? ' in the last 30 days' : '';
  const headline =
    open > 0 ? paint.bad(`${open} incident${open === 1 ? ' is' : 's are'} open.`) : paint.good('No incident is open.');
  if (incidents.length === 0) return `${headline} None${span} either.`;
  const time = (at: string) => (width === null ? at : dateTime(Date.parse(at), zone));
  const rows = table(
    incidents,
    [
      { title: 'ID', cell: ({ id }) => shortId(id) },
      { title: 'STATE', cell: (incident) => stateOf(incident) },
      { title: 'IMPACT', cell: ({ impact }) => impactWord(impact) },
      { title: 'STARTED', cell: ({ startedAt }) => time(startedAt) },
      {
        title: 'TOOK',
        cell: ({ startedAt, resolvedAt }) =>
          resolvedAt
            ? formatDuration(Date.parse(resolvedAt) - Date.parse(startedAt))
            : relative(Date.parse(startedAt), now).replace(' ago', ' so far'),
      },
      { title: 'TITLE', cell: ({ title }) => plain(title), shrink: true },
    ],
    width,
  );
  if (width === null) return rows;
  return [headline, '', rows, ...(more > 0 ? ['', paint.dim(`${more} more: oncall incident list --all`)] : [])].join(
    '\n',
  );
}

function stateOf({ status, acknowledgedBy }: ListedIncident): string {
  if (status === 'resolved') return 'resolved';
  if (acknowledgedBy === null) return 'open';
  const taken = acknowledgedBy.map(plain);
  return taken.length > 0 ? `open, ${taken.join(', ')} has it` : 'open, nobody has it';
}

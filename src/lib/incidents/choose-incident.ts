import type { Incident, Pager } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';
import { plain } from '../text/plain.ts';

/** How many characters of an incident's id people see and type. */
const SHORT_ID = 8;

/** The first characters of an incident's id, as it is shown. */
export function shortId(id: string): string {
  return id.slice(0, SHORT_ID);
}

export interface Choice {
  incident: Incident;
  /** How many other incidents are open at the same time. */
  othersOpen: number;
}

/**
 * The incident that a command is about. With a reference: the one it names, open or resolved. Without: the only open
 * one; of several, the one that the last commands were about.
 * @param ref first characters of the id, an ARN, or words of the title; null for "mine"
 * @param current id of the incident that this machine last worked on
 * @returns null when no reference was given and nothing is open
 * @throws NOT_FOUND, AMBIGUOUS
 */
export async function chooseIncident(pager: Pager, ref: string | null, current: string | null): Promise<Choice | null> {
  const incidents = await pager.incidents(ref === null ? { status: 'open' } : {});
  const open = incidents.filter((incident) => incident.status === 'open');
  if (ref !== null) return { incident: named(ref, incidents), othersOpen: open.length };
  const mine = open.find((incident) => incident.id === current) ?? (open.length === 1 ? open[0] : undefined);
  if (mine) return { incident: mine, othersOpen: open.length - 1 };
  if (open.length === 0) return null;
  throw ambiguous(`${open.length} incidents are open.`, open);
}

/** Like `chooseIncident`, for commands that cannot go on without one. */
export async function requireIncident(pager: Pager, ref: string | null, current: string | null): Promise<Choice> {
  const choice = await chooseIncident(pager, ref, current);
  if (choice) return choice;
  throw new OncallError('No incident is open.', {
    code: 'NOT_FOUND',
    hint: 'Name a resolved one with -i (see `oncall incident list`), or open one with `oncall page`.',
  });
}

function named(ref: string, incidents: readonly Incident[]): Incident {
  const wanted = ref.toLowerCase();
  const id = wanted.startsWith('arn:') ? (wanted.split('/').at(-1) ?? '') : wanted;
  const byId = /^[0-9a-f][0-9a-f-]{2,}$/.test(id)
    ? incidents.filter((incident) => incident.id.toLowerCase().startsWith(id))
    : [];
  if (byId.length === 1 && byId[0]) return byId[0];
  if (byId.length > 1) throw ambiguous(`"${plain(ref)}" is the beginning of several incident ids.`, byId);
  const words = wanted.split(/\s+/).filter(Boolean);
  const byTitle = incidents.filter((incident) => words.every((word) => incident.title.toLowerCase().includes(word)));
  // A title comes back with every outage: the open one is meant, or else the newest.
  const meant =
    byTitle.find((incident) => incident.status === 'open') ?? (byTitle.length === 1 ? byTitle[0] : undefined);
  if (meant && byTitle.filter((incident) => incident.status === 'open').length <= 1) return meant;
  if (byTitle.length > 1) throw ambiguous(`"${plain(ref)}" fits several incidents.`, byTitle);
  throw new OncallError(`No incident matches "${plain(ref)}".`, {
    code: 'NOT_FOUND',
    hint: incidents.length > 0 ? `Known ones:\n${lines(incidents)}` : 'List them with `oncall incident list`.',
  });
}

function ambiguous(message: string, incidents: readonly Incident[]): OncallError {
  return new OncallError(message, { code: 'AMBIGUOUS', hint: `Name one with -i:\n${lines(incidents)}` });
}

function lines(incidents: readonly Incident[]): string {
  return incidents
    .slice(0, 5)
    .map(
      ({ id, status, title, startedAt }) =>
        `  -i ${shortId(id)}  ${status}  ${startedAt.slice(0, 16)}Z  ${plain(title)}`,
    )
    .join('\n');
}

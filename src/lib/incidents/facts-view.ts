import { asOf } from '../text/age.ts';
import { plain } from '../text/plain.ts';
import { clockTime, dateTime, formatDuration, relative } from '../text/time.ts';
import { shortId } from './choose-incident.ts';
import type { IncidentFacts, PagedPerson } from './facts.ts';
import { impactWord } from './message.ts';
import { channelWord } from './ring-view.ts';
import type { ViewOptions } from './view.ts';

/** One incident: its state first, then what it is about, who was paged, and where to look. */
export function factsView(facts: IncidentFacts, options: ViewOptions): string {
  const { paint, zone, now } = options;
  const { incident, alert, service, found, onset, expression } = facts;
  const began = Date.parse(onset);
  const summary = alert?.annotations.summary ?? incident.summary;
  return [
    ...(facts.cachedAt
      ? [
          paint.warn(
            `${paint.sign.warn} The pager does not answer. This is ${asOf(facts.cachedAt, now)}: who has it by now is not known.`,
          ),
        ]
      : []),
    `${stateText(facts, options)} ${paint.strong(plain(incident.title))} ${paint.dim(shortId(incident.id))}`,
    ...(summary && summary !== incident.title ? [`  ${plain(summary)}`] : []),
    `  since    ${dateTime(began, zone)} (${relative(began, now)}), impact ${impactWord(incident.impact)}`,
    `  service  ${service ? `${plain(service)} ${paint.dim(`(from the ${found === 'linked' ? 'link set by hand' : found})`)}` : `not known ${paint.dim('(set it: oncall incident link SERVICE)')}`}`,
    ...(alert ? [`  alert    ${plain(alert.name)}${expression ? `: ${plain(expression)}` : ''}`] : []),
    ...pagedLines(facts, options),
    ...facts.links.map(
      ({ title, url }, i) => `  ${i === 0 ? 'links  ' : '       '}  ${plain(title)}  ${paint.link(plain(url))}`,
    ),
    `  console  ${paint.link(plain(incident.url))}`,
  ].join('\n');
}

function stateText({ incident, paged }: IncidentFacts, { paint, zone }: ViewOptions): string {
  if (incident.status === 'resolved') {
    const end = incident.resolvedAt ? Date.parse(incident.resolvedAt) : null;
    const took =
      end === null ? '' : ` ${clockTime(end, zone)}, after ${formatDuration(end - Date.parse(incident.startedAt))}`;
    return `${paint.good(paint.sign.good)} ${paint.good(`Resolved${took}:`)}`;
  }
  const taken = paged.filter(({ acknowledgedAt }) => acknowledgedAt !== null);
  if (taken.length === 0) return `${paint.bad(paint.sign.bad)} ${paint.bad('Open, nobody has acknowledged it:')}`;
  return `${paint.warn(paint.sign.warn)} ${paint.warn(`Open, ${taken.map(({ name }) => plain(name)).join(' and ')} ${taken.length > 1 ? 'have' : 'has'} it:`)}`;
}

function pagedLines({ incident, paged, stillToRing, cachedAt }: IncidentFacts, options: ViewOptions): string[] {
  const { zone, now } = options;
  const nobody = incident.openedBy === 'person' ? 'nobody yet' : 'nobody yet (a page may lag by some seconds)';
  const rows = paged.map((person) => personText(person, options));
  const next = stillToRing.map(({ name, at, channel }) => {
    const due = Date.parse(at);
    return `${plain(name)} by ${channelWord(channel)} ${relative(due, now)} (${clockTime(due, zone)})`;
  });
  if (cachedAt) return labelled('paged', rows.length > 0 ? rows : ['nobody, as far as is known']);
  const quiet = incident.status === 'open' && paged.length > 0 ? ['nobody else is rung by itself'] : [];
  return [...labelled('paged', rows.length > 0 ? rows : [nobody]), ...labelled('next', next.length > 0 ? next : quiet)];
}

function personText({ name, pagedAt, pages, acknowledgedAt }: PagedPerson, { paint, zone }: ViewOptions): string {
  const first = Date.parse(pagedAt);
  const times = pages > 1 ? `, ${pages} pages` : '';
  const when = `${plain(name)} ${clockTime(first, zone)}${times}`;
  if (acknowledgedAt === null) return `${when}, ${paint.warn('has not acknowledged')}`;
  const read = Date.parse(acknowledgedAt);
  return `${when}, ${paint.good(`acknowledged ${clockTime(read, zone)}`)} (after ${formatDuration(read - first)})`;
}

function labelled(label: string, rows: readonly string[]): string[] {
  return rows.map((row, i) => `  ${(i === 0 ? label : '').padEnd(7)}  ${row}`);
}

/** What one does next with an incident in this state. */
export function nextCommand({ incident, paged, cachedAt }: IncidentFacts, shown: string): string {
  if (cachedAt) return 'oncall doctor';
  if (incident.status === 'resolved') return `oncall incident timeline ${shown}`;
  return paged.some(({ acknowledgedAt }) => acknowledgedAt !== null) ? 'oncall now' : `oncall ack ${shown}`;
}

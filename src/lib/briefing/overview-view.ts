import { shortId } from '../incidents/choose-incident.ts';
import type { ViewOptions } from '../metrics/view.ts';
import { ageNote, asOf } from '../text/age.ts';
import { plain } from '../text/plain.ts';
import { clockTime, dayTime, relative } from '../text/time.ts';
import type { OpenIncident, Overview } from './overview.ts';

/** The whole situation on one screen, the worst first. */
export function overviewView(overview: Overview, options: ViewOptions): string {
  const { paint } = options;
  return [
    ...incidentLines(overview, options),
    ...alertLines(overview, options),
    ...onCallLines(overview, options),
    ...holdLines(overview, options),
    ...overview.missing.map((missing) => `${paint.warn(paint.sign.warn)} ${plain(missing)}`),
    `${paint.sign.next} next: ${paint.command(overview.next)}`,
  ].join('\n');
}

function ago(at: string, { zone, now }: ViewOptions): string {
  const time = Date.parse(at);
  return `${clockTime(time, zone)} (${relative(time, now)})`;
}

function incidentLines({ incidents, me, cachedAt }: Overview, options: ViewOptions): string[] {
  const { paint, now } = options;
  const unknown = `${paint.warn(paint.sign.warn)} It is NOT known whether an incident is open: the pager did not answer.`;
  if (incidents === null) return [unknown];
  const age = paint.dim(ageNote(cachedAt.incidents, now));
  const old = cachedAt.incidents ? [`${unknown} ${paint.strong(`Open ${asOf(cachedAt.incidents, now)}:`)}`] : [];
  if (incidents.length === 0) return [`${paint.good(paint.sign.good)} No incident is open.`];
  const lines = incidents.flatMap((open) => {
    const { incident } = open;
    const head = `${paint.bad(paint.sign.bad)} ${paint.strong(plain(incident.title))} since ${ago(incident.startedAt, options)}  ${paint.dim(shortId(incident.id))}`;
    return [`${head}${age}`, `  ${handling(open, me)}${age}`];
  });
  return [...old, ...lines];
}

function handling({ acknowledgedBy, waitingFor }: OpenIncident, me: string | null): string {
  const name = (alias: string) => (alias === me ? 'you' : plain(alias));
  const parts = [
    ...(acknowledgedBy.length > 0 ? [`acknowledged by ${acknowledgedBy.map(name).join(', ')}`] : []),
    ...(waitingFor.length > 0 ? [`paged and not answered: ${waitingFor.map(name).join(', ')}`] : []),
  ];
  return parts.join('; ') || 'nobody has been paged yet';
}

function alertLines({ alerts, cachedAt }: Overview, options: ViewOptions): string[] {
  const { paint, now } = options;
  const age = paint.dim(ageNote(cachedAt.alerts, now));
  return alerts.map(({ name, service, summary, since }) => {
    const what = summary ? plain(summary) : [plain(name), plain(service ?? '')].join(' ').trim();
    return `${paint.warn(paint.sign.warn)} alert ${plain(name)}: ${what}, since ${ago(since, options)}${age}`;
  });
}

function onCallLines({ onCall, me }: Overview, options: ViewOptions): string[] {
  const [first, second] = onCall?.responders ?? [];
  if (!first) return [];
  const people = first.people
    .map(({ alias, name }) => (alias === me ? `${plain(name)} (you)` : plain(name)))
    .join(', ');
  const until = first.until ? ` until ${dayTime(Date.parse(first.until), options.zone)}` : '';
  const backup = second?.people.map(({ name }) => plain(name)).join(', ');
  const age = options.paint.dim(ageNote(onCall?.cachedAt ?? null, options.now));
  return [`on call: ${people || options.paint.bad('nobody')}${until}${backup ? `; then ${backup}` : ''}${age}`];
}

function holdLines({ holds, cachedAt }: Overview, options: ViewOptions): string[] {
  const age = options.paint.dim(ageNote(cachedAt.holds, options.now));
  return holds.map(({ repository, hold }) => {
    const since = hold.since ? ` since ${ago(hold.since, options)}` : '';
    const by = hold.by ? ` by ${plain(hold.by)}` : '';
    return `deploys of ${plain(hold.service ?? repository)} are on hold${by}${since}: ${plain(hold.reason ?? 'no reason given')}${age}`;
  });
}

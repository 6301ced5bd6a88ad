import type { Incident } from '../clients/pager/pager.ts';
import { plain } from '../text/plain.ts';
import { clockTime, formatDuration, relative } from '../text/time.ts';
import { shortId } from './choose-incident.ts';
import type { Resolved } from './resolve.ts';
import type { ViewOptions } from './view.ts';

/** What is about to be closed. */
export function resolvePlanView(incident: Incident, { paint, zone, now }: ViewOptions): string {
  const since = Date.parse(incident.startedAt);
  return `${paint.strong(plain(incident.title))} ${paint.dim(shortId(incident.id))}, open since ${clockTime(since, zone)} (${relative(since, now)}). Is it over?`;
}

/** That it is over, how long it took, and that nobody is rung any more. */
export function resolvedView(
  { incident, lasted, stopped, verified }: Resolved,
  { paint, alertHolds }: ViewOptions & { alertHolds: boolean },
): string {
  const failed = stopped.filter(({ failure }) => failure !== null);
  const title = paint.strong(plain(incident.title));
  return [
    verified
      ? `${paint.good(paint.sign.good)} ${paint.good('Resolved:')} ${title}${lasted === null ? '' : `, after ${formatDuration(lasted)}`}. ${paint.dim(shortId(incident.id))}`
      : `${paint.warn(paint.sign.warn)} The pager took it, but does not show ${title} as resolved yet. ${paint.dim(shortId(incident.id))}`,
    ...(failed.length === 0
      ? [
          'Nobody is rung for it any more.',
          alertHolds
            ? `${paint.warn(paint.sign.warn)} The alert still holds: it may open a new incident, or page nobody until it has been quiet once. Keep an eye on it.`
            : 'If the alert fires again, that opens a new incident.',
        ]
      : failed.map(
          ({ contact, failure }) =>
            `${paint.warn(paint.sign.warn)} The paging of ${plain(contact)} could not be stopped: ${plain(failure ?? '')}`,
        )),
  ].join('\n');
}

/** That there was nothing to do. */
export function alreadyResolvedView(incident: Incident | null, { paint, zone, now }: ViewOptions): string {
  if (!incident) return `${paint.good(paint.sign.good)} No incident is open: there is nothing to resolve.`;
  const at = incident.resolvedAt ? Date.parse(incident.resolvedAt) : null;
  const when = at === null ? '' : `, ${now - at < 1000 ? 'a moment ago' : relative(at, now)} (${clockTime(at, zone)})`;
  return `${paint.good(paint.sign.good)} ${paint.strong(plain(incident.title))} was resolved already${when}. ${paint.dim(shortId(incident.id))}`;
}

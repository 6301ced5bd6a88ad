import type { Paint } from '../text/paint.ts';
import { plain } from '../text/plain.ts';
import { clockTime, formatDuration, relative, type Zone } from '../text/time.ts';
import type { Acknowledged, NothingToAcknowledge, WillRing } from './acknowledge.ts';
import { shortId } from './choose-incident.ts';

/** What a view needs to turn data into words. */
export interface ViewOptions {
  paint: Paint;
  zone: Zone;
  /** Milliseconds since 1970. */
  now: number;
}

/** The first thing that `ack` says: that it is yours, or that it was already. */
export function acknowledgedView(done: Acknowledged, { paint, zone, now }: ViewOptions): string {
  const { incident, pagedAt, readAt, already } = done;
  const title = paint.strong(plain(incident.title));
  const id = paint.dim(shortId(incident.id));
  const read = readAt ? Date.parse(readAt) : null;
  if (already) {
    const when = read ? ` ${relative(read, now)} (${clockTime(read, zone)})` : '';
    return `${paint.good(paint.sign.good)} You had already acknowledged ${title}${when}. ${id}`;
  }
  const after = formatDuration((read ?? now) - Date.parse(pagedAt));
  return `${paint.good(paint.sign.good)} ${paint.good('Acknowledged:')} ${title}, ${after} after the page. It is yours now. ${id}`;
}

/** The proof that the phone stays quiet, or who it will ring next. */
export function stoppedView(
  done: Acknowledged,
  rings: readonly WillRing[] | null,
  { paint, zone, now }: ViewOptions,
): string {
  const receipt = done.readAt ? ` (read receipt ${clockTime(Date.parse(done.readAt), zone)})` : '';
  if (rings === null)
    return `${paint.warn(paint.sign.warn)} It is NOT known whether paging has stopped: the pager did not tell who will still be rung${receipt}.`;
  if (rings.length === 0 && done.readAt)
    return `${paint.good(paint.sign.good)} Paging has stopped: nobody else will be rung${receipt}.`;
  if (rings.length === 0)
    return `${paint.warn(paint.sign.warn)} The pager has not confirmed it yet: no read receipt for your page.`;
  const lines = rings.map(({ name, at, channel }) => {
    const due = Date.parse(at);
    return `  ${plain(name)} by ${channel}, ${relative(due, now)} (${clockTime(due, zone)})`;
  });
  return [`${paint.warn(paint.sign.warn)} Paging has NOT stopped. Still to be rung:`, ...lines].join('\n');
}

/** Nothing to acknowledge, and why. */
export function nothingView(nothing: NothingToAcknowledge, { paint, zone, now }: ViewOptions): string {
  const { openIncidents, engaged } = nothing;
  if (openIncidents.length === 0)
    return `${paint.good(paint.sign.good)} No incident is open, and no page waits for you.`;
  const lines = openIncidents.map(({ id, title, startedAt }) => {
    const people = engaged.find(({ incident }) => incident === id)?.people ?? [];
    const who = people
      .map(({ alias, acknowledged }) => `${alias}${acknowledged ? ' (acknowledged)' : ' (paged)'}`)
      .join(', ');
    const since = Date.parse(startedAt);
    return `  ${paint.dim(shortId(id))}  ${plain(title)}, since ${clockTime(since, zone)} (${relative(since, now)}): ${who || 'nobody has been paged'}`;
  });
  return [`No page waits for you. Open now:`, ...lines].join('\n');
}

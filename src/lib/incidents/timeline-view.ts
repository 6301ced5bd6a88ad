import type { Paint } from '../text/paint.ts';
import { plain, plainLines } from '../text/plain.ts';
import { clockTime, type Zone } from '../text/time.ts';
import type { TimelineLine } from './timeline.ts';

const WORDS: Readonly<Record<TimelineLine['kind'], string>> = {
  triggered: 'alert',
  started: 'started',
  updated: 'changed',
  resolved: 'resolved',
  paged: 'paged',
  acknowledged: 'acked',
  note: 'note',
  'runbook-failed': 'runbook',
  command: 'ran',
  other: 'other',
};
const WIDEST = 8;

/** The timeline as text, a line for each event; the date stands above the first event of each day. */
export function timelineView(lines: readonly TimelineLine[], { paint, zone }: { paint: Paint; zone: Zone }): string {
  const shown: string[] = [];
  let day = '';
  for (const line of lines) {
    const at = Date.parse(line.at);
    const date = dayOf(at, zone);
    if (date !== day) shown.push(paint.dim(date));
    day = date;
    shown.push(oneLine(line, { paint, zone, at }));
  }
  return shown.join('\n');
}

function oneLine(line: TimelineLine, { paint, zone, at }: { paint: Paint; zone: Zone; at: number }): string {
  const time = clockTime(at, zone);
  const word = WORDS[line.kind].padEnd(WIDEST);
  const indent = ' '.repeat(time.length + 2 + WIDEST + 2);
  const [first = '', ...rest] = plainLines(line.text).split('\n');
  const text = [line.kind === 'command' ? paint.command(first) : first, ...rest.map((more) => indent + more)].join(
    '\n',
  );
  const facts = [
    line.who && (line.kind === 'note' || line.kind === 'command') ? plain(line.who) : null,
    line.outcome && line.outcome !== 'ok' ? plain(line.outcome.toLowerCase().replace('_', ' ')) : null,
    line.pending ? 'not on the pager yet' : null,
  ].filter((fact) => fact !== null);
  const link = line.link ? `\n${indent}${paint.link(plain(line.link))}` : '';
  return `${paint.dim(time)}  ${word}  ${text}${facts.length > 0 ? paint.dim(`  (${facts.join(', ')})`) : ''}${link}`;
}

function dayOf(at: number, zone: Zone): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone: zone.utc ? 'UTC' : (zone.timeZone ?? undefined),
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at);
}

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
const FOLD = 60_000;

/** The timeline as text, a line for each event; the date stands above the first event of each day. */
export function timelineView(lines: readonly TimelineLine[], { paint, zone }: { paint: Paint; zone: Zone }): string {
  const shown: string[] = [];
  let day = '';
  for (const { line, times } of folded(lines)) {
    const at = Date.parse(line.at);
    const date = dayOf(at, zone);
    if (date !== day) shown.push(paint.dim(date));
    day = date;
    shown.push(oneLine(line, { paint, zone, at }) + (times > 1 ? paint.dim(`  ×${times}`) : ''));
  }
  return shown.join('\n');
}

/** The same event over and over within a minute (a text and a mail of one page) is one line. */
function folded(lines: readonly TimelineLine[]): { line: TimelineLine; times: number }[] {
  const groups: { line: TimelineLine; times: number }[] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    const same =
      last &&
      last.line.kind === line.kind &&
      last.line.text === line.text &&
      line.command === null &&
      Date.parse(line.at) - Date.parse(last.line.at) < FOLD;
    if (same) last.times += 1;
    else groups.push({ line, times: 1 });
  }
  return groups;
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

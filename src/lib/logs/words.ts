import type { Paint } from '../text/paint.ts';
import { plain } from '../text/plain.ts';
import { type FlatLine, flatten, type Level } from './flatten.ts';

/** Fields that everybody knows by their values. */
const SELF_EVIDENT = new Set(['method', 'http_method', 'path', 'url', 'uri', 'route']);
const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  trace: 'TRC',
  debug: 'DBG',
  info: 'INF',
  warn: 'WRN',
  error: 'ERR',
  fatal: 'FTL',
};

export interface Wording {
  paint: Paint;
  /** Which fields to show beside the message, in this order; null shows the few that help to follow one request. */
  fields: readonly string[] | null;
}

/** A line in the words in which it is shown: level, message, and the fields that matter; none of it can steer a terminal. */
export function wordsOf(text: string, wording: Wording): { words: string; level: Level | null } {
  const flat = flatten(text, wording.fields);
  const { level } = flat;
  const words = told(flat, wording);
  return { words: level === null ? `    ${words}` : `${levelWord(level, wording.paint)} ${words}`, level };
}

function told({ message, fields }: FlatLine, { paint }: Wording): string {
  let words = plain(tabsAsSpaces(message));
  for (const [name, value] of fields) {
    const shown = SELF_EVIDENT.has(name) ? '' : paint.dim(`${plain(name)}=`);
    words += ` ${shown}${plain(shown === '' ? value : quoted(value))}`;
  }
  return words;
}

function levelWord(level: Level, paint: Paint): string {
  const word = LEVEL_WORDS[level];
  if (level === 'error' || level === 'fatal') return paint.bad(word);
  return level === 'warn' ? paint.warn(word) : paint.dim(word);
}

/** Stack traces are indented by tabs, which cleaning would make one space. */
function tabsAsSpaces(text: string): string {
  return text.includes('\t') ? text.replaceAll('\t', '    ') : text;
}

function quoted(value: string): string {
  return /\s/.test(value) ? JSON.stringify(value) : value;
}

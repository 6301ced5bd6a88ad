import { stripVTControlCharacters } from 'node:util';
import { plain } from '../text/plain.ts';

const CONTROL_BUT_LINES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Characters that turn the order in which text is read; those that join an emoji stay. */
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/g;
/** Everything by which Discord makes more of a text than it says: links, mentions, timestamps, headings, spoilers, code. */
const MARKDOWN = /[\\*_~`|>#[\]<@]/g;

/** What a person typed, or piped in: kept as it is, but for what no keyboard has. */
export function typedText(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    .replace(CONTROL_BUT_LINES, '')
    .replace(REORDERING, '')
    .trim();
}

/** Foreign data (a title, a name, a label) as Discord shall show it: on one line, word for word, and as nothing else. */
export function dataText(text: string): string {
  return plain(text).replace(MARKDOWN, '\\$&');
}

/** At most so many UTF-16 units, never ending within a character or behind a lone backslash. */
export function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '');
  const backslashes = /\\*$/.exec(cut)?.[0].length ?? 0;
  return `${backslashes % 2 === 1 ? cut.slice(0, -1) : cut}…`;
}

/** A moment that Discord shows to each reader in their own time: the clock, and how long ago. @param at milliseconds since 1970 */
export function momentFor(at: number): string {
  const seconds = Math.floor(at / 1000);
  return `<t:${seconds}:f> (<t:${seconds}:R>)`;
}

/** A link under our own title that names where it leads; null for what is no web address. */
export function linkText(title: string, address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  const safe = url.href.replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'));
  return `[${dataText(title)}](${safe}) at ${dataText(url.host)}`;
}

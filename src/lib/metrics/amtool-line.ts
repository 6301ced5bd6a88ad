import type { Matcher } from '../clients/alertmanager/alertmanager.ts';
import { matcherText } from '../text/matcher-text.ts';
import { plain } from '../text/plain.ts';
import { prometheusDuration } from './links.ts';

/**
 * One word for a POSIX shell. What could steer a terminal is written in `$'…'` escapes, which bash, zsh and ksh read: a
 * line that is printed must be harmless, and still mean the same when pasted.
 */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (plain(text) === text) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = [...Buffer.from(text)].map((byte) =>
    byte > 0x1f && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`,
  );
  // A hexadecimal digit right after an escape would be taken for a part of it by some shells.
  return `$'${escaped.join('').replace(/(\\x[0-9a-f]{2})(?=[0-9a-fA-F])/g, (byte) => `${byte}'$'`)}'`;
}

/** A value that begins with a dash would be taken for another flag. */
function option(short: string, long: string, value: string): string {
  return value.startsWith('-') ? shellWord(`${long}=${value}`) : `${short} ${shellWord(value)}`;
}

/** The line that makes the same silence with Alertmanager's own tool. `forMs` is its length in milliseconds. */
export function amtoolLine(silence: {
  url: string;
  matchers: readonly Matcher[];
  createdBy: string;
  comment: string;
  forMs: number;
}): string {
  const { url, matchers, createdBy, comment, forMs } = silence;
  return [
    'amtool silence add',
    shellWord(`--alertmanager.url=${url}`),
    option('-a', '--author', createdBy),
    option('-c', '--comment', comment),
    `-d ${prometheusDuration(Math.round(forMs / 1000))}`,
    ...matchers.map((matcher) => shellWord(matcherText(matcher))),
  ].join(' ');
}

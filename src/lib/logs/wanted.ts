import type { Wanted } from './line-filter.ts';
import { textOf } from './text-printer.ts';

/** Lines that match. A pattern that is only text is searched for as bytes, without making a string of any line. */
export function matching(pattern: RegExp): Wanted {
  const literal = literalOf(pattern);
  if (literal === null) return (_, bytes, text, end) => pattern.test(textOf(bytes, text, end));
  const needle = Buffer.from(literal);
  // A line of another piece may come between two of the same: the place is kept with the piece.
  return (_, bytes, text, end) => {
    const at = nextHit(bytes, needle, text);
    return at >= 0 && at + needle.length <= end;
  };
}

/** Lines that none of these match. */
export function notMatching(pattern: RegExp): Wanted {
  const hit = matching(pattern);
  return (source, bytes, text, end) => !hit(source, bytes, text, end);
}

/** Lines that each of these wants. All are asked, since some remember what they saw. */
export function all(each: readonly Wanted[]): Wanted {
  return (source, bytes, text, end) => {
    let wanted = true;
    for (const one of each) if (!one(source, bytes, text, end)) wanted = false;
    return wanted;
  };
}

const hits = new WeakMap<Buffer, Map<Buffer, number>>();

/** The next place of the needle in a piece: searched for once for all lines before it, not once for each line. */
function nextHit(bytes: Buffer, needle: Buffer, from: number): number {
  let known = hits.get(bytes);
  if (!known) {
    known = new Map();
    hits.set(bytes, known);
  }
  let at = known.get(needle);
  if (at === undefined || (at >= 0 && at < from)) {
    at = bytes.indexOf(needle, from);
    known.set(needle, at);
  }
  return at;
}

/** The text that a pattern means, if it means nothing else. */
function literalOf({ source, flags }: RegExp): string | null {
  return /^[^\\^$.*+?()[\]{}|/]+$/.test(source) && !flags.includes('i') ? source : null;
}

/** One message's worth of a longer text. */
export interface Piece {
  /** What is sent: the source, with code fences closed at its end and opened again at its beginning. */
  text: string;
  /** The very part of the text; all of them together are the text. */
  source: string;
}

const FENCE = '```';
/** A fence's language stands between it and the end of its line. */
const LANGUAGE = /^[\w+\-.#]{1,30}(?=\n)/;
const CLOSING = `\n${FENCE}`;

/**
 * Cuts a text into messages of at most `limit` UTF-16 units: at a line's end, else between words, else between
 * characters as people see them. No message is cut within a character; a code block that is cut is closed, and opened
 * again with its language. Discord counts whole characters, of which there are never more.
 * https://github.com/discord/discord-api-docs/issues/1315
 */
export function splitText(text: string, limit: number): Piece[] {
  const pieces: Piece[] = [];
  let rest = text;
  /** The line that opens the code block again which the last cut went through; empty outside one. */
  let opening = '';
  while (rest !== '') {
    if (opening.length + rest.length <= limit) {
      pieces.push({ text: opening + rest, source: rest });
      break;
    }
    const budget = limit - opening.length - CLOSING.length;
    const at = cutAt(rest, budget, opening !== '');
    const source = rest.slice(0, at);
    const after = openingAfter(source, opening);
    const closing = after === '' ? '' : source.endsWith('\n') ? FENCE : CLOSING;
    pieces.push({ text: opening + source + closing, source });
    rest = rest.slice(at);
    opening = after;
  }
  return pieces;
}

/** Where to cut: as late as the budget allows, at the best boundary in the second half of it. */
function cutAt(text: string, budget: number, inside: boolean): number {
  const half = budget / 2;
  const line = text.lastIndexOf('\n', budget - 1) + 1;
  const word = Math.max(text.lastIndexOf(' ', budget - 1), text.lastIndexOf('\t', budget - 1)) + 1;
  const best = line > half ? line : word > half ? word : graphemeBefore(text, budget);
  return besideFence(text, best, inside);
}

/** The last boundary between characters at or before `at`; one that is longer than a message is cut between its parts. */
function graphemeBefore(text: string, at: number): number {
  // Wide enough for any character that people write; from a place where one surely begins it would cost the whole text.
  const from = Math.max(0, at - 200);
  const start = isLow(text, from) ? from + 1 : from;
  let last = 0;
  for (const { index } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(
    text.slice(start, at + 100),
  )) {
    if (start + index > at) break;
    last = start + index;
  }
  if (last > start) return last;
  return isLow(text, at) ? at - 1 : at;
}

function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Moves a cut that falls into a fence, or right behind one that opens, to before it. */
function besideFence(text: string, at: number, inside: boolean): number {
  let begin = at;
  while (begin > 0 && text[begin - 1] === '`' && text[begin] === '`') begin--;
  if (begin === 0) begin = at;
  const before = text.slice(0, begin);
  const last = before.lastIndexOf(FENCE);
  const opens = last > 0 && fences(before).length % 2 === (inside ? 0 : 1);
  return opens && /^```[\w+\-.#]*\s*$/.test(before.slice(last)) ? last : begin;
}

function fences(text: string): number[] {
  return [...text.matchAll(/```/g)].map(({ index }) => index);
}

/** What opens the code block again that is still open behind a source; empty when none is. */
function openingAfter(source: string, opening: string): string {
  const marks = fences(source);
  const last = marks.at(-1);
  if (last === undefined) return opening;
  const open = marks.length % 2 === (opening === '' ? 1 : 0);
  if (!open) return '';
  return `${FENCE}${LANGUAGE.exec(source.slice(last + FENCE.length))?.[0] ?? ''}\n`;
}

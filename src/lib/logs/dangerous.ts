import { isAscii } from 'node:buffer';
import { plain } from '../text/plain.ts';

/**
 * Bytes by which a line could move the cursor, ring, or pretend to be another: the C0 controls that terminals act on.
 * Line breaks and tabs are not among them. Searched for one by one, since a search for a single byte runs at tens of
 * gigabytes a second and any loop of ours at less than one.
 */
const CONTROLS = [0x1b, 0x0d, 0x08, 0x07, 0x00, 0x05, 0x0b, 0x0c, 0x0e, 0x0f, 0x7f];
/** First bytes, in UTF-8, of the C1 controls and of the characters that reorder or hide text (see `text/plain`). */
const BEGINNINGS = [0xc2, 0xd8, 0xe2, 0xef, 0xf3];
const LINE_BREAK = 0x0a;
const TAB = 0x09;

/** Whether these bytes may hold something that `plain` takes out. */
export function mayBeDangerous(bytes: Buffer): boolean {
  if (CONTROLS.some((byte) => bytes.includes(byte))) return true;
  if (isAscii(bytes)) return false;
  return BEGINNINGS.some((byte) => bytes.includes(byte));
}

/**
 * The same lines with nothing in them that could steer a terminal; the very same bytes where there is nothing to take
 * out. What is no valid UTF-8 becomes the replacement character in the lines that are cleaned, and only in those.
 */
export function withoutDanger(bytes: Buffer): Buffer {
  if (!mayBeDangerous(bytes)) return bytes;
  const pieces: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_BREAK, start);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    pieces.push(mayBeDangerous(line) ? cleaned(line) : line);
    if (found >= 0) pieces.push(BREAK);
    start = end + 1;
  }
  return Buffer.concat(pieces);
}

const BREAK = Buffer.from('\n');

/** Tabs stay: they indent stack traces. */
function cleaned(line: Buffer): Buffer {
  const text = line.toString('utf8');
  const parts = line.includes(TAB) ? text.split('\t') : [text];
  return Buffer.from(parts.map((part) => plain(part)).join('\t'));
}

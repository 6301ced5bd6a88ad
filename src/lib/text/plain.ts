import { stripVTControlCharacters } from 'node:util';

/** Invisible characters that reorder or hide text: bidirectional controls, zero-width ones, tags, line separators. */
const INVISIBLE = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
/** What is only these is plain already, and most texts are: one search instead of four. */
const NOT_PRINTABLE_ASCII = /[^ -~]/;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;
const CONTROL_BUT_LINES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Makes foreign text safe to print on one line: nothing in it can move the cursor, set the title, change colours,
 * reorder what is read, or pretend to be another line. Everything that comes from outside (log lines, alert labels,
 * commit titles, pod names, error messages) passes through here or through `plainLines` before it is shown.
 */
export function plain(text: string): string {
  if (!NOT_PRINTABLE_ASCII.test(text)) return text;
  return stripVTControlCharacters(text)
    .replace(/[\r\n\t]+/g, ' ')
    .replace(CONTROL, '')
    .replace(INVISIBLE, '');
}

/** Like `plain`, but keeps line breaks and tabs; a carriage return, which could overwrite a line, goes. */
export function plainLines(text: string): string {
  return stripVTControlCharacters(text).replace(/\r\n?/g, '\n').replace(CONTROL_BUT_LINES, '').replace(INVISIBLE, '');
}

/**
 * A value as one line of JSON whose text reads back unchanged, but with nothing in it that a terminal could obey: JSON
 * itself leaves everything above U+007E as it is, C1 controls and bidirectional ones included.
 */
export function jsonLine(value: unknown): string {
  const escaped = (text: string) =>
    text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return JSON.stringify(value)
    .replace(/[\u007f-\u009f]/g, escaped)
    .replace(INVISIBLE, escaped);
}

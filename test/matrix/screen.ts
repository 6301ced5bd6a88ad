import { FORGED } from './poison.ts';

/** All that our own paint may send to a terminal besides letters: colours and weights, by their numbers. */
const SGR = /\u001b\[(?:\d{1,3}(?:;\d{1,3})*)?m/g;
/** A line that moves is wiped with blanks between two carriage returns, on stderr only. */
const WIPED = /\r *\r/g;
// What else a terminal could obey, and what could make a reader see another text than there is.
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
const INVISIBLE = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/u;
const LABEL = /^(sandbox (│|\|) )?/;

export interface Looked {
  /** Colours are allowed: the output is a terminal's. */
  tty: boolean;
  /** It is stderr, where a line may move. */
  moving?: boolean;
  /** Tabs between columns are ours. */
  tabs?: boolean;
}

/** What a text would do to a terminal, or to its reader, that it must not; nothing when it is only read. */
export function misdeeds(text: string, { tty, moving = false, tabs = true }: Looked): string[] {
  let rest = tty ? text.replace(SGR, '') : text;
  if (moving && tty) rest = rest.replace(WIPED, '');
  if (tabs) rest = rest.replaceAll('\t', ' ');
  const found: string[] = [];
  const control = CONTROLS.exec(rest) ?? INVISIBLE.exec(rest);
  if (control) found.push(`${JSON.stringify(control[0])} in ${JSON.stringify(around(rest, control.index))}`);
  for (const line of rest.split('\n')) {
    if (line.replace(LABEL, '').startsWith(FORGED)) found.push(`a forged line: ${JSON.stringify(line)}`);
  }
  return found;
}

function around(text: string, at: number): string {
  return text.slice(Math.max(0, at - 60), at + 20);
}

import type { Readable, Writable } from 'node:stream';
import type { Shell } from '../config/shell.ts';
import { createPaint, type Paint } from '../text/paint.ts';

/** The three streams and what is known of them. The only file that touches `process.std*`. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
  readonly error: Writable;
  readonly inputIsTty: boolean;
  readonly outputIsTty: boolean;
  readonly errorIsTty: boolean;
  /** Columns of the terminal that shows the output; null when it is not one, and nothing may be cut to fit. */
  readonly width: number | null;
  /** What every human line begins with in a practice world, so that no screen of it can be taken for the real one. */
  label: string | null;
  /** For what goes to stdout. */
  readonly paint: Paint;
  /** For what goes to stderr. */
  readonly errorPaint: Paint;
}

/** What stands between a label and its line: a blank, a bar, a blank. */
const LABEL_BAR = 3;

interface Stream {
  isTTY?: boolean;
  columns?: number;
}

export interface Streams {
  input: Readable & Stream;
  output: Writable & Stream;
  error: Writable & Stream;
}

/** The process's own streams. */
export function processStreams(): Streams {
  return { input: process.stdin, output: process.stdout, error: process.stderr };
}

/**
 * Decides once what the terminal can show. Colour: not off a terminal, not with `NO_COLOR` (https://no-color.org) or
 * `TERM=dumb`; `FORCE_COLOR` and `CLICOLOR_FORCE` turn it on regardless.
 */
export function createTerminal(streams: Streams, env: Shell['env']): Terminal {
  const forced = isSet(env.FORCE_COLOR) || isSet(env.CLICOLOR_FORCE);
  const allowed = !env.NO_COLOR && env.TERM !== 'dumb';
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  const ascii = env.TERM === 'dumb' || !/utf-?8/i.test(locale || (env.TERM_PROGRAM ? 'utf8' : ''));
  const paintFor = (stream: Stream) =>
    createPaint({
      colour: forced ? !env.NO_COLOR : allowed && stream.isTTY === true,
      ascii: ascii && stream.isTTY === true,
    });
  return {
    ...streams,
    inputIsTty: streams.input.isTTY === true,
    outputIsTty: streams.output.isTTY === true,
    errorIsTty: streams.error.isTTY === true,
    label: null,
    get width() {
      if (!streams.output.isTTY) return null;
      const label = this.label === null ? 0 : this.label.length + LABEL_BAR;
      return (Number(env.COLUMNS) || streams.output.columns || 80) - label;
    },
    paint: paintFor(streams.output),
    errorPaint: paintFor(streams.error),
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}

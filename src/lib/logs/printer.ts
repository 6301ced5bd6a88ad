import type { Writable } from 'node:stream';
import type { Paint } from '../text/paint.ts';
import type { Zone } from '../text/time.ts';
import { BytePrinter } from './byte-printer.ts';
import type { Level } from './flatten.ts';
import { JsonForm } from './json-form.ts';
import { atLeast } from './level-filter.ts';
import { LineFilter } from './line-filter.ts';
import { OutputBuffer } from './output-buffer.ts';
import type { PodNames } from './pod-names.ts';
import type { LineSink } from './source.ts';
import { Tally } from './tally.ts';
import { TerminalForm } from './terminal-form.ts';
import { TextPrinter } from './text-printer.ts';
import { all, matching, notMatching } from './wanted.ts';
import { wordsOf } from './words.ts';

/** On a terminal live lines wait for so many milliseconds, so that those of several pods can be put in order. */
const LIVE_WINDOW = 150;

export interface PrinterOptions {
  output: Writable;
  form: 'human' | 'raw' | 'json';
  /** Whether a person sees the output as it comes. */
  terminal: boolean;
  /** What every line begins with in a practice world. */
  label: string | null;
  names: PodNames;
  paint: Paint;
  zone: Zone;
  timestamps: boolean;
  fields: readonly string[] | null;
  highlight: RegExp | null;
  grep: RegExp | null;
  exclude: RegExp | null;
  level: Level | null;
  before: number;
  after: number;
  /** Nanoseconds as in `stamp`; null for no end. */
  until: number | null;
  /** Levels are counted too, which means taking every line apart. */
  stats: boolean;
  now(): number;
}

/** Where log lines go. */
export interface Printer {
  sink: LineSink;
  tally: Tally;
  /** Prints what still waits, and says what is still to be said. */
  finish(): void;
}

/** Puts together what a line passes through: filters, then words or bytes, then the output. */
export function createPrinter(options: PrinterOptions): Printer {
  const tally = new Tally();
  const output = new OutputBuffer(options.output);
  const printer = printerOf(options, { tally, output });
  const { grep, exclude, level, before, after, until } = options;
  const wanted = [
    ...(level === null ? [] : [atLeast(level)]),
    ...(grep === null ? [] : [matching(grep)]),
    ...(exclude === null ? [] : [notMatching(exclude)]),
  ];
  const filtered = wanted.length > 0 || until !== null;
  return {
    sink: filtered ? new LineFilter(printer, { wanted: all(wanted), before, after, until }) : printer,
    tally,
    finish: () => (printer instanceof TextPrinter ? printer.finish() : printer.flush()),
  };
}

function printerOf(
  options: PrinterOptions,
  { tally, output }: { tally: Tally; output: OutputBuffer },
): TextPrinter | BytePrinter {
  const { form, terminal, names, label, paint, timestamps, fields } = options;
  if (form === 'json') return new TextPrinter(new JsonForm(tally), output, 0);
  if (form === 'human' && (terminal || options.stats)) {
    const prefix = label === null ? '' : `${label} │ `;
    return new TextPrinter(new TerminalForm({ ...options, tally, prefix }), output, terminal ? LIVE_WINDOW : 0);
  }
  const prefix = label === null ? '' : `${label} │ `;
  return new BytePrinter({
    output,
    raw: form === 'raw',
    timestamps,
    words: form === 'raw' ? null : (text) => wordsOf(text, { paint, fields }).words,
    prefixOf: (source) => (form === 'raw' ? Buffer.alloc(0) : Buffer.from(`${prefix}${names.prefixOf(source)} `)),
    countsOf: (source) => tally.of(source.pod),
  });
}

import type { Paint } from '../text/paint.ts';
import { clockTime, type Zone } from '../text/time.ts';
import type { Entry } from './log-line.ts';
import type { PodNames } from './pod-names.ts';
import { millisecondsOf } from './stamp.ts';
import type { Tally } from './tally.ts';
import type { TextForm } from './text-printer.ts';
import { type Wording, wordsOf } from './words.ts';

export interface TerminalFormOptions extends Wording {
  paint: Paint;
  names: PodNames;
  zone: Zone;
  timestamps: boolean;
  /** Shown inverted wherever it occurs. */
  highlight: RegExp | null;
  /** What every line begins with; empty outside a practice world. */
  prefix: string;
  /** On a terminal times are short, and repetitions are told instead of shown. */
  terminal: boolean;
  /** Counts what is shown. */
  tally: Tally;
  /** Milliseconds since 1970. */
  now(): number;
}

/** A repetition is told at the latest after so many milliseconds, so that the screen is seen to live. */
const PATIENCE = 5000;

/** Lines for a person at a terminal: short times, colours, repetitions told instead of shown. */
export class TerminalForm implements TextForm {
  readonly #options: TerminalFormOptions;
  #same = { key: '', prefix: '', count: 0, since: 0 };

  constructor(options: TerminalFormOptions) {
    this.#options = options;
  }

  lines(entries: readonly Entry[]): string[] {
    const now = this.#options.now();
    return entries.flatMap((entry) => this.#collapsed(entry, now));
  }

  rest(): string[] {
    const { count, prefix } = this.#same;
    this.#same.count = 0;
    return count === 0 ? [] : [`${prefix} ${this.#options.paint.dim(`×${count} more of the same`)}`];
  }

  #collapsed({ at, nanos, source, text }: Entry, now: number): string[] {
    const { names, paint, tally } = this.#options;
    const { words, level } = wordsOf(text, this.#options);
    tally.count(source.pod, level);
    const plainPrefix = names.prefixOf(source);
    const prefix = `${this.#options.prefix}${paint.oneOf(names.numberOf(source.pod), plainPrefix)}`;
    const key = `${plainPrefix} ${words}`;
    if (this.#options.terminal && key === this.#same.key && now - this.#same.since < PATIENCE) {
      this.#same.count += 1;
      return [];
    }
    const told = this.rest();
    this.#same = { key, prefix, count: 0, since: now };
    return [...told, `${prefix} ${this.#time(at, nanos)}${this.#highlighted(words)}`.trimEnd()];
  }

  #time(at: string, nanos: number): string {
    const { timestamps, zone, paint, terminal } = this.#options;
    if (!terminal) return timestamps ? `${at} ` : '';
    return timestamps ? `${paint.dim(clockTime(millisecondsOf(nanos), zone).slice(0, 8))} ` : '';
  }

  #highlighted(words: string): string {
    const { highlight, paint } = this.#options;
    return highlight ? words.replace(highlight, (hit) => (hit ? paint.found(hit) : hit)) : words;
  }
}

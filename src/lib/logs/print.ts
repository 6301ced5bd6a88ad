import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { interrupted } from '../errors.ts';
import type { Entry } from './log-line.ts';
import type { LogRenderer } from './render.ts';
import { Tally } from './tally.ts';

/** Where log lines go, in one of three forms. */
export interface LogSink {
  form: 'human' | 'raw' | 'json';
  /** A line for people. */
  say(text: string): void;
  /** Text for another program, as it is. */
  pass(text: string): void;
  /** One JSON object. */
  printJson(value: object): void;
  /** What the three write to, so that nothing is written faster than it is read. */
  output: Writable;
  signal: AbortSignal;
}

/** Prints log lines and counts them. */
export class LogPrinter {
  readonly tally = new Tally();
  readonly #sink: LogSink;
  readonly #renderer: LogRenderer;
  #draining: Promise<unknown> | null = null;

  constructor(renderer: LogRenderer, sink: LogSink) {
    this.#renderer = renderer;
    this.#sink = sink;
  }

  /** Resolves when the reader has kept up. @param now milliseconds since 1970 @throws INTERRUPTED */
  async show(entries: readonly Entry[], now: number): Promise<void> {
    for (const entry of entries) {
      this.tally.count(entry);
      const { at, pod, container, text } = entry;
      if (this.#sink.form === 'json') this.#sink.printJson({ at, pod, container, line: text });
    }
    if (this.#sink.form !== 'json') this.#print(this.#renderer.lines(entries, now));
    await this.#drained();
  }

  /** Says what is still to be said of repetitions. */
  finish(): void {
    if (this.#sink.form === 'human') this.#print(this.#renderer.rest());
  }

  #print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    if (this.#sink.form === 'raw') this.#sink.pass(`${lines.join('\n')}\n`);
    else this.#sink.say(lines.join('\n'));
  }

  async #drained(): Promise<void> {
    const { output, signal } = this.#sink;
    if (!output.writableNeedDrain) return;
    // One wait for all who write: each would leave a listener of its own.
    this.#draining ??= once(output, 'drain', { signal }).finally(() => {
      this.#draining = null;
    });
    await this.#draining.catch(() => {
      throw interrupted();
    });
  }
}

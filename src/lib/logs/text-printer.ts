import type { Entry } from './log-line.ts';
import type { OutputBuffer } from './output-buffer.ts';
import type { LineSink, Source } from './source.ts';
import { isoOf, nanosAt } from './stamp.ts';

/** Turns lines into text: words for a terminal, or JSON objects for a program. */
export interface TextForm {
  /** Lines of text, without line breaks at their ends. */
  lines(entries: readonly Entry[]): string[];
  /** What is still to be said when it ends. */
  rest(): string[];
}

/** Lines that have waited for so many bytes are written although more are coming. */
const MOST_GATHERED = 500;

/** How a line begins that goes on with the one before: indented, or as Java, Go, Python and Node continue a trace. */
export const CONTINUES = /^(?:\s|$|at |\.{3} \d+ more|Caused by:|Traceback |goroutine \d|created by |\[signal )/;
const TRACE_LASTS = 1e9;
const CARRIAGE_RETURN = 0x0d;

/** A line's text, without the carriage return of a Windows line end. */
export function textOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
}

/** Prints lines that have to be understood first: taken apart, coloured, collapsed, or wrapped into JSON. */
export class TextPrinter implements LineSink {
  readonly #form: TextForm;
  readonly #output: OutputBuffer;
  /** Live lines wait for so many milliseconds, so that those of several pods can be put in order; 0: they do not. */
  readonly #window: number;
  #gathered: Entry[] = [];
  readonly #heads = new WeakMap<Source, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(form: TextForm, output: OutputBuffer, window: number) {
    this.#form = form;
    this.#output = output;
    this.#window = window;
  }

  line(source: Source, bytes: Buffer, start: number, text: number, end: number): void {
    const nanos = nanosAt(bytes, start);
    const words = textOf(bytes, text, end);
    this.#gathered.push({ nanos: this.#inOrder(source, nanos, words), at: isoOf(nanos), source, text: words });
    if (this.#window === 0 && this.#gathered.length >= MOST_GATHERED) this.#print();
  }

  /** A stack trace is one thing: its lines keep to the first of them when those of several pods are put in order. */
  #inOrder(source: Source, nanos: number, words: string): number {
    if (this.#window === 0) return nanos;
    const head = this.#heads.get(source);
    if (head !== undefined && CONTINUES.test(words) && nanos - head < TRACE_LASTS) return head;
    this.#heads.set(source, nanos);
    return nanos;
  }

  flush(): void {
    if (this.#window === 0) this.#print();
    else this.#timer ??= setTimeout(() => this.#print(), this.#window);
  }

  /** Prints what still waits, and the last words. */
  finish(): void {
    this.#print();
    this.#write(this.#form.rest());
    this.#output.flush();
  }

  get full(): boolean {
    return this.#output.full;
  }

  drained(): Promise<void> {
    return this.#output.drained();
  }

  #print(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#gathered.length === 0) {
      this.#output.flush();
      return;
    }
    const entries = this.#window === 0 ? this.#gathered : this.#gathered.sort((a, b) => a.nanos - b.nanos);
    this.#gathered = [];
    this.#write(this.#form.lines(entries));
    this.#output.flush();
  }

  #write(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const text = `${lines.join('\n')}\n`;
    this.#output.reserve(text.length * 3);
    this.#output.length += this.#output.bytes.write(text, this.#output.length, 'utf8');
  }
}

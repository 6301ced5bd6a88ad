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

/** Prints lines that have to be understood first: taken apart, coloured, collapsed, or wrapped into JSON. */
export class TextPrinter implements LineSink {
  readonly #form: TextForm;
  readonly #output: OutputBuffer;
  /** Live lines wait for so many milliseconds, so that those of several pods can be put in order; 0: they do not. */
  readonly #window: number;
  #gathered: (Entry & { nanos: number })[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(form: TextForm, output: OutputBuffer, window: number) {
    this.#form = form;
    this.#output = output;
    this.#window = window;
  }

  line(source: Source, bytes: Buffer, start: number, text: number, end: number): void {
    const nanos = nanosAt(bytes, start);
    const { pod, container } = source;
    this.#gathered.push({ nanos, at: isoOf(nanos), pod, container, text: bytes.toString('utf8', text, end) });
    if (this.#window === 0 && this.#gathered.length >= MOST_GATHERED) this.#print();
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
    if (this.#gathered.length === 0) return this.#output.flush();
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

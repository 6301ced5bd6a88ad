import { withoutDanger } from './dangerous.ts';
import type { OutputBuffer } from './output-buffer.ts';
import type { LineSink, Source } from './source.ts';
import { textOf } from './text-printer.ts';

export interface BytePrinting {
  output: OutputBuffer;
  /** What each line begins with, e.g. the pod's name; asked for once per source. */
  prefixOf(source: Source): Buffer;
  timestamps: boolean;
  /** Lines exactly as written, byte for byte, whatever is in them. */
  raw: boolean;
  /** The words of a line that is JSON or logfmt; null leaves such lines as they are. */
  words: ((text: string) => string) | null;
  /** Where the lines of a source are counted; asked for once per source. */
  countsOf(source: Source): { lines: number };
}

const LINE_BREAK = 0x0a;

const BRACE = 0x7b;
const EQUALS = 0x3d;
const LONGEST_NAME = 24;

/** Whether a line looks like JSON or logfmt: whether it is, only taking it apart can tell. */
function isStructured(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] === BRACE) return true;
  const last = Math.min(end, start + LONGEST_NAME);
  for (let at = start; at < last; at++) {
    const byte = bytes[at] as number;
    if (byte === EQUALS) return at > start;
    // Letters, digits, dot, dash, underscore, at sign: what names of fields are made of.
    const name = (byte | 0x20) > 0x60 && (byte | 0x20) < 0x7b;
    if (!name && !(byte >= 0x2d && byte <= 0x39 && byte !== 0x2f) && byte !== 0x5f && byte !== 0x40) return false;
  }
  return false;
}

/**
 * Prints lines as they are, behind a prefix, without ever making a string of one: this is what makes it fast. A stamp is
 * shown as the node wrote it, to the nanosecond.
 */
export class BytePrinter implements LineSink {
  readonly #printing: BytePrinting;
  readonly #output: OutputBuffer;
  readonly #timestamps: boolean;
  readonly #words: BytePrinting['words'];

  constructor(printing: BytePrinting) {
    this.#printing = printing;
    this.#output = printing.output;
    this.#timestamps = printing.timestamps;
    this.#words = printing.words;
    if (!printing.raw) printing.output.inspect = () => this.#inspect();
  }

  // Many parameters and not an object, since this is called some million times a second.
  line(source: Source, bytes: Buffer, start: number, text: number, end: number): void {
    const prefix = source.prefix ?? this.#prefix(source);
    const counts = source.counts ?? this.#counts(source);
    counts.lines++;
    if (this.#words !== null && isStructured(bytes, text, end)) {
      this.#structured(prefix, { bytes, start, text, end });
      return;
    }
    const output = this.#output;
    const from = this.#timestamps ? start : text;
    output.reserve(prefix.length + end - from + 1);
    const to = output.bytes;
    let at = output.length;
    // A loop, since a call costs more than a few bytes do.
    for (let i = 0; i < prefix.length; i++) to[at++] = prefix[i] as number;
    output.length = at;
    output.add(bytes, from, end);
    to[output.length++] = LINE_BREAK;
  }

  flush(): void {
    this.#output.flush();
  }

  get full(): boolean {
    return this.#output.full;
  }

  drained(): Promise<void> {
    return this.#output.drained();
  }

  #structured(prefix: Buffer, line: { bytes: Buffer; start: number; text: number; end: number }): void {
    const { bytes, start, text, end } = line;
    const words = this.#words?.(textOf(bytes, text, end)) ?? '';
    const output = this.#output;
    output.reserve(prefix.length + (text - start) + words.length * 3 + 1);
    let at = output.length + prefix.copy(output.bytes, output.length);
    if (this.#timestamps) at += bytes.copy(output.bytes, at, start, text);
    at += output.bytes.write(words, at, 'utf8');
    output.bytes[at++] = LINE_BREAK;
    output.length = at;
  }

  #prefix(source: Source): Buffer {
    source.prefix = this.#printing.prefixOf(source);
    return source.prefix;
  }

  #counts(source: Source): { lines: number } {
    source.counts = this.#printing.countsOf(source);
    return source.counts;
  }

  #inspect(): void {
    const output = this.#output;
    const clean = withoutDanger(output.bytes.subarray(0, output.length));
    if (clean.length === output.length && clean.buffer === output.bytes.buffer) return;
    if (clean.length > output.bytes.length) output.bytes = clean;
    else clean.copy(output.bytes);
    output.length = clean.length;
  }
}

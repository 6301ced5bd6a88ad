import { withoutDanger } from './dangerous.ts';
import type { OutputBuffer } from './output-buffer.ts';
import type { LineSink, Source } from './source.ts';

export interface BytePrinting {
  output: OutputBuffer;
  /** What each line begins with, e.g. the pod's name; asked for once per source. */
  prefixOf(source: Source): Buffer;
  timestamps: boolean;
  /** Lines exactly as written, byte for byte, whatever is in them. */
  raw: boolean;
}

const LINE_BREAK = 0x0a;

/**
 * Prints lines as they are, behind a prefix, without ever making a string of one: this is what makes it fast. A stamp is
 * shown as the node wrote it, to the nanosecond.
 */
export class BytePrinter implements LineSink {
  readonly #printing: BytePrinting;
  readonly #output: OutputBuffer;
  readonly #timestamps: boolean;

  constructor(printing: BytePrinting) {
    this.#printing = printing;
    this.#output = printing.output;
    this.#timestamps = printing.timestamps;
    if (!printing.raw) printing.output.inspect = () => this.#inspect();
  }

  line(source: Source, bytes: Buffer, start: number, text: number, end: number): void {
    const output = this.#output;
    const prefix = source.prefix ?? this.#prefix(source);
    const from = this.#timestamps ? start : text;
    output.reserve(prefix.length + end - from + 1);
    const to = output.bytes;
    let at = output.length;
    // A loop, since a call of `copy` costs more than a few bytes do.
    for (let i = 0; i < prefix.length; i++) to[at++] = prefix[i] as number;
    bytes.copy(to, at, from, end);
    at += end - from;
    to[at++] = LINE_BREAK;
    output.length = at;
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

  #prefix(source: Source): Buffer {
    source.prefix = this.#printing.prefixOf(source);
    return source.prefix;
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

import type { LineSink, Source } from './source.ts';
import { nanosAt } from './stamp.ts';

/** Whether a line is wanted. Called for every line, so it works on bytes as far as it can. */
export type Wanted = (source: Source, bytes: Buffer, text: number, end: number) => boolean;

export interface Filtering {
  wanted: Wanted;
  /** Lines to show before and after one that is wanted. */
  before: number;
  after: number;
  /** Lines stamped later are not shown; null shows all. Nanoseconds as in `stamp`. */
  until: number | null;
}

interface Kept {
  bytes: Buffer;
  text: number;
}

/** Lets through what is wanted, with the lines around it. */
export class LineFilter implements LineSink {
  readonly #sink: LineSink;
  readonly #filtering: Filtering;
  /** What may still be needed from before a hit, by source; a line is copied, since its bytes are not ours. */
  readonly #before = new WeakMap<Source, Kept[]>();
  readonly #after = new WeakMap<Source, number>();

  constructor(sink: LineSink, filtering: Filtering) {
    this.#sink = sink;
    this.#filtering = filtering;
  }

  line(source: Source, bytes: Buffer, start: number, text: number, end: number): void {
    const { wanted, before, after, until } = this.#filtering;
    if (until !== null && nanosAt(bytes, start) > until) return;
    if (wanted(source, bytes, text, end)) {
      if (before > 0) this.#release(source);
      if (after > 0) this.#after.set(source, after);
      this.#sink.line(source, bytes, start, text, end);
      return;
    }
    const left = after > 0 ? (this.#after.get(source) ?? 0) : 0;
    if (left > 0) {
      this.#after.set(source, left - 1);
      this.#sink.line(source, bytes, start, text, end);
    } else if (before > 0) this.#keep(source, { bytes: Buffer.from(bytes.subarray(start, end)), text: text - start });
  }

  flush(): void {
    this.#sink.flush();
  }

  get full(): boolean {
    return this.#sink.full;
  }

  drained(): Promise<void> {
    return this.#sink.drained();
  }

  #keep(source: Source, line: Kept): void {
    const kept = this.#before.get(source) ?? [];
    kept.push(line);
    if (kept.length > this.#filtering.before) kept.shift();
    this.#before.set(source, kept);
  }

  #release(source: Source): void {
    for (const { bytes, text } of this.#before.get(source) ?? []) this.#sink.line(source, bytes, 0, text, bytes.length);
    this.#before.delete(source);
  }
}

import type { Head } from './head.ts';
import type { LineSink } from './source.ts';

/** Lines of many heads, earliest first. */
export class Merge {
  readonly #sink: LineSink;
  #wake: () => void = () => {};

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  wake(): void {
    this.#wake();
  }

  async run(heads: readonly Head[], signal: AbortSignal): Promise<void> {
    let left = [...heads];
    while (left.length > 0 && !signal.aborted) {
      left = left.filter((head) => head.ready || !head.over);
      // The earliest of all is known only when each has a line, or has ended.
      if (left.every(({ ready }) => ready)) this.#merge(left);
      if (this.#sink.full) await this.#sink.drained();
      else if (!left.every((head) => head.ready || head.over)) await this.#news();
    }
    this.#sink.flush();
  }

  #news(): Promise<void> {
    this.#sink.flush();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Shows lines until a head runs dry or the reader of our output is behind. */
  #merge(heads: readonly Head[]): void {
    const heap = [...heads].sort((a, b) => a.nanos - b.nanos);
    const sink = this.#sink;
    for (;;) {
      const head = heap[0];
      if (!head) return;
      sink.line(head.source, head.bytes, head.start, head.text, head.stop);
      if (!head.advance()) {
        if (!head.over) return;
        heap.shift();
        // `shift` keeps the order of a sorted array, and heads end rarely.
        heap.sort((a, b) => a.nanos - b.nanos);
        continue;
      }
      siftDown(heap);
      if (sink.full) return;
    }
  }
}

/** The first element of a heap has grown: moves it to its place. */
function siftDown(heap: Head[]): void {
  const head = heap[0] as Head;
  const { nanos } = head;
  const { length } = heap;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= length) break;
    if (child + 1 < length && (heap[child + 1] as Head).nanos < (heap[child] as Head).nanos) child++;
    if ((heap[child] as Head).nanos >= nanos) break;
    heap[at] = heap[child] as Head;
    at = child;
  }
  heap[at] = head;
}

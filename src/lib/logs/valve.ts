import type { LogStream } from '../clients/kubernetes/kubernetes.ts';
import type { LineSink } from './source.ts';

/** Holds all streams back while the reader of our output is behind, so that memory stays bounded. */
export class Valve {
  readonly #sink: LineSink;
  readonly #streams = new Set<LogStream>();
  #closed = false;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  add(stream: LogStream): void {
    this.#streams.add(stream);
    if (this.#closed) stream.pause();
  }

  remove(stream: LogStream): void {
    this.#streams.delete(stream);
  }

  /** To be called after lines were given to the sink. */
  check(): void {
    if (this.#closed || !this.#sink.full) return;
    this.#closed = true;
    for (const stream of this.#streams) stream.pause();
    void this.#sink.drained().then(() => {
      this.#closed = false;
      for (const stream of this.#streams) stream.resume();
    });
  }
}

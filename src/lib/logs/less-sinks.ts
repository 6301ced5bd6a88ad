import type { LineSink, Source } from './source.ts';

/** Between the two requests a run may have ended: then a node gives the same log to both. */
export function withoutWords(sink: LineSink, words: ReadonlyMap<Source, ReadonlySet<string>>): LineSink {
  if (words.size === 0) return sink;
  return {
    line(source, bytes, start, text, end) {
      if (!words.get(source)?.has(bytes.toString('latin1', start, end))) sink.line(source, bytes, start, text, end);
    },
    flush: () => sink.flush(),
    get full() {
      return sink.full;
    },
    drained: () => sink.drained(),
  };
}

/** Takes lines and shows none. */
export function silent(sink: LineSink): LineSink {
  return { line: () => {}, flush: () => {}, full: false, drained: () => sink.drained() };
}

import { Labels } from './labels.ts';
import type { Matcher } from './matcher.ts';

/** One scraped value: wall-clock milliseconds and the number; null is a staleness marker, written when a series ends. */
export interface Point {
  t: number;
  v: number | null;
}

export interface Series {
  labels: Labels;
  /** In order of time. */
  samples: readonly Point[];
}

/**
 * Tells a source that only the last `rangeMs` before each step matter, the first step being `fromMs + rangeMs`.
 * It may leave out what lies between.
 */
export interface Steps {
  stepMs: number;
  rangeMs: number;
}

/** Where series come from. */
export interface SeriesSource {
  /** Every series that passes all matchers and has a sample from `fromMs` to `toMs`, both included. */
  select(matchers: readonly Matcher[], fromMs: number, toMs: number, steps?: Steps): readonly Series[];
  /** The label sets of those series alone; the time may span everything there is. */
  labelSets(matchers: readonly Matcher[], fromMs: number, toMs: number): readonly Labels[];
}

/** One source that answers with the series of all. The sources must not share a label set. */
export function joined(...sources: readonly SeriesSource[]): SeriesSource {
  return {
    select: (matchers, fromMs, toMs, steps) =>
      sources
        .flatMap((source) => source.select(matchers, fromMs, toMs, steps))
        .sort((a, b) => Labels.compare(a.labels, b.labels)),
    labelSets: (matchers, fromMs, toMs) =>
      sources.flatMap((source) => source.labelSets(matchers, fromMs, toMs)).sort(Labels.compare),
  };
}

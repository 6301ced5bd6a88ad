import { Labels } from './labels.ts';
import type { Matcher } from './matcher.ts';
import type { Series, SeriesSource } from './series-source.ts';
import type { At, VectorSelector } from './syntax.ts';
import { emptyTrack, type Steps, type Track, timeOf } from './track.ts';

/** What selectors need to know about the query they stand in. */
export interface Scope {
  source: SeriesSource;
  steps: Steps;
  /** The ends of the whole query, for `@ start()` and `@ end()`. */
  bounds: { startMs: number; endMs: number };
  /** How long a series is taken to keep its last value. */
  lookbackMs: number;
}

/** The samples of one series that are no staleness markers, as two parallel columns. */
export interface Column {
  labels: Labels;
  times: Float64Array;
  values: Float64Array;
}

/** The moment that a selector looks at on each step, its `offset` and `@` applied. */
export function referenceTimes(scope: Scope, shift: { offsetMs: number; at: At | null }): Float64Array {
  const { steps, bounds } = scope;
  const fixed = shift.at === 'start' ? bounds.startMs : shift.at === 'end' ? bounds.endMs : shift.at;
  const times = new Float64Array(steps.count);
  for (let i = 0; i < times.length; i++) times[i] = (fixed ?? timeOf(steps, i)) - shift.offsetMs;
  return times;
}

function select(scope: Scope, matchers: readonly Matcher[], times: Float64Array, rangeMs: number): readonly Series[] {
  const first = times[0] as number;
  const last = times.at(-1) as number;
  const series = scope.source.select(matchers, first - rangeMs, last, { stepMs: scope.steps.stepMs, rangeMs });
  return [...series].sort((a, b) => Labels.compare(a.labels, b.labels));
}

/**
 * The value of each selected series at each step: its newest sample, unless that is a staleness marker or older than
 * the lookback.
 * @param timestamps gives the time of that sample, in seconds, instead of its value
 */
export function instantTracks(scope: Scope, selector: VectorSelector, timestamps = false): Track[] {
  const times = referenceTimes(scope, selector);
  const tracks: Track[] = [];
  for (const { labels, samples } of select(scope, selector.matchers, times, scope.lookbackMs)) {
    const track = emptyTrack(labels, times.length);
    let next = 0;
    let any = false;
    for (let i = 0; i < times.length; i++) {
      const moment = times[i] as number;
      while (next < samples.length && (samples[next] as { t: number }).t <= moment) next++;
      const newest = samples[next - 1];
      if (!newest || newest.v === null || newest.t < moment - scope.lookbackMs) continue;
      track.values[i] = timestamps ? newest.t / 1000 : newest.v;
      track.present[i] = 1;
      any = true;
    }
    if (any) tracks.push(track);
  }
  return tracks;
}

/** Everything that a range selector may need: the samples around all steps, staleness markers left out. */
export function selectedColumns(scope: Scope, selector: VectorSelector, rangeMs: number): Column[] {
  const times = referenceTimes(scope, selector);
  return select(scope, selector.matchers, times, rangeMs).map(({ labels, samples }) => {
    const column = { labels, times: new Float64Array(samples.length), values: new Float64Array(samples.length) };
    let count = 0;
    for (const { t, v } of samples) {
      if (v === null) continue;
      column.times[count] = t;
      column.values[count++] = v;
    }
    return { labels, times: column.times.subarray(0, count), values: column.values.subarray(0, count) };
  });
}

/** An evaluated expression as columns of samples, for a subquery. */
export function trackColumns(tracks: readonly Track[], steps: Steps): Column[] {
  return tracks.map(({ labels, values, present }) => {
    const held = [...present.keys()].filter((i) => present[i]);
    return {
      labels,
      times: Float64Array.from(held, (i) => timeOf(steps, i)),
      values: Float64Array.from(held, (i) => values[i] as number),
    };
  });
}

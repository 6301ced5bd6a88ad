import { CompensatedSum } from './compensated-sum.ts';
import { quantile } from './quantile.ts';

/** What a function of a range vector sees of one series at one step. */
export interface Window {
  /** Milliseconds since 1970 of the samples inside the range, and their values. */
  times: ArrayLike<number>;
  values: ArrayLike<number>;
  /** The samples are those from `from` (included) to `to` (excluded): at least one. */
  from: number;
  to: number;
  /** The range itself, in milliseconds since 1970; both ends belong to it. */
  startMs: number;
  endMs: number;
  /** The step's own time. */
  nowMs: number;
  /** The scalar argument, when the function takes one. */
  scalar: number;
}

/** Gives the value, or null for none. */
export type RangeFunction = (window: Window) => number | null;

export const RANGE_FUNCTIONS: ReadonlyMap<string, RangeFunction> = new Map<string, RangeFunction>([
  ['rate', (w) => extrapolated(w, { counter: true, perSecond: true })],
  ['increase', (w) => extrapolated(w, { counter: true, perSecond: false })],
  ['delta', (w) => extrapolated(w, { counter: false, perSecond: false })],
  ['irate', (w) => lastStep(w, true)],
  ['idelta', (w) => lastStep(w, false)],
  ['deriv', (w) => (w.to - w.from < 2 ? null : regression(w, w.times[w.from] as number).slope)],
  ['predict_linear', predict],
  ['changes', (w) => transitions(w, (before, now) => now !== before && !(Number.isNaN(now) && Number.isNaN(before)))],
  ['resets', (w) => transitions(w, (before, now) => now < before)],
  ['sum_over_time', (w) => sum(w)],
  ['avg_over_time', average],
  ['count_over_time', (w) => w.to - w.from],
  ['last_over_time', (w) => w.values[w.to - 1] as number],
  ['max_over_time', (w) => extreme(w, (now, best) => now > best)],
  ['min_over_time', (w) => extreme(w, (now, best) => now < best)],
  ['stdvar_over_time', variance],
  ['stddev_over_time', (w) => Math.sqrt(variance(w))],
  ['present_over_time', () => 1],
  ['absent_over_time', () => 1],
  ['quantile_over_time', (w) => quantile(w.scalar, Array.prototype.slice.call(w.values, w.from, w.to))],
]);

/**
 * Growth within the range, stretched to the range's ends: up to a little more than one sample interval on either side, else
 * by half an interval; a counter is not stretched below zero.
 * https://prometheus.io/docs/prometheus/2.42/querying/functions/#rate
 */
function extrapolated(window: Window, { counter, perSecond }: { counter: boolean; perSecond: boolean }): number | null {
  const { times, values, from, to, startMs, endMs } = window;
  if (to - from < 2) return null;
  const first = values[from] as number;
  let growth = (values[to - 1] as number) - first;
  if (counter) {
    for (let i = from + 1; i < to; i++) {
      if ((values[i] as number) < (values[i - 1] as number)) growth += values[i - 1] as number;
    }
  }
  let toStart = ((times[from] as number) - startMs) / 1000;
  const toEnd = (endMs - (times[to - 1] as number)) / 1000;
  const sampled = ((times[to - 1] as number) - (times[from] as number)) / 1000;
  const interval = sampled / (to - from - 1);
  if (counter && growth > 0 && first >= 0) toStart = Math.min(toStart, sampled * (first / growth));
  const near = interval * 1.1;
  let stretched = sampled + (toStart < near ? toStart : interval / 2);
  stretched += toEnd < near ? toEnd : interval / 2;
  const factor = stretched / sampled / (perSecond ? (endMs - startMs) / 1000 : 1);
  return growth * factor;
}

function lastStep({ times, values, from, to }: Window, perSecond: boolean): number | null {
  if (to - from < 2) return null;
  const last = values[to - 1] as number;
  const before = values[to - 2] as number;
  const ms = (times[to - 1] as number) - (times[to - 2] as number);
  if (ms === 0) return null;
  if (!perSecond) return last - before;
  return (last < before ? last : last - before) / (ms / 1000);
}

function predict(window: Window): number | null {
  if (window.to - window.from < 2) return null;
  const { slope, intercept } = regression(window, window.nowMs);
  return slope * window.scalar + intercept;
}

/** Least squares through the samples; the intercept is the line's value at `originMs`. */
function regression({ times, values, from, to }: Window, originMs: number): { slope: number; intercept: number } {
  const [x, y, xy, xx] = [new CompensatedSum(), new CompensatedSum(), new CompensatedSum(), new CompensatedSum()];
  const first = values[from] as number;
  let constant = true;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    const seconds = ((times[i] as number) - originMs) / 1000;
    if (value !== first && i > from) constant = false;
    x.add(seconds);
    y.add(value);
    xy.add(seconds * value);
    xx.add(seconds * seconds);
  }
  if (constant) {
    const infinite = Math.abs(first) === Number.POSITIVE_INFINITY;
    return infinite ? { slope: Number.NaN, intercept: Number.NaN } : { slope: 0, intercept: first };
  }
  const n = to - from;
  const slope = (xy.exact - (x.exact * y.exact) / n) / (xx.exact - (x.exact * x.exact) / n);
  return { slope, intercept: y.exact / n - (slope * x.exact) / n };
}

function transitions({ values, from, to }: Window, counts: (before: number, now: number) => boolean): number {
  let total = 0;
  for (let i = from + 1; i < to; i++) if (counts(values[i - 1] as number, values[i] as number)) total++;
  return total;
}

function sum({ values, from, to }: Window): number {
  const total = new CompensatedSum();
  for (let i = from; i < to; i++) total.add(values[i] as number);
  return total.value;
}

/** A running mean, so that large values do not overflow; an infinite mean stays until something contradicts it. */
function average({ values, from, to }: Window): number {
  const mean = new CompensatedSum();
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    if (Math.abs(mean.rough) === Number.POSITIVE_INFINITY && (value === mean.rough || Number.isFinite(value))) continue;
    const count = i - from + 1;
    mean.add(value / count - mean.rough / count);
  }
  return mean.value;
}

function extreme({ values, from, to }: Window, better: (now: number, best: number) => boolean): number {
  let best = values[from] as number;
  for (let i = from + 1; i < to; i++) {
    if (better(values[i] as number, best) || Number.isNaN(best)) best = values[i] as number;
  }
  return best;
}

function variance({ values, from, to }: Window): number {
  const mean = new CompensatedSum();
  const squares = new CompensatedSum();
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    const distance = value - mean.exact;
    mean.add(distance / (i - from + 1));
    squares.add(distance * (value - mean.exact));
  }
  return squares.exact / (to - from);
}

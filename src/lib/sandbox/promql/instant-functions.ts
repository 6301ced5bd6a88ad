import { type Labels, METRIC_NAME } from './labels.ts';
import { executionError } from './promql-error.ts';
import { type Bucket, bucketQuantile, rising } from './quantile.ts';
import { anchored } from './regular-expression.ts';
import { fromVectors, mapTrack, merged, type Sample, type Track, valueAt, vectorAt } from './track.ts';

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Functions that change each value of a vector on its own. */
export const MATH: ReadonlyMap<string, (value: number) => number> = new Map<string, (value: number) => number>([
  ['abs', Math.abs],
  ['ceil', Math.ceil],
  ['floor', Math.floor],
  ['exp', Math.exp],
  ['sqrt', Math.sqrt],
  ['ln', Math.log],
  ['log2', Math.log2],
  ['log10', Math.log10],
  ['sin', Math.sin],
  ['cos', Math.cos],
  ['tan', Math.tan],
  ['asin', Math.asin],
  ['acos', Math.acos],
  ['atan', Math.atan],
  ['sinh', Math.sinh],
  ['cosh', Math.cosh],
  ['tanh', Math.tanh],
  ['asinh', Math.asinh],
  ['acosh', Math.acosh],
  ['atanh', Math.atanh],
  ['rad', (value) => (value * Math.PI) / 180],
  ['deg', (value) => (value * 180) / Math.PI],
  ['sgn', (value) => (value < 0 ? -1 : value > 0 ? 1 : value)],
]);

/** Functions of a moment in UTC; their values are seconds since 1970. */
export const DATES: ReadonlyMap<string, (moment: Date) => number> = new Map([
  ['minute', (moment: Date) => moment.getUTCMinutes()],
  ['hour', (moment: Date) => moment.getUTCHours()],
  ['day_of_week', (moment: Date) => moment.getUTCDay()],
  ['day_of_month', (moment: Date) => moment.getUTCDate()],
  [
    'day_of_year',
    (moment: Date) => Math.floor((moment.getTime() - Date.UTC(moment.getUTCFullYear(), 0, 1)) / 86_400_000) + 1,
  ],
  [
    'days_in_month',
    (moment: Date) => new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 0)).getUTCDate(),
  ],
  ['month', (moment: Date) => moment.getUTCMonth() + 1],
  ['year', (moment: Date) => moment.getUTCFullYear()],
]);

/** The smaller of two as Go's `math.Min` sees it: minus infinity wins even against NaN. */
function smaller(a: number, b: number): number {
  return a === Number.NEGATIVE_INFINITY || b === Number.NEGATIVE_INFINITY ? Number.NEGATIVE_INFINITY : Math.min(a, b);
}

function larger(a: number, b: number): number {
  return a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : Math.max(a, b);
}

/** `clamp`, `clamp_min` and `clamp_max`, whose bounds may change from step to step. Nothing is left where min > max. */
export function clamp(tracks: readonly Track[], least: Track | null, most: Track | null): Track[] {
  const clamped = tracks.map((track) => {
    const changed = mapTrack(track, track.labels.nameless, (value, i) => {
      const capped = most ? smaller(valueAt(most, i), value) : value;
      return least ? larger(valueAt(least, i), capped) : capped;
    });
    if (!least || !most) return changed;
    return { ...changed, present: changed.present.map((has, i) => (valueAt(most, i) < valueAt(least, i) ? 0 : has)) };
  });
  return merged(clamped);
}

/** `round`: to the nearest multiple, halves upwards. */
export function round(tracks: readonly Track[], nearest: Track | null): Track[] {
  return merged(
    tracks.map((track) =>
      mapTrack(track, track.labels.nameless, (value, i) => {
        const inverse = 1 / (nearest ? valueAt(nearest, i) : 1);
        return Math.floor(value * inverse + 0.5) / inverse;
      }),
    ),
  );
}

/** `sort` and `sort_desc`; NaN comes last either way. Only the order of an instant query's answer shows it. */
export function sorted(tracks: readonly Track[], descending: boolean): Track[] {
  const last = (track: Track) => track.values.length - 1;
  return [...tracks].sort((a, b) => {
    const [x, y] = [valueAt(a, last(a)), valueAt(b, last(b))];
    if (Number.isNaN(x) || Number.isNaN(y)) return rising(y, x);
    return descending ? y - x : x - y;
  });
}

/** `histogram_quantile` over classic buckets. Series without a readable `le` are left out. */
export function histogramQuantile(phi: Track, tracks: readonly Track[]): Track[] {
  const groups = tracks.map(({ labels }) => ({
    bound: bound(labels.get('le')),
    key: labels.without(['le']).key,
    labels: labels.without(['le', METRIC_NAME]),
  }));
  return fromVectors(phi.values.length, (i) => {
    const histograms = new Map<string, { labels: Labels; buckets: Bucket[] }>();
    for (const { track, value } of vectorAt(tracks, i)) {
      const group = groups[track] as (typeof groups)[number];
      if (group.bound === null) continue;
      const histogram = histograms.get(group.key) ?? { labels: group.labels, buckets: [] };
      histogram.buckets.push({ bound: group.bound, count: value });
      histograms.set(group.key, histogram);
    }
    return [...histograms.values()].map(
      ({ labels, buckets }): Sample => ({ labels, value: bucketQuantile(valueAt(phi, i), buckets) }),
    );
  });
}

function bound(text: string): number | null {
  if (/^\+?Inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^-Inf$/i.test(text)) return Number.NEGATIVE_INFINITY;
  return text === '' || Number.isNaN(Number(text)) ? null : Number(text);
}

export interface LabelReplacement {
  target: string;
  replacement: string;
  source: string;
  pattern: string;
}

/** `label_replace`: sets a label from another that matches a whole regular expression, `$1` and `${name}` expanded. */
export function labelReplace(
  tracks: readonly Track[],
  { target, replacement, source, pattern }: LabelReplacement,
): Track[] {
  let expression: RegExp;
  try {
    expression = anchored(pattern);
  } catch {
    throw executionError(`invalid regular expression in label_replace(): ${pattern}`);
  }
  if (!LABEL_NAME.test(target)) throw executionError(`invalid destination label name in label_replace(): ${target}`);
  return merged(
    tracks.map((track) => {
      const match = expression.exec(track.labels.get(source));
      return match ? { ...track, labels: track.labels.with(target, expand(replacement, match)) } : track;
    }),
  );
}

function expand(template: string, match: RegExpExecArray): string {
  return template.replace(
    /\$(?:\$|(\w+)|\{(\w+)\})/g,
    (whole, plain: string | undefined, braced: string | undefined) => {
      const name = plain ?? braced;
      if (name === undefined) return whole === '$$' ? '$' : whole;
      return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? '';
    },
  );
}

/** `label_join`: sets a label to the values of others, joined. */
export function labelJoin(
  tracks: readonly Track[],
  [target = '', separator = '', ...sources]: readonly string[],
): Track[] {
  const bad = sources.find((source) => !LABEL_NAME.test(source));
  if (bad !== undefined) throw executionError(`invalid source label name in label_join(): ${bad}`);
  if (!LABEL_NAME.test(target)) throw executionError(`invalid destination label name in label_join(): ${target}`);
  return merged(
    tracks.map((track) => {
      const value = sources.map((source) => track.labels.get(source)).join(separator);
      return { ...track, labels: track.labels.with(target, value) };
    }),
  );
}

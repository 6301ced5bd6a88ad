import { type Labels, METRIC_NAME } from './labels.ts';
import { printPlain } from './print-value.ts';
import { executionError } from './promql-error.ts';
import { quantile, rising } from './quantile.ts';
import type { Aggregator } from './syntax.ts';
import { fromVectors, type Sample, type Track, valueAt, vectorAt } from './track.ts';

/** How an aggregation groups, and its parameter where it takes one. */
export interface Aggregation {
  operator: Aggregator;
  grouping: readonly string[];
  without: boolean;
  /** The number of `topk`, `bottomk` and `quantile`. */
  scalar: Track | null;
  /** The label of `count_values`. */
  label: string | null;
}

/** https://prometheus.io/docs/prometheus/2.42/querying/operators/#aggregation-operators */
export function aggregate(aggregation: Aggregation, tracks: readonly Track[], count: number): Track[] {
  if (aggregation.operator === 'count_values') return countValues(aggregation, tracks, count);
  const groups = tracks.map(({ labels }) => groupOf(labels, aggregation));
  return fromVectors(count, (i) => {
    const members = new Map<string, { labels: Labels; samples: Sample[] }>();
    for (const sample of vectorAt(tracks, i)) {
      const labels = groups[sample.track] as Labels;
      const group = members.get(labels.key) ?? { labels, samples: [] };
      group.samples.push(sample);
      members.set(labels.key, group);
    }
    return [...members.values()].flatMap(({ labels, samples }) => reduce(aggregation, samples, { labels, step: i }));
  });
}

function groupOf(labels: Labels, { grouping, without }: Aggregation): Labels {
  return without ? labels.without([...grouping, METRIC_NAME]) : labels.only(grouping);
}

function reduce(aggregation: Aggregation, samples: readonly Sample[], at: { labels: Labels; step: number }): Sample[] {
  const { operator, scalar } = aggregation;
  if (operator === 'topk' || operator === 'bottomk')
    return extremes(operator, samples, valueAt(scalar as Track, at.step));
  const values = samples.map(({ value }) => value);
  const value =
    operator === 'quantile' ? quantile(valueAt(scalar as Track, at.step), values) : reduceValues(operator, values);
  return [{ labels: at.labels, value }];
}

function reduceValues(operator: Aggregator, values: readonly number[]): number {
  switch (operator) {
    case 'sum':
      return values.reduce((total, value) => total + value);
    case 'avg':
      return average(values);
    case 'count':
      return values.length;
    case 'group':
      return 1;
    case 'max':
      return values.reduce((best, value) => (best < value || Number.isNaN(best) ? value : best));
    case 'min':
      return values.reduce((best, value) => (best > value || Number.isNaN(best) ? value : best));
    case 'stdvar':
      return variance(values);
    default:
      return Math.sqrt(variance(values));
  }
}

/** A running mean; once infinite it stays so until something contradicts it. */
function average(values: readonly number[]): number {
  let mean = values[0] as number;
  for (let n = 2; n <= values.length; n++) {
    const value = values[n - 1] as number;
    if (Math.abs(mean) === Number.POSITIVE_INFINITY && (value === mean || Number.isFinite(value))) continue;
    mean += value / n - mean / n;
  }
  return mean;
}

function variance(values: readonly number[]): number {
  let mean = values[0] as number;
  let squares = 0;
  for (let n = 2; n <= values.length; n++) {
    const distance = (values[n - 1] as number) - mean;
    mean += distance / n;
    squares += distance * ((values[n - 1] as number) - mean);
  }
  return squares / values.length;
}

function extremes(operator: 'topk' | 'bottomk', samples: readonly Sample[], k: number): Sample[] {
  if (!(Math.abs(k) < 2 ** 63)) throw executionError(`Scalar value ${printPlain(k)} overflows int64`);
  const best = operator === 'topk' ? (a: number, b: number) => rising(b, a) : risingNanLast;
  return [...samples].sort((a, b) => best(a.value, b.value)).slice(0, Math.max(0, Math.trunc(k)));
}

function risingNanLast(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  return Number.isNaN(b) ? -1 : a - b;
}

function countValues(aggregation: Aggregation, tracks: readonly Track[], count: number): Track[] {
  const label = aggregation.label ?? '';
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) throw executionError(`invalid label name "${label}"`);
  const grouping = aggregation.without ? aggregation.grouping : [...aggregation.grouping, label];
  return fromVectors(count, (i) => {
    const counted = new Map<string, { labels: Labels; value: number }>();
    for (const { labels, value } of vectorAt(tracks, i)) {
      const group = groupOf(labels.with(label, printPlain(value)), { ...aggregation, grouping });
      const known = counted.get(group.key) ?? { labels: group, value: 0 };
      known.value++;
      counted.set(group.key, known);
    }
    return [...counted.values()];
  });
}

import { queryInstant, queryRange } from '../../../src/lib/sandbox/promql/evaluate.ts';
import { Labels } from '../../../src/lib/sandbox/promql/labels.ts';
import { matchesAll } from '../../../src/lib/sandbox/promql/matcher.ts';
import { printSample } from '../../../src/lib/sandbox/promql/print-value.ts';
import type { Point, Series, SeriesSource } from '../../../src/lib/sandbox/promql/series-source.ts';

const NUMBERS: Readonly<Record<string, number>> = { NaN: Number.NaN, Inf: Infinity, '-Inf': -Infinity };

/**
 * Series written out by hand, one a line: `{"__name__":"up","app":"a"} | 1 1 _ x 0`. The samples lie 15 s apart from time 0
 * on; `_` is a missed scrape, `x` a staleness marker, `5*10` means ten samples that each grow by 5 from 0.
 */
export function stored(text: string): SeriesSource {
  const series = text
    .trim()
    .split('\n')
    .map((line) => {
      const [labels = '', samples = ''] = line.split('|');
      return { labels: Labels.of(JSON.parse(labels)), samples: samplesOf(samples.trim()) };
    });
  const select: SeriesSource['select'] = (matchers, from, to) =>
    series
      .filter(({ labels }) => matchesAll(labels, matchers))
      .map(({ labels, samples }): Series => ({ labels, samples: samples.filter(({ t }) => t >= from && t <= to) }))
      .filter(({ samples }) => samples.length > 0);
  return { select, labelSets: (...range) => select(...range).map(({ labels }) => labels) };
}

function samplesOf(text: string): Point[] {
  const ramp = /^(\S+)\*(\d+)$/.exec(text);
  const words = ramp
    ? Array.from({ length: Number(ramp[2]) }, (_, i) => String(i * Number(ramp[1])))
    : text.split(/\s+/);
  return words.flatMap((word, i) => {
    if (word === '_') return [];
    return [{ t: i * 15_000, v: word === 'x' ? null : (NUMBERS[word] ?? Number(word)) }];
  });
}

/** What a query gives at a moment (seconds), one line per element: `{app="a"} 1`. */
export function answer(source: SeriesSource, query: string, seconds: number): string[] {
  const result = queryInstant(source, query, seconds * 1000);
  if (result.type === 'scalar') return [printSample(result.value)];
  if (result.type === 'string') return [result.value];
  if (result.type === 'vector') return result.samples.map(({ labels, value }) => `${labels} ${printSample(value)}`);
  return result.series.map(({ labels, points }) => `${labels} ${points.map(([t, v]) => `${v}@${t / 1000}`).join(' ')}`);
}

/** The points of the only series that a range query gives: `seconds → value`. */
export function line(
  source: SeriesSource,
  query: string,
  [start, end, step]: readonly [number, number, number],
): string {
  const { series } = queryRange(source, query, { startMs: start * 1000, endMs: end * 1000, stepMs: step * 1000 });
  if (series.length !== 1) throw new Error(`${series.length} series`);
  return (series[0]?.points ?? []).map(([t, v]) => `${t / 1000}:${printSample(v)}`).join(' ');
}

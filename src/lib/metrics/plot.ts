import type { Prometheus, Series } from '../clients/prometheus/prometheus.ts';
import type { Query } from '../config/config.ts';
import { type ErrorCode, OncallError } from '../errors.ts';
import type { Point } from '../text/sparkline.ts';
import { momentsOf, type Range } from './range.ts';
import { drawableOf, isPast, type Threshold } from './threshold.ts';

/** Something to draw. */
export interface Plot {
  name: string;
  description: string | null;
  /** As a person or a rule wrote it; the link shows this. */
  expr: string;
  /** What is evaluated: the same, or the left side of an alert's comparison. */
  drawn: string;
  unit: string | null;
  limit: Threshold | null;
  kind: 'query' | 'alert' | 'expression';
}

/** One series of an answer. Times are ISO 8601 UTC; what is no number is null. */
export interface Curve {
  labels: Record<string, string>;
  min: number | null;
  max: number | null;
  /** Value at the end of the span; null when there is none then. */
  last: number | null;
  points: CurvePoint[];
}

export interface CurvePoint {
  at: string;
  value: number | null;
}

/** A plot with its curves, the one with the highest values first. */
export interface Drawn extends Plot {
  curves: Curve[];
  /** Whether a curve is past the limit at the end of the span. */
  pastLimit: boolean;
  /** What Prometheus remarked. */
  warnings: string[];
  /** Why there are no curves, when Prometheus could not tell; the other graphs are none the worse. */
  error: { code: ErrorCode; message: string; hint: string | null } | null;
}

export function plotOfQuery({ name, description, expr, unit, limit }: Query): Plot {
  const threshold = limit === null ? null : ({ op: '>', value: limit } as const);
  return { name, description, expr, drawn: expr, unit, limit: threshold, kind: 'query' };
}

/** An alert's expression, in the words of the service's own query where that draws the same. */
export function plotOfAlert({ expr, rule }: { expr: string; rule: string }, queries: readonly Query[]): Plot {
  const { expr: drawn, threshold } = drawableOf(expr);
  const same = queries.find((query) => sameExpression(query.expr, drawn));
  return {
    name: rule,
    description: same?.description ?? null,
    expr,
    drawn,
    unit: same?.unit ?? null,
    limit: threshold,
    kind: 'alert',
  };
}

/** An expression that somebody typed. One that compares is drawn as an alert's is. */
export function plotOfExpression(expr: string): Plot {
  const { expr: drawn, threshold } = drawableOf(expr);
  return { name: expr, description: null, expr, drawn, unit: null, limit: threshold, kind: 'expression' };
}

export function sameExpression(a: string, b: string): boolean {
  const bare = (text: string) => text.replace(/\s+/g, '');
  return bare(a) === bare(b);
}

/**
 * Evaluates one plot over a range.
 * @throws INTERRUPTED; anything else becomes the `error` of what is drawn
 */
export async function draw(plot: Plot, prometheus: Prometheus, range: Range): Promise<Drawn> {
  try {
    const { series, warnings } = await prometheus.queryRange(plot.drawn, momentsOf(range));
    const curves = series.map((one) => curveOf(one, range)).sort((a, b) => (b.max ?? 0) - (a.max ?? 0));
    const pastLimit = curves.some(({ last }) => isPast(last, plot.limit));
    return { ...plot, curves, pastLimit, warnings, error: null };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    const { code, message, hint } = error;
    return { ...plot, curves: [], pastLimit: false, warnings: [], error: { code, message, hint } };
  }
}

/** A curve's points as the sparkline takes them. */
export function pointsOf(points: readonly CurvePoint[]): Point[] {
  return points.map(({ at, value }) => ({ at: Date.parse(at), value: value ?? Number.NaN }));
}

function curveOf({ labels, samples }: Series, range: Range): Curve {
  const values = samples.map(({ value }) => value).filter((value) => Number.isFinite(value));
  const newest = samples.at(-1);
  const current = newest && newest.at > range.to - range.stepSeconds * 1000 && Number.isFinite(newest.value);
  return {
    labels,
    min: values.length > 0 ? values.reduce((a, b) => Math.min(a, b)) : null,
    max: values.length > 0 ? values.reduce((a, b) => Math.max(a, b)) : null,
    last: current ? newest.value : null,
    points: samples.map(({ at, value }) => ({
      at: new Date(at).toISOString(),
      value: Number.isFinite(value) ? value : null,
    })),
  };
}

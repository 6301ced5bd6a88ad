import { typeOf } from './check-types.ts';
import { Evaluator } from './evaluator.ts';
import { Labels } from './labels.ts';
import { parse } from './parse.ts';
import { PromqlError } from './promql-error.ts';
import type { Scope } from './selection.ts';
import type { SeriesSource } from './series-source.ts';
import { bare, type Expr, type MatrixSelector, type StringLiteral, type Subquery } from './syntax.ts';
import { type Steps, type Track, timeOf } from './track.ts';

/** How long a series keeps its last value when no newer sample comes. */
export const LOOKBACK_MS = 5 * 60_000;

export interface ResultSample {
  labels: Labels;
  value: number;
}

export interface ResultSeries {
  labels: Labels;
  /** Milliseconds since 1970 and the value. */
  points: readonly (readonly [t: number, v: number])[];
}

/** The answer to a query, in the four shapes that Prometheus knows. */
export type Result =
  | { type: 'vector'; atMs: number; samples: readonly ResultSample[] }
  | { type: 'matrix'; series: readonly ResultSeries[] }
  | { type: 'scalar'; atMs: number; value: number }
  | { type: 'string'; atMs: number; value: string };

export interface QueryOptions {
  /** Milliseconds; 5 minutes when not given. */
  lookbackMs?: number | undefined;
}

/**
 * Evaluates an expression at one moment.
 * @throws PromqlError
 */
export function queryInstant(
  source: SeriesSource,
  query: string | Expr,
  atMs: number,
  options: QueryOptions = {},
): Result {
  const expr = typeof query === 'string' ? parse(query) : query;
  const steps = { startMs: atMs, stepMs: 1, count: 1 };
  const scope = scopeOf(source, steps, options);
  const evaluator = new Evaluator(scope);
  switch (typeOf(expr)) {
    case 'string':
      return { type: 'string', atMs, value: (bare(expr) as StringLiteral).value };
    case 'matrix':
      return { type: 'matrix', series: rawSeries(evaluator, bare(expr) as MatrixSelector | Subquery) };
    case 'scalar':
      return { type: 'scalar', atMs, value: evaluator.tracks(expr)[0]?.values[0] as number };
    default: {
      const held = evaluator.tracks(expr).filter(({ present }) => present[0]);
      return {
        type: 'vector',
        atMs,
        samples: held.map(({ labels, values }) => ({ labels, value: values[0] as number })),
      };
    }
  }
}

/**
 * Evaluates an expression at every step from `startMs` to `endMs`, both included.
 * @throws PromqlError
 */
export function queryRange(
  source: SeriesSource,
  query: string | Expr,
  options: QueryOptions & { startMs: number; endMs: number; stepMs: number },
): Result & { type: 'matrix' } {
  const expr = typeof query === 'string' ? parse(query) : query;
  const type = typeOf(expr);
  if (type === 'string' || type === 'matrix') {
    const shown = type === 'matrix' ? 'range vector' : 'string';
    const problem = `invalid expression type "${shown}" for range query, must be Scalar or instant Vector`;
    throw new PromqlError('bad_data', problem);
  }
  const { startMs, endMs, stepMs } = options;
  const steps = { startMs, stepMs, count: Math.floor((endMs - startMs) / stepMs) + 1 };
  const tracks = new Evaluator({ ...scopeOf(source, steps, options), bounds: { startMs, endMs } }).tracks(expr);
  const series = tracks
    .map((track) => ({ labels: track.labels, points: pointsOf(track, steps) }))
    .filter(({ points }) => points.length > 0)
    .sort((a, b) => Labels.compare(a.labels, b.labels));
  return { type: 'matrix', series };
}

function scopeOf(source: SeriesSource, steps: Steps, { lookbackMs }: QueryOptions): Scope {
  const bounds = { startMs: steps.startMs, endMs: timeOf(steps, steps.count - 1) };
  return { source, steps, bounds, lookbackMs: lookbackMs ?? LOOKBACK_MS };
}

function pointsOf({ values, present }: Track, steps: Steps): [number, number][] {
  const points: [number, number][] = [];
  for (let i = 0; i < values.length; i++) if (present[i]) points.push([timeOf(steps, i), values[i] as number]);
  return points;
}

/** The samples of a bare range selector, each at its own time. */
function rawSeries(evaluator: Evaluator, expr: MatrixSelector | Subquery): ResultSeries[] {
  return evaluator
    .columns(expr)
    .map(({ labels, times, values }) => ({
      labels,
      points: [...times].map((t, i) => [t, values[i] as number] as const),
    }))
    .filter(({ points }) => points.length > 0);
}

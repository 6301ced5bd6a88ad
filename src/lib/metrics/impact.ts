import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import { type Curve, type CurvePoint, type Drawn, draw, plotOfAlert, plotOfQuery } from './plot.ts';
import { rangeOf } from './range.ts';
import { isPast, type Threshold } from './threshold.ts';

/** How badly a service does, in one number and its curve. Times are ISO 8601 UTC; absent is null. */
export interface Impact {
  /** What the number counts, e.g. `Requests that fail`. */
  label: string;
  /** The number now; null when there is none now. */
  value: number | null;
  unit: string | null;
  limit: Threshold | null;
  /** Since when it has been past its limit without a break; null while it is not. */
  since: string | null;
  points: CurvePoint[];
  from: string;
  to: string;
  stepSeconds: number;
  /** How many instances answer Prometheus, and how many it asks; null when that cannot be told. */
  instances: { up: number; of: number } | null;
}

/** Named queries that tell best what users feel, the best first. */
const ERROR_QUERY = /^(errors?|error[-_]?(rate|ratio|percent))$/i;
const MINUTE = 60_000;
const CELLS = 40;

/**
 * The impact on a service: the share of failing requests where that is past its limit or the only thing known, else
 * what the alert itself measures. When every instance is dead nothing fails any more, since nothing is served: then the
 * alert's own curve tells the truth, and an error rate near zero would lie.
 * @param request.onset milliseconds since 1970; the curve begins well before it
 * @returns null when Prometheus knows nothing of it
 * @throws what Prometheus throws when it cannot be asked at all
 */
export async function impactOf(request: {
  prometheus: Prometheus;
  service: Service | null;
  expression: { expr: string; rule: string } | null;
  onset: number;
  now: number;
}): Promise<Impact | null> {
  const { prometheus, service, expression, onset, now } = request;
  const queries = service?.queries ?? [];
  const errors = queries.find(({ name }) => ERROR_QUERY.test(name));
  const plots = [
    ...(errors ? [plotOfQuery(errors)] : []),
    ...(expression ? [plotOfAlert(expression, queries)] : []),
    ...(!errors && !expression && queries[0] ? [plotOfQuery(queries[0])] : []),
  ];
  const range = rangeOf({ since: spanFor(onset, now), end: now, cells: CELLS });
  const [graphs, instances] = await Promise.all([
    Promise.all(plots.map((plot) => draw(plot, prometheus, range))),
    liveInstances(prometheus, [...queries.map(({ expr }) => expr), expression?.expr ?? ''], now),
  ]);
  const told = graphs.filter(({ curves }) => curves.length > 0);
  const chosen =
    told.find(({ pastLimit }) => pastLimit) ?? told.find(({ curves }) => curves[0]?.last !== null) ?? told[0];
  if (!chosen) {
    const errors = graphs.flatMap(({ error }) => error ?? []);
    const [first] = errors;
    if (first && errors.length === graphs.length) {
      throw new OncallError(first.message, { code: first.code, hint: first.hint ?? undefined });
    }
    return null;
  }
  return {
    ...numbersOf(chosen),
    unit: chosen.unit,
    limit: chosen.limit,
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    stepSeconds: range.stepSeconds,
    instances,
  };
}

/** From a while before the onset to now: a curve that begins at the onset shows no change. At least half an hour. */
function spanFor(onset: number, now: number): number {
  const since = Math.max(0, now - onset);
  return Math.min(24 * 60 * MINUTE, Math.max(30 * MINUTE, since * 1.5));
}

function numbersOf(graph: Drawn): Pick<Impact, 'label' | 'value' | 'since' | 'points'> {
  const worst = graph.curves.find(({ last }) => isPast(last, graph.limit)) ?? (graph.curves[0] as Curve);
  return {
    label: graph.description ?? graph.name,
    value: worst.last,
    since: pastSince(worst, graph.limit),
    points: worst.points,
  };
}

/** The first of the points at the end of a curve that are all past the limit. */
export function pastSince({ points, last }: Pick<Curve, 'points' | 'last'>, limit: Threshold | null): string | null {
  if (!isPast(last, limit)) return null;
  const quiet = points.findLastIndex(({ value }) => !isPast(value, limit));
  return points[quiet + 1]?.at ?? null;
}

/**
 * Instances that answer, out of those that Prometheus asks. The selector is the one that the team's own expressions
 * use, since only they know what the label is called. Never fails: it only decorates.
 */
async function liveInstances(
  prometheus: Prometheus,
  expressions: readonly string[],
  now: number,
): Promise<Impact['instances']> {
  const selector = expressions.map((expr) => /\bup\s*(\{[^{}]*\})/.exec(expr)?.[1]).find(Boolean);
  if (!selector) return null;
  const ask = async (expr: string) => (await prometheus.query(expr, now)).series[0]?.sample.value ?? null;
  const [up, of] = await Promise.all([ask(`sum(up${selector})`), ask(`count(up${selector})`)]).catch(() => [
    null,
    null,
  ]);
  return up === null || of === null ? null : { up, of };
}

import { queryInstant, queryRange } from '../../promql/evaluate.ts';
import type { Labels } from '../../promql/labels.ts';
import type { Matcher } from '../../promql/matcher.ts';
import { parse, parseSelector } from '../../promql/parse.ts';
import { printExpression } from '../../promql/print-expression.ts';
import type { SeriesSource } from '../../promql/series-source.ts';
import { ApiError, invalidParameter, queried, resultData } from './answers.ts';
import type { Parameters } from './parameters.ts';

const MOST_POINTS = 11_000;

/** What the query operations answer from. */
export interface Queryable {
  source: SeriesSource;
  /** The newest moment there is, in milliseconds since 1970. */
  now(): number;
}

/** `/api/v1/query` */
export function instantQuery({ source, now }: Queryable, parameters: Parameters): unknown {
  const at = parameters.optionalTime('time', now());
  checkTimeout(parameters);
  return resultData(queried('query', () => queryInstant(source, parameters.get('query'), at)));
}

/** `/api/v1/query_range` */
export function rangeQuery({ source }: Queryable, parameters: Parameters): unknown {
  const startMs = parameters.time('start');
  const endMs = parameters.time('end');
  if (endMs < startMs) throw invalidParameter('end', 'end timestamp must not be before start time');
  const stepMs = parameters.duration('step');
  if (stepMs <= 0) {
    const problem = 'zero or negative query resolution step widths are not accepted. Try a positive integer';
    throw invalidParameter('step', problem);
  }
  if (Math.floor((endMs - startMs) / stepMs) > MOST_POINTS) {
    const problem = 'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution';
    throw new ApiError('bad_data', `${problem} (?step=XX)`);
  }
  checkTimeout(parameters);
  return resultData(queried(null, () => queryRange(source, parameters.get('query'), { startMs, endMs, stepMs })));
}

function checkTimeout(parameters: Parameters): void {
  if (parameters.get('timeout') !== '') parameters.duration('timeout');
}

/** `/api/v1/format_query`: the expression in Prometheus's normal form. */
export function formatQuery(parameters: Parameters): string {
  return queried('query', () => printExpression(parse(parameters.get('query'))));
}

/** `/api/v1/series` */
export function listSeries(queryable: Queryable, parameters: Parameters): unknown {
  if (parameters.all('match[]').length === 0) throw new ApiError('bad_data', 'no match[] parameter provided');
  return [...labelSets(queryable, parameters, 'match[]').values()].map((labels) => labels.toRecord());
}

/** `/api/v1/labels` */
export function listLabelNames(queryable: Queryable, parameters: Parameters): string[] {
  const names = new Set<string>();
  for (const { pairs } of labelSets(queryable, parameters, null).values()) for (const [name] of pairs) names.add(name);
  return [...names].sort();
}

/** `/api/v1/label/<name>/values` */
export function listLabelValues(queryable: Queryable, parameters: Parameters, name: string): string[] {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) throw new ApiError('bad_data', `invalid label name: "${name}"`);
  const values = new Set<string>();
  for (const labels of labelSets(queryable, parameters, null).values()) values.add(labels.get(name));
  values.delete('');
  return [...values].sort();
}

/** The label sets that any of the `match[]` selectors finds; all of them when none is given. */
function labelSets({ source, now }: Queryable, parameters: Parameters, blame: string | null): Map<string, Labels> {
  const from = parameters.optionalTime('start', 0);
  const to = parameters.optionalTime('end', now());
  const selectors = parameters.all('match[]').map((text) => queried(blame, () => selector(text, blame)));
  const found = new Map<string, Labels>();
  for (const matchers of selectors.length > 0 ? selectors : [[]]) {
    for (const labels of source.labelSets(matchers, from, to)) found.set(labels.key, labels);
  }
  return found;
}

function selector(text: string, blame: string | null): readonly Matcher[] {
  const matchers = parseSelector(text);
  if (matchers.some((one) => !one.matches(''))) return matchers;
  const problem = 'match[] must contain at least one non-empty matcher';
  throw blame === null ? new ApiError('bad_data', problem) : invalidParameter(blame, problem);
}

import type { ValueType } from './syntax.ts';

/** What a function takes and gives. */
export interface Signature {
  args: readonly ValueType[];
  /** How many of the last argument may be left out or added: 0 none, 1 the last is optional, -1 any number. */
  variadic: number;
  returns: 'vector' | 'scalar';
}

function takes(args: readonly ValueType[], variadic = 0, returns: 'vector' | 'scalar' = 'vector'): Signature {
  return { args, variadic, returns };
}

const OVER_TIME = ['avg', 'count', 'last', 'max', 'min', 'present', 'stddev', 'stdvar', 'sum', 'absent'];
const OF_RANGE = ['rate', 'increase', 'delta', 'irate', 'idelta', 'deriv', 'changes', 'resets'];
const OF_VECTOR = ['absent', 'sort', 'sort_desc', 'timestamp', 'histogram_count', 'histogram_sum'];
const MATH = ['abs', 'ceil', 'floor', 'exp', 'sqrt', 'ln', 'log2', 'log10', 'rad', 'deg', 'sgn'];
const TRIGONOMETRY = ['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'];
const DATES = ['days_in_month', 'day_of_month', 'day_of_week', 'day_of_year', 'hour', 'minute', 'month', 'year'];

function each(names: readonly string[], signature: Signature): [string, Signature][] {
  return names.map((name) => [name, signature]);
}

/**
 * Every function that the sandbox's Prometheus knows: those of version 2.42 but `holt_winters`.
 * https://prometheus.io/docs/prometheus/2.42/querying/functions/
 */
export const SIGNATURES: ReadonlyMap<string, Signature> = new Map([
  ...each([...OF_RANGE, ...OVER_TIME.map((name) => `${name}_over_time`)], takes(['matrix'])),
  ...each([...OF_VECTOR, ...MATH, ...TRIGONOMETRY], takes(['vector'])),
  ...each(DATES, takes(['vector'], 1)),
  ['clamp', takes(['vector', 'scalar', 'scalar'])],
  ['clamp_max', takes(['vector', 'scalar'])],
  ['clamp_min', takes(['vector', 'scalar'])],
  ['histogram_fraction', takes(['scalar', 'scalar', 'vector'])],
  ['histogram_quantile', takes(['scalar', 'vector'])],
  ['label_join', takes(['vector', 'string', 'string', 'string'], -1)],
  ['label_replace', takes(['vector', 'string', 'string', 'string', 'string'])],
  ['pi', takes([], 0, 'scalar')],
  ['predict_linear', takes(['matrix', 'scalar'])],
  ['quantile_over_time', takes(['scalar', 'matrix'])],
  ['round', takes(['vector', 'scalar'], 1)],
  ['scalar', takes(['vector'], 0, 'scalar')],
  ['time', takes([], 0, 'scalar')],
  ['vector', takes(['scalar'])],
]);

import type { Exchange } from '../../exchange.ts';
import type { Result, ResultSample } from '../../promql/evaluate.ts';
import { printSample } from '../../promql/print-value.ts';
import { PromqlError } from '../../promql/promql-error.ts';

/** https://prometheus.io/docs/prometheus/2.42/querying/api/#format-overview */
const STATUS = { bad_data: 400, execution: 422 } as const;

/** A request that the HTTP API refuses, in its own words. */
export class ApiError extends Error {
  readonly type: keyof typeof STATUS;

  constructor(type: keyof typeof STATUS, message: string) {
    super(message);
    this.name = 'ApiError';
    this.type = type;
  }
}

/** The error for a parameter that cannot be read. */
export function invalidParameter(name: string, problem: string): ApiError {
  return new ApiError('bad_data', `invalid parameter "${name}": ${problem}`);
}

/** Answers with what `compute` gives, in Prometheus's envelope; what it refuses becomes Prometheus's error. */
export function respond(exchange: Exchange, compute: () => unknown): void {
  let data: unknown;
  try {
    data = compute();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    exchange.json(STATUS[error.type], { status: 'error', errorType: error.type, error: error.message });
    return;
  }
  exchange.json(200, { status: 'success', data });
}

/**
 * Runs a query and turns its refusal into the API's.
 * @param parameter the name of the parameter that an unreadable query is blamed on, or null for none
 */
export function queried<T>(parameter: string | null, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    if (error.kind === 'bad_data' && parameter !== null) throw invalidParameter(parameter, error.message);
    throw new ApiError(error.kind, error.message);
  }
}

function sample(ms: number, value: number): [number, string] {
  return [ms / 1000, printSample(value)];
}

/** A query's answer as the API shows it. */
export function resultData(result: Result): { resultType: Result['type']; result: unknown } {
  const resultType = result.type;
  switch (result.type) {
    case 'scalar':
      return { resultType, result: sample(result.atMs, result.value) };
    case 'string':
      return { resultType, result: [result.atMs / 1000, result.value] };
    case 'vector':
      return {
        resultType,
        result: result.samples.map(({ labels, value }: ResultSample) => ({
          metric: labels.toRecord(),
          value: sample(result.atMs, value),
        })),
      };
    default:
      return {
        resultType,
        result: result.series.map(({ labels, points }) => ({
          metric: labels.toRecord(),
          values: points.map(([t, v]) => sample(t, v)),
        })),
      };
  }
}

/** A moment as Go writes it (RFC 3339 without trailing zeros), `0001-01-01T00:00:00Z` for none. */
export function goTime(ms: number | null): string {
  if (ms === null) return '0001-01-01T00:00:00Z';
  return new Date(ms).toISOString().replace(/\.?0*Z$/, 'Z');
}

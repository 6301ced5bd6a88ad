import type { Exchange } from '../../exchange.ts';
import { wholeNumber } from './list.ts';
import { ApiFailure, invalid, type StatusCause } from './status.ts';

/** The `PodLogOptions` of a request. */
export interface LogOptions {
  container: string | undefined;
  follow: boolean;
  previous: boolean;
  timestamps: boolean;
  tailLines: number | undefined;
  limitBytes: number | undefined;
  sinceSeconds: number | undefined;
  /** Milliseconds since 1970, cut to the second: the API server hands the kubelet no fraction. */
  sinceTime: number | undefined;
}

/**
 * Reads the query of a log request.
 * @throws 400 for what cannot be read, 422 for what may not be asked
 */
export function readLogOptions(exchange: Exchange, pod: string): LogOptions {
  const options: LogOptions = {
    container: exchange.query.get('container') || undefined,
    follow: flag(exchange, 'follow'),
    previous: flag(exchange, 'previous'),
    timestamps: flag(exchange, 'timestamps'),
    tailLines: wholeNumber(exchange, 'tailLines'),
    limitBytes: wholeNumber(exchange, 'limitBytes'),
    sinceSeconds: wholeNumber(exchange, 'sinceSeconds'),
    sinceTime: moment(exchange, 'sinceTime'),
  };
  const causes = [...causesOf(options), ...streamCauses(exchange)];
  if (causes.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, pod, causes);
  return options;
}

function causesOf({ tailLines, limitBytes, sinceSeconds, sinceTime }: LogOptions): StatusCause[] {
  const causes: StatusCause[] = [];
  const wrong = (field: string, value: number, rule: string) =>
    causes.push({ reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${rule}`, field });
  if (tailLines !== undefined && tailLines < 0) wrong('tailLines', tailLines, 'must be greater than or equal to 0');
  if (limitBytes !== undefined && limitBytes < 1) wrong('limitBytes', limitBytes, 'must be greater than 0');
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    const message = 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified';
    causes.push({ reason: 'FieldValueForbidden', message, field: '' });
  } else if (sinceSeconds !== undefined && sinceSeconds < 1) {
    wrong('sinceSeconds', sinceSeconds, 'must be greater than 0');
  }
  return causes;
}

/** Choosing stdout or stderr is behind a feature gate that is off in this version (KEP-3288). */
function streamCauses(exchange: Exchange): StatusCause[] {
  const stream = exchange.query.get('stream');
  if (stream === null || stream === '' || stream === 'All') return [];
  return [{ reason: 'FieldValueForbidden', message: 'Forbidden: may not be specified', field: 'stream' }];
}

function flag(exchange: Exchange, name: string): boolean {
  const value = exchange.query.get(name);
  if (value === null || ['false', '0', 'False', 'F', 'f', 'FALSE'].includes(value)) return false;
  // As the API server reads booleans: a bare `?follow` is true.
  return true;
}

function moment(exchange: Exchange, name: string): number | undefined {
  const text = exchange.query.get(name);
  if (text === null || text === '') return undefined;
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    const layout = '2006-01-02T15:04:05Z07:00';
    throw new ApiFailure('BadRequest', `parsing time "${text}" as "${layout}": cannot parse "${text}" as "2006"`);
  }
  return Math.floor(ms / 1000) * 1000;
}

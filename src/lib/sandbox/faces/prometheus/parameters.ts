import type { Exchange } from '../../exchange.ts';
import { durationMs } from '../../promql/literals.ts';
import { invalidParameter } from './answers.ts';

const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** The parameters of a request: those of a form body, where there is one, come before those of the address. */
export class Parameters {
  readonly #sources: readonly URLSearchParams[];

  constructor(exchange: Exchange) {
    const form =
      exchange.method === 'POST' &&
      /^application\/x-www-form-urlencoded\b/i.test(exchange.header('content-type') ?? '');
    const body = form ? [new URLSearchParams(exchange.body.toString('utf8'))] : [];
    this.#sources = [...body, exchange.query];
  }

  /** The first value given; empty when there is none. */
  get(name: string): string {
    for (const source of this.#sources) {
      const value = source.get(name);
      if (value !== null) return value;
    }
    return '';
  }

  all(name: string): string[] {
    return this.#sources.flatMap((source) => source.getAll(name));
  }

  /**
   * A moment in milliseconds since 1970, given in seconds or as RFC 3339.
   * @throws ApiError
   */
  time(name: string): number {
    const text = this.get(name);
    const ms = momentMs(text);
    if (ms === null) throw invalidParameter(name, `cannot parse "${text}" to a valid timestamp`);
    return ms;
  }

  /** Like `time`, for a parameter that may be left out. */
  optionalTime(name: string, otherwise: number): number {
    const text = this.get(name);
    if (text === '') return otherwise;
    const ms = momentMs(text);
    if (ms === null) {
      throw invalidParameter(name, `Invalid time value for '${name}': cannot parse "${text}" to a valid timestamp`);
    }
    return ms;
  }

  /**
   * Milliseconds of a duration, given in seconds or as `5m`.
   * @throws ApiError
   */
  duration(name: string): number {
    const text = this.get(name);
    const ms = FLOAT.test(text) ? Math.trunc(Number(text) * 1000) : durationMs(text);
    if (ms === null) throw invalidParameter(name, `cannot parse "${text}" to a valid duration`);
    return ms;
  }
}

function momentMs(text: string): number | null {
  if (FLOAT.test(text)) return Math.round(Number(text) * 1000);
  const ms = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : Math.floor(ms);
}

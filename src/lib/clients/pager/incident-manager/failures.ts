import { networkCode } from '../../outbound.ts';

/** What kind of failure a foreign error is, and what may be done after it. */
export interface Failure {
  /**
   * `refused`: AWS said no. `unreadable`: it answered, but not as AWS does. `unsent`: failed on this machine, mostly
   * while signing in.
   */
  kind: 'network' | 'unreadable' | 'server' | 'throttled' | 'clock' | 'refused' | 'unsent';
  /** The error's name as AWS gives it: `ValidationException`. */
  name: string;
  message: string;
  /** May be gone a moment later. */
  passing: boolean;
  /** AWS may have done what was asked all the same. */
  doubtful: boolean;
  /** Milliseconds that AWS asks to wait. */
  retryAfter: number | null;
  /** Milliseconds by which this machine's clock is ahead of AWS's, where the answer tells. */
  clockAhead: number | null;
}

interface AwsError extends Error {
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number; headers?: Record<string, string> };
  /** Spelled so by ssm-contacts. */
  RetryAfterSeconds?: number;
}

const THROTTLED = /^(Throttl|TooManyRequests|RequestLimitExceeded|RequestThrottled|SlowDown)/;
const CLOCK_NAMES = new Set(['RequestTimeTooSkewed', 'RequestTimeException', 'RequestInTheFuture']);
const CLOCK_WORDS = /signature (expired|not yet current)/i;

/** Refused before a byte of the request was sent, so that nothing can have happened. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** The rest either will not change within a moment, or has used up the deadline. */
const PASSING_NETWORK = new Set(['ECONNRESET', 'EPIPE', 'EAI_AGAIN']);

function retryAfterOf(error: AwsError): number | null {
  const seconds = error.RetryAfterSeconds ?? Number(error.$response?.headers?.['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}

function clockAheadOf(error: AwsError, now: number): number | null {
  const theirs = Date.parse(error.$response?.headers?.['date'] ?? '');
  return Number.isNaN(theirs) ? null : now - theirs;
}

function kindOf(error: AwsError, status: number | null): Failure['kind'] {
  if (THROTTLED.test(error.name) || status === 429) return 'throttled';
  if (CLOCK_NAMES.has(error.name) || CLOCK_WORDS.test(error.message)) return 'clock';
  if (error.name === 'InternalServerException' || (status !== null && status >= 500)) return 'server';
  // What AWS says itself carries `$fault`; an answer that could not be read carries only the response it came in.
  if ('$fault' in error) return 'refused';
  return status !== null || error instanceof SyntaxError ? 'unreadable' : 'unsent';
}

/** Sorts a foreign error. `now` is this machine's clock, in milliseconds since 1970. */
export function failureOf(thrown: unknown, now: number): Failure {
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as AwsError;
  const base = { name: error.name, message: error.message, retryAfter: null, clockAhead: null };
  const code = networkCode(error);
  if (code) {
    return { ...base, kind: 'network', passing: PASSING_NETWORK.has(code), doubtful: !NEVER_SENT.has(code) };
  }
  const status = error.$metadata?.httpStatusCode ?? error.$response?.statusCode ?? null;
  const kind = kindOf(error, status);
  return {
    ...base,
    kind,
    passing: kind !== 'refused' && kind !== 'unsent',
    doubtful: kind === 'server' || kind === 'unreadable',
    retryAfter: retryAfterOf(error),
    clockAhead: kind === 'clock' ? clockAheadOf(error, now) : null,
  };
}

/**
 * Every way `oncall` can fail, and the exit code each one gives. Imports nothing, so that any room may throw.
 * The table is printed in `docs/exit-codes.md` and checked by the surface snapshot.
 */
export const EXIT_CODES = {
  FAILED: 1,
  BUG: 1,
  USAGE: 2,
  AMBIGUOUS: 2,
  CONFIG: 3,
  AUTH: 4,
  NOT_FOUND: 5,
  UNAVAILABLE: 6,
  RATE_LIMITED: 6,
  NOT_ENABLED: 6,
  NOT_VERIFIED: 7,
  DECLINED: 8,
  REFUSED: 8,
  INTERRUPTED: 130,
} as const;

export type ErrorCode = keyof typeof EXIT_CODES;

/** What each exit code means, in the words of `--help` and of `docs/exit-codes.md`. */
export const EXIT_MEANINGS: Readonly<Record<number, string>> = {
  0: 'done (also: there was nothing to do, and it says so)',
  1: 'tried and failed, or a bug in oncall',
  2: 'usage: a wrong or missing argument, or more than one candidate',
  3: 'configuration missing or invalid',
  4: 'sign-in needed; prints the command that signs in',
  5: 'not found; prints near names',
  6: 'the other side is unavailable',
  7: 'done, but not verified in time',
  8: 'declined, or refused by a guard',
  130: 'interrupted (Ctrl-C)',
};

const RETRYABLE: ReadonlySet<ErrorCode> = new Set(['UNAVAILABLE', 'RATE_LIMITED', 'NOT_VERIFIED']);

export interface OncallErrorOptions {
  /** Stable code; the exit code follows from it. */
  code: ErrorCode;
  /** What to do next. Starts with a verb; where it can be, a command to paste. */
  hint?: string | undefined;
  /** The foreign error, kept for DEBUG only: it is never serialised, since it may carry credentials. */
  cause?: unknown;
}

/**
 * The one error that `oncall` throws on purpose: what failed, in the user's words, and what to do next.
 * A foreign error becomes one of these in the client that knows what it means.
 */
export class OncallError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly exitCode: number;
  readonly retryable: boolean;

  constructor(message: string, options: OncallErrorOptions) {
    super(message, { cause: options.cause });
    this.name = 'OncallError';
    this.code = options.code;
    this.hint = options.hint ?? null;
    this.exitCode = EXIT_CODES[options.code];
    this.retryable = RETRYABLE.has(options.code);
  }
}

/** Whether an error only says that a source cannot be asked now: it is down, asked too often, or the sign-in has expired. */
export function isOut(error: unknown): error is OncallError {
  return error instanceof OncallError && ['UNAVAILABLE', 'RATE_LIMITED', 'AUTH'].includes(error.code);
}

/** The error for a Ctrl-C, wherever it was pressed. */
export function interrupted(): OncallError {
  return new OncallError('Interrupted.', { code: 'INTERRUPTED' });
}

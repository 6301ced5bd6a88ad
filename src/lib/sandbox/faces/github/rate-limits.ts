import type { GithubToken } from './tokens.ts';

const HOUR_MS = 3_600_000;
const ANONYMOUS_LIMIT = 60;
const ORDINARY_LIMIT = 5_000;

/** One caller's hour. `resetAt` is wall-clock milliseconds. */
export interface Allowance {
  limit: number;
  used: number;
  resetAt: number;
}

/** The primary rate limit: so many requests in the hour that begins with the first one. */
export class RateLimits {
  readonly #byCaller = new Map<string, Allowance>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  of(token: GithubToken | null): Allowance {
    const key = token?.token ?? '';
    const known = this.#byCaller.get(key);
    if (known && known.resetAt > this.#now()) return known;
    const limit = token ? (token.limit ?? ORDINARY_LIMIT) : ANONYMOUS_LIMIT;
    const fresh: Allowance = { limit, used: 0, resetAt: this.#now() + HOUR_MS };
    this.#byCaller.set(key, fresh);
    return fresh;
  }
}

/** The headers that tell a caller where it stands. */
export function rateHeaders(allowance: Allowance): Record<string, string> {
  return {
    'x-ratelimit-limit': String(allowance.limit),
    'x-ratelimit-remaining': String(allowance.limit - allowance.used),
    'x-ratelimit-used': String(allowance.used),
    'x-ratelimit-reset': String(Math.ceil(allowance.resetAt / 1_000)),
    'x-ratelimit-resource': 'core',
  };
}

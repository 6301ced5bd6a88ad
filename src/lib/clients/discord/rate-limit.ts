import { OncallError } from '../../errors.ts';
import type { OutboundAnswer } from '../outbound.ts';

/** Longest that one request waits for its turn, all waits together, in milliseconds. */
export const PATIENCE = 10_000;
/** What a 429 without a number is taken to ask for. */
const UNTOLD = 1000;
/** A server that asks for no wait at all is not asked again at once for ever. */
const SHORTEST = 100;

/**
 * Milliseconds that a 429 asks us to wait. Discord's own answer has it as a fraction of seconds in its body; the
 * network before Discord only has the header.
 * https://discord.com/developers/docs/topics/rate-limits#exceeding-a-rate-limit
 */
export function askedToWait({ headers }: OutboundAnswer, body: unknown): number {
  const { retry_after: told } = (body ?? {}) as { retry_after?: unknown };
  const seconds = typeof told === 'number' ? told : Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.max(Math.ceil(seconds * 1000), SHORTEST) : UNTOLD;
}

/** Milliseconds until the next request of the same kind may be made, by the headers of an answer; 0 for at once. */
export function restAfter({ headers }: OutboundAnswer): number {
  if (headers['x-ratelimit-remaining'] !== '0') return 0;
  const seconds = Number(headers['x-ratelimit-reset-after'] ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds * 1000) : 0;
}

export function rateLimited(wait: number, body: unknown): OncallError {
  const everywhere =
    (body as { global?: unknown } | undefined)?.global === true ? ' everywhere, not only on this webhook' : '';
  const seconds = Math.ceil(wait / 1000);
  const when = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
  return new OncallError(
    `Discord is asked too often${everywhere}: it wants us to wait ${when}. Nothing more was posted.`,
    {
      code: 'RATE_LIMITED',
      hint: `Try again in ${when}, or write it in Discord by hand.`,
    },
  );
}

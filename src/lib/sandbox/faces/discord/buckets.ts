import { createHash } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';

/** What is observed of webhooks; Discord documents neither number, and says that they change. */
const LIMIT = 5;
const WINDOW = 2000;
/** Messages into one channel, by whatever webhook. */
const CHANNEL_LIMIT = 30;
const CHANNEL_WINDOW = 60_000;

/** Whether a request may pass, and the headers that say so. */
export interface Verdict {
  headers: OutgoingHttpHeaders;
  /** The body of the 429; null for a request that passes. */
  refused: { message: string; retry_after: number; global: boolean } | null;
}

/**
 * Rate limits, counted in wall-clock time as a client's own clock sees it. A bucket begins with its first request and
 * is full again when its window is over. https://discord.com/developers/docs/topics/rate-limits
 */
export class Buckets {
  readonly #now: () => number;
  readonly #buckets = new Map<string, { used: number; resets: number }>();
  readonly #posts = new Map<string, number[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a request to a route of one webhook. */
  take(route: string, webhook: string): Verdict {
    const now = this.#now();
    const key = `${route} ${webhook}`;
    const known = this.#buckets.get(key);
    const bucket = known && known.resets > now ? known : { used: 0, resets: now + WINDOW };
    this.#buckets.set(key, bucket);
    const passes = bucket.used < LIMIT;
    if (passes) bucket.used++;
    const wait = (bucket.resets - now) / 1000;
    const headers = {
      // Stock clients take an answer without it for one of the network before Discord, and give up.
      via: '1.1 google',
      'x-ratelimit-limit': String(LIMIT),
      'x-ratelimit-remaining': String(LIMIT - bucket.used),
      'x-ratelimit-reset': (bucket.resets / 1000).toFixed(3),
      'x-ratelimit-reset-after': wait.toFixed(3),
      'x-ratelimit-bucket': createHash('md5').update(route).digest('hex'),
    };
    return passes ? { headers, refused: null } : refusedFor(wait, { headers, scope: 'user' });
  }

  /** Counts a message into a channel; the headers go on telling of the webhook's own bucket, as in life. */
  takePost(channel: string, headers: OutgoingHttpHeaders): Verdict {
    const now = this.#now();
    const recent = (this.#posts.get(channel) ?? []).filter((at) => at > now - CHANNEL_WINDOW);
    const [oldest = now] = recent;
    const passes = recent.length < CHANNEL_LIMIT;
    this.#posts.set(channel, passes ? [...recent, now] : recent);
    return passes
      ? { headers, refused: null }
      : refusedFor((oldest + CHANNEL_WINDOW - now) / 1000, { headers, scope: 'shared' });
  }
}

function refusedFor(
  wait: number,
  { headers, scope }: { headers: OutgoingHttpHeaders; scope: 'user' | 'shared' },
): Verdict {
  return {
    headers: { ...headers, 'retry-after': String(Math.ceil(wait)), 'x-ratelimit-scope': scope },
    refused: {
      message: scope === 'user' ? 'You are being rate limited.' : 'The resource is being rate limited.',
      retry_after: Number(wait.toFixed(3)),
      global: false,
    },
  };
}

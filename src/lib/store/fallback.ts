import { isOut, OncallError } from '../errors.ts';
import type { Cache } from './cache.ts';

/** How long an answer is waited for before the last known one is shown instead, in milliseconds. */
export const PATIENCE = 3000;

/**
 * The answer, if it comes in time. The question itself goes on and is left alone; the end of the command ends it.
 * @param ms null waits for as long as it takes
 * @param who who is asked, to begin a sentence with
 * @throws UNAVAILABLE when it does not come in time
 */
export async function inTime<T>(asked: Promise<T>, ms: number | null, who: string | null = null): Promise<T> {
  if (ms === null) return asked;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const seconds = Math.max(0.1, Math.round(ms / 100) / 10);
    const error = new OncallError(`${who ? `${who} gave no` : 'no'} answer within ${seconds} s.`, {
      code: 'UNAVAILABLE',
      hint: 'Try again shortly; `oncall doctor` checks every connection.',
    });
    timer = setTimeout(() => reject(error), ms);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Where answers are kept, and the clock by which their age is told. */
export interface Memory {
  cache: Cache;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** An answer: a live one, or the last known one with its age and the reason why it is not live. */
export interface Known<T> {
  value: T;
  /** When it was true, ISO 8601 UTC; null when it is live. */
  cachedAt: string | null;
  /** Why it is not live; null when it is. */
  trouble: OncallError | null;
}

export interface Question<T> {
  /** Null asks without a memory: then nothing is kept and nothing falls back. */
  memory: Memory | null;
  /** What is asked, in words that are the same at every asking: no times in it. */
  key: string;
  ask: () => Promise<T> | T;
  /** Who is asked, to begin a sentence with: `Prometheus`. */
  who?: string;
  /** Milliseconds; null waits for as long as the client does. */
  patience?: number | null;
  /** Where nothing is known from before, the source is waited for as long as its client does: late is better than never. */
  waitOn?: boolean;
}

/**
 * Asks with patience; when the source is out, gives what it said last. An old "nothing" (null, an empty list) is no
 * answer: nobody may take "none was open two hours ago" for "none is open".
 * @throws what the source said when nothing is known from before, and anything that is no outage (INTERRUPTED, NOT_FOUND)
 */
export async function lastKnown<T>(question: Question<T>): Promise<Known<T>> {
  const { memory, key, ask, who = null, patience = PATIENCE, waitOn = false } = question;
  const asked = (async () => ask())();
  // Also an answer that comes too late is kept. That the disk is slow is not the source's fault, and does not count.
  const kept = asked.then((value) => memory?.cache.put(key, value, memory.now()));
  kept.catch(() => {});
  try {
    const value = await inTime(asked, patience, who);
    await kept;
    return live(value);
  } catch (error) {
    if (!isOut(error)) throw error;
    const last = (await memory?.cache.get<T>(key)) ?? null;
    if (last && !isNothing(last.value)) {
      return { value: last.value, cachedAt: new Date(last.at).toISOString(), trouble: error };
    }
    if (waitOn) {
      await kept;
      return live(await asked);
    }
    throw error;
  }
}

function live<T>(value: T): Known<T> {
  return { value, cachedAt: null, trouble: null };
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** How long a source is waited for that has just kept us waiting, in milliseconds: below this none can answer. */
export const BRIEFLY = 300;

/**
 * A patience that several questions share, one after the other: each may use what those before it left, and at least a
 * moment.
 * @param ms milliseconds from the first question on; null has no end
 */
export function sharedPatience(ms: number | null, now: () => number): () => number | null {
  if (ms === null) return () => null;
  let until: number | null = null;
  return () => {
    until ??= now() + ms;
    return Math.max(BRIEFLY, until - now());
  };
}

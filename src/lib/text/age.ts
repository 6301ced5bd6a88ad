import { formatDuration } from './time.ts';

/**
 * How old an answer out of the cache is, in the one way in which it is said everywhere: `as of 2h ago, from cache`.
 * @param cachedAt ISO 8601 UTC
 * @param now milliseconds since 1970
 */
export function asOf(cachedAt: string, now: number): string {
  const age = now - Date.parse(cachedAt);
  return `as of ${age < 1000 ? 'a moment' : formatDuration(age)} ago, from cache`;
}

/** ` (as of 2h ago, from cache)`, to stand behind a line; nothing behind one that is live. */
export function ageNote(cachedAt: string | null, now: number): string {
  return cachedAt === null ? '' : ` (${asOf(cachedAt, now)})`;
}

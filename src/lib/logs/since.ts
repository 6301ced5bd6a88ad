import { secondOf } from './stamp.ts';
import { type Bounds, UNBOUNDED } from './surroundings.ts';

/** A clock that was set back by less than this, in seconds, while we were away, hides no line. */
const CLOCK_STEP = 5;

/**
 * From where on a log is asked for: from the place, or else within the bounds of a first request that brought nothing,
 * moved on by the time that has passed since.
 * @param nanos stamp of the place; null when nothing was delivered
 * @param now milliseconds since 1970, as `first.at`
 */
export function sinceOf(nanos: number | null, first: (Bounds & { at: number }) | null, now: number): Bounds {
  if (nanos !== null) return { ...UNBOUNDED, sinceTime: secondOf(nanos, CLOCK_STEP) };
  if (!first) return UNBOUNDED;
  const { tailLines, sinceSeconds, sinceTime, at } = first;
  const passed = Math.ceil((now - at) / 1000) + 1;
  return { tailLines, sinceTime, sinceSeconds: sinceSeconds === null ? null : sinceSeconds + passed };
}

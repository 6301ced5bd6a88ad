import { OncallError } from '../errors.ts';
import type { SourceReport } from './discovery.ts';

/** Nobody waits longer than this for one place, in milliseconds. */
const PATIENCE = 3000;

export interface Looked<T> {
  value: T | null;
  report: SourceReport;
}

/**
 * Looks at one place. One that is not there, refuses or dawdles costs only what it would have told.
 * @param summary what was found, in words; null when it was nothing
 * @throws INTERRUPTED, and anything that is a bug
 */
export async function lookAt<T>(
  source: string,
  ask: () => Promise<T>,
  summary: (value: T) => string | null,
): Promise<Looked<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE);
  });
  try {
    const value = await Promise.race([ask(), late]);
    const words = value === null ? `no answer within ${PATIENCE / 1000} s` : summary(value);
    return { value, report: { source, words: words ?? 'nothing', found: value !== null && words !== null } };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    return { value: null, report: { source, words: error.message, found: false } };
  } finally {
    clearTimeout(timer);
  }
}

/** A place that cannot be looked at, with what would make it possible. */
export function notLooked<T>(source: string, words: string): Looked<T> {
  return { value: null, report: { source, words, found: false } };
}

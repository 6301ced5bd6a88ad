import { OncallError } from '../errors.ts';

/** How long an answer that only decorates is waited for, in milliseconds. */
export const PATIENCE = 3000;

/**
 * The answer, if it comes in time. The question itself goes on and is left alone.
 * @param ms null waits for as long as it takes
 * @throws UNAVAILABLE when it does not come in time
 */
export async function inTime<T>(asked: Promise<T>, ms: number | null): Promise<T> {
  if (ms === null) return asked;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new OncallError(`no answer within ${Math.round(ms / 1000)} s.`, {
      code: 'UNAVAILABLE',
      hint: 'Try again; `oncall doctor` checks every connection.',
    });
    timer = setTimeout(() => reject(error), ms);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

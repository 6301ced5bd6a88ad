import { OncallError } from '../errors.ts';
import type { Span } from './tail.ts';

const FEW = 10;
/** Of a run that is over the end matters, and a stack trace is longer than a few lines. */
const LAST_WORDS = 50;
const QUARTER_OF_AN_HOUR = 15 * 60;

/**
 * How far back to begin, from what was asked for. The last few lines unless something says otherwise; a search looks
 * through a quarter of an hour, since in the last few lines nobody finds anything.
 * @param asked.since milliseconds
 */
export function spanOf(asked: {
  since?: number | undefined;
  tail?: number | undefined;
  all: boolean;
  previous: boolean;
  grep: boolean;
}): Span {
  const sinceSeconds = asked.since === undefined ? null : Math.max(1, Math.ceil(asked.since / 1000));
  if (asked.all) return { tailLines: null, sinceSeconds: null };
  if (asked.tail !== undefined || sinceSeconds !== null) return { tailLines: asked.tail ?? null, sinceSeconds };
  if (asked.previous) return { tailLines: asked.grep ? null : LAST_WORDS, sinceSeconds: null };
  return asked.grep ? { tailLines: null, sinceSeconds: QUARTER_OF_AN_HOUR } : { tailLines: FEW, sinceSeconds: null };
}

/** @throws USAGE for what is no regular expression */
export function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new OncallError(`--grep does not take "${text}": ${(error as Error).message}.`, {
      code: 'USAGE',
      hint: `Put a backslash before ( [ { * + ? . to mean the character itself.`,
    });
  }
}

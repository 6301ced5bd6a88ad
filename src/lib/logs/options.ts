import { OncallError } from '../errors.ts';
import type { Level } from './flatten.ts';
import type { SourceChoice } from './sources.ts';
import { nanosOf } from './stamp.ts';
import type { Bounds } from './surroundings.ts';

const FEW = 10;
/** Of a run that is over the end matters, and a stack trace is longer than a few lines. */
const LAST_WORDS = 50;
const QUARTER_OF_AN_HOUR = 15 * 60;

/** The flags of `oncall logs`, as they were typed. */
export interface LogsAsked {
  follow?: boolean | undefined;
  since?: number | undefined;
  'since-time'?: string | undefined;
  until?: string | undefined;
  tail?: number | undefined;
  all: boolean;
  previous: boolean;
  container?: string[] | undefined;
  pod?: string | undefined;
  grep?: string | undefined;
  exclude?: string | undefined;
  highlight?: string | undefined;
  level?: string | undefined;
  before?: number | undefined;
  after?: number | undefined;
  around?: number | undefined;
  fields?: string | undefined;
  raw: boolean;
  timestamps?: boolean | undefined;
  stats: boolean;
  'max-streams': number;
}

export interface LogsOptions {
  choice: SourceChoice;
  bounds: Bounds;
  previous: boolean;
  follow: boolean;
  maxStreams: number;
  grep: RegExp | null;
  exclude: RegExp | null;
  highlight: RegExp | null;
  level: Level | null;
  before: number;
  after: number;
  /** Nanoseconds as in `stamp`. */
  until: number | null;
  fields: readonly string[] | null;
  timestamps: boolean;
  stats: boolean;
}

/** What the flags mean together. @throws USAGE for what is no regular expression, no time */
export function optionsOf(asked: LogsAsked, at: { now: number; terminal: boolean }): LogsOptions {
  const { previous, raw, stats } = asked;
  const regexp = (text: string | undefined, flag: string) => (text === undefined ? null : pattern(text, flag));
  const until = instant(asked.until, '--until', at.now);
  const sinceTime = instant(asked['since-time'], '--since-time', at.now);
  const search = asked.grep !== undefined || asked.level !== undefined;
  const highlight =
    asked.highlight === undefined ? null : new RegExp(pattern(asked.highlight, '--highlight').source, 'g');
  return {
    choice: { pod: asked.pod ?? null, containers: asked.container ?? [] },
    bounds: boundsOf({ ...asked, sinceTime, search }),
    previous,
    follow: !previous && until === undefined && (asked.follow ?? at.terminal),
    maxStreams: asked['max-streams'],
    grep: regexp(asked.grep, '--grep'),
    exclude: regexp(asked.exclude, '--exclude'),
    highlight,
    level: (asked.level as Level | undefined) ?? null,
    before: asked.before ?? asked.around ?? 0,
    after: asked.after ?? asked.around ?? 0,
    until: until === undefined ? null : nanosOf(Date.parse(until)),
    fields: asked.fields?.split(',').map((name) => name.trim()) ?? null,
    timestamps: asked.timestamps ?? !raw,
    stats,
  };
}

/**
 * How far back to begin, from what was asked for. The last few lines unless something says otherwise; a search looks
 * through a quarter of an hour, since in the last few lines nobody finds anything.
 * @param asked.since milliseconds; `sinceTime` RFC 3339
 */
export function boundsOf(asked: {
  since?: number | undefined;
  sinceTime?: string | undefined;
  tail?: number | undefined;
  all: boolean;
  previous: boolean;
  search: boolean;
}): Bounds {
  const { tail, previous, search } = asked;
  const sinceTime = asked.sinceTime ?? null;
  const sinceSeconds = asked.since === undefined ? null : Math.max(1, Math.ceil(asked.since / 1000));
  const bounds = { tailLines: tail === undefined || tail < 0 ? null : tail, sinceSeconds, sinceTime };
  if (asked.all || tail !== undefined || sinceSeconds !== null || sinceTime !== null) return bounds;
  if (previous) return { ...bounds, tailLines: search ? null : LAST_WORDS };
  return search ? { ...bounds, sinceSeconds: QUARTER_OF_AN_HOUR } : { ...bounds, tailLines: FEW };
}

/** @param flag named in the error @throws USAGE for what is no regular expression */
export function pattern(text: string, flag: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new OncallError(`${flag} does not take "${text}": ${(error as Error).message}.`, {
      code: 'USAGE',
      hint: `Put a backslash before ( [ { * + ? . to mean the character itself.`,
    });
  }
}

/** @throws USAGE for what is no time @returns RFC 3339 */
export function instant(text: string | undefined, flag: string, now: number): string | undefined {
  if (text === undefined) return undefined;
  const at = text === 'now' ? now : Date.parse(/^\d{4}-\d\d-\d\dT[\d:.]+$/.test(text) ? `${text}Z` : text);
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new OncallError(`${flag} does not take "${text}": it is no time.`, {
    code: 'USAGE',
    hint: 'Write it as 2026-01-02T03:04:05Z.',
  });
}

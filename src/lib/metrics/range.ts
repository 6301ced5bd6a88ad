import { OncallError } from '../errors.ts';
import { parseDuration } from '../text/time.ts';

/** A span, and how it is cut into the cells of a curve. Times are milliseconds since 1970. */
export interface Range {
  from: number;
  to: number;
  stepSeconds: number;
  cells: number;
}

/** More points than this Prometheus refuses: https://github.com/prometheus/prometheus/blob/main/web/api/v1/api.go (queryRange) */
const MOST_POINTS = 11_000;

/** The span cut into cells of whole seconds. A short one gets fewer than asked for: never a step below one second. */
export function rangeOf(span: { since: number; end: number; cells: number }): Range {
  const seconds = Math.max(1, Math.round(span.since / 1000));
  const wanted = Math.max(1, Math.min(span.cells, MOST_POINTS));
  return rangeBetween(span.end - seconds * 1000, span.end, Math.max(1, Math.ceil(seconds / wanted)));
}

/** The same range again, from what a result says of it. */
export function rangeBetween(from: number, to: number, stepSeconds: number): Range {
  return { from, to, stepSeconds, cells: Math.max(1, Math.floor((to - from) / 1000 / stepSeconds)) };
}

/** The moments at which an expression is evaluated: the end of each cell, so that the last one is the end of the span. */
export function momentsOf({ to, stepSeconds, cells }: Range): { from: number; to: number; stepSeconds: number } {
  return { from: to - (cells - 1) * stepSeconds * 1000, to, stepSeconds };
}

/**
 * The edges of the drawn curve. Each moment stands in the middle of its cell, so that no rounding can push two into one
 * cell and leave a gap beside it.
 */
export function edgesOf(range: Range): { from: number; to: number; width: number } {
  const { from, to, stepSeconds } = momentsOf(range);
  const half = stepSeconds * 500;
  return { from: from - half, to: to + half, width: range.cells };
}

const HOUR = 3_600_000;

/**
 * The span to show: as asked, else so that the whole incident is in it with a while before and after, else the last hour.
 * @param about onset in milliseconds since 1970, end in ISO 8601
 * @throws USAGE for an end that is no time
 */
export function chooseSpan(
  asked: { since?: number | undefined; end?: string | undefined },
  about: { onset: number; resolvedAt: string | null } | null,
  now: number,
): { span: number; end: number } {
  const over = about?.resolvedAt ? Math.min(now, Date.parse(about.resolvedAt) + HOUR / 6) : now;
  const end = asked.end === undefined ? over : readEnd(asked.end, now);
  const whole = about && about.onset < end ? Math.max(HOUR, (end - about.onset) * 1.25) : HOUR;
  return { span: asked.since ?? whole, end };
}

/**
 * The end of a span as people write it: `now`, a span ago such as `30m`, or a time in ISO 8601, in UTC unless it says otherwise.
 * @throws USAGE
 */
export function readEnd(text: string, now: number): number {
  if (text === 'now') return now;
  if (/^\d+(\.\d+)?[smhdw]/.test(text) && !/^\d{4}-/.test(text)) return now - parseDuration(text);
  const iso = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  const at = iso ? Date.parse(iso[1] && !iso[4] ? `${text.replace(' ', 'T')}Z` : text.replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new OncallError(`"${text}" is not a time.`, {
      code: 'USAGE',
      hint: 'Write --end like 2026-01-02T03:04Z (UTC unless it says otherwise), or how long ago, like 30m.',
    });
  }
  return Math.min(at, now);
}

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

interface Span {
  from: number;
  until: number;
}

/** The seconds that a date or an instant covers: a bare date is a whole day. */
function span(text: string): Span | null {
  if (!INSTANT.test(text)) return null;
  const isDay = text.length === 10;
  const zoned = isDay || /(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`;
  const from = Math.floor(Date.parse(zoned) / 1_000);
  return Number.isNaN(from) ? null : { from, until: isDay ? from + 86_399 : from };
}

/**
 * Reads a date in GitHub's search syntax: `2026-01-02`, `>=T`, `>T`, `<=T`, `<T`, `A..B`, `A..*`, `*..B`.
 * https://docs.github.com/en/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax#query-for-dates
 * @returns a test for wall-clock milliseconds, which are compared by the second; null when the text is no such date.
 */
export function createdFilter(text: string): ((at: number) => boolean) | null {
  const second = (at: number): number => Math.floor(at / 1_000);
  const range = /^(.+)\.\.(.+)$/.exec(text);
  if (range) {
    const from = range[1] === '*' ? Number.NEGATIVE_INFINITY : span(range[1] as string)?.from;
    const until = range[2] === '*' ? Number.POSITIVE_INFINITY : span(range[2] as string)?.until;
    if (from === undefined || until === undefined) return null;
    return (at) => second(at) >= from && second(at) <= until;
  }
  const [, sign = '', rest = ''] = /^(>=|<=|>|<)?(.*)$/.exec(text) ?? [];
  const when = span(rest);
  if (!when) return null;
  const tests: Record<string, (at: number) => boolean> = {
    '': (at) => second(at) >= when.from && second(at) <= when.until,
    '>': (at) => second(at) > when.until,
    '>=': (at) => second(at) >= when.from,
    '<': (at) => second(at) < when.from,
    '<=': (at) => second(at) <= when.until,
  };
  return tests[sign] ?? null;
}

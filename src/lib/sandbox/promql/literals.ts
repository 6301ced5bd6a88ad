import { parseError } from './promql-error.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  y: 365 * 86_400_000,
  w: 7 * 86_400_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};
const DURATION = /^(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$/;

/** Milliseconds of a Prometheus duration such as `1h30m`; null when it is none. Units must come in falling order. */
export function durationMs(text: string): number | null {
  if (text === '0') return 0;
  if (text === '' || !DURATION.test(text)) return null;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[ywdhms])/g))
    total += Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
  return total;
}

/** The duration that stands at `position` of a query, which must be positive. */
export function positiveDuration(query: string, position: number, text: string): number {
  const ms = durationMs(text);
  if (ms === null) throw parseError(query, position, `not a valid duration string: "${text}"`);
  if (ms === 0) throw parseError(query, position, 'duration must be greater than 0');
  return ms;
}

/** A number literal: decimal, hexadecimal, octal with a leading zero, `Inf` or `NaN` in any case. */
export function numberLiteral(query: string, position: number, text: string): number {
  const lower = text.toLowerCase();
  if (lower === 'inf') return Number.POSITIVE_INFINITY;
  if (lower === 'nan') return Number.NaN;
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  const problem = Number.isNaN(value) ? 'invalid syntax' : 'value out of range';
  throw parseError(query, position, `error parsing number: strconv.ParseFloat: parsing "${text}": ${problem}`);
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What a quoted string stands for. Its escape sequences have been checked before. */
export function unquoted(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner;
  return inner.replace(/\\(?:([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gs, (...parts) => {
    const [octal, hex, short, long, other] = parts.slice(1, 6) as (string | undefined)[];
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const code = hex ?? short ?? long;
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    return SIMPLE[other ?? ''] ?? other ?? '';
  });
}

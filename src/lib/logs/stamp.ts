/**
 * The timestamps that a kubelet writes before each line, read as bytes: `2026-01-02T03:04:05.123456789Z `. Nodes that
 * write their own zone, and old kubelets that drop trailing zeros, are understood too, only more slowly.
 */

const DOT = 0x2e;
const T = 0x54;
const Z = 0x5a;
const BLANK = 0x20;
/** Length of the common stamp, without the blank after it. */
const COMMON = 30;
const OTHER = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)(?: |$)/;
/** A stamp has at most so many bytes: nine digits and an offset. */
const LONGEST = 36;

/**
 * Where the text begins after a line's stamp.
 * @param start first byte of the line
 * @param end the byte after its last, the line break not counted
 * @returns -1 for a line without a stamp: that is not the container speaking but the kubelet
 *   (https://github.com/kubernetes/kubernetes/issues/98236), or the rest of a line whose beginning was not asked for
 */
export function textStart(bytes: Buffer, start: number, end: number): number {
  if (
    end - start > COMMON &&
    bytes[start + COMMON] === BLANK &&
    bytes[start + 29] === Z &&
    bytes[start + 19] === DOT &&
    bytes[start + 10] === T
  )
    return start + COMMON + 1;
  const match = OTHER.exec(bytes.toString('latin1', start, Math.min(end, start + LONGEST + 1)));
  return match ? start + match[0].length : -1;
}

/** Stamps are compared as nanoseconds since this second, which is exact for 104 days around it. */
const BASE_SECONDS = Math.floor(Date.now() / 1000);
const DAY = 86_400;
let cachedDay = -1;
let cachedSeconds = 0;

/** The stamp at `start` as nanoseconds since a fixed second of this process: good for comparing, not for showing. */
export function nanosAt(bytes: Buffer, start: number): number {
  if (bytes[start + 29] === Z && bytes[start + 19] === DOT && bytes[start + 10] === T) {
    const day = digits(bytes, start, 4) * 10_000 + two(bytes, start + 5) * 100 + two(bytes, start + 8);
    if (day !== cachedDay) {
      cachedDay = day;
      cachedSeconds = Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100) / 1000;
    }
    const clock = two(bytes, start + 11) * 3600 + two(bytes, start + 14) * 60 + two(bytes, start + 17);
    return (cachedSeconds + clock - BASE_SECONDS) * 1e9 + digits(bytes, start + 20, 9);
  }
  const match = OTHER.exec(bytes.toString('latin1', start, start + LONGEST + 1));
  if (!match) return Number.NaN;
  const [, seconds = '', fraction = '', zone = 'Z'] = match;
  const at = Date.parse(`${seconds}${zone}`) / 1000;
  return (at - BASE_SECONDS) * 1e9 + Number(fraction.padEnd(9, '0'));
}

/** Such nanoseconds as milliseconds since 1970, cut. */
export function millisecondsOf(nanos: number): number {
  return BASE_SECONDS * 1000 + Math.floor(nanos / 1e6);
}

/** Milliseconds since 1970 as such nanoseconds. */
export function nanosOf(milliseconds: number): number {
  return (milliseconds - BASE_SECONDS * 1000) * 1e6;
}

/** The stamp as ISO 8601 UTC with nine digits. */
export function isoOf(nanos: number): string {
  const seconds = Math.floor(nanos / 1e9);
  const fraction = String(Math.round(nanos - seconds * 1e9)).padStart(9, '0');
  return `${new Date((BASE_SECONDS + seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** `sinceTime` for a request: the second of the stamp, since an API server cuts the fraction off. */
export function secondOf(nanos: number, earlierSeconds = 0): string {
  const seconds = BASE_SECONDS + Math.floor(nanos / 1e9) - earlierSeconds;
  return `${new Date(Math.min(seconds, DAY * 1e8) * 1000).toISOString().slice(0, 19)}Z`;
}

function two(bytes: Buffer, at: number): number {
  return ((bytes[at] as number) - 48) * 10 + ((bytes[at + 1] as number) - 48);
}

function digits(bytes: Buffer, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) value = value * 10 + (bytes[i] as number) - 48;
  return value;
}

/** The beginning of a stamp, where a stream was cut: no words of anybody. */
const CUT_STAMP = /^[\d:T.Z+-]*$/;

/** Whether what came after the last line break is words of the kubelet, and not a line that was cut. */
export function isRemark(rest: Buffer): boolean {
  return textStart(rest, 0, rest.length) < 0 && !CUT_STAMP.test(rest.toString('latin1', 0, 40));
}

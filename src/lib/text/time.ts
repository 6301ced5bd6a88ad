import { OncallError } from '../errors.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Reads a duration as people write it: `90s`, `15m`, `2h`, `1h30m`, `3d`, `1w`.
 * @returns milliseconds
 * @throws USAGE for anything else, zero included
 */
export function parseDuration(text: string): number {
  const parts = /^(?:\d+(?:\.\d+)?[smhdw])+$/.test(text.trim()) ? text.trim().match(/\d+(?:\.\d+)?[smhdw]/g) : null;
  const ms = (parts ?? []).reduce((sum, part) => sum + Number(part.slice(0, -1)) * (UNITS[part.slice(-1)] ?? 0), 0);
  if (!parts || ms <= 0) {
    throw new OncallError(`"${text}" is not a duration.`, {
      code: 'USAGE',
      hint: 'Write it like 90s, 15m, 2h, 1h30m or 3d.',
    });
  }
  return ms;
}

/** A span of time in at most two units: `42s`, `3m 12s`, `2h 5m`, `2d 3h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const pairs: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const first = pairs.findIndex(([count]) => count > 0);
  if (first < 0) return '0s';
  return pairs
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}

/** How long ago, or in how long, relative to `now` (both in milliseconds since 1970). */
export function relative(at: number, now: number): string {
  const gap = at - now;
  if (Math.abs(gap) < 1000) return 'now';
  return gap > 0 ? `in ${formatDuration(gap)}` : `${formatDuration(gap)} ago`;
}

/** How times are shown: in UTC, or in the reader's zone. */
export interface Zone {
  utc: boolean;
  /** IANA name; null takes the machine's own. */
  timeZone: string | null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * `TZ` may hold what `Intl` does not know (`CET-1CEST`, `:/etc/localtime`, a typing error); then the machine's own zone is
 * taken: no answer may fail because of how its time is written.
 */
function formatFor({ utc, timeZone }: Zone): Intl.DateTimeFormat {
  const name = utc ? 'UTC' : (timeZone?.replace(/^:/, '') ?? '');
  let format = formats.get(name);
  if (!format) {
    try {
      format = dateTimeFormat(name);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      format = dateTimeFormat('');
    }
    formats.set(name, format);
  }
  return format;
}

function dateTimeFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: timeZone || undefined,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
}

function parts(at: number, zone: Zone): Record<string, string> {
  return Object.fromEntries(
    formatFor(zone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
}

/** `03:12:41 PST`, or `03:12:41Z` in UTC. */
export function clockTime(at: number, zone: Zone): string {
  const p = parts(at, zone);
  return `${p.hour}:${p.minute}:${p.second}${zone.utc || p.timeZoneName === 'UTC' ? 'Z' : ` ${p.timeZoneName}`}`;
}

/** `Mon 03:12 PST`, for a moment within the week. */
export function dayTime(at: number, zone: Zone): string {
  const p = parts(at, zone);
  return `${p.weekday} ${p.hour}:${p.minute}${zone.utc || p.timeZoneName === 'UTC' ? 'Z' : ` ${p.timeZoneName}`}`;
}

/** `2026-11-22 03:12 PST`. */
export function dateTime(at: number, zone: Zone): string {
  const p = parts(at, zone);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}${zone.utc || p.timeZoneName === 'UTC' ? 'Z' : ` ${p.timeZoneName}`}`;
}

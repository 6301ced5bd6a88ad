const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** A duration in milliseconds as `kubectl get` shows ages: `45s`, `5m30s`, `3h20m`, `2d5h`, `40d`. */
export function humanAge(ms: number): string {
  if (ms < 0) return ms > -2 * SECOND ? '0s' : '<invalid>';
  const whole = (unit: number) => Math.floor(ms / unit);
  const pair = (unit: number, small: number, [a, b]: [string, string]) => {
    const rest = Math.floor((ms % unit) / small);
    return rest === 0 ? `${whole(unit)}${a}` : `${whole(unit)}${a}${rest}${b}`;
  };
  if (ms < 2 * MINUTE) return `${whole(SECOND)}s`;
  if (ms < 10 * MINUTE) return pair(MINUTE, SECOND, ['m', 's']);
  if (ms < 3 * HOUR) return `${whole(MINUTE)}m`;
  if (ms < 8 * HOUR) return pair(HOUR, MINUTE, ['h', 'm']);
  if (ms < 2 * DAY) return `${whole(HOUR)}h`;
  if (ms < 8 * DAY) return pair(DAY, HOUR, ['d', 'h']);
  if (ms < 2 * YEAR) return `${whole(DAY)}d`;
  if (ms < 8 * YEAR) return pair(YEAR, DAY, ['y', 'd']);
  return `${whole(YEAR)}y`;
}

/** The age of a moment in the API's spelling; `<unknown>` when there is none. */
export function ageOf(timestamp: string | undefined, now: number): string {
  return timestamp ? humanAge(now - Date.parse(timestamp)) : '<unknown>';
}

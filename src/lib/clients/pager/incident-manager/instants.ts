/** An SDK's date as an ISO 8601 UTC string; null when it is absent or not a date. */
export function instant(date: Date | undefined): string | null {
  return date && !Number.isNaN(date.getTime()) ? date.toISOString() : null;
}

/** Like `instant`, for the dates that AWS always gives. Empty rather than wrong when it does not. */
export function givenInstant(date: Date | undefined): string {
  return instant(date) ?? '';
}

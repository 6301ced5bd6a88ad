/**
 * What a rotation is, in plain data that any pager's answer can be turned into. All instants are milliseconds since
 * 1970; all times of day are wall-clock times in the rotation's own time zone.
 */

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface TimeOfDay {
  hour: number;
  minute: number;
}

/** Hands over at each of `at` on every `every`-th day. */
export interface DailyRecurrence {
  kind: 'daily';
  every: number;
  at: readonly TimeOfDay[];
}

/** Hands over at each of `at` in every `every`-th week. Weeks begin on Monday. */
export interface WeeklyRecurrence {
  kind: 'weekly';
  every: number;
  at: readonly (TimeOfDay & { day: Weekday })[];
}

/** Hands over at each of `at` in every `every`-th month. A day that the month lacks is its last day. */
export interface MonthlyRecurrence {
  kind: 'monthly';
  every: number;
  at: readonly (TimeOfDay & { dayOfMonth: number })[];
}

export type Recurrence = DailyRecurrence | WeeklyRecurrence | MonthlyRecurrence;

/** From `from` until `until` on the same day, or on the next day if `until` is not later than `from`. */
export interface CoverageWindow {
  from: TimeOfDay;
  until: TimeOfDay;
}

/** The hours in which a rotation has anyone on call; a weekday without windows has nobody. */
export type Coverage = Readonly<Partial<Record<Weekday, readonly CoverageWindow[]>>>;

export interface Rotation {
  /** In shift order. */
  members: readonly string[];
  /** IANA name. */
  timeZone: string;
  /** When the first shift begins; nobody is on call before. */
  startsAt: number;
  /** How many members share a shift. */
  onCallAtOnce: number;
  recurrence: Recurrence;
  /** null: around the clock. */
  coverage: Coverage | null;
}

/** Other people instead of whoever would have been on call, in `[from, until)`. No members: nobody is on call. */
export interface Override {
  members: readonly string[];
  from: number;
  until: number;
}

/** The same people on call without a break in `[from, until)`. */
export interface Shift {
  members: readonly string[];
  from: number;
  until: number;
  /** Who would have been on call, if an override put others in their place; else null. */
  replaces: readonly string[] | null;
}

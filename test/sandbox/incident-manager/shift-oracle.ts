/** A rotation in the API's own words, as far as its shifts go. Hand-offs and windows lie on quarter hours. */
export interface AskedRotation {
  Members: string[];
  TimeZoneId: string;
  /** Seconds since 1970. */
  RotationStartTime: number;
  Recurrence: {
    NumberOfOnCalls: number;
    RecurrenceMultiplier: number;
    DailySettings?: Time[];
    WeeklySettings?: { DayOfWeek: string; HandOffTime: Time }[];
    MonthlySettings?: { DayOfMonth: number; HandOffTime: Time }[];
    ShiftCoverages?: Record<string, { Start: Time; End: Time }[]>;
  };
  Overrides: { NewMembers: string[]; StartTime: number; EndTime: number }[];
}

interface Time {
  HourOfDay: number;
  MinuteOfHour: number;
}

export interface ExpectedShift {
  ContactIds: string[];
  StartTime: number;
  EndTime: number;
  Type: 'REGULAR' | 'OVERRIDDEN';
}

/** One quarter of an hour, as the wall clock of the zone shows it. */
interface Quarter {
  /** Days since 1970 of the local date. */
  day: number;
  weekday: string;
  month: number;
  dayOfMonth: number;
  daysInMonth: number;
  minutes: number;
}

const QUARTER = 900;
const DAY_MS = 86_400_000;
const WEEK = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function quarterReader(timeZone: string): (seconds: number) => Quarter {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...fields });
  return (seconds) => {
    const parts = Object.fromEntries(
      format.formatToParts(seconds * 1000).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 0, day: dayOfMonth = 0, hour = 0, minute = 0 } = parts;
    const midnight = Date.UTC(year, month - 1, dayOfMonth);
    return {
      day: midnight / DAY_MS,
      weekday: WEEK[new Date(midnight).getUTCDay()] ?? '',
      month: year * 12 + month,
      dayOfMonth,
      daysInMonth: new Date(Date.UTC(year, month, 0)).getUTCDate(),
      minutes: hour * 60 + minute,
    };
  };
}

function minutesOf({ HourOfDay, MinuteOfHour }: Time): number {
  return HourOfDay * 60 + MinuteOfHour;
}

/** Monday's week: 1 January 1970 was a Thursday. */
function weekOf(day: number): number {
  return Math.floor((day + 3) / 7);
}

/** How many hand-offs the recurrence has in this very quarter. */
function handOffs({ Recurrence: rule }: AskedRotation, first: Quarter, now: Quarter): number {
  const every = rule.RecurrenceMultiplier;
  if (rule.DailySettings) {
    if ((now.day - first.day) % every !== 0) return 0;
    return rule.DailySettings.filter((time) => minutesOf(time) === now.minutes).length;
  }
  if (rule.WeeklySettings) {
    if ((weekOf(now.day) - weekOf(first.day)) % every !== 0) return 0;
    return rule.WeeklySettings.filter(
      ({ DayOfWeek, HandOffTime }) => DayOfWeek === now.weekday && minutesOf(HandOffTime) === now.minutes,
    ).length;
  }
  if ((now.month - first.month) % every !== 0) return 0;
  return (rule.MonthlySettings ?? []).filter(
    ({ DayOfMonth, HandOffTime }) =>
      Math.min(DayOfMonth, now.daysInMonth) === now.dayOfMonth && minutesOf(HandOffTime) === now.minutes,
  ).length;
}

function isCovered({ Recurrence: { ShiftCoverages: all } }: AskedRotation, now: Quarter): boolean {
  if (!all) return true;
  const yesterday = WEEK[(WEEK.indexOf(now.weekday) + 6) % 7] ?? '';
  const windows = (day: string) =>
    (all[day] ?? []).map(({ Start, End }) => ({ from: minutesOf(Start), until: minutesOf(End) }));
  return (
    windows(now.weekday).some(({ from, until }) => now.minutes >= from && (until <= from || now.minutes < until)) ||
    windows(yesterday).some(({ from, until }) => until <= from && now.minutes < until)
  );
}

/**
 * The shifts of a rotation by going through the time quarter hour by quarter hour, with a look at the wall clock at each:
 * slow, and written without a thought of how the sandbox does it. The last shift is left out, since its end lies beyond.
 */
export function shiftsByLooking(asked: AskedRotation, until: number): ExpectedShift[] {
  const read = quarterReader(asked.TimeZoneId);
  const first = read(asked.RotationStartTime);
  const count = Math.min(asked.Recurrence.NumberOfOnCalls, asked.Members.length);
  const found: (ExpectedShift & { of: string })[] = [];
  let turn = 0;
  for (let at = asked.RotationStartTime; at < until; at += QUARTER) {
    const now = read(at);
    if (at > asked.RotationStartTime) turn += handOffs(asked, first, now);
    if (!isCovered(asked, now)) continue;
    const by = asked.Overrides.findLastIndex(({ StartTime, EndTime }) => StartTime <= at && at < EndTime);
    const of = `${turn} ${by}`;
    const last = found.at(-1);
    if (last && last.of === of && last.EndTime === at) {
      last.EndTime = at + QUARTER;
      continue;
    }
    const regular = Array.from(
      { length: count },
      (_, i) => asked.Members[(turn * count + i) % asked.Members.length] ?? '',
    );
    const ContactIds = asked.Overrides[by]?.NewMembers ?? regular;
    found.push({ of, ContactIds, StartTime: at, EndTime: at + QUARTER, Type: by < 0 ? 'REGULAR' : 'OVERRIDDEN' });
  }
  return found.slice(0, -1).map(({ of: _of, ...shift }) => shift);
}

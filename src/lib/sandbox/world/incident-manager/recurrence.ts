import { type Coverage, type Recurrence, type TimeOfDay, WEEKDAYS, type Weekday } from '../../../schedules/rotation.ts';
import { invalid } from './failure.ts';

export interface HandOffTime {
  HourOfDay: number;
  MinuteOfHour: number;
}

export type DayOfWeek = Uppercase<Weekday>;

/** The API's own shape. */
export interface RecurrenceSettings {
  NumberOfOnCalls: number;
  RecurrenceMultiplier: number;
  DailySettings?: HandOffTime[];
  WeeklySettings?: { DayOfWeek: DayOfWeek; HandOffTime: HandOffTime }[];
  MonthlySettings?: { DayOfMonth: number; HandOffTime: HandOffTime }[];
  ShiftCoverages?: Partial<Record<DayOfWeek, { Start?: HandOffTime; End?: HandOffTime }[]>>;
}

function timeOfDay(time: HandOffTime): TimeOfDay {
  return { hour: time.HourOfDay, minute: time.MinuteOfHour };
}

function lower(day: DayOfWeek): Weekday {
  return day.toLowerCase() as Weekday;
}

/** The same recurrence as the arithmetic wants it. Exactly one of the three kinds of hand-off has to be given. */
export function recurrenceOf(settings: RecurrenceSettings): Recurrence {
  const { DailySettings: daily, WeeklySettings: weekly, MonthlySettings: monthly } = settings;
  const every = settings.RecurrenceMultiplier;
  if ([daily, weekly, monthly].filter((given) => given?.length).length !== 1) {
    throw invalid('Recurrence must have exactly one of DailySettings, WeeklySettings and MonthlySettings');
  }
  if (daily?.length) return { kind: 'daily', every, at: daily.map(timeOfDay) };
  if (weekly?.length) {
    const at = weekly.map(({ DayOfWeek: day, HandOffTime: time }) => ({ day: lower(day), ...timeOfDay(time) }));
    return { kind: 'weekly', every, at };
  }
  const at = (monthly ?? []).map(({ DayOfMonth: dayOfMonth, HandOffTime: time }) => ({
    dayOfMonth,
    ...timeOfDay(time),
  }));
  return { kind: 'monthly', every, at };
}

/** The hours with anyone on call, or null when the settings limit none. */
export function coverageOf({ ShiftCoverages: coverages }: RecurrenceSettings): Coverage | null {
  if (!coverages || Object.keys(coverages).length === 0) return null;
  const result: Partial<Record<Weekday, { from: TimeOfDay; until: TimeOfDay }[]>> = {};
  for (const day of WEEKDAYS) {
    result[day] = (coverages[day.toUpperCase() as DayOfWeek] ?? []).map(({ Start, End }) => {
      if (!Start || !End) throw invalid('Shift coverage must have a start and an end');
      return { from: timeOfDay(Start), until: timeOfDay(End) };
    });
  }
  return result;
}

/** Refuses zones that are not IANA's, and designators such as `PST` that know no daylight saving time. */
export function checkTimeZone(id: string): void {
  const known = id === 'UTC' || id.includes('/');
  try {
    if (known && new Intl.DateTimeFormat('en', { timeZone: id })) return;
  } catch {
    // An unknown zone is refused below, like a short designator.
  }
  throw invalid(`TimeZoneId is not supported: ${id}`);
}

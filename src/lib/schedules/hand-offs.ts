import { Temporal } from 'temporal-polyfill';
import { type Recurrence, type Rotation, type TimeOfDay, WEEKDAYS } from './rotation.ts';

/**
 * Hand-offs lie on a grid of cycles. A cycle is `every` days, weeks or months, and cycle 0 begins with the calendar day,
 * week or month in which the rotation starts. Each cycle holds every hand-off of the recurrence once, in its first
 * day, week or month. A shift runs from one hand-off to the next, so none is longer than a cycle.
 */

const UNIT = { daily: 'days', weekly: 'weeks', monthly: 'months' } as const;

/**
 * The instant of a wall-clock time. A time that the clocks skip happens that much later, a time that they repeat
 * happens the first time: one answer for both ends, so that a shift which ends at 01:30 always meets the one that
 * begins at 01:30.
 */
export function instantOf(date: Temporal.PlainDate, time: TimeOfDay, timeZone: string): number {
  const local = date.toPlainDateTime({ hour: time.hour, minute: time.minute });
  return local.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
}

/** The calendar day in `timeZone` that holds the instant. */
export function dateOf(instant: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** First day of the day, week or month that holds `date`. */
function unitStart(kind: Recurrence['kind'], date: Temporal.PlainDate): Temporal.PlainDate {
  if (kind === 'weekly') return date.subtract({ days: date.dayOfWeek - 1 });
  return kind === 'monthly' ? date.with({ day: 1 }) : date;
}

/** The dates and times of the recurrence's hand-offs in the unit that begins on `start`. */
function localHandOffs(recurrence: Recurrence, start: Temporal.PlainDate): [Temporal.PlainDate, TimeOfDay][] {
  switch (recurrence.kind) {
    case 'daily':
      return recurrence.at.map((time) => [start, time]);
    case 'weekly':
      return recurrence.at.map((time) => [start.add({ days: WEEKDAYS.indexOf(time.day) }), time]);
    case 'monthly':
      return recurrence.at.map((time) => [start.with({ day: Math.min(time.dayOfMonth, start.daysInMonth) }), time]);
  }
}

function handOffsOfCycle(rotation: Rotation, firstDay: Temporal.PlainDate, cycle: number): number[] {
  const { recurrence, timeZone } = rotation;
  const start = firstDay.add({ [UNIT[recurrence.kind]]: cycle * recurrence.every });
  return localHandOffs(recurrence, start)
    .map(([date, time]) => instantOf(date, time, timeZone))
    .sort((a, b) => a - b);
}

/** One turn of the rotation, before coverage and overrides: turn `number` counts from 0, and may be of no length. */
export interface Turn {
  number: number;
  from: number;
  until: number;
}

/**
 * The turns that end after `from` and begin before `until`, in order.
 * @throws RangeError for a recurrence without a single hand-off, or a time zone that does not exist.
 */
export function* turnsBetween(rotation: Rotation, from: number, until: number): Generator<Turn> {
  const { recurrence, timeZone, startsAt } = rotation;
  const perCycle = recurrence.at.length;
  if (perCycle === 0) throw new RangeError('a recurrence needs at least one hand-off');
  const firstDay = unitStart(recurrence.kind, dateOf(startsAt, timeZone));
  const first = handOffsOfCycle(rotation, firstDay, 0).filter((at) => at > startsAt);

  // The cycle before the one that holds `from` is sure to hold the hand-off that began the turn at `from`.
  const unit = UNIT[recurrence.kind];
  const ahead = dateOf(Math.max(from, startsAt), timeZone).since(firstDay, { largestUnit: unit })[unit];
  let cycle = Math.max(0, Math.floor(ahead / recurrence.every) - 1);

  let number = cycle === 0 ? 0 : first.length + (cycle - 1) * perCycle + 1;
  let begun = cycle === 0 ? startsAt : null;
  for (; begun === null || begun < until; cycle++) {
    for (const at of cycle === 0 ? first : handOffsOfCycle(rotation, firstDay, cycle)) {
      if (begun === null) begun = at;
      else {
        if (at > from && begun < until) yield { number, from: begun, until: at };
        number++;
        begun = at;
      }
    }
  }
}

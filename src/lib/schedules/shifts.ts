import { dateOf, instantOf, turnsBetween } from './hand-offs.ts';
import { type Coverage, type Override, type Rotation, type Shift, WEEKDAYS } from './rotation.ts';

interface Span {
  from: number;
  until: number;
}

/** Who takes turn `number`: the list is dealt out `onCallAtOnce` at a time, round and round. */
function membersOfTurn(rotation: Rotation, number: number): string[] {
  const { members } = rotation;
  const count = Math.min(rotation.onCallAtOnce, members.length);
  return Array.from({ length: count }, (_, i) => members[(number * count + i) % members.length] as string);
}

/** The parts of `span` that the coverage has anyone on call for. */
function covered(span: Span, coverage: Coverage, timeZone: string): Span[] {
  const spans: Span[] = [];
  const last = dateOf(span.until, timeZone);
  // A window of the day before may reach past midnight into the span.
  let date = dateOf(span.from, timeZone).subtract({ days: 1 });
  for (; date.until(last).sign >= 0; date = date.add({ days: 1 })) {
    for (const window of coverage[WEEKDAYS[date.dayOfWeek - 1] as (typeof WEEKDAYS)[number]] ?? []) {
      const overnight = window.until.hour * 60 + window.until.minute <= window.from.hour * 60 + window.from.minute;
      const from = instantOf(date, window.from, timeZone);
      const until = instantOf(overnight ? date.add({ days: 1 }) : date, window.until, timeZone);
      spans.push({ from: Math.max(from, span.from), until: Math.min(until, span.until) });
    }
  }
  return joined(spans.filter((part) => part.from < part.until));
}

/** The same time as `spans`, in order and without overlaps or seams. */
function joined(spans: Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.sort((a, b) => a.from - b.from)) {
    const before = result.at(-1);
    if (before && span.from <= before.until) before.until = Math.max(before.until, span.until);
    else result.push({ ...span });
  }
  return result;
}

/** The shift, cut where overrides begin and end. Of two overrides at one instant, the later in the list holds. */
function overridden(shift: Shift, overrides: readonly Override[]): Shift[] {
  const cuts = new Set([shift.from, shift.until]);
  for (const { from, until } of overrides) {
    for (const at of [from, until]) if (at > shift.from && at < shift.until) cuts.add(at);
  }
  const times = [...cuts].sort((a, b) => a - b);
  const parts: (Shift & { by: Override | undefined })[] = [];
  for (const [i, from] of times.slice(0, -1).entries()) {
    const until = times[i + 1] as number;
    const by = overrides.findLast((override) => override.from <= from && override.until > from);
    const before = parts.at(-1);
    if (before && before.by === by) before.until = until;
    else parts.push({ members: by?.members ?? shift.members, from, until, replaces: by ? shift.members : null, by });
  }
  return parts.map(({ members, from, until, replaces }) => ({ members, from, until, replaces }));
}

/**
 * The shifts that have any time in `[from, until)`, in order, each at its full length. An override replaces people
 * while there is a shift to replace them in: it adds no hours that the rotation does not cover. Shifts are made as
 * they are asked for, so a caller that wants the first few of a long span pays for no more.
 * @param overrides in the order in which they were made.
 */
export function* shiftsBetween(
  rotation: Rotation,
  overrides: readonly Override[],
  span: { from: number; until: number },
): Generator<Shift> {
  if (rotation.members.length === 0) return;
  for (const turn of turnsBetween(rotation, span.from, span.until)) {
    if (turn.from >= turn.until) continue;
    const members = membersOfTurn(rotation, turn.number);
    const spans = rotation.coverage ? covered(turn, rotation.coverage, rotation.timeZone) : [turn];
    for (const { from, until } of spans) {
      for (const shift of overridden({ members, from, until, replaces: null }, overrides)) {
        if (shift.until > span.from && shift.from < span.until) yield shift;
      }
    }
  }
}

/** The shift at one instant, or null when nobody has a shift then (a shift can also be overridden with nobody). */
export function shiftAt(rotation: Rotation, overrides: readonly Override[], instant: number): Shift | null {
  const [shift] = shiftsBetween(rotation, overrides, { from: instant, until: instant + 1 });
  return shift ?? null;
}

/** Who is on call at one instant over all rotations of a schedule, in the order of the rotations, nobody twice. */
export function onCallAt(
  rotations: readonly { rotation: Rotation; overrides: readonly Override[] }[],
  instant: number,
): string[] {
  const people = rotations.flatMap(({ rotation, overrides }) => shiftAt(rotation, overrides, instant)?.members ?? []);
  return [...new Set(people)];
}

import type { Roster } from '../incidents/roster.ts';

/** Somebody's shift. Times are milliseconds since 1970. */
export interface MyShift {
  schedule: string;
  from: number;
  to: number;
  /** Whether it runs now. */
  running: boolean;
  /** Who has it afterwards; empty when nobody is known to. */
  next: string[];
}

/** Shifts that follow one another with no more time between them than this are one. */
const SEAM = 60_000;

/** My shift that runs now, else the next one; null when the roster knows none. Shifts without a gap are one. */
export function myShift(roster: Roster, me: string, now: number): MyShift | null {
  const found = roster.schedules.flatMap(({ alias, shifts }) => {
    const mine = shifts
      .filter(({ people }) => people.includes(me))
      .map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }))
      .sort((a, b) => a.from - b.from);
    const first = mine.findIndex(({ to }) => to > now);
    if (first < 0) return [];
    const shift = { ...(mine[first] as { from: number; to: number }) };
    for (const more of mine.slice(first + 1)) if (more.from - shift.to <= SEAM) shift.to = more.to;
    const after = shifts.filter(({ from, to }) => Date.parse(from) <= shift.to && shift.to < Date.parse(to));
    const next = [...new Set(after.flatMap(({ people }) => people))].map(
      (member) => roster.people.find((person) => person.alias === member)?.name ?? member,
    );
    return [{ schedule: alias, ...shift, running: shift.from <= now, next }];
  });
  return found.sort((a, b) => a.from - b.from)[0] ?? null;
}

import type { Channel, Shift } from '../clients/pager/pager.ts';
import type { Roster } from './roster.ts';

export interface OnCallPerson {
  alias: string;
  name: string;
  channels: { kind: Channel['kind']; address: string; activated: boolean }[];
}

/** One step of who is paged: the first responder, then those after. Times are ISO 8601 UTC. */
export interface Responder {
  /** Minutes after the first page; null where no plan says it. */
  afterMinutes: number | null;
  /** The schedule that puts them on call; null for a person named by the plan itself. */
  schedule: string | null;
  people: OnCallPerson[];
  /** End of their shift; null without a schedule, or when the end is not known. */
  until: string | null;
  override: boolean;
  /** Who has the shift after this one. */
  next: { people: OnCallPerson[]; from: string } | null;
}

export interface OnCall {
  at: string;
  responders: Responder[];
  /** When this was read, if it comes out of the cache because the pager is down; else null. */
  cachedAt: string | null;
}

/** Who is paged at an instant, in order. Pure; out of a roster that covers the instant. */
export function onCallAt(roster: Roster, at: number, cached: boolean): OnCall {
  const inPlan = (roster.plan?.stages ?? []).flatMap(({ targets }, stage, stages) => {
    const afterMinutes = stages.slice(0, stage).reduce((sum, { minutes }) => sum + minutes, 0);
    return targets.map((target) => responder(roster, target, { at, afterMinutes }));
  });
  const first = roster.schedules[0];
  const shown = inPlan.length > 0 ? inPlan : first ? [responder(roster, first.alias, { at, afterMinutes: null })] : [];
  return {
    at: new Date(at).toISOString(),
    responders: shown,
    cachedAt: cached ? new Date(roster.readAt).toISOString() : null,
  };
}

function responder(
  roster: Roster,
  alias: string,
  { at, afterMinutes }: { at: number; afterMinutes: number | null },
): Responder {
  const schedule = roster.schedules.find((one) => one.alias === alias);
  if (!schedule) {
    const people = [personIn(roster, alias)];
    return { afterMinutes, schedule: null, people, until: null, override: false, next: null };
  }
  const running = schedule.shifts.filter(({ from, to }) => Date.parse(from) <= at && at < Date.parse(to));
  const people = [...new Set(running.flatMap((shift) => shift.people))];
  const ends = running.map(({ to }) => to).sort()[0] ?? null;
  // A person whose shift is followed by another one of theirs stays on call: the hand-over is to somebody else.
  const [handOver, until] = handOverAfter(schedule.shifts, people, ends ? Date.parse(ends) : at);
  return {
    afterMinutes,
    schedule: alias,
    people: people.map((one) => personIn(roster, one)),
    until: people.length > 0 ? (until ?? ends) : null,
    override: running.some(({ override }) => override),
    next: handOver && {
      people: handOver.people.map((one) => personIn(roster, one)),
      from: handOver.from,
    },
  };
}

function handOverAfter(
  shifts: readonly Shift[],
  people: readonly string[],
  from: number,
): [Shift | null, string | null] {
  const later = shifts
    .filter((shift) => Date.parse(shift.from) >= from && shift.people.length > 0)
    .sort((a, b) => a.from.localeCompare(b.from));
  let until = from;
  for (const shift of later) {
    const same = shift.people.length === people.length && shift.people.every((one) => people.includes(one));
    if (!same || Date.parse(shift.from) > until) return [shift, new Date(until).toISOString()];
    until = Date.parse(shift.to);
  }
  return [null, people.length > 0 ? new Date(until).toISOString() : null];
}

function personIn(roster: Roster, alias: string): OnCallPerson {
  return roster.people.find((person) => person.alias === alias) ?? { alias, name: alias, channels: [] };
}

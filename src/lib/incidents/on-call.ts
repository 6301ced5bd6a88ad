import type { Channel, Contact, ContactDetail, Pager, Shift } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';

const DAY = 86_400_000;
/** How far ahead the shifts are read and kept, in milliseconds: what a cached answer is still good for. */
const AHEAD = 28 * DAY;

/** Everything about who is paged, as it was read: enough to answer for any time it covers, without the pager. */
export interface Roster {
  /** Milliseconds since 1970. */
  readAt: number;
  /** The span that `shifts` cover. ISO 8601 UTC. */
  from: string;
  to: string;
  plan: { alias: string; name: string; stages: { minutes: number; targets: string[] }[] } | null;
  schedules: { alias: string; name: string; shifts: Shift[] }[];
  people: { alias: string; name: string; channels: Pick<Channel, 'kind' | 'address' | 'activated'>[] }[];
}

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

/** Which plan and schedule to show; null where the configuration does not say. */
export interface Wanted {
  plan: string | null;
  schedule: string | null;
}

/**
 * Reads who is paged, from `at` on. What is not configured is taken where the account has only one of its kind.
 * @throws NOT_FOUND when there is neither a plan nor a schedule, AMBIGUOUS when there are several and none is configured
 */
export async function readRoster(pager: Pager, wanted: Wanted, time: { at: number; now: number }): Promise<Roster> {
  const contacts = await pager.contacts();
  const planAlias = chosen(contacts, 'plan', wanted.plan);
  const plan = planAlias ? await pager.contact(planAlias) : null;
  const stages = (plan?.stages ?? []).map(({ minutes, targets }) => ({
    minutes,
    targets: targets.flatMap((target) => (target.kind === 'contact' ? [target.alias] : [])),
  }));
  const named = new Set(stages.flatMap(({ targets }) => targets));
  const kindOf = new Map(contacts.map(({ alias, kind }) => [alias, kind]));
  const inPlan = [...named].filter((alias) => kindOf.get(alias) === 'schedule');
  const schedule = wanted.schedule ?? (inPlan.length > 0 ? null : chosen(contacts, 'schedule', null));
  if (!plan && !schedule) throw noRota(contacts);
  const aliases = [...new Set([...(schedule ? [schedule] : []), ...inPlan])];
  const span = {
    from: new Date(time.at - DAY).toISOString(),
    to: new Date(time.at + AHEAD).toISOString(),
  };
  const schedules = await Promise.all(
    aliases.map(async (alias) => ({ alias, name: nameOf(contacts, alias), shifts: await pager.shifts(alias, span) })),
  );
  const inShifts = schedules.flatMap(({ shifts }) => shifts.flatMap(({ people }) => people));
  const people = new Set([...[...named].filter((alias) => kindOf.get(alias) === 'person'), ...inShifts]);
  const details = await Promise.all([...people].map((alias) => personOf(pager, alias)));
  return {
    readAt: time.now,
    ...span,
    plan: plan && { alias: plan.alias, name: plan.name, stages },
    schedules,
    people: details.map(({ alias, name, channels }) => ({
      alias,
      name,
      channels: channels.map(({ kind, address, activated }) => ({ kind, address, activated })),
    })),
  };
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

/** Whether a roster knows the shifts of an instant. */
export function covers({ from, to }: Roster, at: number): boolean {
  return Date.parse(from) <= at && at < Date.parse(to);
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

function chosen(contacts: readonly Contact[], kind: 'plan' | 'schedule', configured: string | null): string | null {
  if (configured) return configured;
  const found = contacts.filter((contact) => contact.kind === kind);
  return found.length === 1 && found[0] ? found[0].alias : null;
}

function nameOf(contacts: readonly Contact[], alias: string): string {
  return contacts.find((contact) => contact.alias === alias)?.name ?? alias;
}

/** Somebody who has left may still stand in a rota: then only the alias is known. */
async function personOf(pager: Pager, alias: string): Promise<Pick<ContactDetail, 'alias' | 'name' | 'channels'>> {
  return pager.contact(alias).catch((error: unknown) => {
    if (error instanceof OncallError && error.code === 'NOT_FOUND') return { alias, name: alias, channels: [] };
    throw error;
  });
}

function noRota(contacts: readonly Contact[]): OncallError {
  const several = contacts.filter(({ kind }) => kind !== 'person').map(({ alias }) => alias);
  if (several.length > 0)
    return new OncallError('There are several schedules and escalation plans, and none is configured.', {
      code: 'AMBIGUOUS',
      hint: `Set \`escalation.plan\` or \`escalation.schedule\` in oncall.yaml to one of: ${several.join(', ')}.`,
    });
  return new OncallError('The pager has neither a schedule nor an escalation plan.', {
    code: 'NOT_FOUND',
    hint: 'Set one up in Incident Manager; `oncall doctor` says what is missing.',
  });
}

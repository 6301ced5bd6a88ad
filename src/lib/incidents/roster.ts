import type { Channel, Contact, ContactDetail, Pager, Shift } from '../clients/pager/pager.ts';
import { isOut, OncallError } from '../errors.ts';
import { type Known, lastKnown, type Memory } from '../store/fallback.ts';
import { asOf } from '../text/age.ts';

const DAY = 86_400_000;
/** How far ahead the shifts are read and kept, in milliseconds: what a cached answer is still good for. */
const AHEAD = 28 * DAY;
/** A moment within this is answered by what is read for now, with enough behind it to see the next hand-over. */
const NEAR = 14 * DAY;

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

/** Which plan and schedule to show; null where the configuration does not say. */
export interface Wanted {
  plan: string | null;
  schedule: string | null;
}

/**
 * Who is paged at `at`, out of what the pager says; or, when it is out, out of the shifts that it told the last time: they
 * reach four weeks ahead, so what was read on Friday still tells who is on call on Sunday.
 * @param request.at milliseconds since 1970
 * @param request.patience milliseconds before the cached shifts are taken; `waitOn`: see `lastKnown`
 * @throws what the pager said, when nothing is kept; UNAVAILABLE and the like, saying how far what is kept reaches
 */
export async function knownRoster(request: {
  pager: () => Promise<Pager>;
  wanted: Wanted;
  memory: Memory;
  at: number;
  patience?: number;
  waitOn?: boolean;
}): Promise<Known<Roster>> {
  const { wanted, memory, at, patience, waitOn } = request;
  const now = memory.now();
  const near = at > now - DAY && at < now + NEAR;
  const key = `rota ${JSON.stringify([wanted.plan, wanted.schedule])}`;
  const ask = async () => readRoster(await request.pager(), wanted, { at: near ? now : at, now });
  const waiting = { ...(patience === undefined ? {} : { patience }), ...(waitOn === undefined ? {} : { waitOn }) };
  const known = await lastKnown({
    memory,
    key: near ? key : `${key} ${new Date(at).toISOString().slice(0, 10)}`,
    ask,
    who: 'The pager',
    ...waiting,
  }).catch(async (error: unknown) => {
    const kept = near || !isOut(error) ? null : await memory.cache.get<Roster>(key);
    if (!kept || !isOut(error)) throw error;
    return { value: kept.value, cachedAt: new Date(kept.at).toISOString(), trouble: error };
  });
  if (known.cachedAt === null || covers(known.value, at)) return known;
  throw new OncallError(
    `${known.trouble?.message ?? ''} What is known here (${asOf(known.cachedAt, now)}) reaches from ${known.value.from.slice(0, 16)}Z to ${known.value.to.slice(0, 16)}Z: who is on call at ${new Date(at).toISOString().slice(0, 16)}Z is not known.`.trim(),
    { code: known.trouble?.code ?? 'UNAVAILABLE', hint: known.trouble?.hint ?? undefined },
  );
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

/** Whether a roster knows the shifts of an instant. */
export function covers({ from, to }: Roster, at: number): boolean {
  return Date.parse(from) <= at && at < Date.parse(to);
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

import type { Contact, Incident, Pager } from '../clients/pager/pager.ts';
import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import type { Directory, EscalationPlan } from '../paging/contact.ts';
import { reachedByStage } from '../paging/reach.ts';
import type { JournalEntry } from '../store/journal.ts';
import { plain } from '../text/plain.ts';
import type { Message } from './engage.ts';
import { helpMessage } from './message.ts';
import { callerName, requireContact } from './people.ts';
import { type PagedSoFar, planRing, type RingPlan, readPagedSoFar } from './ring.ts';
import { readDirectory } from './still-to-ring.ts';
import { findSubject } from './subject.ts';

export interface EscalationRequest {
  pager: Pager;
  incident: Incident;
  /** My alias; null when it is not known who asks. */
  me: string | null;
  /** Whom to ring; null for the next responder of the escalation plan. */
  who: string | null;
  reason: string | null;
  journal: readonly JournalEntry[];
  services: readonly Service[];
  /** The configured plan, for an incident that engaged none. */
  defaultPlan: string | null;
  now: number;
  clean: (text: string) => string;
}

/** Everything an escalation will do, before it does anything. */
export interface Escalation {
  incident: Incident;
  /** The stage of the plan that is next, counted from 1; null when somebody was named. */
  stage: { plan: string; name: string; number: number } | null;
  ring: RingPlan;
  message: Message;
  /** Engagements there were before. */
  known: string[];
}

/**
 * Works out whom to ring for an incident, what they will be told, and what else would ring them. Every call is a read.
 * @throws NOT_FOUND when nobody is called so, or nobody is left; REFUSED when they cannot be rung
 */
export async function planEscalation(request: EscalationRequest): Promise<Escalation> {
  const { pager, incident, me, who, reason, journal, services, now, clean } = request;
  const [contacts, soFar, subject] = await Promise.all([
    pager.contacts(),
    readPagedSoFar(pager, incident.id, now),
    findSubject(incident, { pager, prometheus: null, services }),
  ]);
  const chosen = who
    ? { targets: [notMe(requireContact(contacts, who), me)], stage: null }
    : await nextStage(request, contacts, soFar);
  const from = callerName(contacts, me);
  const service = subject.service?.name ?? null;
  return {
    incident,
    stage: chosen.stage,
    ring: await planRing(pager, chosen.targets, { soFar, me, now }),
    message: helpMessage({ incident, service, since: subject.onset, journal, from, reason, now, clean }),
    known: soFar.engagements.map(({ id }) => id),
  };
}

function notMe(contact: Contact, me: string | null): Contact {
  if (contact.alias !== me) return contact;
  throw new OncallError('That is you: the incident is yours already. Nothing was sent.', {
    code: 'REFUSED',
    hint: 'Ring the next responder with `oncall escalate`, or name somebody else: see `oncall who`.',
  });
}

/** The first stage of the plan, after those that have rung anybody, which reaches somebody who was not rung yet. */
async function nextStage(request: EscalationRequest, contacts: readonly Contact[], soFar: PagedSoFar) {
  const { pager, me, now } = request;
  const alias = await planOfIncident(request, contacts, soFar);
  const directory = await readDirectory(pager, [alias], now);
  const plan = directory(alias);
  if (plan?.kind !== 'plan') throw noPlan();
  const rung = new Set([...soFar.pages.map(({ contact }) => contact), ...(me ? [me] : [])]);
  for (const { contact, kind } of soFar.engagements) if (kind === 'person') rung.add(contact);
  const begun = await lastStageBegun(pager, alias, soFar);
  for (let stage = begun + 1; stage < plan.stages.length; stage++) {
    const targets = targetsOf({ directory, plan, stage, at: now, rung });
    const found = contacts.filter((contact) => targets.includes(contact.alias));
    if (found.length > 0) return { targets: found, stage: { plan: alias, name: plan.name, number: stage + 1 } };
  }
  throw nobodyLeft(plan, contacts, rung);
}

/** Targets of a stage that lead to somebody who has not been rung. */
function targetsOf(from: {
  directory: Directory;
  plan: EscalationPlan;
  stage: number;
  at: number;
  rung: ReadonlySet<string>;
}): string[] {
  const fresh = reachedByStage(from.directory, from.plan, from).filter(({ person }) => !from.rung.has(person));
  // The path leads from the plan over the target; a schedule is engaged as such, so that the pager shows it as such.
  return [...new Set(fresh.flatMap(({ path }) => path[1]?.contact ?? []))];
}

/** The plan that was engaged for the incident, else the one that its response plan engages, else the team's. */
async function planOfIncident(
  { pager, incident, defaultPlan }: EscalationRequest,
  contacts: readonly Contact[],
  { engagements }: PagedSoFar,
): Promise<string> {
  const engaged = engagements.find(({ kind }) => kind === 'plan')?.contact;
  if (engaged) return engaged;
  const isPlan = (alias: string) => contacts.some((contact) => contact.alias === alias && contact.kind === 'plan');
  const response = await pager.responsePlan(incident.plan).catch((error: unknown) => {
    if (error instanceof OncallError && error.code === 'NOT_FOUND') return null;
    throw error;
  });
  const named = [...(response?.engages ?? []), ...(defaultPlan ? [defaultPlan] : [])].find(isPlan);
  if (named) return named;
  const plans = contacts.filter(({ kind }) => kind === 'plan');
  if (plans.length === 1 && plans[0]) return plans[0].alias;
  throw noPlan();
}

/** The latest stage of the plan that has rung anybody, counted from 0; -1 when none has. */
async function lastStageBegun(pager: Pager, plan: string, soFar: PagedSoFar): Promise<number> {
  const { engagements, pages, toCome } = soFar;
  const running = toCome.engagements.flatMap(({ soFar: { contact, pages: known } }) =>
    contact === plan ? known.map(({ stage }) => stage ?? -1) : [],
  );
  const ended = engagements.filter(({ contact, stoppedAt }) => contact === plan && stoppedAt !== null);
  const samples = ended.flatMap(({ id }) => {
    const first = new Map(pages.filter(({ engagementId }) => engagementId === id).map((page) => [page.contact, page]));
    return [...first.values()];
  });
  const paths = await Promise.all(samples.map(({ id }) => pager.pathOf(id)));
  const stopped = paths.flat().map(({ stage }) => stage ?? -1);
  return Math.max(-1, ...running, ...stopped);
}

function noPlan(): OncallError {
  return new OncallError('This incident has no escalation plan, so there is no next responder.', {
    code: 'NOT_FOUND',
    hint: 'Name somebody: `oncall escalate PERSON`. See who there is with `oncall who`.',
  });
}

function nobodyLeft(plan: EscalationPlan, contacts: readonly Contact[], rung: ReadonlySet<string>): OncallError {
  const others = contacts.filter(({ alias, kind }) => kind === 'person' && !rung.has(alias));
  const names = others.map(({ alias, name }) => `\`oncall escalate ${plain(alias)}\` (${plain(name)})`);
  return new OncallError(`Everybody in the escalation plan "${plain(plan.name)}" has been rung already.`, {
    code: 'NOT_FOUND',
    hint:
      names.length > 0
        ? `Ring somebody outside it: ${names.join(', ')}.`
        : 'Ring one of them again with `oncall escalate PERSON --again`.',
  });
}

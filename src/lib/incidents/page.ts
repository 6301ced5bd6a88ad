import type { Contact, Impact, Incident, Pager } from '../clients/pager/pager.ts';
import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import type { JournalEntry } from '../store/journal.ts';
import { plain } from '../text/plain.ts';
import { chooseIncident, shortId } from './choose-incident.ts';
import type { Message } from './engage.ts';
import { helpMessage, pageMessage } from './message.ts';
import { callerName, contactNamed, noContact } from './people.ts';
import { rungFirst } from './reach.ts';
import { planRing, type RingPlan, readPagedSoFar } from './ring.ts';
import { findSubject, serviceOfPlan } from './subject.ts';

export interface PageRequest {
  pager: Pager;
  /** A person, schedule or plan, or the name of a service. */
  who: string;
  why: string;
  /** My alias; null when it is not known who asks. */
  me: string | null;
  /** Incident to attach it to; null for the only open one. */
  ref: string | null;
  /** Response plan for a service; null for its own. */
  plan: string | null;
  impact: Impact | null;
  services: readonly Service[];
  journalOf: (incidentId: string) => Promise<readonly JournalEntry[]>;
  now: number;
  clean: (text: string) => string;
}

/** Somebody will be paged. */
export interface PagePerson {
  kind: 'person';
  /** The incident it is attached to; null for none. */
  incident: Incident | null;
  /** How many incidents are open, when it was attached to none because of that. */
  openIncidents: number;
  ring: RingPlan;
  message: Message;
  known: string[];
}

/** An incident will be opened, which pages whom its response plan names. */
export interface PageService {
  kind: 'service';
  service: string;
  plan: string;
  /** Other response plans of the service. */
  otherPlans: string[];
  title: string;
  impact: Impact | null;
  ring: RingPlan;
  /** Ids of the incidents that are open before. */
  open: string[];
}

const LONGEST_TITLE = 200;

/**
 * Works out what paging `who` means: a person, schedule or plan is rung directly; a service gets an incident by its
 * response plan. Every call is a read.
 * @throws NOT_FOUND with near names, AMBIGUOUS, REFUSED when nobody would be rung
 */
export async function planPage(request: PageRequest): Promise<PagePerson | PageService> {
  const { pager, who, services, plan } = request;
  const contacts = await pager.contacts();
  const service = services.find(({ name }) => name.toLowerCase() === who.trim().toLowerCase());
  const alias = contacts.some((contact) => contact.alias.toLowerCase() === who.trim().toLowerCase());
  if (service && (plan !== null || !alias)) return planService(request, service, contacts);
  const contact = contactNamed(contacts, who);
  if (!contact)
    throw noContact(
      contacts,
      who,
      services.map(({ name }) => name),
    );
  if (plan !== null || request.impact !== null) {
    throw new OncallError(`--plan and --impact belong to an incident, and "${plain(contact.name)}" is no service.`, {
      code: 'USAGE',
      hint: 'Leave them out, or name a service.',
    });
  }
  return planPerson(request, contact, contacts);
}

async function planPerson(request: PageRequest, contact: Contact, contacts: readonly Contact[]): Promise<PagePerson> {
  const { pager, why, me, now, clean, services } = request;
  const from = callerName(contacts, me);
  const { incident, openIncidents } = await attachedTo(request);
  if (incident) {
    const [soFar, subject, journal] = await Promise.all([
      readPagedSoFar(pager, incident.id, now),
      findSubject(incident, { pager, prometheus: null, services }),
      request.journalOf(incident.id),
    ]);
    const service = subject.service?.name ?? null;
    return {
      kind: 'person',
      incident,
      openIncidents,
      ring: await planRing(pager, [contact], { soFar, me, now }),
      message: helpMessage({ incident, service, since: subject.onset, journal, from, reason: why, now, clean }),
      known: soFar.engagements.map(({ id }) => id),
    };
  }
  const ring = await planRing(pager, [contact], { soFar: null, me, now });
  const first = ring.targets[0] ? rungFirst(ring.targets[0])[0] : undefined;
  // Outside an incident the pager shows only a person's pages: those there are now are not the one to come.
  const before = first ? await pager.pagesOf(first.person) : [];
  return {
    kind: 'person',
    incident: null,
    openIncidents,
    ring,
    message: pageMessage({ why, from, clean }),
    known: before.map(({ engagementId }) => engagementId),
  };
}

/** The incident that was named, else the only open one: which of several is meant is not for us to guess. */
async function attachedTo({ pager, ref }: PageRequest): Promise<{ incident: Incident | null; openIncidents: number }> {
  if (ref !== null) return { incident: (await chooseIncident(pager, ref, null))?.incident ?? null, openIncidents: 0 };
  const open = await pager.incidents({ status: 'open' });
  const only = open.length === 1 ? open[0] : undefined;
  return { incident: only ?? null, openIncidents: open.length };
}

async function planService(request: PageRequest, service: Service, contacts: readonly Contact[]): Promise<PageService> {
  const { pager, why, me, services, impact, now } = request;
  const [plans, open] = await Promise.all([pager.responsePlans(), pager.incidents({ status: 'open' })]);
  const own = plans.filter((plan) => serviceOfPlan(plan, services)?.name === service.name).sort();
  const plan = chosenPlan(request, service, { plans, own });
  const running = open.find((incident) =>
    request.plan ? incident.plan === plan : serviceOfPlan(incident.plan, services)?.name === service.name,
  );
  if (running) throw alreadyOpen(running, service);
  const { engages } = await pager.responsePlan(plan);
  const engaged = contacts.filter(({ alias }) => engages.includes(alias));
  if (engaged.length === 0) {
    throw new OncallError(
      `The response plan "${plain(plan)}" engages nobody, so nobody would be rung. Nothing was done.`,
      {
        code: 'REFUSED',
        hint: 'Page a person instead: `oncall page PERSON "why"`. See `oncall who`.',
      },
    );
  }
  return {
    kind: 'service',
    service: service.name,
    plan,
    otherPlans: own.filter((name) => name !== plan),
    title: why.length > LONGEST_TITLE ? `${why.slice(0, LONGEST_TITLE - 1)}…` : why,
    impact,
    ring: await planRing(pager, engaged, { soFar: null, me, now }),
    open: open.map(({ id }) => id),
  };
}

function chosenPlan(
  request: PageRequest,
  service: Service,
  { plans, own }: { plans: readonly string[]; own: readonly string[] },
): string {
  if (request.plan !== null) {
    if (plans.includes(request.plan)) return request.plan;
    throw new OncallError(`There is no response plan "${plain(request.plan)}".`, {
      code: 'NOT_FOUND',
      hint: own.length > 0 ? `Choose one of: ${own.join(', ')}.` : 'Leave --plan out, or page a person.',
    });
  }
  const plan = own.find((name) => name === service.responsePlan) ?? own[0];
  if (plan) return plan;
  throw new OncallError(
    `The pager has no response plan for ${service.name}: none is called "${service.responsePlan}".`,
    {
      code: 'NOT_FOUND',
      hint: 'Page a person instead (`oncall page PERSON "why"`), or set `responsePlan` of the service in oncall.yaml.',
    },
  );
}

/** The pager adds a second start to the open incident and rings nobody: to the one who pages it would look like a page. */
function alreadyOpen(incident: Incident, service: Service): OncallError {
  return new OncallError(
    `An incident of ${service.name} is open already: "${plain(incident.title)}" (${shortId(incident.id)}). Opening another would only ring the same people. Nothing was done.`,
    {
      code: 'REFUSED',
      hint: `Ring the next responder of that one with \`oncall escalate -i ${shortId(incident.id)}\`.`,
    },
  );
}

import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Incident, Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';
import type { Disturbance } from '../deploys/deploy.ts';
import { OncallError } from '../errors.ts';
import { type Choice, chooseIncident } from '../incidents/choose-incident.ts';
import { deliverJournal, pendingNotice } from '../incidents/deliver-journal.ts';
import { findSubject, type Subject, serviceOfPlan } from '../incidents/subject.ts';
import { inTime, PATIENCE } from '../store/fallback.ts';
import type { Journal } from '../store/journal.ts';

/** Incidents further back do not matter to a deploy that runs now. */
const LOOK_BACK = 60 * 86_400_000;

/** The service that a command is about, and the incident it is part of. */
export interface Scope {
  /** Null when none was named and no open incident names one. */
  service: Service | null;
  /** Null when none is open, or the open one is about another service. */
  incident: Incident | null;
  /** When the trouble began, in milliseconds since 1970; null without an incident. */
  onset: number | null;
  /** What must become empty before the trouble is over. */
  alert: { expr: string; rule: string } | null;
  /** Incidents of the service that are known; null when the pager did not tell. */
  disturbances: Disturbance[] | null;
  /** What could not be asked, in words. */
  cautions: string[];
}

export interface ScopeRequest {
  /** Connects the pager; may fail, since with a service named a command goes on without it. */
  pager: () => Promise<Pager>;
  prometheus: Prometheus | null;
  services: readonly Service[];
  /** The service that was named; null takes it from the incident. */
  service: Service | null;
  /** `-i`. */
  ref: string | null;
  /** Id of the incident that this machine last worked on. */
  current: string | null;
  now: number;
  /** Longest wait for the pager in milliseconds when a service was named; null waits as long as the client does. */
  patience: number | null;
  /** The command has something to show without a service, too. */
  optional?: boolean;
}

/**
 * Finds the service and the incident. A service that was named needs no pager: when that does not answer, only what it
 * would have added is missing, and is named.
 * @throws NOT_FOUND, AMBIGUOUS for a reference; what the pager said, when neither a service nor an incident is known
 */
export async function findScope(request: ScopeRequest): Promise<Scope> {
  const { service, ref } = request;
  const mayDoWithout = ref === null && (service !== null || request.optional === true);
  const asked = fromPager(request);
  try {
    return await inTime(asked, mayDoWithout ? request.patience : null);
  } catch (error) {
    const { code, message } = error as OncallError;
    if (!(error instanceof OncallError) || !mayDoWithout || code === 'INTERRUPTED') throw error;
    const missing =
      code === 'AMBIGUOUS'
        ? 'More than one incident is open, so this is not tied to any; name it with -i.'
        : `The incident is not known, because the pager did not tell: ${message}`;
    return { service, incident: null, onset: null, alert: null, disturbances: null, cautions: [missing] };
  }
}

async function fromPager(request: ScopeRequest): Promise<Scope> {
  const { service: named, ref, current, services, prometheus, now } = request;
  const pager = await request.pager();
  const since = new Date(now - LOOK_BACK).toISOString();
  const [chosen, past] = await Promise.all([
    chooseIncident(pager, ref, current).catch((error: unknown) => error as OncallError),
    pager.incidents({ since }).catch(keepInterruption),
  ]);
  // Of several open incidents, the one about the service that was named is meant.
  const fitting = (past ?? []).filter(
    ({ status, plan }) => status === 'open' && named !== null && serviceOfPlan(plan, services) === named,
  );
  const only = ref === null && fitting.length === 1 ? fitting[0] : undefined;
  if (!only && chosen instanceof Error) throw chosen;
  const choice = only ? { incident: only } : (chosen as Choice | null);
  const subject = choice ? await findSubject(choice.incident, { pager, prometheus, services }) : null;
  const incident = choice && isAbout(subject, { named, explicit: ref !== null }) ? choice.incident : null;
  const service = named ?? subject?.service ?? null;
  const disturbances = past && service ? past.filter(({ plan }) => serviceOfPlan(plan, services) === service) : null;
  // An incident that a person opened has another plan, and began no later than it was opened.
  if (incident && disturbances && !disturbances.some(({ id }) => id === incident.id)) disturbances.push(incident);
  return {
    service,
    incident,
    onset: incident && subject ? subject.onset : null,
    alert: incident && subject?.expression ? { expr: subject.expression.expr, rule: subject.expression.rule } : null,
    disturbances: disturbances?.map(({ startedAt }) => ({ startedAt })) ?? null,
    cautions: [],
  };
}

/** An incident of which nobody knows the service is taken to be about the one that was named. */
function isAbout(subject: Subject | null, { named, explicit }: { named: Service | null; explicit: boolean }): boolean {
  return explicit || named === null || !subject?.service || subject.service.name === named.name;
}

function keepInterruption(error: unknown): null {
  if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
  throw error;
}

/** What the desk offers a command that is about a service; the context of a run fits it. */
export interface Desk {
  config(): Promise<{ services: readonly Service[] }>;
  service(name: string): Promise<Service>;
  pager(): Promise<Pager>;
  prometheus(): Promise<Prometheus>;
  github(): Promise<GitHub>;
  kubernetes(): Promise<Kubernetes>;
  ifConfigured<T>(client: Promise<T>): Promise<T | null>;
  currentIncident(): Promise<{ id: string } | null>;
  now(): number;
}

export interface Clients {
  github: GitHub;
  prometheus: Prometheus | null;
  kubernetes: Kubernetes | null;
}

/** Connects what a command about deploys needs, and finds what it is about. @throws as `findScope` does */
export async function lookAround(
  desk: Desk,
  named: { service: string | undefined; incident: string | undefined },
  how: Partial<Pick<ScopeRequest, 'patience' | 'optional'>>,
): Promise<{ scope: Scope; clients: Clients; services: readonly Service[] }> {
  const { services } = await desk.config();
  const service = named.service === undefined ? null : await desk.service(named.service);
  const [github, prometheus, kubernetes, current] = await Promise.all([
    desk.github(),
    desk.ifConfigured(desk.prometheus()),
    desk.ifConfigured(desk.kubernetes()),
    desk.currentIncident(),
  ]);
  const scope = await findScope({
    patience: PATIENCE,
    ...how,
    pager: () => desk.pager(),
    prometheus,
    services,
    service,
    ref: named.incident ?? null,
    current: current?.id ?? null,
    now: desk.now(),
  });
  return { scope, clients: { github, prometheus, kubernetes }, services };
}

/** The scope with its service; the only one there is, where nothing else tells. @throws USAGE naming the services */
export function withService(scope: Scope, services: readonly Service[]): Scope & { service: Service } {
  const service = scope.service ?? (services.length === 1 ? services[0] : undefined);
  if (service) return { ...scope, service };
  const names = services.map(({ name }) => name).join(', ');
  const about = scope.incident
    ? {
        message: 'It is not known which service the incident is about.',
        hint: `Name the service (${names}), or tie the incident to it with \`oncall incident link SERVICE\`.`,
      }
    : { message: 'No incident is open that tells which service is meant.', hint: `Name one of: ${names}.` };
  throw new OncallError(about.message, { code: 'USAGE', hint: about.hint });
}

/**
 * Brings what was recorded to the incident's timeline. What does not get through now stays in the journal: nothing that
 * was done fails over its notes.
 * @returns what to say about notes that wait; null when none does
 */
export async function deliverNotes(desk: Pick<Desk, 'pager'>, journal: Journal): Promise<string | null> {
  const pager = await desk.pager().catch(() => null);
  return pager && pendingNotice(await deliverJournal(journal, pager));
}

import type { Incident } from '../clients/pager/pager.ts';
import { type Hold, readHold } from '../deploys/hold.ts';
import { OncallError } from '../errors.ts';
import { type OnCall, onCallAt, readRoster, type Wanted } from '../incidents/on-call.ts';
import { serviceOfPlan } from '../incidents/subject.ts';
import { part, type Sources } from './sources.ts';

/** An incident that is open, and where it stands. Times are ISO 8601 UTC. */
export interface OpenIncident {
  incident: Incident;
  service: string | null;
  acknowledgedBy: string[];
  /** Paged, and silent so far. */
  waitingFor: string[];
}

/** One alert that fires and pages. */
export interface FiringAlert {
  name: string;
  service: string | null;
  summary: string | null;
  since: string;
}

/** Everything that is going on, from every source. A part that could not be had is empty and stands in `missing`. */
export interface Overview {
  at: string;
  me: string | null;
  /** Null when the pager could not be asked: then nobody knows whether one is open. */
  incidents: OpenIncident[] | null;
  alerts: FiringAlert[];
  onCall: OnCall | null;
  holds: { repository: string; hold: Hold }[];
  missing: string[];
  /** The one command that helps most now. */
  next: string;
}

/**
 * Asks every source at once what goes on. One that is down costs its own part only.
 * @returns with it what the pager said if it could not be asked, since that is the one thing that must not be guessed
 */
export async function overview(
  sources: Sources,
  about: { me: () => Promise<string>; wanted: Wanted },
): Promise<{ overview: Overview; trouble: OncallError | null }> {
  const { pager, prometheus, now } = sources;
  const [me, incidents, alerts, onCall, holds] = await Promise.all([
    part('Who you are', about.me),
    part('Incidents', () => openIncidents(sources)),
    part('Alerts', () => prometheus && firing(sources)),
    part('Who is on call', async () =>
      onCallAt(await readRoster(pager, about.wanted, { at: now(), now: now() }), now(), false),
    ),
    part('Deploy holds', () => holdsOf(sources)),
  ]);
  const found: Overview = {
    at: new Date(now()).toISOString(),
    me: me.value,
    incidents: incidents.value,
    alerts: alerts.value ?? [],
    onCall: onCall.value,
    holds: holds.value ?? [],
    missing: [me, incidents, alerts, onCall, holds].flatMap(({ missing }) => missing ?? []),
    next: incidents.value ? nextStep(incidents.value, me.value, holds.value ?? []) : 'oncall doctor',
  };
  return { overview: found, trouble: incidents.trouble && named(incidents.trouble) };
}

/** That nothing came in time does not say from whom. */
function named(error: OncallError): OncallError {
  const { message, code, hint, cause } = error;
  if (!message.startsWith('no answer')) return error;
  return new OncallError(`The pager gave ${message}`, { code, hint: hint ?? undefined, cause });
}

async function openIncidents({ pager, services }: Sources): Promise<OpenIncident[]> {
  const incidents = await pager.incidents({ status: 'open' });
  return Promise.all(
    incidents.map(async (incident) => {
      const engagements = await pager.engagements(incident.id);
      const pages = (await Promise.all(engagements.map(({ id }) => pager.pagesOfEngagement(id)))).flat();
      const acknowledgedBy = [...new Set(pages.filter(({ readAt }) => readAt).map(({ contact }) => contact))];
      const waitingFor = [...new Set(pages.map(({ contact }) => contact))].filter(
        (alias) => !acknowledgedBy.includes(alias),
      );
      return { incident, service: serviceOfPlan(incident.plan, services)?.name ?? null, acknowledgedBy, waitingFor };
    }),
  );
}

/** Alerts that are there to watch the pipeline, or to inform, do not belong on a page that is read at night. */
const QUIET_SEVERITIES = new Set(['none', 'info', 'informational']);

async function firing({ prometheus }: Sources): Promise<FiringAlert[]> {
  const rules = (await prometheus?.alertRules()) ?? [];
  return rules
    .flatMap((rule) => rule.alerts.map((alert) => ({ rule, alert })))
    .filter(({ alert }) => alert.state === 'firing' && !QUIET_SEVERITIES.has(alert.labels.severity ?? ''))
    .map(({ rule, alert }) => ({
      name: rule.name,
      service: alert.labels.service ?? alert.labels.app ?? null,
      summary: rule.annotations.summary ?? null,
      since: new Date(alert.activeAt).toISOString(),
    }));
}

async function holdsOf({ github, services }: Sources): Promise<Overview['holds']> {
  if (!github) return [];
  const repositories = [...new Set(services.flatMap(({ repository }) => repository ?? []))];
  const holds = await Promise.all(
    repositories.map(async (repository) => ({ repository, hold: await readHold(github, repository) })),
  );
  return holds.flatMap(({ repository, hold }) => (hold ? [{ repository, hold }] : []));
}

/** Stop the phone, then find out, then clear up. */
function nextStep(open: readonly OpenIncident[], me: string | null, holds: Overview['holds']): string {
  // Not knowing who you are, the ringing phone is taken for yours: `ack` touches nobody else's page.
  const mine = open.find(({ waitingFor }) => (me === null ? waitingFor.length > 0 : waitingFor.includes(me)));
  if (mine) return 'oncall ack';
  const acked = open.find(({ acknowledgedBy }) => me !== null && acknowledgedBy.includes(me)) ?? open[0];
  if (acked) return acked.service ? `oncall deploys ${acked.service}` : 'oncall incident show';
  const held = holds.find(({ hold }) => hold.service)?.hold.service;
  return held ? `oncall release ${held}` : 'oncall who';
}

import type { GitHub } from '../clients/github/github.ts';
import type { Incident } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';
import { type Hold, readHold } from '../deploys/hold.ts';
import type { OncallError } from '../errors.ts';
import { type OnCall, onCallAt } from '../incidents/on-call.ts';
import { knownRoster, type Wanted } from '../incidents/roster.ts';
import { serviceOfPlan } from '../incidents/subject.ts';
import { part, partOf, type Sources } from './sources.ts';

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

/**
 * Everything that is going on, from every source. A part whose source is out is what it said the last time, with its age
 * in `cachedAt`; what is not known at all is empty. Both stand in `missing`.
 */
export interface Overview {
  at: string;
  me: string | null;
  /** Null when the pager could not be asked and no open one is known from before: nobody knows whether one is open. */
  incidents: OpenIncident[] | null;
  alerts: FiringAlert[];
  onCall: OnCall | null;
  holds: { repository: string; hold: Hold }[];
  /** When each part was true, ISO 8601 UTC, if it comes out of the cache; null where it is live. */
  cachedAt: { me: string | null; incidents: string | null; alerts: string | null; holds: string | null };
  missing: string[];
  /** The one command that helps most now. */
  next: string;
}

/**
 * Asks every source at once what goes on. One that is down costs the freshness of its own part only.
 * @returns with it what the pager said if it could not be asked, since that is the one thing that must not be guessed
 */
export async function overview(
  sources: Sources,
  about: { me: () => Promise<string>; wanted: Wanted },
): Promise<{ overview: Overview; trouble: OncallError | null }> {
  const { pager, prometheus, github, memory, now } = sources;
  const [me, incidents, alerts, roster, holds] = await Promise.all([
    partOf('Who you are', { memory, key: 'me', who: 'AWS', ask: about.me }),
    partOf('Incidents', { memory, key: 'open incidents', who: 'The pager', ask: () => openIncidents(sources) }),
    partOf('Alerts', { memory, key: 'alerts', who: 'Prometheus', ask: () => (prometheus ? firing(prometheus) : []) }),
    part('Who is on call', knownRoster({ pager: async () => pager, wanted: about.wanted, memory, at: now() }), now),
    partOf('Deploy holds', {
      memory,
      key: 'holds',
      who: 'GitHub',
      ask: () => (github ? holdsOf(github, sources.services) : []),
    }),
  ]);
  const live = incidents.trouble ? null : incidents.value;
  const found: Overview = {
    at: new Date(now()).toISOString(),
    me: me.value,
    incidents: incidents.value,
    alerts: alerts.value ?? [],
    onCall: roster.value && onCallAt(roster.value, now(), roster.cachedAt !== null),
    holds: holds.value ?? [],
    cachedAt: {
      me: me.cachedAt,
      incidents: incidents.cachedAt,
      alerts: alerts.cachedAt,
      holds: holds.cachedAt,
    },
    missing: [me, incidents, alerts, roster, holds].flatMap(({ missing }) => missing ?? []),
    next: live ? nextStep(live, me.value, holds.value ?? []) : 'oncall doctor',
  };
  return { overview: found, trouble: incidents.trouble };
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

async function firing(prometheus: Prometheus): Promise<FiringAlert[]> {
  const rules = await prometheus.alertRules();
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

async function holdsOf(github: GitHub, services: readonly Service[]): Promise<Overview['holds']> {
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

import type { Incident } from '../clients/pager/pager.ts';
import type { Deploy } from '../deploys/deploy.ts';
import { type DeployHistory, reaches, readHistory } from '../deploys/history.ts';
import { findSubject, type Subject } from '../incidents/subject.ts';
import { type Impact, impactOf } from '../metrics/impact.ts';
import { graphLink } from '../metrics/links.ts';
import { type EndedSilence, endedSilences } from '../metrics/silences.ts';
import { BRIEFLY, PATIENCE } from '../store/fallback.ts';
import { Recollection } from './recalling.ts';
import { type RunbookStart, readRunbook } from './runbook.ts';
import { type Part, part, partOf, type Sources } from './sources.ts';

/** What a woken engineer needs to know of one incident. Times are ISO 8601 UTC; what is not known is null. */
export interface Briefing {
  incident: Incident;
  service: string | null;
  /** How the service was found: see `Subject`. */
  found: Subject['found'];
  alert: string | null;
  onset: string;
  impact: Impact | null;
  /** Prometheus's page with the graphs of the service, which needs no answer from it; null when none is configured. */
  graph: string | null;
  /** Deploys near the onset, strongest suspect first; null when they are not known. */
  changes: Deploy[] | null;
  lastGood: Deploy | null;
  /** Null when they are not known. */
  silences: EndedSilence[] | null;
  runbook: RunbookStart | null;
  /** When each part was true, if it comes out of the cache; null where it is live. */
  cachedAt: Record<'subject' | 'impact' | 'changes' | 'silences' | 'runbook', string | null>;
  /** Parts that could not be had, or are old, each with the reason. */
  missing: string[];
}

const HOUR = 3_600_000;
/** The part of the patience that may go into finding out what the incident is about, before the rest can be asked. */
const SUBJECT_PATIENCE = 1200;
const SUBJECT = 'What the incident is about';

/**
 * Answers the first questions about an incident: how bad it is, what changed just before, which silences have just
 * ended, and where the runbook begins. All sources are asked at once; one that is down costs only the freshness of its own
 * part. Takes three seconds at the most.
 */
export async function brief(sources: Sources, incident: Incident): Promise<Briefing> {
  const { memory } = sources;
  const begun = memory.now();
  const about = await subjectOf(sources, incident);
  const subject = about.value ?? nothingKnown(incident);
  const patience = Math.max(BRIEFLY, PATIENCE - (memory.now() - begun));
  const [impact, changes, silences, runbook] = await Promise.all([
    impactNow(sources, subject, patience),
    recentDeploys(sources, subject, patience),
    recentSilences(sources, subject, patience),
    readRunbook(sources, subject, patience),
  ]);
  const deploys = changes.value?.deploys ?? [];
  return {
    incident,
    service: subject.service?.name ?? null,
    found: subject.found,
    alert: subject.alert?.name ?? null,
    onset: new Date(subject.onset).toISOString(),
    impact: impact.value,
    graph: graphOf(sources, subject),
    changes: changesOf(changes.value, subject.onset),
    lastGood: deploys.find(({ lastGood }) => lastGood) ?? null,
    silences: silences.value,
    runbook: runbook.value,
    cachedAt: {
      subject: about.cachedAt,
      impact: impact.cachedAt,
      changes: changes.value?.cachedAt ?? null,
      silences: silences.cachedAt,
      runbook: runbook.cachedAt,
    },
    missing: [
      ...[about, impact, changes, silences, runbook].flatMap(({ missing }) => missing ?? []),
      ...(changes.value?.cautions ?? []),
    ],
  };
}

/** The suspects. That there is none is only known of a history that reaches beyond the onset. */
function changesOf(history: DeployHistory | null, onset: number): Deploy[] | null {
  if (!history) return null;
  const suspects = history.deploys.filter(({ suspect }) => suspect !== null);
  if (suspects.length === 0 && !reaches(history, onset)) return null;
  return suspects.sort((a, b) => (a.suspect?.rank ?? 0) - (b.suspect?.rank ?? 0));
}

/** What it is about, with the age of the oldest answer that led there. */
async function subjectOf(sources: Sources, incident: Incident): Promise<Part<Subject>> {
  const { memory, services } = sources;
  const recollection = new Recollection(memory, SUBJECT_PATIENCE);
  const pager = recollection.pager(sources.pager);
  const prometheus = recollection.prometheus(sources.prometheus);
  const found = await part(SUBJECT, live(findSubject(incident, { pager, prometheus, services })), memory.now);
  return { ...found, cachedAt: recollection.cachedAt, missing: found.missing ?? recollection.notice(SUBJECT) };
}

async function live<T>(asked: Promise<T>) {
  return { value: await asked, cachedAt: null, trouble: null };
}

function nothingKnown(incident: Incident): Subject {
  return { service: null, found: null, alert: null, expression: null, onset: Date.parse(incident.startedAt) };
}

function impactNow(sources: Sources, subject: Subject, patience: number): Promise<Part<Impact | null>> {
  const { prometheus, memory, now } = sources;
  const { service, alert, expression, onset } = subject;
  const ask = () => (prometheus ? impactOf({ prometheus, service, expression, onset, now: now() }) : null);
  const key = `impact ${JSON.stringify([service?.name, alert?.name])}`;
  return partOf('Impact', { memory, key, who: 'Prometheus', ask, patience });
}

function recentDeploys(sources: Sources, { service, onset }: Subject, patience: number) {
  const { github, kubernetes, memory, now } = sources;
  const ask = async (): Promise<DeployHistory | null> =>
    service &&
    readHistory({ service, github, kubernetes, limit: 5, disturbances: null, onset, now: now(), patience, memory });
  return part('Recent deploys', live(ask()), memory.now);
}

/** The silences themselves are kept: which of them ended of late is a question of now. */
async function recentSilences(
  { alertmanager, memory, now }: Sources,
  { alert, service }: Subject,
  patience: number,
): Promise<Part<EndedSilence[]>> {
  const about = alert
    ? { labels: { alertname: alert.name, ...alert.labels } }
    : service
      ? { service: service.name }
      : null;
  if (!alertmanager || !about) return { value: [], cachedAt: null, missing: null, trouble: null };
  const known = await partOf('Silences', {
    memory,
    key: 'silences',
    who: 'Alertmanager',
    ask: () => alertmanager.silences(),
    patience,
  });
  const { value } = known;
  const kept = { silences: async () => value ?? [] };
  return { ...known, value: value && (await endedSilences({ alertmanager: kept, about, now: now(), within: HOUR })) };
}

/** The alert's own expression and the service's queries, over the hour that ends now. */
function graphOf({ prometheusUrl, now }: Sources, { service, expression }: Subject): string | null {
  const shown = [...(expression ? [expression.expr] : []), ...(service?.queries ?? []).map(({ expr }) => expr)];
  if (!prometheusUrl || shown.length === 0) return null;
  return graphLink(prometheusUrl, [...new Set(shown)], { from: now() - HOUR, to: now() });
}

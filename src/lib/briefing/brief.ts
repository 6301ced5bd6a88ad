import type { Incident } from '../clients/pager/pager.ts';
import type { Deploy } from '../deploys/deploy.ts';
import { type DeployHistory, readHistory } from '../deploys/history.ts';
import { findSubject, type Subject } from '../incidents/subject.ts';
import { type Impact, impactOf } from '../metrics/impact.ts';
import { type EndedSilence, endedSilences } from '../metrics/silences.ts';
import { type FirstStep, firstStep } from '../runbooks/first-step.ts';
import { part, type Sources } from './sources.ts';

/** What a woken engineer needs to know of one incident. Times are ISO 8601 UTC; what is not known is null. */
export interface Briefing {
  incident: Incident;
  service: string | null;
  /** How the service was found: see `Subject`. */
  found: Subject['found'];
  alert: string | null;
  onset: string;
  impact: Impact | null;
  /** Deploys near the onset, strongest suspect first. */
  changes: Deploy[];
  lastGood: Deploy | null;
  silences: EndedSilence[];
  runbook: { path: string; firstStep: FirstStep | null } | null;
  /** Parts that could not be had, each with the reason. */
  missing: string[];
}

const HOUR = 3_600_000;

/**
 * Answers the first questions about an incident: how bad it is, what changed just before, which silences have just
 * ended, and where the runbook begins. All sources are asked at once; one that is down costs only its own part.
 */
export async function brief(sources: Sources, incident: Incident): Promise<Briefing> {
  const { pager, prometheus, services } = sources;
  const about = await part('What the incident is about', () => findSubject(incident, { pager, prometheus, services }));
  const subject = about.value ?? {
    service: null,
    found: null,
    alert: null,
    expression: null,
    onset: Date.parse(incident.startedAt),
  };
  const [impact, changes, silences, runbook] = await Promise.all([
    part('Impact', () => impactNow(sources, subject)),
    part('Recent deploys', () => recentDeploys(sources, subject)),
    part('Silences', () => recentSilences(sources, subject)),
    part('Runbook', () => readRunbook(sources, subject)),
  ]);
  const deploys = changes.value?.deploys ?? [];
  return {
    incident,
    service: subject.service?.name ?? null,
    found: subject.found,
    alert: subject.alert?.name ?? null,
    onset: new Date(subject.onset).toISOString(),
    impact: impact.value,
    changes: deploys.filter(({ suspect }) => suspect).sort((a, b) => (a.suspect?.rank ?? 0) - (b.suspect?.rank ?? 0)),
    lastGood: deploys.find(({ lastGood }) => lastGood) ?? null,
    silences: silences.value ?? [],
    runbook: runbook.value,
    missing: [
      ...[about, impact, changes, silences, runbook].flatMap(({ missing }) => missing ?? []),
      ...(changes.value?.cautions ?? []),
    ],
  };
}

function impactNow(
  { prometheus, now }: Sources,
  { service, expression, onset }: Subject,
): Promise<Impact | null> | null {
  return prometheus && impactOf({ prometheus, service, expression, onset, now: now() });
}

function recentDeploys(
  { github, kubernetes, now }: Sources,
  { service, onset }: Subject,
): Promise<DeployHistory> | null {
  if (!service) return null;
  return readHistory({ service, github, kubernetes, limit: 5, disturbances: null, onset, now: now(), patience: null });
}

function recentSilences({ alertmanager, now }: Sources, { alert, service }: Subject): Promise<EndedSilence[]> | null {
  if (!alertmanager) return null;
  const about = alert
    ? { labels: { alertname: alert.name, ...alert.labels } }
    : service
      ? { service: service.name }
      : null;
  return about && endedSilences({ alertmanager, about, now: now(), within: HOUR });
}

async function readRunbook({ textBeside }: Sources, { service, alert }: Subject): Promise<Briefing['runbook']> {
  const path = service?.runbook ?? alert?.annotations.runbook_url ?? null;
  if (!path) return null;
  const text = await textBeside(path);
  return { path, firstStep: text === null ? null : firstStep(text) };
}

import type { Alert, Incident, Pager, TimelineEvent } from '../clients/pager/pager.ts';
import type { AlertRule, Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';

/** What an incident is about, as far as production tells. */
export interface Subject {
  service: Service | null;
  /** How the service was found, for people to judge. */
  found: 'linked' | 'alert' | 'response plan' | null;
  alert: Alert | null;
  /** The alert's own expression, out of Prometheus's rules; else out of the link that the alert carries. */
  expression: { expr: string; forSeconds: number; rule: string } | null;
  /** Onset as well as it is known, in milliseconds since 1970: the alert's start less its `for`, else the incident's start. */
  onset: number;
}

const LINK_NOTE = /^This incident is about the service ([\w.-]+)\.$/;

/** The note that `oncall incident link` leaves, and by which any machine finds the service again. */
export function linkNote(service: string): string {
  return `This incident is about the service ${service}.`;
}

/** The service that somebody linked to the incident by hand, newest link first; null when nobody did. */
export function linkedService(timeline: readonly TimelineEvent[]): string | null {
  for (const event of [...timeline].reverse()) {
    const match = event.kind === 'note' ? LINK_NOTE.exec(event.text ?? '') : null;
    if (match?.[1]) return match[1];
  }
  return null;
}

/** The service whose response plan this is: its `responsePlan` by itself, or followed by `-ALERT`. The longest wins. */
export function serviceOfPlan(plan: string, services: readonly Service[]): Service | null {
  const fitting = services.filter(({ responsePlan }) => plan === responsePlan || plan.startsWith(`${responsePlan}-`));
  return fitting.sort((a, b) => b.responsePlan.length - a.responsePlan.length)[0] ?? null;
}

/** The service that an alert's labels name. */
export function serviceOfAlert(alert: Alert, services: readonly Service[]): Service | null {
  for (const label of ['service', 'app', 'job', 'deployment', 'container']) {
    const found = services.find(({ name }) => name === alert.labels[label]);
    if (found) return found;
  }
  return null;
}

/** The rule behind an alert: same name, and no static label that contradicts the alert's. */
export function ruleOfAlert(alert: Alert, rules: readonly AlertRule[]): AlertRule | null {
  const fits = (rule: AlertRule) =>
    rule.name === alert.name &&
    Object.entries(rule.labels).every(([name, value]) => value.includes('{{') || alert.labels[name] === value);
  return rules.find(fits) ?? null;
}

function expressionOf(alert: Alert, rules: readonly AlertRule[]): Subject['expression'] {
  const rule = ruleOfAlert(alert, rules);
  if (rule) return { expr: rule.expr, forSeconds: rule.forSeconds, rule: rule.name };
  const link = alert.generatorUrl;
  const expr = link && URL.canParse(link) ? new URL(link).searchParams.get('g0.expr') : null;
  return expr ? { expr, forSeconds: 0, rule: alert.name } : null;
}

/**
 * The way from an incident to its service and its expression, by nothing but what production returns: the link that a
 * person left, the labels in the trigger event's raw data, the response plan's name, and Prometheus's rules.
 * An incident opened by hand has none of these until `oncall incident link SERVICE`.
 * Sources that do not answer are passed over; what they would have told is null.
 */
export async function findSubject(
  incident: Incident,
  sources: { pager: Pager; prometheus: Prometheus | null; services: readonly Service[] },
): Promise<Subject> {
  const { pager, prometheus, services } = sources;
  const byPlan = serviceOfPlan(incident.plan, services);
  const [trigger, timeline, rules] = await Promise.all([
    incident.openedBy === 'alert' ? pager.trigger(incident.id).catch(() => null) : null,
    // The timeline is the dearest read of all, and only an incident that no alert opened needs the link in it.
    byPlan && incident.openedBy === 'alert' ? [] : pager.timeline(incident.id).catch(() => []),
    prometheus ? prometheus.alertRules().catch(() => []) : [],
  ]);
  const alert = trigger?.alert ?? null;
  const linked = services.find(({ name }) => name === linkedService(timeline)) ?? null;
  const byAlert = alert ? serviceOfAlert(alert, services) : null;
  const expression = alert ? expressionOf(alert, rules) : null;
  const started = Date.parse(alert?.startsAt ?? incident.startedAt);
  return {
    service: linked ?? byAlert ?? byPlan,
    found: linked ? 'linked' : byAlert ? 'alert' : byPlan ? 'response plan' : null,
    alert,
    expression,
    onset: started - (expression?.forSeconds ?? 0) * 1000,
  };
}

import type { Alertmanager, FiringAlert, Silence } from '../clients/alertmanager/alertmanager.ts';
import type { AlertRule, Prometheus } from '../clients/prometheus/prometheus.ts';
import { OncallError } from '../errors.ts';
import { inTime, PATIENCE } from '../store/fallback.ts';
import { graphLink } from './links.ts';
import { serviceOf } from './matchers.ts';
import { type EndedSilence, endedAmong } from './silences.ts';
import { drawableOf, isPast, type Threshold } from './threshold.ts';

/** One alert that fires, with what is known of it. Times are ISO 8601 UTC; what is not known is null. */
export interface Firing {
  name: string;
  service: string | null;
  severity: string | null;
  /** `unsent`: Prometheus fires it, but Alertmanager does not hold it. `unknown`: Alertmanager could not be asked. */
  state: 'active' | 'suppressed' | 'unsent' | 'unknown';
  since: string;
  summary: string | null;
  description: string | null;
  runbook: string | null;
  /** The expression's value, and the bound that it is past. */
  value: number | null;
  limit: Threshold | null;
  /** The rule's expression, and how long it had to hold. */
  expr: string | null;
  forSeconds: number | null;
  silencedBy: { id: string; createdBy: string; comment: string; until: string }[];
  /** Names of the alerts that hold it back, or their fingerprints. */
  inhibitedBy: string[];
  mutedBy: string[];
  labels: Record<string, string>;
  annotations: Record<string, string>;
  fingerprint: string | null;
  /** The expression around the start, at times that stay the same. */
  link: string | null;
  /** Silences of it that ended within the hour: why it is heard now. */
  endedSilences: EndedSilence[];
}

export interface FiringRequest {
  /** Null where it is not configured. */
  alertmanager: Alertmanager | null;
  prometheus: Prometheus | null;
  /** Where people reach Prometheus, for links; null takes the address that the alert itself carries. */
  prometheusUrl: string | null;
  now: number;
}

const HOUR = 3_600_000;
/** Prometheus has told Alertmanager of an alert after so long, unless the way is broken. */
const GRACE = 60_000;
const BEFORE_ONSET = HOUR / 2;

/**
 * The alerts that fire: from Alertmanager, with what Prometheus knows of their rules. One of the two being away costs its
 * part only, and stands in `missing`.
 * @throws what Alertmanager said, or else Prometheus, when neither tells; CONFIG when neither is configured
 */
export async function readFiring(request: FiringRequest): Promise<{ alerts: Firing[]; missing: string[] }> {
  const { alertmanager, prometheus } = request;
  if (!alertmanager && !prometheus) {
    throw new OncallError('Neither Alertmanager nor Prometheus is configured.', {
      code: 'CONFIG',
      hint: 'Set `alertmanager.url` and `prometheus.url` in oncall.yaml.',
    });
  }
  const [held, rules] = await Promise.all([
    answer(alertmanager && inTime(Promise.all([alertmanager.alerts(), alertmanager.silences()]), PATIENCE)),
    answer(prometheus && inTime(prometheus.alertRules(), PATIENCE)),
  ]);
  if (!held.value && !rules.value) throw held.trouble ?? rules.trouble;
  const missing = [
    held.value
      ? null
      : `Which alerts are silenced is not known: ${held.trouble?.message ?? 'no Alertmanager is configured.'}`,
    rules.value
      ? null
      : `Values and expressions are not known: ${rules.trouble?.message ?? 'no Prometheus is configured.'}`,
  ].filter((text) => text !== null);
  const [alerts, silences] = held.value ?? [null, []];
  return { alerts: joined({ alerts, silences, rules: rules.value ?? [] }, request), missing };
}

async function answer<T>(asked: Promise<T> | null): Promise<{ value: T | null; trouble: OncallError | null }> {
  try {
    return { value: await asked, trouble: null };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    return { value: null, trouble: error };
  }
}

interface Told {
  /** Null when Alertmanager was not heard. */
  alerts: FiringAlert[] | null;
  silences: readonly Silence[];
  rules: readonly AlertRule[];
}

interface Instance {
  rule: AlertRule;
  labels: Record<string, string>;
  value: number;
  firingSince: number;
}

function joined({ alerts, silences, rules }: Told, request: FiringRequest): Firing[] {
  const instances = rules.flatMap((rule) =>
    rule.alerts
      .filter(({ state }) => state === 'firing')
      .map(
        ({ labels, value, activeAt }): Instance => ({
          rule,
          labels: { alertname: rule.name, ...labels },
          value: Number(value),
          firingSince: Date.parse(activeAt) + rule.forSeconds * 1000,
        }),
      ),
  );
  const used = new Set<Instance>();
  const known = (alerts ?? []).map((alert) => {
    const instance = instanceOf(alert.labels, instances);
    if (instance) used.add(instance);
    return told(alert, { instance, silences, alerts: alerts ?? [], request });
  });
  const rest = instances.filter((one) => !used.has(one) && (alerts === null || request.now - one.firingSince > GRACE));
  const unheard = rest.map((instance) => fromRule(instance, alerts === null ? 'unknown' : 'unsent', request));
  return [...known, ...unheard].sort((a, b) => rank(a) - rank(b) || Date.parse(a.since) - Date.parse(b.since));
}

/** What needs somebody comes first, what is there only to be seen last. */
function rank(alert: Firing): number {
  return (isWatcher(alert) ? 2 : 0) + (alert.state === 'suppressed' ? 1 : 0);
}

/** Whether an alert is there only to be seen: the Watchdog, and whatever has the severity `none`. */
export function isWatcher({ name, severity }: Pick<Firing, 'name' | 'severity'>): boolean {
  return name === 'Watchdog' || severity === 'none';
}

/** On its way to Alertmanager an alert may be given more labels (`external_labels`), but loses none that it needs. */
function instanceOf(labels: Record<string, string>, instances: readonly Instance[]): Instance | null {
  const fits = (one: Instance) => Object.entries(one.labels).every(([name, value]) => labels[name] === value);
  const size = ({ labels: own }: Instance) => Object.keys(own).length;
  return instances.filter(fits).sort((a, b) => size(b) - size(a))[0] ?? null;
}

function told(
  alert: FiringAlert,
  around: {
    instance: Instance | null;
    silences: readonly Silence[];
    alerts: readonly FiringAlert[];
    request: FiringRequest;
  },
): Firing {
  const { instance, silences, alerts, request } = around;
  const { labels, annotations, startsAt, fingerprint, generatorUrl } = alert;
  const about = { about: { labels }, now: request.now, within: HOUR };
  return {
    ...basics(labels, annotations),
    state: alert.state === 'suppressed' ? 'suppressed' : 'active',
    since: startsAt,
    ...measured(instance, expressionIn(generatorUrl)),
    silencedBy: alert.silencedBy.map((id) => {
      const found = silences.find((silence) => silence.id === id);
      return { id, createdBy: found?.createdBy ?? '', comment: found?.comment ?? '', until: found?.endsAt ?? '' };
    }),
    inhibitedBy: alert.inhibitedBy.map(
      (id) => alerts.find((other) => other.fingerprint === id)?.labels['alertname'] ?? id,
    ),
    mutedBy: alert.mutedBy,
    fingerprint,
    link: linkOf({ instance, generatorUrl, since: Date.parse(startsAt) }, request),
    endedSilences: alert.state === 'suppressed' ? [] : endedAmong(silences, about),
  };
}

function fromRule(instance: Instance, state: 'unsent' | 'unknown', request: FiringRequest): Firing {
  const { rule, labels, firingSince } = instance;
  return {
    ...basics(labels, rule.annotations),
    state,
    since: new Date(firingSince).toISOString(),
    ...measured(instance, null),
    silencedBy: [],
    inhibitedBy: [],
    mutedBy: [],
    fingerprint: null,
    link: linkOf({ instance, generatorUrl: null, since: firingSince }, request),
    endedSilences: [],
  };
}

function basics(
  labels: Record<string, string>,
  annotations: Record<string, string>,
): Pick<Firing, 'name' | 'service' | 'severity' | 'summary' | 'description' | 'runbook' | 'labels' | 'annotations'> {
  return {
    name: labels['alertname'] ?? '',
    service: serviceOf(labels),
    severity: labels['severity'] ?? null,
    summary: annotations['summary'] ?? annotations['message'] ?? null,
    description: annotations['description'] ?? null,
    runbook: annotations['runbook_url'] ?? annotations['runbook'] ?? null,
    labels,
    annotations,
  };
}

function measured(
  instance: Instance | null,
  carried: string | null,
): Pick<Firing, 'value' | 'limit' | 'expr' | 'forSeconds'> {
  if (!instance) return { value: null, limit: null, expr: carried, forSeconds: null };
  const { rule, value } = instance;
  const { threshold } = drawableOf(rule.expr);
  // Of several conditions joined by `or` another one may hold: then the first one's bound says nothing.
  return { value, limit: isPast(value, threshold) ? threshold : null, expr: rule.expr, forSeconds: rule.forSeconds };
}

function expressionIn(link: string | null): string | null {
  return link && URL.canParse(link) ? new URL(link).searchParams.get('g0.expr') : null;
}

function linkOf(
  alert: { instance: Instance | null; generatorUrl: string | null; since: number },
  { prometheusUrl, now }: FiringRequest,
): string | null {
  const { instance, generatorUrl, since } = alert;
  const expr = instance?.rule.expr ?? expressionIn(generatorUrl);
  if (!expr) return generatorUrl;
  const base = prometheusUrl ?? (generatorUrl ? generatorUrl.replace(/\/graph\?[\s\S]*$/, '') : null);
  const onset = since - (instance?.rule.forSeconds ?? 0) * 1000;
  return base && graphLink(base, expr, { from: onset - BEFORE_ONSET, to: now });
}

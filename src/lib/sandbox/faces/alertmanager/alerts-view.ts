import { anchored } from '../../promql/regular-expression.ts';
import type { AlertDetail } from '../../world/alert-event.ts';
import type { Alertmanager } from '../../world/alerting/alertmanager.ts';
import { parseFilter, type SilenceMatcher, silenceMatches } from '../../world/alerting/silence-matcher.ts';

/** Prometheus tells Alertmanager that a firing alert ends this long after it last said so, unless it says so again. */
const VALID_MS = 4 * 60_000;

type HeldAlert = ReturnType<Alertmanager['alerts']>[number];

interface AlertView {
  annotations: Record<string, string>;
  endsAt: string;
  fingerprint: string;
  receivers: { name: string }[];
  startsAt: string;
  status: { inhibitedBy: string[]; silencedBy: string[]; state: 'active' | 'suppressed' };
  updatedAt: string;
  generatorURL: string;
  labels: Record<string, string>;
}

/** The alerts that the filters of a request leave. Anything but `true` counts as false, as in the real one. */
export function selectedAlerts(alertmanager: Alertmanager, query: URLSearchParams): HeldAlert[] {
  const wants = (name: string) => (query.get(name) ?? 'true') === 'true';
  const filters = query.getAll('filter').map(parseFilter);
  const receiver = anchored(query.get('receiver') ?? '.*');
  return alertmanager.alerts().filter(({ alert, silencedBy, receiver: name }) => {
    if (!silenceMatches(filters, alert.labels) || !receiver.test(name)) return false;
    return silencedBy.length > 0 ? wants('silenced') : wants('active');
  });
}

/** `GET /api/v2/alerts` */
export function alertView({ alert, receiver, silencedBy }: HeldAlert, now: number): AlertView {
  const { annotations, labels, startsAt, generatorURL, fingerprint } = alert as AlertDetail;
  return {
    annotations,
    endsAt: new Date(now + VALID_MS).toISOString(),
    fingerprint,
    receivers: [{ name: receiver }],
    startsAt,
    status: { inhibitedBy: [], silencedBy, state: silencedBy.length > 0 ? 'suppressed' : 'active' },
    updatedAt: new Date(now).toISOString(),
    generatorURL,
    labels,
  };
}

/** `GET /api/v2/alerts/groups`: by receiver, alert name and service. */
export function groupsView(held: readonly HeldAlert[], now: number): unknown {
  const groups = new Map<string, { alerts: AlertView[]; labels: Record<string, string>; receiver: { name: string } }>();
  for (const one of held) {
    const { alertname = '', service } = one.alert.labels;
    const labels: Record<string, string> = service === undefined ? { alertname } : { alertname, service };
    const key = JSON.stringify([labels, one.receiver]);
    const group = groups.get(key) ?? { alerts: [], labels, receiver: { name: one.receiver } };
    group.alerts.push(alertView(one, now));
    groups.set(key, group);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** Whether a silence's own conditions meet a filter: each filter must hold for the values that the silence names. */
export function silenceFits(matchers: readonly SilenceMatcher[], filters: readonly SilenceMatcher[]): boolean {
  const named = Object.fromEntries(matchers.map(({ name, value }) => [name, value]));
  return silenceMatches(filters, named);
}

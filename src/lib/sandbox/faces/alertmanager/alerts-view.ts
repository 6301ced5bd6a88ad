import { anchored } from '../../promql/regular-expression.ts';
import type { Alertmanager, HeldAlert } from '../../world/alerting/alertmanager.ts';
import { parseFilter, type SilenceMatcher, silenceMatches } from '../../world/alerting/silence-matcher.ts';

/** Prometheus tells Alertmanager that a firing alert ends this long after it last said so, unless it says so again. */
const VALID_MS = 4 * 60_000;

interface AlertView {
  annotations: Record<string, string>;
  endsAt: string;
  fingerprint: string;
  receivers: { name: string }[];
  startsAt: string;
  status: { inhibitedBy: string[]; silencedBy: string[]; state: 'active' | 'suppressed' };
  updatedAt: string;
  generatorURL?: string;
  labels: Record<string, string>;
}

/** The alerts that the filters of a request leave. Anything but `true` counts as false, as in the real one. */
export function selectedAlerts(alertmanager: Alertmanager, query: URLSearchParams): HeldAlert[] {
  const wants = (name: string) => (query.get(name) ?? 'true') === 'true';
  const filters = query.getAll('filter').map(parseFilter);
  const receiver = anchored(query.get('receiver') ?? '.*');
  return alertmanager.alerts().filter(({ alert, silencedBy, inhibitedBy, receiver: name }) => {
    if (!silenceMatches(filters, alert.labels) || !receiver.test(name)) return false;
    if (silencedBy.length === 0 && inhibitedBy.length === 0) return wants('active');
    return (silencedBy.length === 0 || wants('silenced')) && (inhibitedBy.length === 0 || wants('inhibited'));
  });
}

/** `GET /api/v2/alerts` */
export function alertView(held: HeldAlert, now: number): AlertView {
  const { receiver, silencedBy, inhibitedBy } = held;
  const { annotations, labels, startsAt, generatorURL, fingerprint } = held.alert;
  return {
    annotations,
    endsAt: new Date(held.endsAt ?? now + VALID_MS).toISOString(),
    fingerprint,
    receivers: [{ name: receiver }],
    startsAt,
    status: { inhibitedBy, silencedBy, state: silencedBy.length + inhibitedBy.length > 0 ? 'suppressed' : 'active' },
    updatedAt: new Date(held.updatedAt ?? now).toISOString(),
    ...(generatorURL === '' ? {} : { generatorURL }),
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
  // The group with fewer labels comes first, as Go's `LabelSet.Before` has it.
  const size = ([, { labels }]: [string, { labels: object }]) => Object.keys(labels).length;
  return [...groups].sort((a, b) => size(a) - size(b) || (a[0] < b[0] ? -1 : 1)).map(([, group]) => group);
}

/** Whether a silence has each filter as one of its own conditions, in name, operator and value. */
export function silenceFits(matchers: readonly SilenceMatcher[], filters: readonly SilenceMatcher[]): boolean {
  const keys = ['name', 'value', 'isRegex', 'isEqual'] as const;
  return filters.every((filter) => matchers.some((one) => keys.every((key) => one[key] === filter[key])));
}

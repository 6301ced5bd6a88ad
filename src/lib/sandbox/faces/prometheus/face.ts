import type { Exchange } from '../../exchange.ts';
import { type Face, faceByPath, type Operation } from '../../face.ts';
import { joined } from '../../promql/series-source.ts';
import type { Alerting } from '../../world/alerting/alerting.ts';
import type { Alertmanager } from '../../world/alerting/alertmanager.ts';
import type { WorldClock } from '../../world/clock.ts';
import type { Metrics } from '../../world/metrics/metrics.ts';
import { goTime, respond } from './answers.ts';
import { graphPage } from './graph-page.ts';
import { metadataView } from './metadata.ts';
import { Parameters } from './parameters.ts';
import {
  formatQuery,
  instantQuery,
  listLabelNames,
  listLabelValues,
  listSeries,
  type Queryable,
  rangeQuery,
} from './queries.ts';
import { alertsView, rulesView } from './rules-view.ts';
import { targetsView } from './targets-view.ts';

/** The release whose behaviour the face follows: the one that Debian 12 ships, so that anyone can compare. */
export const PROMETHEUS_VERSION = '2.42.0';

export interface PrometheusWorld {
  clock: WorldClock;
  metrics: Metrics;
  alerting: Alerting;
  /** Whom it sends alerts to; a face of its own, beside this one. */
  alertmanager: Pick<Alertmanager, 'connected'>;
}

type Compute = (parameters: Parameters, params: Readonly<Record<string, string>>) => unknown;

function operation(methods: readonly string[], path: string, compute: Compute): Operation[] {
  return methods.map((method) => ({
    name: `${method} ${path}`,
    method,
    path,
    run: (exchange, params) => respond(exchange, () => compute(new Parameters(exchange), params)),
  }));
}

function text(path: string, body: string): Operation {
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return { name: `GET ${path}`, method: 'GET', path, run: (exchange) => exchange.text(200, body, headers) };
}

/** Prometheus's HTTP API and the addresses of its pages. https://prometheus.io/docs/prometheus/2.42/querying/api/ */
export function prometheusFace({ clock, metrics, alerting, alertmanager }: PrometheusWorld): Face {
  const source = joined(metrics.source, alerting.source);
  const now = () => Math.max(clock.now(), metrics.latest);
  const queryable: Queryable = { source, now };
  const startedAt = clock.now();
  const get = ['GET'];
  const both = ['GET', 'POST'];
  const operations = [
    ...operation(both, '/api/v1/query', (parameters) => instantQuery(queryable, parameters)),
    ...operation(both, '/api/v1/query_range', (parameters) => rangeQuery(queryable, parameters)),
    ...operation(both, '/api/v1/format_query', formatQuery),
    ...operation(both, '/api/v1/series', (parameters) => listSeries(queryable, parameters)),
    ...operation(both, '/api/v1/labels', (parameters) => listLabelNames(queryable, parameters)),
    ...operation(get, '/api/v1/label/:name/values', (parameters, { name = '' }) =>
      listLabelValues(queryable, parameters, name),
    ),
    ...operation(get, '/api/v1/rules', (parameters) => rulesView(alerting, parameters.get('type'))),
    ...operation(get, '/api/v1/alerts', () => alertsView(alerting)),
    ...operation(get, '/api/v1/targets', (parameters) => targetsView(metrics, parameters.get('state'))),
    {
      name: 'GET /api/v1/alertmanagers',
      method: 'GET',
      path: '/api/v1/alertmanagers',
      run: (exchange) => respond(exchange, () => alertmanagersView(exchange, alertmanager.connected)),
    },
    ...operation(get, '/api/v1/metadata', (parameters) => metadataView(parameters.get('metric'))),
    ...operation(get, '/api/v1/status/buildinfo', () => buildInfo()),
    ...operation(get, '/api/v1/status/runtimeinfo', () => runtimeInfo(startedAt)),
    text('/-/healthy', 'Prometheus Server is Healthy.\n'),
    text('/-/ready', 'Prometheus Server is Ready.\n'),
    { name: 'GET /', method: 'GET', path: '/', run: (exchange) => exchange.text(302, '', { location: 'graph' }) },
    { name: 'GET /graph', method: 'GET', path: '/graph', run: graphPage },
    { name: 'GET /query', method: 'GET', path: '/query', run: graphPage },
  ] satisfies Operation[];
  return faceByPath('prometheus', operations, unknown);
}

/** https://prometheus.io/docs/prometheus/2.42/querying/api/#alertmanagers */
function alertmanagersView(exchange: Exchange, connected: boolean): unknown {
  const url = `http://${exchange.header('host') ?? '127.0.0.1'}/alertmanager/api/v2/alerts`;
  return { activeAlertmanagers: connected ? [{ url }] : [], droppedAlertmanagers: [] };
}

function buildInfo(): unknown {
  return { version: PROMETHEUS_VERSION, revision: 'sandbox', branch: '', buildUser: '', buildDate: '', goVersion: '' };
}

function runtimeInfo(startedAt: number): unknown {
  return {
    startTime: goTime(startedAt),
    CWD: '/prometheus',
    reloadConfigSuccess: true,
    lastConfigTime: goTime(Math.floor(startedAt / 1000) * 1000),
    corruptionCount: 0,
    goroutineCount: 48,
    GOMAXPROCS: 2,
    GOGC: '',
    GODEBUG: '',
    storageRetention: '15d',
  };
}

function unknown(exchange: Exchange, allowed: string[]): void {
  const plain = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
  if (allowed.length === 0) exchange.text(404, '404 page not found\n', plain);
  else if (exchange.method === 'OPTIONS') exchange.text(204, '');
  else exchange.text(405, 'Method Not Allowed\n', { ...plain, allow: [...allowed, 'OPTIONS'].sort().join(', ') });
}

import type { ConnectionSettings } from '../../config/settings.ts';
import { OncallError } from '../../errors.ts';
import { type JsonApi, jsonApi } from '../ask-json.ts';
import type { OutboundAnswer } from '../outbound.ts';
import { utcStamp } from '../utc-stamp.ts';
import type { AlertRule, InstantResult, Prometheus, RangeResult, Sample } from './prometheus.ts';

type Labels = Record<string, string>;
type WirePoint = [seconds: number, value: string];

/** https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview */
interface Envelope<D> {
  status: 'success' | 'error';
  data: D;
  errorType?: string;
  error?: string;
  warnings?: string[];
  infos?: string[];
}

type WireSeries = {
  metric: Labels;
  value?: WirePoint;
  values?: WirePoint[];
  histogram?: unknown;
  histograms?: unknown;
};

type QueryData =
  | { resultType: 'vector' | 'matrix'; result: WireSeries[] }
  | { resultType: 'scalar' | 'string'; result: WirePoint };

interface WireRule {
  type: string;
  name: string;
  query: string;
  duration: number;
  labels?: Labels;
  annotations?: Labels;
  state: AlertRule['state'];
  lastError?: string;
  alerts?: { labels: Labels; state: 'pending' | 'firing'; activeAt: string; value: string }[];
}

/**
 * Prometheus over its HTTP API.
 * @throws CONFIG on first use when `prometheus.url` is not set; then AUTH, UNAVAILABLE, RATE_LIMITED, INTERRUPTED, and
 *   FAILED with Prometheus's own words when it refuses an expression
 */
export function connectPrometheus(options: { settings: ConnectionSettings; signal: AbortSignal }): Prometheus {
  const url = options.settings.prometheus?.url ?? null;
  const api = jsonApi({ what: 'Prometheus', key: 'prometheus.url', url, ...options, refusal });
  return {
    query: (expr, at) => query(api, expr, at),
    queryRange: (expr, range) => queryRange(api, expr, range),
    alertRules: () => api.ask({ path: 'api/v1/rules', query: new URLSearchParams({ type: 'alert' }), read: readRules }),
    alertmanagers: () => api.ask({ path: 'api/v1/alertmanagers', read: readAlertmanagers }),
    labelValues: (label, selector) =>
      api.ask({
        path: `api/v1/label/${label}/values`,
        query: new URLSearchParams({ 'match[]': selector }),
        read: (body) => (body as Envelope<string[]>).data.map(String),
      }),
    version: () => api.ask({ path: 'api/v1/status/buildinfo', read: readVersion }),
  };
}

function query(api: JsonApi, expr: string, at: number | undefined): Promise<InstantResult> {
  const parameters = new URLSearchParams({ query: expr });
  if (at !== undefined) parameters.set('time', seconds(at));
  return api.ask({ path: 'api/v1/query', query: parameters, read: readInstant });
}

function queryRange(
  api: JsonApi,
  expr: string,
  range: { from: number; to: number; stepSeconds: number },
): Promise<RangeResult> {
  const parameters = new URLSearchParams({
    query: expr,
    start: seconds(range.from),
    end: seconds(range.to),
    step: String(range.stepSeconds),
  });
  return api.ask({ path: 'api/v1/query_range', query: parameters, read: readRange });
}

function readInstant(body: unknown): InstantResult {
  const { data, ...rest } = body as Envelope<QueryData>;
  if (data.resultType === 'scalar') {
    return { series: [{ labels: {}, sample: sample(data.result) }], warnings: spoken(rest) };
  }
  if (data.resultType !== 'vector') {
    const kind = data.resultType === 'matrix' ? 'a range of samples' : 'a text';
    throw new OncallError(`The expression gives ${kind}, not a value at one instant.`, {
      code: 'FAILED',
      hint: 'Wrap it in a function that gives one value, such as rate(…) or last_over_time(…).',
    });
  }
  const series = data.result.flatMap(({ metric, value }) => (value ? [{ labels: metric, sample: sample(value) }] : []));
  return { series, warnings: [...spoken(rest), ...leftOut(data.result)] };
}

function readRange(body: unknown): RangeResult {
  const { data, ...rest } = body as Envelope<QueryData>;
  if (data.resultType !== 'matrix') throw new TypeError('a range query answers with a matrix');
  const series = data.result.flatMap(({ metric, values }) =>
    values ? [{ labels: metric, samples: values.map(sample) }] : [],
  );
  return { series, warnings: [...spoken(rest), ...leftOut(data.result)] };
}

function readRules(body: unknown): AlertRule[] {
  const { data } = body as Envelope<{ groups: { name: string; rules: WireRule[] }[] }>;
  return data.groups.flatMap((group) =>
    // Versions before 2.17 do not know the `type` parameter and send recording rules too.
    group.rules.filter(({ type }) => type === 'alerting').map((rule) => readRule(rule, group.name)),
  );
}

function readRule(rule: WireRule, group: string): AlertRule {
  return {
    name: rule.name,
    group,
    expr: rule.query,
    forSeconds: rule.duration,
    labels: rule.labels ?? {},
    annotations: rule.annotations ?? {},
    state: rule.state,
    lastError: rule.lastError || null,
    alerts: (rule.alerts ?? []).map(({ labels, state, activeAt, value }) => ({
      labels,
      state,
      activeAt: utcStamp(activeAt),
      value,
    })),
  };
}

/** https://prometheus.io/docs/prometheus/latest/querying/api/#alertmanagers */
function readAlertmanagers(body: unknown): string[] {
  const { activeAlertmanagers } = (body as Envelope<{ activeAlertmanagers: { url: string }[] }>).data;
  return activeAlertmanagers.map(({ url }) => url);
}

function readVersion(body: unknown): string {
  const { version } = (body as Envelope<{ version?: unknown }>).data;
  if (typeof version !== 'string') throw new TypeError('no version');
  return version;
}

/** Prometheus's error body. Its words are kept: they name the position in the expression. */
function refusal(answer: OutboundAnswer, body: unknown): OncallError | null {
  const { status, errorType, error } = (body ?? {}) as Partial<Envelope<unknown>>;
  if (status !== 'error') return null;
  const words = error ?? `status ${answer.status}`;
  switch (errorType) {
    case 'bad_data':
    case 'execution':
      return new OncallError(`Prometheus refuses the query: ${words}`, {
        code: 'FAILED',
        hint: 'Check the expression in the Prometheus web page; it points at the place.',
      });
    case 'not_found':
      return new OncallError(`Prometheus does not have it: ${words}`, { code: 'NOT_FOUND' });
    case 'timeout':
    case 'canceled':
      return new OncallError(`Prometheus gave up on the query: ${words}`, {
        code: 'UNAVAILABLE',
        hint: 'Ask for a shorter range or fewer series.',
      });
    default:
      return new OncallError(`Prometheus is in trouble: ${words}`, {
        code: 'UNAVAILABLE',
        hint: 'Try again shortly; `oncall doctor` checks every connection.',
      });
  }
}

function spoken({ warnings = [], infos = [] }: { warnings?: string[]; infos?: string[] }): string[] {
  return [...warnings, ...infos];
}

/** Native histograms have no single value to draw. https://prometheus.io/docs/specs/native_histograms/ */
function leftOut(result: readonly WireSeries[]): string[] {
  const histograms = result.filter((series) => series.histogram || series.histograms).length;
  return histograms === 0 ? [] : [`${histograms} native histogram series left out; use histogram_quantile(…).`];
}

function sample([at, value]: WirePoint): Sample {
  return { at: Math.round(at * 1000), value: parseValue(value) };
}

/** Go prints infinities with a sign and a word that JavaScript spells out. */
function parseValue(text: string): number {
  if (/^\+?Inf$/.test(text)) return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

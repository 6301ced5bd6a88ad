import type { ServiceSpec } from '../catalog.ts';

/** One alerting rule. Labels and annotations may use `{{ $labels.name }}` and `{{ $value }}`. */
export interface AlertRule {
  alert: string;
  expr: string;
  /** How long the expression must hold before the alert fires, in milliseconds of life. */
  forMs: number;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
}

/** Rules that are evaluated together. */
export interface RuleGroup {
  name: string;
  /** The file they come from, as the rules API names it. */
  file: string;
  rules: readonly AlertRule[];
}

const MINUTE = 60_000;
const FILE = '/etc/prometheus/rules/services.yml';
const RUNBOOKS = 'https://runbooks.dolthub.test';
export const ERROR_RATIO_LIMIT = 0.05;

/** What the world's Prometheus watches: a group for each service, and the Watchdog. */
export function ruleGroups(services: readonly ServiceSpec[]): RuleGroup[] {
  return [
    ...services.map((service) => ({
      name: service.name,
      file: FILE,
      rules: [serviceDown(service.name), highErrorRatio(service.name)],
    })),
    { name: 'meta', file: FILE, rules: [WATCHDOG] },
  ];
}

/**
 * No instance answers, or there is no instance at all. The two halves carry different labels (`absent` gives back
 * `app`), so all of them are set here: an outage that goes from the one half to the other stays one alert.
 */
function serviceDown(service: string): AlertRule {
  return {
    alert: 'ServiceDown',
    expr: `sum(up{app="${service}"}) == 0 OR absent(up{app="${service}"}) > 0`,
    forMs: MINUTE,
    labels: { app: service, service, severity: 'page' },
    annotations: {
      summary: `${service} is down`,
      description: `No instance of ${service} answers its health scrape: every one is failing, or none exists.`,
      runbook_url: `${RUNBOOKS}/service-down`,
    },
  };
}

function highErrorRatio(service: string): AlertRule {
  const failed = `sum(rate(http_requests_total{app="${service}",code=~"5.."}[5m]))`;
  const all = `sum(rate(http_requests_total{app="${service}"}[5m]))`;
  return {
    alert: 'HighErrorRatio',
    expr: `${failed} / ${all} > ${ERROR_RATIO_LIMIT}`,
    forMs: 5 * MINUTE,
    labels: { app: service, service, severity: 'page' },
    annotations: {
      summary: `${service} fails more than ${ERROR_RATIO_LIMIT * 100} % of its requests`,
      description: `Share of requests that ${service} answered with 5xx over the last five minutes: {{ $value }}.`,
      runbook_url: `${RUNBOOKS}/high-error-ratio`,
    },
  };
}

/** Always fires, so that its absence tells that the pipeline is broken. It must page nobody. */
const WATCHDOG: AlertRule = {
  alert: 'Watchdog',
  expr: 'vector(1)',
  forMs: 0,
  labels: { severity: 'none' },
  annotations: {
    summary: 'The alerting pipeline is alive',
    description: 'This alert always fires. When it stops arriving, alerts no longer get through.',
  },
};

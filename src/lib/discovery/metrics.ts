import type { Prometheus } from '../clients/prometheus/prometheus.ts';

export interface MetricsFindings {
  /** Values of the labels by which targets are named. */
  apps: string[];
  jobs: string[];
  /** Base address of the Alertmanager that Prometheus sends to; null when there is none. */
  alertmanager: string | null;
}

const ALERTS_PATH = /\/api\/v[12]\/alerts$/;

/** What Prometheus scrapes, by the labels `app` and `job` of `up`, and where it sends its alerts. */
export async function lookIntoPrometheus(prometheus: Prometheus): Promise<MetricsFindings> {
  const [apps, jobs, alertmanagers] = await Promise.all([
    prometheus.labelValues('app', 'up'),
    prometheus.labelValues('job', 'up'),
    prometheus.alertmanagers(),
  ]);
  const [first] = alertmanagers;
  return { apps, jobs, alertmanager: first ? first.replace(ALERTS_PATH, '') : null };
}

/** The query that stands for a service's health where nobody has written one: its live instances. */
export function upQuery(service: string, label: 'app' | 'job'): { expr: string; description: string } {
  return { expr: `sum(up{${label}=${JSON.stringify(service)}})`, description: 'Live instances' };
}

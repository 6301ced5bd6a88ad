import type { Metrics } from '../../world/metrics/metrics.ts';
import { goTime } from './answers.ts';

type Known = ReturnType<Metrics['targets']>[number];

/** `/api/v1/targets` */
export function targetsView(metrics: Metrics, state: string): unknown {
  const wanted = state.toLowerCase();
  const active = ['', 'any', 'active'].includes(wanted);
  return { activeTargets: active ? metrics.targets().map(targetView) : [], droppedTargets: [] };
}

function targetView({ target, last, intervalMs }: Known): unknown {
  const labels = target.labels.toRecord();
  const instance = labels['instance'] ?? '';
  const probe = instance.startsWith('https://');
  const url = probe
    ? `http://localhost:9115/probe?module=http_2xx&target=${encodeURIComponent(instance)}`
    : `http://${instance}/metrics`;
  const interval = `${intervalMs / 1000}s`;
  return {
    discoveredLabels: {
      __address__: probe ? 'localhost:9115' : instance,
      __metrics_path__: probe ? '/probe' : '/metrics',
      __scheme__: 'http',
      __scrape_interval__: interval,
      __scrape_timeout__: interval,
      ...(labels['pod'] && {
        __meta_kubernetes_namespace: labels['namespace'],
        __meta_kubernetes_pod_label_app: labels['app'],
        __meta_kubernetes_pod_name: labels['pod'],
      }),
      job: labels['pod'] ? 'kubernetes-pods' : labels['job'],
    },
    labels,
    scrapePool: labels['pod'] ? 'kubernetes-pods' : labels['job'],
    scrapeUrl: url,
    globalUrl: url,
    lastError: last && !last.up ? `Get "${url}": dial tcp ${instance}: connect: connection refused` : '',
    lastScrape: goTime(last?.at ?? null),
    lastScrapeDuration: last ? 0.004_217 : 0,
    health: last ? (last.up ? 'up' : 'down') : 'unknown',
    scrapeInterval: interval,
    scrapeTimeout: interval,
  };
}

import { METRIC_NAME } from '../../promql/labels.ts';
import { matcher } from '../../promql/matcher.ts';
import type { Series } from '../../promql/series-source.ts';
import type { Usage, UsageSource } from '../cluster/usage.ts';
import type { Metrics } from './metrics.ts';

const WINDOW_MS = 60_000;
/** Cores of each machine. */
const CORES = 4;

/** What `kubectl top` shows, from the same series that Prometheus has: the two never disagree. */
export function usageFrom(metrics: Metrics): UsageSource {
  const series = (name: string, labels: Readonly<Record<string, string>>): Series[] => {
    const matchers = Object.entries({ ...labels, [METRIC_NAME]: name }).map(([key, value]) => matcher(key, '=', value));
    const to = metrics.latest;
    return [...metrics.source.select(matchers, to - WINDOW_MS, to)];
  };
  const nth = (name: string, index: number, labels: Readonly<Record<string, string>> = {}) =>
    series(name, { job: 'node', ...labels }).sort((a, b) =>
      a.labels.get('instance') < b.labels.get('instance') ? -1 : 1,
    )[index];
  return {
    window: WINDOW_MS / 1000,
    ofPod(pod) {
      return usage(
        perSecond(series('process_cpu_seconds_total', { pod })[0]),
        last(series('process_resident_memory_bytes', { pod })[0]),
      );
    },
    ofNode(index) {
      const idle = perSecond(nth('node_cpu_seconds_total', index, { mode: 'idle' }));
      const total = last(nth('node_memory_MemTotal_bytes', index));
      const free = last(nth('node_memory_MemAvailable_bytes', index));
      return usage(idle === null ? null : (1 - idle) * CORES, total === null || free === null ? null : total - free);
    },
  };
}

function usage(cpu: number | null, memory: number | null): Usage | null {
  return cpu === null || memory === null ? null : { cpu, memory };
}

/** The newest value; null once the target is gone. */
function last(series: Series | undefined): number | null {
  return series?.samples.at(-1)?.v ?? null;
}

/** Growth per second over the window; a metrics-server needs two readings of one run as well. */
function perSecond(series: Series | undefined): number | null {
  const samples = series?.samples ?? [];
  const [first, end] = [samples.findLast(({ v }, i) => v !== null && isFirst(samples, i)), samples.at(-1)];
  if (!first || !end || first.v === null || end.v === null || end.t <= first.t) return null;
  return Math.max(0, ((end.v - first.v) * 1000) / (end.t - first.t));
}

/** Whether no reading of the same run came before. */
function isFirst(samples: Series['samples'], i: number): boolean {
  const before = samples[i - 1]?.v ?? null;
  return before === null || before > (samples[i]?.v ?? 0);
}

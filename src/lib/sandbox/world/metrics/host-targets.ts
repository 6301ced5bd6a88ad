import { Labels, METRIC_NAME } from '../../promql/labels.ts';
import { scrapeSeries } from './scrape-series.ts';
import { type Exposed, placeOf, type Reading, type Target } from './target.ts';

const GIB = 1024 ** 3;
const DAY = 86_400_000;
/** The hosts have been up since long before anything in the world's memory. */
const BOOTED_BEFORE = 63 * DAY;
const HOSTS = ['10.0.1.11', '10.0.1.12', '10.0.1.13'];
/** Where a host's time goes, as shares of one. */
const CPU_MODES: Readonly<Record<string, number>> = { user: 0.21, system: 0.06, iowait: 0.01, idle: 0.72 };

/** The three hosts of the cluster, Prometheus itself and Alertmanager, and a probe of the public certificate. */
export function hostTargets(began: number): Target[] {
  const since = began - BOOTED_BEFORE;
  return [
    ...HOSTS.map((address) => {
      const labels = { instance: `${address}:9100`, job: 'node', node: `ip-${address.replaceAll('.', '-')}` };
      return fixed(labels, since, (target) => hostSeries(target, since));
    }),
    fixed({ instance: 'localhost:9090', job: 'prometheus' }, since, () => []),
    fixed({ instance: 'localhost:9093', job: 'alertmanager' }, since, () => []),
    fixed({ instance: 'https://www.dolthub.test', job: 'blackbox' }, since, (target) => probeSeries(target, began)),
  ];
}

/** A target that always answers. */
function fixed(record: Record<string, string>, since: number, expose: (target: Labels) => Exposed[]): Target {
  const labels = Labels.of(record);
  const series = expose(labels);
  return {
    labels,
    offset: placeOf(labels.key),
    from: since,
    until: null,
    series: [...scrapeSeries(labels, series.length), ...series],
    read: (times) => times.map((at) => ({ at, up: true, startedAt: since, requests: 0, failed: 0, rate: () => 0 })),
    lastUp: (at) => (at < since ? null : at),
  };
}

function hostSeries(target: Labels, since: number): Exposed[] {
  const place = placeOf(target.get('instance'));
  const named = (name: string, extra: Readonly<Record<string, string>> = {}) =>
    Labels.of({ ...target.toRecord(), [METRIC_NAME]: name, ...extra });
  const swing = ({ at }: Reading) => Math.sin(2 * Math.PI * (at / DAY - 0.54) + place) + 0.2 * Math.sin(at / 211_000);
  const disk = { device: '/dev/nvme0n1p1', fstype: 'ext4', mountpoint: '/' };
  const seconds = (share: number) => (reading: Reading) => Math.round((share * (reading.at - since)) / 10) / 100;
  return [
    ...Object.entries(CPU_MODES).map(([mode, share]) => ({
      labels: named('node_cpu_seconds_total', { cpu: '0', mode }),
      value: seconds(share),
    })),
    { labels: named('node_boot_time_seconds'), value: () => Math.round(since / 1000) },
    { labels: named('node_load1'), value: (reading) => Math.round((1.1 + 0.4 * swing(reading)) * 100) / 100 },
    { labels: named('node_memory_MemTotal_bytes'), value: () => 16 * GIB },
    {
      labels: named('node_memory_MemAvailable_bytes'),
      value: (reading) => Math.round(((7.4 - 0.8 * swing(reading)) * GIB) / 4096) * 4096,
    },
    { labels: named('node_filesystem_size_bytes', disk), value: () => 100 * GIB },
    {
      labels: named('node_filesystem_avail_bytes', disk),
      value: ({ at }) => Math.round((58 - 6 * ((at / (7 * DAY) + place) % 1)) * GIB),
    },
  ];
}

function probeSeries(target: Labels, began: number): Exposed[] {
  const named = (name: string) => Labels.of({ ...target.toRecord(), [METRIC_NAME]: name });
  const expiry = Math.floor((began + 41 * DAY) / 1000);
  return [
    { labels: named('probe_success'), value: () => 1 },
    { labels: named('probe_ssl_earliest_cert_expiry'), value: () => expiry },
    {
      labels: named('probe_duration_seconds'),
      value: ({ at }) => Math.round((0.11 + 0.03 * Math.sin(at / 301_000)) * 1e6) / 1e6,
    },
  ];
}

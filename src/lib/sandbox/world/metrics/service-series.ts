import { Labels, METRIC_NAME } from '../../promql/labels.ts';
import { printPlain } from '../../promql/print-value.ts';
import type { ServiceSpec } from '../catalog.ts';
import { Latency } from './latency.ts';
import { routesOf, type ServedRoute } from './routes.ts';
import { type Exposed, placeOf, type Reading } from './target.ts';

const MIB = 1024 * 1024;
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** A request that fails with a dependency has usually waited for it first. */
const FAILED_LATENCY = new Latency({ median: 0.9, p99: 4.8 });
/** Clients' own mistakes, on any day. */
const NOT_FOUND = 0.011;
const BAD_REQUEST = 0.004;

type Count = (reading: Reading) => number;

/** Requests by status code. Together they are all requests. */
function byCode({ errorRatio }: ServiceSpec): readonly [code: string, count: Count][] {
  const answered: Count = ({ requests, failed }) => requests - failed;
  const own =
    (share: number): Count =>
    (reading) =>
      answered(reading) * share;
  return [
    ['200', own(1 - NOT_FOUND - BAD_REQUEST - errorRatio)],
    ['400', own(BAD_REQUEST)],
    ['404', own(NOT_FOUND)],
    ['500', (reading) => answered(reading) * errorRatio * 0.7 + reading.failed * 0.2],
    ['503', (reading) => answered(reading) * errorRatio * 0.3 + reading.failed * 0.8],
  ];
}

/** Everything that one pod of a service exposes. */
export function serviceSeries(service: ServiceSpec, target: Labels, sha: string): Exposed[] {
  const routes = routesOf(service.name).flatMap((route) => [
    ...requestCounters(service, target, route),
    ...durationHistogram(service, target, route),
  ]);
  return [...routes, ...processSeries(service, target), ...runtimeSeries(service, target, sha)];
}

function named(target: Labels, name: string, extra: Readonly<Record<string, string>> = {}): Labels {
  return Labels.of({ ...target.toRecord(), [METRIC_NAME]: name, ...extra });
}

/** A counter with labels does not exist until it was first counted. */
function requestCounters(service: ServiceSpec, target: Labels, { method, handler, share }: ServedRoute): Exposed[] {
  return byCode(service).map(([code, count]) => ({
    labels: named(target, 'http_requests_total', { code, method, handler }),
    value: (reading) => Math.floor(count(reading) * share) || null,
  }));
}

function durationHistogram(service: ServiceSpec, target: Labels, { method, handler, share }: ServedRoute): Exposed[] {
  const latency = new Latency(service.latency);
  const codes = byCode(service);
  // The same requests as the counters', so that the two never disagree.
  const total: Count = (reading) => codes.reduce((sum, [, count]) => sum + Math.floor(count(reading) * share), 0);
  const name = 'http_request_duration_seconds';
  const bucket = (bound: number): Exposed => {
    const [quick, late] = [latency.within(bound), FAILED_LATENCY.within(bound)];
    return {
      labels: named(target, `${name}_bucket`, { method, handler, le: printPlain(bound) }),
      value: (reading) => {
        const within = share * ((reading.requests - reading.failed) * quick + reading.failed * late);
        return Math.min(total(reading), Math.floor(within));
      },
    };
  };
  const seconds: Count = ({ requests, failed }) =>
    share * ((requests - failed) * latency.mean + failed * FAILED_LATENCY.mean);
  return [
    ...BUCKETS.map(bucket),
    { labels: named(target, `${name}_bucket`, { method, handler, le: '+Inf' }), value: total },
    { labels: named(target, `${name}_sum`, { method, handler }), value: seconds },
    { labels: named(target, `${name}_count`, { method, handler }), value: total },
  ];
}

/** A slow swing around 1 that is the series' own. */
function sway(name: string, { at }: Reading, size: number): number {
  const place = placeOf(name) * 2 * Math.PI;
  return 1 + size * (0.6 * Math.sin(at / 1_130_000 + place) + 0.4 * Math.sin(at / 97_000 + 3 * place));
}

function processSeries({ memoryMiB, latency }: ServiceSpec, target: Labels): Exposed[] {
  const pod = target.get('pod');
  const grown = ({ at, startedAt }: Reading) => 1 - 0.35 * Math.exp(-(at - startedAt) / 1_800_000);
  const cpuPerRequest = 0.15 * latency.median;
  return [
    {
      labels: named(target, 'process_resident_memory_bytes'),
      value: (reading) => Math.round((memoryMiB * MIB * grown(reading) * sway(pod, reading, 0.06)) / 4096) * 4096,
    },
    {
      labels: named(target, 'process_start_time_seconds'),
      value: ({ startedAt }) => Math.round(startedAt / 10) / 100,
    },
    {
      labels: named(target, 'process_cpu_seconds_total'),
      value: ({ requests, at, startedAt }) =>
        Math.round((0.4 + requests * cpuPerRequest + ((at - startedAt) / 1000) * 0.004) * 100) / 100,
    },
    {
      labels: named(target, 'process_open_fds'),
      value: (reading) => Math.round((14 + reading.rate() * 0.8) * sway(`${pod}fds`, reading, 0.1)),
    },
  ];
}

function runtimeSeries({ language }: ServiceSpec, target: Labels, sha: string): Exposed[] {
  const pod = target.get('pod');
  const build: Exposed = { labels: named(target, 'build_info', { revision: sha }), value: () => 1 };
  if (language === 'go') {
    return [
      build,
      {
        labels: named(target, 'go_goroutines'),
        value: (reading) => Math.round((21 + reading.rate() * 1.4) * sway(`${pod}go`, reading, 0.12)),
      },
      { labels: named(target, 'go_info', { version: 'go1.24.6' }), value: () => 1 },
    ];
  }
  return [
    build,
    {
      labels: named(target, 'nodejs_eventloop_lag_seconds'),
      value: (reading) => Math.round(0.0021 * sway(`${pod}lag`, reading, 0.5) * 1e6) / 1e6,
    },
    {
      labels: named(target, 'nodejs_version_info', { version: 'v22.18.0', major: '22', minor: '18', patch: '0' }),
      value: () => 1,
    },
  ];
}

import type { ServiceSpec } from '../catalog.ts';
import { Random } from '../random.ts';
import type { Chatter, LogEntry } from './container-log.ts';

/** What a service's ordinary log lines depend on, besides the time. */
export interface ChatterFacts {
  service: ServiceSpec;
  /** Gives each run of each container a stream of its own. */
  seed: number;
  /** Whether one of the services it depends on answered at a moment, in milliseconds since 1970. */
  wasUp(service: string, at: number): boolean;
}

interface Request {
  at: number;
  id: string;
  method: string;
  path: string;
  status: number;
  milliseconds: number;
  failed: string | null;
}

const DATABASES = [
  'us-jails',
  'ip-to-country',
  'hospital-price-transparency',
  'corona-virus',
  'menus',
  'standard-charge',
];
const OWNERS = ['dolthub', 'post-no-preference', 'liquidata', 'timsehn'];
const ROUTES: readonly [method: string, path: (random: Random) => string][] = [
  ['GET', (r) => `/api/v1alpha1/${r.pick(OWNERS)}/${r.pick(DATABASES)}/main`],
  ['GET', (r) => `/api/v1alpha1/${r.pick(OWNERS)}/${r.pick(DATABASES)}/branches`],
  ['GET', (r) => `/api/v1alpha1/${r.pick(OWNERS)}/${r.pick(DATABASES)}/pulls/${r.between(1, 240)}`],
  ['POST', (r) => `/api/v1alpha1/${r.pick(OWNERS)}/${r.pick(DATABASES)}/write/main/edits`],
  ['GET', () => '/api/v1alpha1/user'],
];
const PAGES: readonly ((random: Random) => string)[] = [
  (r) => `/repositories/${r.pick(OWNERS)}/${r.pick(DATABASES)}`,
  (r) => `/repositories/${r.pick(OWNERS)}/${r.pick(DATABASES)}/pulls`,
  () => '/discover',
  () => '/graphql',
];

/**
 * The ordinary log lines of a service. A sample of its requests is logged, not each of them. Go services write JSON,
 * the Next.js ones logfmt with the stack of an error below it, so that whoever reads logs meets both.
 */
export function chatterOf(facts: ChatterFacts): Chatter {
  const { service } = facts;
  const perSecond = Math.min(2, Math.max(0.4, service.requestsPerSecond / service.replicas / 30));
  return (second) => {
    const random = new Random(facts.seed ^ Math.imul(second, 2_654_435_761));
    const count = Math.floor(perSecond + random.next());
    const moments = Array.from({ length: count }, () => random.between(0, 999)).sort((a, b) => a - b);
    return moments.flatMap((ms, i) => entriesOf(requestAt(second * 1000 + ms, facts, random), i, service));
  };
}

function requestAt(at: number, { service, wasUp }: ChatterFacts, random: Random): Request {
  const go = service.language === 'go';
  const [method, path] = go ? random.pick(ROUTES) : ['GET', random.pick(PAGES)];
  const request: Request = {
    at,
    id: random.hex(16),
    method,
    path: path(random),
    status: random.next() < 0.03 ? 404 : 200,
    milliseconds: latency(service, random),
    failed: null,
  };
  const chance = random.next();
  const down = service.dependsOn.find((name) => !wasUp(name, at));
  if (down && chance < 0.7) {
    Object.assign(request, {
      status: 502,
      failed: `dial tcp: ${down}.${service.namespace}.svc:80: connection refused`,
    });
  } else if (chance < service.errorRatio * 4) {
    Object.assign(request, { status: 500, failed: 'context deadline exceeded' });
  }
  return request;
}

/** A long-tailed latency through the service's median and 99th percentile, in milliseconds. */
function latency({ latency: { median, p99 } }: ServiceSpec, random: Random): number {
  const spread = Math.log(p99 / median) / 2.33;
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.round(median * Math.exp(spread * normal) * 10_000) / 10;
}

function entriesOf(request: Request, index: number, service: ServiceSpec): LogEntry[] {
  const lines = service.language === 'go' ? [asJson(request)] : asLogfmt(request);
  return lines.map((text, line) => ({ at: request.at, nanos: 500_000 + index * 40_000 + line * 913, text }));
}

function asJson(request: Request): string {
  const { at, id, method, path, status, milliseconds, failed } = request;
  return JSON.stringify({
    time: new Date(at).toISOString(),
    level: failed ? 'error' : milliseconds > 1500 ? 'warn' : 'info',
    msg: failed ? 'request failed' : milliseconds > 1500 ? 'slow request' : 'request',
    request_id: id,
    method,
    path,
    status,
    duration: `${milliseconds}ms`,
    ...(failed ? { error: failed } : {}),
  });
}

function asLogfmt({ at, id, method, path, status, milliseconds, failed }: Request): string[] {
  const level = failed ? 'error' : milliseconds > 1500 ? 'warn' : 'info';
  const line = `ts=${new Date(at).toISOString()} level=${level} msg="${method} ${path}" status=${status} duration=${milliseconds}ms request_id=${id}`;
  if (!failed) return [line];
  return [
    line,
    `Error: upstream request failed: ${failed}`,
    '    at UpstreamClient.send (/app/dist/upstream.js:61:13)',
    '    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
    `    at async handle (/app/dist/server.js:118:20)`,
  ];
}

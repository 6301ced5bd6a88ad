import { type ChildProcessWithoutNullStreams, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Certificates, makeCertificates } from '../../src/lib/sandbox/certificates.ts';
import type { Exchange } from '../../src/lib/sandbox/exchange.ts';
import type { AccessOptions } from '../../src/lib/sandbox/faces/kubernetes/access.ts';
import { kubeconfigFor } from '../../src/lib/sandbox/faces/kubernetes/kubeconfig.ts';
import { kubernetesFace } from '../../src/lib/sandbox/faces/kubernetes/kubernetes-face.ts';
import { type KubeServer, startKubeServer } from '../../src/lib/sandbox/kube-server.ts';
import { SERVICES } from '../../src/lib/sandbox/world/catalog.ts';
import { WorldClock } from '../../src/lib/sandbox/world/clock.ts';
import { Cluster, type ClusterOptions } from '../../src/lib/sandbox/world/cluster/cluster.ts';
import type { Pod } from '../../src/lib/sandbox/world/cluster/objects.ts';
import { Metrics } from '../../src/lib/sandbox/world/metrics/metrics.ts';
import { usageFrom } from '../../src/lib/sandbox/world/metrics/usage.ts';
import { Random } from '../../src/lib/sandbox/world/random.ts';

const HOUR = 3_600_000;

/** Revisions of dolthubapi in the test cluster, oldest first; the last of them runs. `BAD` crashes, `MISSING` has no image. */
export const OLD = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
export const GOOD = '1111111aaaabbbbccccddddeeeeffff000011112';
export const NEW = '2222222aaaabbbbccccddddeeeeffff000011112';
export const BAD = 'bad0bad0bad0bad0bad0bad0bad0bad0bad0bad0';
export const MISSING = 'dead000dead000dead000dead000dead000dead0';

export const TOKEN = 'test-token';
export const READER_TOKEN = 'reader-token';

/** A small cluster with a past: dolthubapi deployed twice, every other service once. */
export function testCluster(options: Partial<ClusterOptions> & { clock: WorldClock }): Cluster {
  const { clock } = options;
  const cluster = new Cluster({
    random: new Random(7),
    services: SERVICES,
    behaviourOf: (image) => {
      if (image.endsWith(BAD.slice(0, 7))) return 'crash-on-start';
      return image.endsWith(MISSING.slice(0, 7)) || !image.startsWith('registry.dolthub.test/')
        ? 'missing-image'
        : 'steady';
    },
    ...options,
  });
  for (const { name } of SERVICES) {
    cluster.seedRevision(name, OLD, { by: 'ana', at: clock.now() - 30 * 24 * HOUR });
  }
  cluster.seedRevision('dolthubapi', GOOD, { by: 'ben', at: clock.now() - 50 * HOUR });
  cluster.settle();
  return cluster;
}

export function podsOf(cluster: Cluster, service: string): Pod[] {
  return cluster.store.list('pods').filter(({ metadata }) => metadata.labels?.['app'] === service);
}

/** Lets so many milliseconds of life pass in small steps. */
export function live(clock: WorldClock, ms: number): void {
  for (let left = ms; left > 0; left -= 250) clock.advance(Math.min(250, left));
}

let certificates: Promise<Certificates> | undefined;

/** The same certificates for the whole test run. */
export function testCertificates(): Promise<Certificates> {
  certificates ??= makeCertificates(Date.now());
  return certificates;
}

export interface ServedKubernetes {
  clock: WorldClock;
  cluster: Cluster;
  server: KubeServer;
  caPem: string;
  /** Path of a kubeconfig for `TOKEN`. */
  kubeconfig: string;
  /** Every exchange that reached the face, oldest first. */
  seen: Exchange[];
  close(): Promise<void>;
}

/** A test cluster behind a TLS server on loopback, and a kubeconfig that points at it. */
export async function serveKubernetes(
  options: {
    clock?: WorldClock;
    keptChanges?: number;
    access?: Partial<AccessOptions>;
    before?: (exchange: Exchange) => void;
  } = {},
): Promise<ServedKubernetes> {
  const clock = options.clock ?? new WorldClock();
  const { keptChanges } = options;
  const cluster = testCluster({ clock, ...(keptChanges === undefined ? {} : { keptChanges }) });
  const lives = (service: string) => cluster.podLives(service);
  cluster.usage = usageFrom(new Metrics({ clock, random: new Random(8), services: SERVICES, lives }));
  const tokens = new Map([
    [TOKEN, { user: 'sam@dolthub.test', groups: ['on-call'] }],
    [READER_TOKEN, { user: 'mei@dolthub.test', groups: ['readers'] }],
  ]);
  const face = kubernetesFace(cluster, { tokens, ...options.access });
  const seen: Exchange[] = [];
  const made = await testCertificates();
  const server = await startKubeServer({
    certificates: made,
    answer: (exchange) => {
      seen.push(exchange);
      options.before?.(exchange);
      return face.answer(exchange);
    },
  });
  const directory = await mkdtemp(join(tmpdir(), 'oncall-kube-'));
  const kubeconfig = join(directory, 'kubeconfig');
  const facts = { server: server.url, caPem: made.ca.cert, namespace: 'production', context: 'practice' };
  await writeFile(kubeconfig, kubeconfigFor({ ...facts, token: TOKEN }), { mode: 0o600 });
  return {
    clock,
    cluster,
    server,
    caPem: made.ca.cert,
    kubeconfig,
    seen,
    async close() {
      clock.stop();
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** One request over HTTP/1.1, with `TOKEN` unless told otherwise (null: none). */
export function ask(
  served: Pick<ServedKubernetes, 'server' | 'caPem'>,
  path: string,
  options: {
    method?: string;
    token?: string | null;
    headers?: OutgoingHttpHeaders;
    body?: string;
    servername?: string;
    key?: string;
    cert?: string;
  } = {},
): Promise<Answer> {
  const { method = 'GET', token = TOKEN, headers, body, ...identity } = options;
  const own = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const { port } = served.server;
    const facts = { host: '127.0.0.1', port, path, method, ca: served.caPem, agent: false, ...identity };
    const sent = request({ ...facts, headers: { ...own, ...headers } }, async (response) => {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        });
      } catch (error) {
        reject(error);
      }
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A PATCH of the named type: `merge-patch`, `strategic-merge-patch`, `json-patch`. */
export function patchWith(
  served: Pick<ServedKubernetes, 'server' | 'caPem'>,
  path: string,
  { type, value }: { type: string; value: unknown },
): Promise<Answer> {
  const headers = { 'content-type': `application/${type}+json` };
  return ask(served, path, { method: 'PATCH', headers, body: JSON.stringify(value) });
}

/** The parsed body of an answer, for tests to look into. */
export function bodyOf<T = Record<string, never>>(answer: Answer): T {
  return JSON.parse(answer.text) as T;
}

/** Whether stock kubectl is on this machine. */
export function hasKubectl(): boolean {
  return spawnSync('which', ['kubectl']).status === 0;
}

function environment(kubeconfig: string): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return { PATH, KUBECONFIG: kubeconfig, KUBECACHEDIR: `${kubeconfig}-cache`, HOME: join(kubeconfig, '..') };
}

/** Runs stock kubectl to its end. */
export async function kubectl(
  served: Pick<ServedKubernetes, 'kubeconfig'>,
  ...args: string[]
): Promise<{ stdout: string; stderr: string; code: number }> {
  try {
    const { stdout, stderr } = await promisify(execFile)('kubectl', args, { env: environment(served.kubeconfig) });
    return { stdout, stderr, code: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
    return { stdout, stderr, code };
  }
}

/** Starts stock kubectl and leaves it running. */
export function startKubectl(
  served: Pick<ServedKubernetes, 'kubeconfig'>,
  ...args: string[]
): ChildProcessWithoutNullStreams {
  return spawn('kubectl', args, { env: environment(served.kubeconfig) });
}

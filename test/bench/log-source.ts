import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeCertificates } from '../../src/lib/sandbox/certificates.ts';
import { kubeconfigFor } from '../../src/lib/sandbox/faces/kubernetes/kubeconfig.ts';

/**
 * A source of logs in the shape of a Kubernetes API server, as a process of its own: so many pods of app=bench, each with so
 * many lines, sent as fast as they are taken, or at a rate. Its one argument is a JSON object (`SourceOptions`); it writes
 * a kubeconfig and prints one line when it is ready.
 */
export interface SourceOptions {
  directory: string;
  pods: number;
  /** Lines of each pod. */
  lines: number;
  form: 'plain' | 'json';
  tls: boolean;
  /** Lines a second in all, written live with the time in them; null sends at once what there is. */
  rate: number | null;
}

const LINE = 200;
const EVERY = 10;

const options = JSON.parse(process.argv[2] ?? '{}') as SourceOptions;
const names = Array.from({ length: options.pods }, (_, i) => `bench-5d8f7c9b4-${String(i).padStart(5, 'x')}`);
const started = Date.now();
let over = false;
/** When each log was asked for. */
const opened: number[] = [];

/** Everything that one pod has written, each line 200 bytes after its stamp, stamps of all pods interleaved. */
function past(pod: number): Buffer {
  const bytes = Buffer.allocUnsafe(options.lines * (LINE + 32));
  let at = 0;
  for (let i = 0; i < options.lines; i++) {
    // A thousand lines a second of each pod, a microsecond apart from those of the next.
    const nanos = i * 1e6 + pod * 1000;
    const second = new Date(started - 3_600_000 + Math.floor(nanos / 1e9) * 1000).toISOString().slice(0, 19);
    at += bytes.write(`${second}.${String(nanos % 1e9).padStart(9, '0')}Z ${text(i, pod)}\n`, at, 'latin1');
  }
  return bytes.subarray(0, at);
}

function text(i: number, pod: number): string {
  const level = i % 20 === 0 ? 'error' : 'info';
  const line =
    options.form === 'json'
      ? `{"time":"2026-01-02T03:04:05.123Z","level":"${level}","msg":"request","request_id":"${(i * 7919 + pod).toString(16).padStart(16, '0')}","method":"GET","path":"/api/v1/items/${i % 997}","status":200,"pad":"`
      : `${level} handled request number ${i} of pod ${pod} for /api/v1/items/${i % 997} in 12.3 ms with status 200 `;
  const end = options.form === 'json' ? '"}' : '';
  return line + 'x'.repeat(Math.max(0, LINE - line.length - end.length)) + end;
}

const logs = options.rate === null ? names.map((_, pod) => past(pod)) : [];

interface Answer {
  writeHead(status: number, headers: Record<string, string>): void;
  write(bytes: string | Buffer): boolean;
  end(): void;
  once(event: string, act: () => void): void;
  readonly destroyed?: boolean;
}

async function sendPast(answer: Answer, bytes: Buffer): Promise<void> {
  const piece = 256 * 1024;
  let goOn = () => {};
  answer.once('close', () => goOn());
  for (let at = 0; at < bytes.length && !answer.destroyed; at += piece) {
    if (!answer.write(bytes.subarray(at, at + piece)))
      await new Promise<void>((resolve) => {
        goOn = resolve;
        answer.once('drain', resolve);
      });
  }
}

/** Lines at a rate, each with the moment of its writing in its text: microseconds of the machine's monotonic clock. */
function sendLive(answer: Answer): Promise<void> {
  const each = (options.rate ?? 0) / options.pods;
  let sent = 0;
  const begun = performance.now();
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(options.lines, Math.floor(((performance.now() - begun) / 1000) * each));
      let piece = '';
      for (; sent < due; sent++) {
        const now = Date.now() + (performance.now() % 1);
        const nanos = String(Math.floor((now % 1000) * 1e6)).padStart(9, '0');
        const stamp = `${new Date(now).toISOString().slice(0, 19)}.${nanos}Z`;
        piece += `${stamp} sent=${process.hrtime.bigint() / 1000n} ${'x'.repeat(LINE - 22)}\n`;
      }
      if (piece) answer.write(piece);
      if (sent < options.lines && !answer.destroyed) return;
      clearInterval(timer);
      over = true;
      resolve();
    }, EVERY);
  });
}

function podObject(name: string): object {
  const done = {
    exitCode: 0,
    reason: 'Completed',
    containerID: `containerd://${name}`,
    startedAt: iso(started - 3_600_000),
    finishedAt: iso(started),
  };
  const ended = options.rate === null || over;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      resourceVersion: ended ? '2' : '1',
      labels: { app: 'bench' },
      creationTimestamp: iso(started - 3_600_000),
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'bench', uid: 'job', controller: true }],
    },
    spec: { nodeName: 'node', containers: [{ name: 'app', image: 'bench:1' }] },
    status: {
      phase: ended ? 'Succeeded' : 'Running',
      startTime: iso(started - 3_600_000),
      conditions: [],
      containerStatuses: [
        {
          name: 'app',
          ready: !ended,
          restartCount: 0,
          image: 'bench:1',
          imageID: 'bench',
          containerID: `containerd://${name}`,
          state: ended ? { terminated: done } : { running: { startedAt: iso(started - 3_600_000) } },
        },
      ],
    },
  };
}

function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

async function answerTo(path: string, answer: Answer): Promise<void> {
  const url = new URL(path, 'http://source');
  const json = (body: object) => {
    answer.writeHead(200, { 'content-type': 'application/json' });
    answer.write(JSON.stringify(body));
    answer.end();
  };
  const log = /\/pods\/([^/]+)\/log$/.exec(url.pathname)?.[1];
  if (log) {
    const pod = names.indexOf(log);
    opened.push(performance.now());
    answer.writeHead(200, { 'content-type': 'text/plain' });
    const bytes = logs[pod];
    if (bytes && url.searchParams.get('timestamps') === 'true') await sendPast(answer, since(bytes, url));
    else if (bytes) await sendPast(answer, bare);
    else if (url.searchParams.get('follow') === 'true') await sendLive(answer);
    answer.end();
    return;
  }
  if (url.pathname === '/bench/opened') return json({ milliseconds: opened.splice(0) });
  if (url.searchParams.get('watch')) {
    answer.writeHead(200, { 'content-type': 'application/json' });
    const known = url.searchParams.get('resourceVersion');
    if (known !== null && known !== '' && known !== '0') answer.write(' ');
    else for (const name of names) answer.write(`${JSON.stringify({ type: 'ADDED', object: podObject(name) })}\n`);
    const watching = setInterval(() => {
      if (!over) return;
      clearInterval(watching);
      for (const name of names) answer.write(`${JSON.stringify({ type: 'MODIFIED', object: podObject(name) })}\n`);
    }, 50);
    answer.once('close', () => clearInterval(watching));
    return;
  }
  if (/\/pods$/.test(url.pathname)) {
    return json({ apiVersion: 'v1', kind: 'PodList', metadata: { resourceVersion: '1' }, items: names.map(podObject) });
  }
  const discovered = DISCOVERY[url.pathname];
  if (discovered) return json(discovered);
  const one = /\/pods\/([^/]+)$/.exec(url.pathname)?.[1];
  if (one && names.includes(one)) return json(podObject(one));
  if (/\/jobs\/bench$/.test(url.pathname)) {
    const status = { conditions: [{ type: 'Complete', status: 'True' }], succeeded: options.pods };
    return json({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'bench' }, spec: {}, status });
  }
  answer.writeHead(404, { 'content-type': 'application/json' });
  answer.write('{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}');
  answer.end();
}

/** What kubectl asks before anything else. */
const DISCOVERY: Readonly<Record<string, object>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [
      {
        name: 'pods',
        singularName: 'pod',
        namespaced: true,
        kind: 'Pod',
        verbs: ['get', 'list', 'watch'],
        shortNames: ['po'],
      },
      { name: 'pods/log', singularName: '', namespaced: true, kind: 'Pod', verbs: ['get'] },
    ],
  },
};

/** As a kubelet filters: records older than the second asked for are left out. */
function since(bytes: Buffer, url: URL): Buffer {
  const from = url.searchParams.get('sinceTime')?.slice(0, 19);
  if (!from) return bytes;
  let low = 0;
  let high = Math.floor(bytes.length / (LINE + 32));
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bytes.toString('latin1', middle * (LINE + 32), middle * (LINE + 32) + 19) < from) low = middle + 1;
    else high = middle;
  }
  return bytes.subarray(low * (LINE + 32));
}

/** Lines without their stamps, for clients that do not ask for them: those of the first pod, whichever is asked. */
function bareLog(bytes: Buffer | undefined): Buffer {
  const made = Buffer.allocUnsafe(bytes ? options.lines * (LINE + 1) : 0);
  for (let i = 0; i < options.lines; i++)
    bytes?.copy(made, i * (LINE + 1), i * (LINE + 32) + 31, (i + 1) * (LINE + 32));
  return made;
}

const bare = bareLog(logs[0]);
const certificates = await makeCertificates(Date.now());
const receive = (request: { url?: string }, response: unknown) => {
  answerTo(request.url ?? '/', response as Answer).catch(() => {});
};
const server = options.tls
  ? createSecureServer(
      { key: certificates.server.key, cert: certificates.server.cert, allowHTTP1: true, maxSessionMemory: 1000 },
      receive as (request: Http2ServerRequest, response: Http2ServerResponse) => void,
    )
  : http.createServer(receive);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const facts = { caPem: certificates.ca.cert, token: 'bench', namespace: 'default', context: 'bench' };
  const text = kubeconfigFor({ ...facts, server: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}` });
  const plain = text.replace(/certificate-authority-data:.*/, 'insecure-skip-tls-verify: true');
  writeFileSync(join(options.directory, 'kubeconfig'), options.tls ? text : plain);
  process.send?.({ port });
  process.stdout.write(`${port}\n`);
});

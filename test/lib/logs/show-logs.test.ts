import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { connectKubernetes } from '../../../src/lib/clients/kubernetes/connect.ts';
import type { Kubernetes } from '../../../src/lib/clients/kubernetes/kubernetes.ts';
import type { ConnectionSettings } from '../../../src/lib/config/settings.ts';
import type { Notice } from '../../../src/lib/logs/notice.ts';
import { type LogsRequest, showLogs } from '../../../src/lib/logs/show-logs.ts';
import type { LineSink } from '../../../src/lib/logs/source.ts';
import type { Bounds } from '../../../src/lib/logs/surroundings.ts';
import { TargetLogs } from '../../../src/lib/logs/target-logs.ts';
import { Turns } from '../../../src/lib/logs/turns.ts';
import { Valve } from '../../../src/lib/logs/valve.ts';
import { kubeconfigFor } from '../../../src/lib/sandbox/faces/kubernetes/kubeconfig.ts';
import { type KubeServer, startKubeServer } from '../../../src/lib/sandbox/kube-server.ts';
import { FakeKubelet } from '../../support/fake-kubelet.ts';
import { testCertificates } from '../../support/serve-kubernetes.ts';

const UNBOUNDED: Bounds = { tailLines: null, sinceSeconds: null, sinceTime: null };

interface Asked extends Partial<Pick<LogsRequest, 'follow' | 'previous' | 'isOver'>> {
  bounds?: Bounds;
  maxStreams?: number;
}

/** One command at work. */
class Watching {
  readonly lines: string[] = [];
  readonly notices: Notice[] = [];
  readonly #stop = new AbortController();
  done: Promise<unknown> = Promise.resolve();
  #look: () => void = () => {};

  start(kubernetes: Kubernetes, asked: Asked): this {
    const sink: LineSink = {
      line: (_source, bytes, _start, text, end) => this.lines.push(bytes.toString('utf8', text, end)),
      flush: () => this.#look(),
      full: false,
      drained: async () => {},
    };
    const tell = (notice: Notice) => {
      this.notices.push(notice);
      this.#look();
    };
    const { bounds = UNBOUNDED, maxStreams = 1000, ...rest } = asked;
    const turns = new Turns(maxStreams);
    const shared = { valve: new Valve(sink), turns, tell, now: Date.now, random: () => 0.5, sink, bounds, kubernetes };
    const target = { context: null, namespace: 'n', selector: 'app=api' };
    const logs = new TargetLogs(target, null, { ...shared, choice: { pod: null, containers: [] } });
    const { signal } = this.#stop;
    const request = { previous: false, follow: true, isOver: async () => false, ...rest };
    this.done = logs
      .watch(signal)
      .then(() => showLogs({ targets: [logs], bounds, sink, tell, signal, ...request }))
      .catch((error: unknown) => error);
    return this;
  }

  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => holds() && resolve();
      this.#look();
    });
  }

  async stop(): Promise<unknown> {
    this.#stop.abort();
    return this.done;
  }
}

describe('Logs of pods that come and go', function () {
  this.timeout(120_000);
  let server: KubeServer;
  let directory: string;
  let kubernetes: Kubernetes;
  let kubelet: FakeKubelet;
  let watching: Watching;
  const stop = new AbortController();

  before(async () => {
    const certificates = await testCertificates();
    server = await startKubeServer({ certificates, answer: (exchange) => kubelet.answer(exchange) });
    directory = await mkdtemp(join(tmpdir(), 'oncall-logs-'));
    const kubeconfig = join(directory, 'kubeconfig');
    const facts = { server: server.url, caPem: certificates.ca.cert, token: 't', namespace: 'n', context: 'test' };
    await writeFile(kubeconfig, kubeconfigFor(facts), { mode: 0o600 });
    const settings = { world: 'sandbox', kubernetes: { kubeconfig, context: null } } as ConnectionSettings;
    kubernetes = connectKubernetes({ settings, signal: stop.signal, env: {} });
  });
  after(async () => {
    stop.abort();
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(() => {
    kubelet = new FakeKubelet();
    kubelet.addPod('api-1');
    watching = new Watching();
  });
  afterEach(() => watching.stop());

  const own = () => watching.lines.filter((line) => !/begins$/.test(line));

  it('are shown to their end, merged, and then it ends', async () => {
    kubelet.addPod('api-2');
    for (const text of ['1', '2', '3']) for (const pod of ['api-1', 'api-2']) kubelet.write(pod, [`${pod} ${text}`]);
    assert.equal(await watching.start(kubernetes, { follow: false }).done, undefined);
    assert.deepEqual(
      own(),
      ['1', '2', '3'].flatMap((text) => [`api-1 ${text}`, `api-2 ${text}`]),
    );
  });

  it('begin with the last lines, or with new ones only', async () => {
    kubelet.write('api-1', ['a', 'b', 'c']);
    await watching.start(kubernetes, { follow: false, bounds: { ...UNBOUNDED, tailLines: 2 } }).done;
    assert.deepEqual(watching.lines, ['b', 'c']);
    watching = new Watching().start(kubernetes, { bounds: { ...UNBOUNDED, tailLines: 0 } });
    await until(() => kubelet.openStreams === 1 && kubelet.asked.some((one) => one.includes('follow')));
    kubelet.write('api-1', ['new']);
    await watching.until(() => watching.lines.length > 0);
    assert.deepEqual(watching.lines, ['new']);
  });

  it('go on with pods that come, and let go of those that are gone', async () => {
    watching.start(kubernetes, {});
    await watching.until(() => watching.lines.length === 1);
    kubelet.addPod('api-2');
    await watching.until(() => watching.lines.length === 2);
    kubelet.removePod('api-1');
    await watching.until(() => watching.notices.some(({ kind }) => kind === 'pod gone'));
    kubelet.addPod('api-1');
    await watching.until(() => watching.lines.length === 3);
    const told = watching.notices.map(({ kind, pod }) => `${kind} ${pod}`);
    assert.deepEqual(told, ['new pod api-2', 'pod gone api-1', 'new pod api-1']);
    assert.equal(((await watching.stop()) as { code: string }).code, 'INTERRUPTED');
  });

  it('show the last words of a run that ended while the connection was down', async () => {
    watching.start(kubernetes, {});
    await watching.until(() => watching.lines.length === 1);
    kubelet.breakStreams('reset');
    kubelet.write('api-1', ['last words']);
    kubelet.restart('api-1');
    kubelet.write('api-1', ['again']);
    await watching.until(() => watching.lines.includes('again'));
    assert.deepEqual(own(), ['last words', 'again']);
  });

  it('end by themselves when a job is done', async () => {
    watching.start(kubernetes, { isOver: async () => true });
    await watching.until(() => watching.lines.length === 1);
    kubelet.write('api-1', ['done']);
    kubelet.finish('api-1');
    assert.equal(await watching.done, undefined);
    assert.deepEqual(own(), ['done']);
  });

  it('say that there was no previous run, and show it when there was', async () => {
    const error = await watching.start(kubernetes, { follow: false, previous: true }).done;
    assert.equal((error as { code: string }).code, 'NOT_FOUND');
    kubelet.write('api-1', ['panic']);
    kubelet.restart('api-1');
    watching = new Watching().start(kubernetes, { follow: false, previous: true });
    await watching.done;
    assert.deepEqual(own(), ['panic']);
  });

  it('wait for their turn when more are open than may be', async () => {
    kubelet.addPod('api-2');
    watching.start(kubernetes, { maxStreams: 1 });
    await watching.until(() => watching.notices.some(({ kind }) => kind === 'queued'));
    await until(() => kubelet.openStreams === 1);
    const [waiting] = watching.notices.map(({ pod }) => pod);
    kubelet.removePod(waiting === 'api-1' ? 'api-2' : 'api-1');
    kubelet.write(waiting ?? '', ['my turn']);
    await watching.until(() => watching.lines.includes('my turn'));
  });

  it('leave nothing behind when 500 pods come and go', async () => {
    watching.start(kubernetes, {});
    await watching.until(() => watching.lines.length === 1);
    const held = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    await until(() => kubelet.openStreams === 1);
    const timers = held();
    let shown = 1;
    for (let wave = 0; wave < 10; wave++) {
      const names = Array.from({ length: 50 }, (_, i) => `wave-${wave}-${i}`);
      for (const name of names) kubelet.addPod(name);
      shown += names.length;
      await watching.until(() => watching.lines.length === shown);
      for (const name of names) kubelet.removePod(name);
      await until(() => kubelet.openStreams === 1);
    }
    assert.equal(watching.lines.length, 501);
    await until(() => held() <= timers + 2);
    kubelet.write('api-1', ['still here']);
    await watching.until(() => watching.lines.includes('still here'));
    await watching.stop();
    await until(() => kubelet.openStreams === 0);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

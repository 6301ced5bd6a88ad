import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { connectKubernetes } from '../../../../src/lib/clients/kubernetes/connect.ts';
import type { Kubernetes, LogRequest, Target } from '../../../../src/lib/clients/kubernetes/kubernetes.ts';
import { connection, failing, unaborted } from '../../../support/connection.ts';
import {
  BAD,
  GOOD,
  hasKubectl,
  kubectl,
  live,
  OLD,
  podsOf,
  READER_TOKEN,
  type ServedKubernetes,
  serveKubernetes,
  TOKEN,
} from '../../../support/serve-kubernetes.ts';
import { writeKubeconfig } from './kubeconfig-file.ts';

const target: Target = { context: null, namespace: 'production', selector: 'app=dolthubapi' };

function collecting(): { sink: Writable; text(): string } {
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { sink, text: () => Buffer.concat(chunks).toString('utf8') };
}

describe('Kubernetes, against the practice cluster', () => {
  let served: ServedKubernetes;
  let kubernetes: Kubernetes;
  beforeEach(async () => {
    served = await serveKubernetes({
      access: {
        allowed: ({ user }, verb, resource) => user.startsWith('sam') || (verb === 'list' && resource === 'pods'),
      },
    });
    kubernetes = connect(served.kubeconfig);
  });
  afterEach(() => served.close());

  function connect(kubeconfig: string, signal = unaborted()): Kubernetes {
    const settings = connection({ world: 'sandbox', kubernetes: { kubeconfig, context: null } });
    return connectKubernetes({ settings, signal, env: {} });
  }

  function logOf(pod: string, changes: Partial<LogRequest> = {}): LogRequest {
    return {
      context: null,
      namespace: 'production',
      pod,
      container: 'dolthubapi',
      follow: false,
      previous: false,
      timestamps: false,
      tailLines: null,
      sinceSeconds: null,
      ...changes,
    };
  }

  function podNames(): string[] {
    return podsOf(served.cluster, 'dolthubapi').map(({ metadata }) => metadata.name);
  }

  it('says where it goes and as whom', async () => {
    assert.deepEqual(await kubernetes.whoAmI(), {
      context: 'practice',
      server: served.server.url,
      user: 'sam@dolthub.test',
    });
  });

  it('lists what runs, in one namespace and in all of them, and the Service objects', async () => {
    for (const namespace of ['production', null]) {
      const found = await kubernetes.workloads({ context: null, namespace });
      const api = found.find(({ name }) => name === 'dolthubapi');
      assert.equal(api?.kind, 'deployment');
      assert.equal(api?.namespace, 'production');
      assert.equal(api?.podLabels['app'], 'dolthubapi');
      assert.deepEqual(api?.selects, { app: 'dolthubapi' });
      const objects = await kubernetes.services({ context: null, namespace });
      assert.deepEqual(objects.find(({ name }) => name === 'dolthubapi')?.ports, [80]);
    }
    assert.deepEqual(await kubernetes.workloads({ context: null, namespace: 'default' }), []);
  });

  it('finds the workload and the commit it runs', async () => {
    const found = await kubernetes.workload(target);
    assert.equal(found.name, 'dolthubapi');
    assert.equal(found.image, `registry.dolthub.test/dolthubapi:${GOOD.slice(0, 7)}`);
    assert.equal(found.revision, GOOD);
    assert.deepEqual([found.desired, found.ready, found.updated], [3, 3, 3]);
  });

  it('believes the image when kubectl changed it and left the labels behind', async function () {
    if (!hasKubectl()) this.skip();
    const image = `dolthubapi=registry.dolthub.test/dolthubapi:${OLD.slice(0, 7)}`;
    await kubectl(served, 'set', 'image', 'deployment/dolthubapi', image);
    assert.equal((await kubernetes.workload(target)).revision, OLD.slice(0, 7));
  });

  it('tells the revisions, newest first', async () => {
    const all = await kubernetes.revisions(target);
    assert.deepEqual(
      all.map(({ number, revision, replicas }) => [number, revision, replicas]),
      [
        [2, GOOD, 3],
        [1, OLD, 0],
      ],
    );
    assert.match(all[0]?.createdAt ?? '', /^\d{4}-.*T.*\.000Z$/);
  });

  it('shows pods as kubectl prints them, well and ill', async () => {
    const before = await kubernetes.pods(target);
    assert.deepEqual(
      before.map(({ status, ready, restarts, containers }) => [status, ready, restarts, containers]),
      Array.from({ length: 3 }, () => ['Running', true, 0, ['dolthubapi']]),
    );
    served.cluster.deploy('dolthubapi', BAD, 'ben');
    live(served.clock, 60_000);
    const after = await kubernetes.pods(target);
    assert.ok(
      after.some(({ status }) => /^(CrashLoopBackOff|Error)$/.test(status)),
      JSON.stringify(after),
    );
    assert.ok(
      after.some(({ lastTermination }) => lastTermination === 'Error, exit code 2'),
      JSON.stringify(after),
    );
    if (!hasKubectl()) return;
    const { stdout } = await kubectl(served, 'get', 'pods', '-l', 'app=dolthubapi', '--no-headers');
    const printed = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/));
    const ours = (await kubernetes.pods(target)).map(({ name, status, restarts }) => [name, status, String(restarts)]);
    assert.deepEqual(ours, printed.map(([name, , status, restarts]) => [name, status, restarts]).sort());
  });

  it('tells what happened to the pods, oldest first', async () => {
    served.cluster.deploy('dolthubapi', BAD, 'ben');
    live(served.clock, 60_000);
    const names = new Set(podNames());
    const events = await kubernetes.events(target);
    assert.ok(events.some(({ kind, reason }) => kind === 'Warning' && reason === 'BackOff'));
    assert.ok(events.every(({ object }) => names.has(object.replace('pod/', ''))));
    assert.deepEqual(
      events.map(({ at }) => at),
      events.map(({ at }) => at).sort(),
    );
  });

  it('writes a log to its end', async () => {
    live(served.clock, 5000);
    const [pod = ''] = podNames();
    const { sink, text } = collecting();
    await kubernetes.log(logOf(pod, { tailLines: 3, timestamps: true }), sink, unaborted());
    const lines = text().trimEnd().split('\n');
    assert.equal(lines.length, 3);
    assert.match(lines[0] ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z /);
    assert.equal(sink.writableEnded, false);
    const query = served.seen.at(-1)?.query;
    assert.equal(query?.get('container'), 'dolthubapi');
    assert.equal(query?.has('follow'), false);
  });

  it('follows a log until it is told to stop', async () => {
    const [pod = ''] = podNames();
    const stop = new AbortController();
    const seen: string[] = [];
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        seen.push(chunk.toString());
        stop.abort();
        done();
      },
    });
    const following = kubernetes.log(logOf(pod, { follow: true, tailLines: 1 }), sink, stop.signal);
    const ticking = setInterval(() => served.clock.advance(1000), 50);
    await assert.rejects(following, failing('INTERRUPTED', /Interrupted/));
    clearInterval(ticking);
    assert.ok(seen.length > 0);
  });

  it('names the run before as previous, and says when there is none', async () => {
    const [pod = ''] = podNames();
    const previous = kubernetes.log(logOf(pod, { previous: true }), collecting().sink, unaborted());
    await assert.rejects(previous, failing('NOT_FOUND', /There is no such log: previous terminated container/));
    served.cluster.deploy('dolthubapi', BAD, 'ben');
    live(served.clock, 60_000);
    const crashed = (await kubernetes.pods(target)).find(({ restarts }) => restarts > 0);
    const { sink, text } = collecting();
    await kubernetes.log(logOf(crashed?.name ?? '', { previous: true }), sink, unaborted());
    assert.match(text(), /panic/);
  });

  it('says that a pod or a container is not there', async () => {
    const gone = kubernetes.log(logOf('dolthubapi-gone'), collecting().sink, unaborted());
    await assert.rejects(gone, failing('NOT_FOUND', /no pod dolthubapi-gone in namespace production.*kubectl/));
    const [pod = ''] = podNames();
    const other = kubernetes.log(logOf(pod, { container: 'sidecar' }), collecting().sink, unaborted());
    await assert.rejects(other, failing('NOT_FOUND', /sidecar is not valid for pod/));
  });

  it('gives near names when no workload matches', async () => {
    await assert.rejects(
      kubernetes.workload({ ...target, selector: 'app=dolthubap' }),
      failing('NOT_FOUND', /No workload in namespace production matches app=dolthubap .*Did you mean "dolthubapi"/),
    );
  });

  it('says who may not do what, where', async () => {
    const kubeconfig = `${served.kubeconfig}-reader`;
    const ca = { 'certificate-authority-data': Buffer.from(served.caPem).toString('base64') };
    await writeKubeconfig(kubeconfig, { server: served.server.url, cluster: ca, user: { token: READER_TOKEN } });
    const reader = connect(kubeconfig);
    assert.equal((await reader.pods(target)).length, 3);
    await assert.rejects(
      reader.workload(target),
      failing('AUTH', /User mei@dolthub.test may not list deployments in namespace production \(context prod\)/),
    );
  });

  it('asks for a sign-in when the token is not accepted, without showing it', async () => {
    const kubeconfig = `${served.kubeconfig}-stale`;
    const ca = { 'certificate-authority-data': Buffer.from(served.caPem).toString('base64') };
    await writeKubeconfig(kubeconfig, { server: served.server.url, cluster: ca, user: { token: 'stale-token-12345' } });
    await assert.rejects(connect(kubeconfig).pods(target), (error: Error & { hint?: string }) => {
      assert.doesNotMatch(`${error.message} ${error.hint} ${error.stack}`, /stale-token/);
      return failing(
        'AUTH',
        /does not accept your credentials \(context prod\).*kubectl --context prod get pods/,
      )(error);
    });
  });

  it('does not trust a server whose certificate nobody vouched for', async () => {
    const kubeconfig = `${served.kubeconfig}-no-ca`;
    await writeKubeconfig(kubeconfig, { server: served.server.url, user: { token: TOKEN } });
    const before = served.seen.length;
    await assert.rejects(connect(kubeconfig).pods(target), failing('UNAVAILABLE', /certificate/));
    assert.equal(served.seen.length, before);
  });

  it('says that the sandbox has gone', async () => {
    await kubernetes.pods(target);
    await served.close();
    await assert.rejects(kubernetes.pods(target), failing('UNAVAILABLE', /The sandbox has gone: no Kubernetes at/));
    await assert.rejects(
      connect(served.kubeconfig).pods(target),
      failing('UNAVAILABLE', /The sandbox has gone: no kubeconfig at/),
    );
    served = await serveKubernetes();
  });
});

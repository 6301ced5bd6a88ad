import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { failing } from '../../../support/connection.ts';
import { halfOf, inTurn, json, text } from '../../../support/recording-server.ts';
import { noPods, ScriptedCluster, status, target } from './scripted-cluster.ts';

describe('Kubernetes, on a bad day', () => {
  let cluster: ScriptedCluster;
  beforeEach(async () => {
    cluster = await ScriptedCluster.create();
  });
  afterEach(() => cluster.close());

  it('refuses a proxy outside a practice world', async () => {
    const proxied = { server: 'https://127.0.0.1:1', cluster: { 'proxy-url': 'http://proxy.example.test:3128' } };
    await assert.rejects(
      (await cluster.client({ world: 'sandbox', kubeconfig: proxied })).pods(target),
      failing('REFUSED', /proxy.example.test is outside/),
    );
  });

  it('goes through the proxy that the kubeconfig names', async () => {
    const tunnels: string[] = [];
    const proxy = createServer().on('connect', (request, socket: Socket) => {
      tunnels.push(request.url ?? '');
      const [host, port] = (request.url ?? '').split(':');
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      for (const end of [socket, onward]) end.on('error', () => {});
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const { port } = proxy.address() as AddressInfo;
    const through = { 'proxy-url': `http://127.0.0.1:${port}` };
    const kubernetes = await cluster.answering(noPods, { kubeconfig: { cluster: through }, world: 'sandbox' });
    assert.deepEqual(await kubernetes.pods(target), []);
    assert.deepEqual(tunnels, [new URL(cluster.url).host]);
    proxy.close();
    proxy.closeAllConnections();
  });

  it('tells a refusal by the cluster from one by a login before it', async () => {
    for (const [reply, code, words] of [
      [
        status(403, 'pods is forbidden: User "system:anonymous" cannot list resource "pods"'),
        'AUTH',
        /does not accept your credentials/,
      ],
      [
        status(403, 'pods is forbidden: User "ana" cannot list resource "pods" in API group ""'),
        'AUTH',
        /User ana may not list pods.*auth can-i list pods --context prod -n production/,
      ],
      [text(403, '<html>denied</html>', { 'content-type': 'text/html' }), 'AUTH', /Something before the cluster/],
      [text(302, '', { location: 'https://sso.example.test' }), 'AUTH', /Something before the cluster/],
      [text(200, '<html>log in</html>', { 'content-type': 'text/html' }), 'AUTH', /Something before the cluster/],
      [status(400, "unable to parse requirement: found '='"), 'FAILED', /unable to parse requirement.*selector/],
      [text(404, '404 page not found'), 'NOT_FOUND', /no pods in namespace production/],
      [json(200, { hello: 'world' }), 'UNAVAILABLE', /cannot be read/],
      [text(200, '{"items":['), 'UNAVAILABLE', /cannot be read/],
      [halfOf('{"items":[],"metadata":{}}'), 'UNAVAILABLE', /the connection broke/],
      [text(429, 'slow', { 'retry-after': '60' }), 'RATE_LIMITED', /in 60 s/],
    ] as const) {
      const kubernetes = await cluster.answering(reply);
      await assert.rejects(kubernetes.pods(target), failing(code, words));
    }
  });

  it('tries once more after a passing error, and then gives its words', async () => {
    assert.deepEqual(await (await cluster.answering(inTurn(status(503, 'etcd'), noPods))).pods(target), []);
    const away = await cluster.answering(status(500, 'etcdserver: request timed out'));
    await assert.rejects(away.pods(target), failing('UNAVAILABLE', /500\): etcdserver: request timed out/));
    assert.equal(cluster.received.length, 2);
    const breaking = await cluster.answering(inTurn((response) => response.destroy(), noPods));
    assert.deepEqual(await breaking.pods(target), []);
  });

  it('reads a long list page by page', async () => {
    const page = (name: string, next?: string) =>
      json(200, {
        metadata: next ? { continue: next } : {},
        items: [{ metadata: { name }, spec: { containers: [{ name: 'c' }] } }],
      });
    const kubernetes = await cluster.answering(inTurn(page('b', 'next-page'), page('a')));
    assert.deepEqual(
      (await kubernetes.pods(target)).map(({ name }) => name),
      ['a', 'b'],
    );
    assert.equal(cluster.received[1]?.query.get('continue'), 'next-page');
    assert.equal(cluster.received[1]?.query.get('labelSelector'), 'app=api');
  });

  it('sends no credential over plain HTTP', async () => {
    const kubernetes = await cluster.answeringPlainly(noPods, { kubeconfig: { user: { token: 'a-token' } } });
    await kubernetes.pods(target);
    assert.equal(cluster.received[0]?.headers.authorization, undefined);
  });

  it('keeps the path prefix of a server', async () => {
    await (await cluster.answeringPlainly(noPods, { below: '/k8s/clusters/c-1/' })).pods(target);
    assert.equal(cluster.received[0]?.path, '/k8s/clusters/c-1/api/v1/namespaces/production/pods');
  });

  it('is nobody to a cluster that does not tell who one is', async () => {
    const kubernetes = await cluster.answering(text(404, 'not found'));
    assert.equal((await kubernetes.whoAmI()).user, null);
    const forbidding = await cluster.answering(
      status(403, 'selfsubjectreviews is forbidden: User "ana" cannot create'),
    );
    assert.equal((await forbidding.whoAmI()).user, null);
  });

  it('stops at once when interrupted', async () => {
    const abort = new AbortController();
    const kubernetes = await cluster.answering(() => abort.abort(), { signal: abort.signal });
    await assert.rejects(kubernetes.pods(target), failing('INTERRUPTED', /Interrupted/));
  });
});

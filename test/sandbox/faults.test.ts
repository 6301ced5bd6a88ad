import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import { type ClientHttp2Stream, connect } from 'node:http2';
import { parse } from 'yaml';
import { FACES, type FaultRequest } from '../../src/lib/sandbox/faults.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

/** What arrived of an answer, and how it ended. */
interface Arrived {
  status: number;
  body: string;
  headers: Record<string, unknown>;
  broke: boolean;
}

function ask(port: number, { path, method = 'GET', headers = {}, body = '' }: Question): Promise<Arrived> {
  return new Promise((resolve) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, headers }, (response: IncomingMessage) => {
      let text = '';
      response.on('data', (piece) => {
        text += piece;
      });
      response.on('error', () => {});
      response.on('close', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: text,
          headers: response.headers,
          broke: !response.complete,
        }),
      );
    });
    request.on('error', () => resolve({ status: 0, body: '', headers: {}, broke: true }));
    request.end(body);
  });
}

interface Question {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** As kubectl does it: HTTP/2 with the kubeconfig's token. */
function askCluster(world: TestWorld, path: string): Promise<Arrived> {
  const kubeconfig = parse(readFileSync(world.env.KUBECONFIG as string, 'utf8')) as {
    clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
    users: { user: { token: string } }[];
  };
  const cluster = kubeconfig.clusters[0]?.cluster;
  const session = connect(cluster?.server ?? '', {
    ca: Buffer.from(cluster?.['certificate-authority-data'] ?? '', 'base64'),
  });
  session.on('error', () => {});
  return new Promise((resolve) => {
    const stream: ClientHttp2Stream = session.request({
      ':path': path,
      authorization: `Bearer ${kubeconfig.users[0]?.user.token}`,
    });
    const arrived: Arrived = { status: 0, body: '', headers: {}, broke: false };
    stream.on('response', (headers) => Object.assign(arrived, { status: headers[':status'], headers }));
    stream.setEncoding('utf8').on('data', (piece: string) => {
      arrived.body += piece;
    });
    stream.on('error', () => {
      arrived.broke = true;
    });
    stream.on('close', () => {
      session.destroy();
      resolve(arrived);
    });
    stream.end();
  });
}

describe('faults', () => {
  let world: TestWorld;
  before(async () => {
    world = await startWorld();
  });
  beforeEach(() => {
    world.sandbox.faults.clear();
    world.forget();
  });
  after(() => world.close());

  const fault = (request: FaultRequest) => world.sandbox.faults.add(request);
  const { stringify } = JSON;
  const rules: Question = { path: '/prometheus/api/v1/rules' };
  const github = (method: string, path: string, body?: object): Question => ({
    path: `/github${path}`,
    method,
    headers: { authorization: 'Bearer sandbox', 'user-agent': 'a test' },
    ...(body ? { body: stringify(body) } : {}),
  });
  const variables = '/repos/dolthub/dolthubapi/actions/variables';

  it('can be named for every service of the world', async () => {
    const { port, token } = world.sandbox.address;
    const authorization = `Bearer ${token}`;
    const refused = await ask(port, {
      path: '/_sandbox/faults',
      method: 'POST',
      headers: { authorization },
      body: '{}',
    });
    assert.equal(refused.status, 400);
    assert.deepEqual(/must be one of ([^"]*)/.exec(refused.body)?.[1]?.split(', ').sort(), [...FACES].sort());
  });

  it('cut: half of a whole answer arrives', async () => {
    const { port } = world.sandbox.address;
    const whole = await ask(port, rules);
    fault({ face: 'prometheus', kind: 'cut' });
    const half = await ask(port, rules);
    assert.equal(half.broke, true);
    assert.equal(half.status, 200);
    assert.ok(half.body.length > 0 && half.body.length < whole.body.length, `${half.body.length}`);
  });

  it('cut: a log over HTTP/2 breaks off after its first bytes, followed or not', async () => {
    const pods = await askCluster(world, '/api/v1/namespaces/production/pods');
    const { items } = JSON.parse(pods.body) as { items: { metadata: { name: string } }[] };
    const name = items.find(({ metadata }) => metadata.name.startsWith('dolthubgraphql'))?.metadata.name;
    fault({ face: 'kubernetes', kind: 'cut' });
    for (const query of ['', '?follow=true']) {
      const log = await askCluster(world, `/api/v1/namespaces/production/pods/${name}/log${query}`);
      assert.deepEqual([log.status, log.broke, Buffer.byteLength(log.body)], [200, true, 2048], query);
    }
  });

  it('cut: a watch over HTTP/2 shows its first objects before it breaks off', async () => {
    fault({ face: 'kubernetes', kind: 'cut' });
    const watch = await askCluster(world, '/api/v1/namespaces/production/pods?watch=true');
    assert.deepEqual([watch.status, watch.broke, Buffer.byteLength(watch.body)], [200, true, 2048]);
    assert.match(watch.body, /^\{"type":"ADDED"/);
  });

  it('cut: a stream that ends before that lacks its proper end', async () => {
    const pods = await askCluster(world, '/api/v1/namespaces/production/pods');
    const { items } = JSON.parse(pods.body) as { items: { metadata: { name: string } }[] };
    const name = items.find(({ metadata }) => metadata.name.startsWith('dolthubgraphql'))?.metadata.name;
    fault({ face: 'kubernetes', kind: 'cut' });
    const log = await askCluster(world, `/api/v1/namespaces/production/pods/${name}/log?tailLines=1`);
    assert.deepEqual([log.status, log.broke, log.body.endsWith('\n')], [200, true, true]);
  });

  it('lost: it is done, and nobody learns of it', async () => {
    const { port } = world.sandbox.address;
    fault({ face: 'github', kind: 'lost', match: 'POST', count: 1 });
    const made = github('POST', variables, { name: 'DEPLOY_HOLD', value: 'x' });
    assert.deepEqual(await ask(port, made), { status: 0, body: '', headers: {}, broke: true });
    assert.equal((await ask(port, github('GET', `${variables}/DEPLOY_HOLD`))).status, 200);
    const [entry] = world.received('github');
    assert.deepEqual([entry?.status, entry?.fault, entry?.write], [201, 'lost', true]);
  });

  it('cut: an answer without a body is lost', async () => {
    const { port } = world.sandbox.address;
    fault({ face: 'github', kind: 'cut', match: 'DELETE' });
    const gone = await ask(port, github('DELETE', `${variables}/DEPLOY_HOLD`));
    assert.deepEqual([gone.status, gone.broke], [0, true]);
    assert.equal((await ask(port, github('GET', `${variables}/DEPLOY_HOLD`))).status, 404);
  });

  it('refused: it is not done', async () => {
    const { port } = world.sandbox.address;
    fault({ face: 'github', kind: 'refused', match: 'POST' });
    const made = github('POST', variables, { name: 'OTHER', value: 'x' });
    assert.equal((await ask(port, made)).broke, true);
    assert.equal((await ask(port, github('GET', `${variables}/OTHER`))).status, 404);
  });

  it('429 says when to come back, in the way of each service', async () => {
    const { port } = world.sandbox.address;
    for (const face of FACES) fault({ face, kind: '429' });
    for (const path of ['/prometheus/api/v1/rules', '/alertmanager/api/v2/silences', '/github/user']) {
      const { status, headers } = await ask(port, { path });
      assert.deepEqual([status, headers['retry-after']], [429, '1'], path);
    }
    const busy = await ask(port, {
      path: '/',
      method: 'POST',
      headers: { 'x-amz-target': 'SSMContacts.ListContacts', 'content-type': 'application/x-amz-json-1.1' },
      body: '{}',
    });
    assert.equal(busy.status, 400);
    assert.equal((JSON.parse(busy.body) as { RetryAfterSeconds: number }).RetryAfterSeconds, 1);
    assert.equal((await askCluster(world, '/api/v1/namespaces')).headers['retry-after'], '1');
  });

  it('rate, after, count: who is hit', async () => {
    const { port } = world.sandbox.address;
    fault({ face: 'prometheus', kind: '503', rate: 0.5 });
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) statuses.push((await ask(port, rules)).status);
    const hit = statuses.filter((status) => status === 503).length;
    assert.ok(hit > 8 && hit < 32, `${hit} of 40`);
    world.sandbox.faults.clear();
    fault({ face: 'prometheus', kind: '500', after: 1, count: 2, match: 'RULES' });
    await ask(port, { path: '/prometheus/api/v1/query?query=1' });
    statuses.length = 0;
    for (let i = 0; i < 4; i++) statuses.push((await ask(port, rules)).status);
    assert.deepEqual(statuses, [200, 500, 500, 200]);
  });

  it('echo: the answer repeats what was sent, credentials included', async () => {
    const { port } = world.sandbox.address;
    for (const face of FACES) fault({ face, kind: '500', echo: true });
    for (const path of ['/prometheus/api/v1/rules', '/github/user']) {
      const { body } = await ask(port, { path, headers: { authorization: 'Bearer canary', 'user-agent': 'a test' } });
      assert.match(body, /authorization: Bearer canary/);
    }
  });
});

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { makeCertificates, makeClientCertificate } from '../../../src/lib/sandbox/certificates.ts';
import { OpenStream } from '../../support/open-stream.ts';
import {
  ask,
  bodyOf,
  podsOf,
  type ServedKubernetes,
  serveKubernetes,
  testCertificates,
} from '../../support/serve-kubernetes.ts';

const PODS = '/api/v1/namespaces/production/pods';

describe('the Kubernetes server', () => {
  let served: ServedKubernetes;

  beforeEach(async () => {
    served = await serveKubernetes();
  });

  afterEach(() => served.close());

  it('speaks HTTP/1.1 and HTTP/2', async () => {
    assert.equal((await ask(served, PODS)).status, 200);
    const stream = new OpenStream(served, PODS);
    assert.equal(await stream.status, 200);
    stream.close();
  });

  it('is trusted under 127.0.0.1 and localhost by whoever trusts its CA, and by nobody else', async () => {
    const { port } = served.server;
    for (const servername of ['localhost', '127.0.0.1']) {
      await new Promise<void>((resolve, reject) => {
        const host = servername === 'localhost' ? { host: '127.0.0.1', servername } : { host: servername };
        const socket = connectTls({ ...host, port, ca: served.caPem }, () => resolve(void socket.destroy()));
        socket.on('error', reject);
      });
    }
    await assert.rejects(ask({ ...served, caPem: (await makeCertificates(Date.now())).ca.cert }, PODS));
  });

  it('takes a client certificate of its CA for who the caller is', async () => {
    const { ca } = await testCertificates();
    const identity = await makeClientCertificate(ca, { user: 'ana', groups: ['seniors', 'on-call'], now: Date.now() });
    const review = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const answer = await ask(served, review, { method: 'POST', body: '{}', token: null, ...identity });
    assert.equal(answer.status, 201);
    const { userInfo } = bodyOf<{ status: { userInfo: { username: string; groups: string[] } } }>(answer).status;
    assert.equal(userInfo.username, 'ana');
    assert.deepEqual([...userInfo.groups].sort(), ['on-call', 'seniors', 'system:authenticated']);
  });

  it('takes no client certificate of another CA', async () => {
    const other = await makeCertificates(Date.now());
    const identity = await makeClientCertificate(other.ca, { user: 'ana', groups: [], now: Date.now() });
    assert.equal((await ask(served, PODS, { token: null, ...identity })).status, 401);
  });

  it('answers only under a loopback name', async () => {
    for (const host of ['evil.example', `evil.example:${served.server.port}`, '127.0.0.1.evil.example']) {
      assert.equal((await ask(served, PODS, { headers: { host }, servername: 'localhost' })).status, 403, host);
    }
    assert.equal((await ask(served, PODS, { headers: { host: `localhost:${served.server.port}` } })).status, 200);
  });

  it('leaves nothing open when it closes, whatever is being watched or followed', async () => {
    const pod = podsOf(served.cluster, 'dolthubapi')[0]?.metadata.name;
    const streams = [`${PODS}?watch=1`, `${PODS}/${pod}/log?follow=true&tailLines=1`].map(
      (path) => new OpenStream(served, path),
    );
    for (const stream of streams) assert.equal(await stream.status, 200);
    const { port } = served.server;
    await served.close();
    await Promise.all(streams.map(({ ended }) => ended));
    await assert.rejects(
      new Promise((resolve, reject) => connect(port, '127.0.0.1', () => resolve(null)).on('error', reject)),
      { code: 'ECONNREFUSED' },
    );
    assert.ok(served.seen.every(({ signal, status }) => signal.aborted || status !== 200));
  });

  it('survives what is not TLS', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(served.server.port, '127.0.0.1', () => socket.end('GET / HTTP/1.1\r\n\r\n'));
      socket.on('error', () => {});
      socket.on('close', () => resolve());
    });
    assert.equal((await ask(served, PODS)).status, 200);
  });
});

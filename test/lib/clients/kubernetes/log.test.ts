import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { failing, unaborted } from '../../../support/connection.ts';
import { ScriptedCluster, status } from './scripted-cluster.ts';

describe('the log of a container', () => {
  let cluster: ScriptedCluster;
  beforeEach(async () => {
    cluster = await ScriptedCluster.create();
  });
  afterEach(() => cluster.close());

  const request = {
    context: null,
    namespace: 'production',
    pod: 'api-1',
    container: 'api',
    follow: false,
    previous: false,
    timestamps: false,
    tailLines: 0,
    sinceSeconds: 1,
  };
  const sink = () => new Writable({ write: (_chunk, _encoding, done) => done() });

  it('says so when it breaks off, and keeps what had come', async () => {
    const kubernetes = await cluster.answering((response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('line 1\n', () => setTimeout(() => response.destroy(), 20));
    });
    const seen: string[] = [];
    const into = new Writable({
      write(chunk: Buffer, _encoding, done) {
        seen.push(chunk.toString());
        done();
      },
    });
    await assert.rejects(kubernetes.log(request, into, unaborted()), failing('UNAVAILABLE', /api-1\/api broke off/));
    assert.deepEqual(seen, ['line 1\n']);
    assert.equal(cluster.received[0]?.query.get('tailLines'), '0');
    assert.equal(cluster.received[0]?.query.get('sinceSeconds'), '1');
  });

  it('takes no more than its reader takes', async () => {
    let sent = 0;
    const kubernetes = await cluster.answering((response) => {
      response.writeHead(200);
      const piece = Buffer.alloc(64 * 1024, 'x');
      const more = () => {
        while (sent < 64 * 1024 * 1024) {
          sent += piece.length;
          if (!response.write(piece)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const stop = new AbortController();
    const slow = new Writable({ write: () => setTimeout(() => stop.abort(), 300) });
    await assert.rejects(kubernetes.log(request, slow, stop.signal), failing('INTERRUPTED', /Interrupted/));
    assert.ok(sent < 32 * 1024 * 1024, `${sent} bytes were taken`);
  });

  it("gives its reader's own error, and lets go of the stream", async () => {
    let hungUp: Promise<unknown> | undefined;
    const kubernetes = await cluster.answering((response) => {
      hungUp = once(response, 'close');
      response.writeHead(200);
      response.write('line\n');
    });
    const error = Object.assign(new Error('gone'), { code: 'EPIPE' });
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(error) }).on('error', () => {});
    await assert.rejects(kubernetes.log(request, broken, unaborted()), { code: 'EPIPE' });
    await hungUp;
  });

  it('waits as long as it takes for the first line that is followed', async () => {
    const kubernetes = await cluster.answering((response) => {
      setTimeout(() => {
        response.writeHead(200);
        response.end('late\n');
      }, 200);
    });
    await kubernetes.log({ ...request, follow: true }, sink(), unaborted());
    assert.equal(cluster.received[0]?.query.get('follow'), 'true');
  });

  it('tells why there is none', async () => {
    for (const [reply, code, words] of [
      [
        status(400, 'container "api" in pod "api-1" is waiting to start: ContainerCreating'),
        'UNAVAILABLE',
        /no log yet/,
      ],
      [
        status(400, 'a container name must be specified for pod api-1, choose one of: [api proxy]'),
        'FAILED',
        /choose one of: \[api proxy\]/,
      ],
      [status(404, 'pods "api-1" not found'), 'NOT_FOUND', /no pod api-1/],
      [
        status(403, 'pods "api-1" is forbidden: User "ana" cannot get resource "pods/log"'),
        'AUTH',
        /User ana may not get pods\/log/,
      ],
      [status(500, 'Get "https://10.0.1.7:10250/…": dial tcp: i/o timeout'), 'UNAVAILABLE', /dial tcp/],
    ] as const) {
      const kubernetes = await cluster.answering(reply);
      await assert.rejects(kubernetes.log(request, sink(), unaborted()), failing(code, words));
    }
  });
});

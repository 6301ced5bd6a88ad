import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import type { Exchange } from '../../../src/lib/sandbox/exchange.ts';
import { WorldClock } from '../../../src/lib/sandbox/world/clock.ts';
import type { Pod } from '../../../src/lib/sandbox/world/cluster/objects.ts';
import { OpenStream } from '../../support/open-stream.ts';
import {
  type Answer,
  ask,
  BAD,
  bodyOf,
  live,
  MISSING,
  podsOf,
  type ServedKubernetes,
  serveKubernetes,
  TOKEN,
} from '../../support/serve-kubernetes.ts';

const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /;

describe('pod logs', () => {
  let wall: number;
  let served: ServedKubernetes;
  let written: number;

  beforeEach(async () => {
    wall = Date.now();
    written = 0;
    served = await serveKubernetes({ clock: new WorldClock({ wall: () => wall }), before: countBytes });
  });

  afterEach(() => served.close());

  /** Counts what the face hands over, whether or not the client has taken it. */
  function countBytes(exchange: Exchange): void {
    const write = exchange.write.bind(exchange);
    exchange.write = (piece) => {
      written += Buffer.byteLength(piece);
      return write(piece);
    };
  }

  const pod = (service = 'dolthubapi'): Pod => podsOf(served.cluster, service)[0] as Pod;
  const path = (query: string, of = pod()): string =>
    `/api/v1/namespaces/production/pods/${of.metadata.name}/log?${query}`;
  const read = (query: string): Promise<Answer> => ask(served, path(query));
  const lines = async (query: string): Promise<string[]> => (await read(query)).text.split('\n').slice(0, -1);
  const stampOf = (line: string): number => Date.parse(line.slice(0, 30));

  it('hold about an hour, in order, and read the same twice', async () => {
    const all = await lines('timestamps=true');
    assert.ok(all.length > 3000, `${all.length} lines`);
    assert.ok(all.every((line) => STAMP.test(line)));
    assert.deepEqual(all, [...all].sort());
    const first = stampOf(all[0] ?? '');
    assert.ok(first >= wall - 3_600_000 && first < wall - 3_590_000);
    assert.deepEqual(await lines('timestamps=true'), all);
  });

  it('are JSON for a Go service and logfmt for a Next.js one', async () => {
    const [line] = await lines('tailLines=1');
    const entry = JSON.parse(line ?? '') as Record<string, unknown>;
    for (const field of ['level', 'msg', 'request_id', 'method', 'path', 'status', 'duration'])
      assert.ok(field in entry, field);
    const web = await ask(served, path('tailLines=1', pod('dolthub-web')));
    assert.match(web.text, /^ts=\S+ level=info msg="GET \S+" status=\d+ duration=\S+ request_id=\w+\n$/);
  });

  it('tailLines counts from the end, 0 included', async () => {
    const all = await lines('');
    assert.deepEqual(await lines('tailLines=7'), all.slice(-7));
    assert.deepEqual(await lines('tailLines=100000'), all);
    assert.deepEqual(await lines('tailLines=0'), []);
  });

  it('sinceTime is cut to the second and inclusive', async () => {
    const all = await lines('timestamps=true&sinceSeconds=60');
    const secondOf = (line = '') => Math.floor(stampOf(line) / 1000) * 1000;
    // Not the first of its second, so that cutting the fraction makes a difference.
    const chosen = all.find((line, i) => i > 0 && secondOf(line) === secondOf(all[i - 1])) ?? '';
    const second = secondOf(chosen);
    const since = await lines(`timestamps=true&sinceTime=${new Date(stampOf(chosen)).toISOString()}`);
    assert.deepEqual(
      since,
      all.filter((line) => stampOf(line) >= second),
    );
  });

  it('sinceSeconds filters what tailLines has counted', async () => {
    const minute = await lines('sinceSeconds=60');
    assert.ok(minute.length > 50 && minute.length < 150, `${minute.length} lines`);
    assert.deepEqual(await lines('sinceSeconds=60&tailLines=5'), minute.slice(-5));
    assert.deepEqual(await lines('sinceSeconds=60&tailLines=10000'), minute);
  });

  it('limitBytes cuts in the middle of a line', async () => {
    const whole = (await read('')).text;
    assert.equal((await read('limitBytes=1000')).text, whole.slice(0, 1000));
  });

  it('400, 404 and 422 in the words of the API', async () => {
    const cases: [query: string, status: number, message: string][] = [
      ['container=nope', 400, `container nope is not valid for pod ${pod().metadata.name}`],
      ['previous=true', 400, `previous terminated container "dolthubapi" in pod "${pod().metadata.name}" not found`],
      ['tailLines=-1', 422, 'tailLines: Invalid value: -1: must be greater than or equal to 0'],
      ['limitBytes=0', 422, 'limitBytes: Invalid value: 0: must be greater than 0'],
      ['sinceSeconds=0', 422, 'sinceSeconds: Invalid value: 0: must be greater than 0'],
      [
        'sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z',
        422,
        'at most one of `sinceTime` or `sinceSeconds` may be specified',
      ],
      ['tailLines=many', 400, 'strconv.ParseInt: parsing "many": invalid syntax'],
      ['sinceTime=yesterday', 400, 'parsing time "yesterday"'],
      ['stream=Stdout', 422, 'stream'],
    ];
    for (const [query, status, message] of cases) {
      const answer = await read(query);
      assert.equal(answer.status, status, query);
      assert.ok(bodyOf<{ message: string }>(answer).message.includes(message), answer.text);
    }
    assert.equal((await ask(served, '/api/v1/namespaces/production/pods/nope/log')).status, 404);
  });

  it('400 while there is nothing to read yet', async () => {
    served.cluster.deploy('dolthubapi', MISSING, 'ben');
    const fresh = () => podsOf(served.cluster, 'dolthubapi').find((one) => one.status.phase === 'Pending') as Pod;
    const message = async () => bodyOf<{ message: string }>(await ask(served, path('', fresh()))).message;
    assert.match(await message(), /does not have a host assigned/);
    served.clock.advance(500);
    assert.match(await message(), /is waiting to start: ContainerCreating$/);
    served.clock.advance(4000);
    assert.match(await message(), /is waiting to start: trying and failing to pull image$/);
  });

  it('400 that names the choices when a pod has several containers', async () => {
    await ask(served, '/apis/apps/v1/namespaces/production/deployments/dolthubapi', {
      method: 'PATCH',
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
      body: JSON.stringify({
        spec: {
          template: { spec: { containers: [{ name: 'proxy', image: 'registry.dolthub.test/userservice:0a1b2c3' }] } },
        },
      }),
    });
    live(served.clock, 10_000);
    const answer = await read('');
    assert.equal(answer.status, 400);
    assert.match(answer.text, /a container name must be specified for pod \S+, choose one of: \[dolthubapi proxy\]/);
    assert.equal((await read('container=proxy')).status, 200);
  });

  it('of a crash loop show the dead run, and the one before with previous', async () => {
    served.cluster.deploy('dolthubapi', BAD, 'ben');
    live(served.clock, 30_000);
    const [panic] = (await lines('')).filter((line) => line.startsWith('panic: '));
    assert.equal(panic, 'panic: runtime error: invalid memory address or nil pointer dereference');
    const dead = await read('previous=true');
    assert.equal(dead.text, (await read('')).text, 'while it waits, both are the run that ended last');
    assert.match(dead.text, /goroutine \d+ \[running\]:\n.*stats\.\(\*Cache\)\.warm/);
  });

  describe('followed', () => {
    const follow = (query: string): OpenStream => new OpenStream(served, path(`follow=true&${query}`));

    it('answer at once and bring new lines as time passes', async () => {
      const stream = follow('tailLines=0&timestamps=true');
      assert.equal(await stream.status, 200);
      const from = wall;
      for (let i = 0; i < 10; i++) {
        wall += 1000;
        served.clock.advance(0);
        await new Promise(setImmediate);
      }
      await stream.line((line) => stampOf(line) >= from + 7000);
      assert.ok(stream.lines.every((line) => stampOf(line) >= from));
      const since = await lines(`timestamps=true&sinceTime=${new Date(from).toISOString()}`);
      const seen = since.filter((line) => stampOf(line) >= from).slice(0, stream.lines.length);
      assert.deepEqual(stream.lines, seen, 'the same lines that a later reader finds, none lost or doubled');
      stream.close();
    });

    it('end when the container ends, with its last words', async () => {
      const stream = follow('tailLines=3');
      await stream.status;
      await ask(served, `/api/v1/namespaces/production/pods/${pod().metadata.name}`, { method: 'DELETE' });
      live(served.clock, 6000);
      await stream.ended;
      assert.match(stream.lines.at(-1) ?? '', /"msg":"stopped"/);
      stream.close();
    });

    it('of a crashing container end with the panic', async () => {
      served.cluster.deploy('dolthubapi', BAD, 'ben');
      live(served.clock, 1750);
      const crashing = podsOf(served.cluster, 'dolthubapi').find((one) =>
        one.spec.containers[0]?.image.endsWith('bad0bad'),
      );
      const stream = new OpenStream(served, path('follow=true', crashing));
      assert.equal(await stream.status, 200);
      live(served.clock, 3000);
      await stream.ended;
      assert.match(stream.lines.join('\n'), /listening.*panic: .*cache\.go:41/s);
      stream.close();
    });

    it('leave nothing behind when the client goes', async () => {
      const waitsBefore = served.clock.untilNext();
      const stream = follow('tailLines=1');
      await stream.status;
      stream.close();
      await stream.ended;
      const [exchange] = served.seen.slice(-1);
      if (!exchange?.signal.aborted)
        await new Promise((resolve) => exchange?.signal.addEventListener('abort', resolve));
      await new Promise(setImmediate);
      assert.equal(served.clock.untilNext() !== null, waitsBefore !== null);
    });
  });

  it('wait for a client that reads slowly instead of piling up', async () => {
    const session = connect(served.server.url, { ca: served.caPem });
    const stream = session.request({ ':path': path(''), authorization: `Bearer ${TOKEN}` });
    await new Promise((resolve) => stream.once('response', resolve));
    for (let i = 0; i < 100; i++) await new Promise(setImmediate);
    const unread = written;
    let size = 0;
    for await (const piece of stream) size += (piece as Buffer).length;
    assert.ok(size > 800_000, `the log has ${size} bytes`);
    assert.ok(unread < 200_000, `${unread} bytes were written to a client that read nothing`);
    assert.equal(written, size);
    session.close();
  });
});

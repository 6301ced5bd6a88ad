import assert from 'node:assert/strict';
import { connectAlertmanager } from '../../../../src/lib/clients/alertmanager/http-api.ts';
import { connection, failing, unaborted } from '../../../support/connection.ts';
import {
  closedPort,
  halfOf,
  json,
  type RecordingServer,
  type Reply,
  serveRecording,
  text,
} from '../../../support/recording-server.ts';

const silence = (changes: Record<string, unknown> = {}) => ({
  id: '7d8f0a1e-0000-4000-8000-000000000001',
  status: { state: 'expired' },
  matchers: [{ name: 'alertname', value: 'DolthubapiDown', isRegex: false, isEqual: true }],
  startsAt: '2026-01-02T03:00:00.000Z',
  endsAt: '2026-01-02T05:00:00.000+01:00',
  updatedAt: '2026-01-02T03:00:00.000Z',
  createdBy: 'ana',
  comment: 'database upgrade',
  ...changes,
});

describe('Alertmanager over its API v2', () => {
  let server: RecordingServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function alertmanager(reply: Reply) {
    server = await serveRecording(reply);
    return connectAlertmanager({ settings: connection({ alertmanager: { url: server.url } }), signal: unaborted() });
  }

  it('gives every silence, the last written first, in UTC', async () => {
    const later = silence({ id: 'b', updatedAt: '2026-01-02T04:30:00.000+01:00', status: { state: 'active' } });
    const silences = await (await alertmanager(json(200, [silence(), later]))).silences();
    assert.equal(server?.received[0]?.path, '/api/v2/silences');
    assert.deepEqual(
      silences.map(({ id, state, updatedAt }) => [id, state, updatedAt]),
      [
        ['b', 'active', '2026-01-02T03:30:00.000Z'],
        [silence().id, 'expired', '2026-01-02T03:00:00.000Z'],
      ],
    );
    assert.equal(silences[1]?.endsAt, '2026-01-02T04:00:00.000Z');
    assert.equal(silences[1]?.comment, 'database upgrade');
  });

  it('takes a matcher of an old version, which cannot be negative, as positive', async () => {
    const matchers = [{ name: 'job', value: 'a|b', isRegex: true }];
    const [found] = await (await alertmanager(json(200, [silence({ matchers })]))).silences();
    assert.deepEqual(found?.matchers, [{ name: 'job', value: 'a|b', isRegex: true, isEqual: true }]);
  });

  it('gives the version', async () => {
    const reply = json(200, { cluster: {}, versionInfo: { version: '0.28.1' }, config: {}, uptime: '' });
    assert.equal(await (await alertmanager(reply)).version(), '0.28.1');
  });

  it('names the key when no address is configured', async () => {
    const unset = connectAlertmanager({ settings: connection(), signal: unaborted() });
    await assert.rejects(unset.silences(), failing('CONFIG', /Set `alertmanager.url`/));
  });

  it('says what went wrong in its own words, or whose words they are', async () => {
    for (const [reply, code, words] of [
      [json(500, 'silence store is not ready'), 'UNAVAILABLE', /\(500\): silence store is not ready/],
      [json(400, { code: 601, message: 'filter in query is odd' }), 'FAILED', /filter in query is odd/],
      [text(404, '404 page not found'), 'CONFIG', /alertmanager.url/],
      [json(401, { message: 'who are you' }), 'AUTH', /sign in/],
      [text(200, '<html>', { 'content-type': 'text/html' }), 'AUTH', /login page/],
      [json(200, [{ id: 'x' }]), 'UNAVAILABLE', /cannot be read/],
    ] as const) {
      const answering = await alertmanager(reply);
      await assert.rejects(answering.silences(), failing(code, words));
      await server?.close();
    }
    server = undefined;
  });

  const draft = {
    id: null,
    matchers: [{ name: 'a', value: 'q"r\\s', isRegex: false, isEqual: true }],
    startsAt: '2026-01-02T03:00:00.000Z',
    endsAt: '2026-01-02T04:00:00.000Z',
    createdBy: 'sam',
    comment: 'x',
  };

  it('sends a silence once, as JSON, and gives its id; a new one carries none', async () => {
    const client = await alertmanager(json(200, { silenceID: 'abc' }));
    assert.equal(await client.putSilence(draft), 'abc');
    assert.equal(await client.putSilence({ ...draft, id: 'old' }), 'abc');
    const [first, second] = server?.received ?? [];
    assert.equal(first?.headers['content-type'], 'application/json');
    assert.ok(!('id' in (JSON.parse(first?.body ?? '') as object)));
    assert.equal((JSON.parse(second?.body ?? '') as { id: string }).id, 'old');
  });

  it('never sends a write a second time, whatever comes back', async () => {
    for (const [reply, code] of [
      [json(500, 'store is full'), 'UNAVAILABLE'],
      [text(503, '<html>', { 'content-type': 'text/html', 'retry-after': '1' }), 'UNAVAILABLE'],
      [halfOf('{"silenceID":"0123456789"}'), 'UNAVAILABLE'],
      [json(200, {}), 'UNAVAILABLE'],
      [json(400, 'silence invalid'), 'FAILED'],
      [json(404, 'silence not found'), 'NOT_FOUND'],
      [text(429, 'slow down', { 'retry-after': '1' }), 'RATE_LIMITED'],
    ] as const) {
      const client = await alertmanager(reply);
      await assert.rejects(client.putSilence(draft), failing(code, /./));
      assert.equal(server?.received.length, 1, code);
      await server?.close();
    }
    server = undefined;
  });

  it('ends a silence by its id, and takes an empty answer for what it is', async () => {
    const client = await alertmanager(text(200, ''));
    await client.endSilence('a b');
    assert.deepEqual([server?.received[0]?.method, server?.received[0]?.path], ['DELETE', '/api/v2/silence/a%20b']);
  });

  it('asks for alerts by matchers as Alertmanager writes them, and reads what holds each back', async () => {
    const alert = {
      fingerprint: 'f',
      labels: { alertname: 'Down' },
      annotations: {},
      startsAt: '2026-01-02T05:00:00.000+01:00',
      status: { state: 'suppressed', silencedBy: ['s'], inhibitedBy: [], mutedBy: ['nights'] },
      receivers: [{ name: 'sns' }],
    };
    const client = await alertmanager(json(200, [alert]));
    const [found] = await client.alerts(draft.matchers);
    assert.deepEqual(server?.received[0]?.query.getAll('filter'), ['a="q\\"r\\\\s"']);
    assert.deepEqual(
      [found?.startsAt, found?.silencedBy, found?.mutedBy, found?.receivers, found?.generatorUrl],
      ['2026-01-02T04:00:00.000Z', ['s'], ['nights'], ['sns'], null],
    );
  });

  it('says that the sandbox has gone', async () => {
    const settings = connection({ alertmanager: { url: await closedPort() }, world: 'sandbox' });
    const gone = connectAlertmanager({ settings, signal: unaborted() });
    await assert.rejects(gone.silences(), failing('UNAVAILABLE', /The sandbox has gone: no Alertmanager/));
  });
});

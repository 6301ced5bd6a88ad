import assert from 'node:assert/strict';
import { connectPrometheus } from '../../../../src/lib/clients/prometheus/http-api.ts';
import type { Prometheus } from '../../../../src/lib/clients/prometheus/prometheus.ts';
import { connection, failing, unaborted } from '../../../support/connection.ts';
import {
  closedPort,
  halfOf,
  inTurn,
  json,
  type RecordingServer,
  type Reply,
  serveRecording,
  text,
} from '../../../support/recording-server.ts';

const vector = (...result: unknown[]) => json(200, { status: 'success', data: { resultType: 'vector', result } });

describe('Prometheus, on a bad day', () => {
  let server: RecordingServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function prometheus(reply: Reply, options: { signal?: AbortSignal } = {}): Promise<Prometheus> {
    server = await serveRecording(reply);
    const settings = connection({ prometheus: { url: server.url } });
    return connectPrometheus({ settings, signal: options.signal ?? unaborted() });
  }

  it('names the key when no address is configured', async () => {
    const unset = connectPrometheus({ settings: connection(), signal: unaborted() });
    await assert.rejects(unset.query('up'), failing('CONFIG', /Set `prometheus.url`/));
    const odd = connectPrometheus({
      settings: connection({ prometheus: { url: 'prometheus:9090' } }),
      signal: unaborted(),
    });
    await assert.rejects(odd.query('up'), failing('CONFIG', /`prometheus.url`.*https:\/\//));
  });

  it("keeps Prometheus's own words about a bad expression", async () => {
    const words = 'invalid parameter "query": 1:4: parse error: unclosed left parenthesis';
    const refused = await prometheus(json(400, { status: 'error', errorType: 'bad_data', error: words }));
    await assert.rejects(refused.query('sum('), failing('FAILED', /1:4: parse error: unclosed left parenthesis/));
  });

  it('tells its own errors apart', async () => {
    for (const [status, errorType, code] of [
      [422, 'execution', 'FAILED'],
      [503, 'timeout', 'UNAVAILABLE'],
      [500, 'internal', 'UNAVAILABLE'],
      [404, 'not_found', 'NOT_FOUND'],
    ] as const) {
      const refused = await prometheus(json(status, { status: 'error', errorType, error: 'its words' }));
      await assert.rejects(refused.query('x'), failing(code, /its words/));
      await server?.close();
    }
    server = undefined;
  });

  it('recognises a login page', async () => {
    const page = text(200, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html; charset=utf-8' });
    await assert.rejects((await prometheus(page)).query('up'), failing('AUTH', /login page.*Sign in/));
  });

  it('recognises a redirect to a login, and one to a new address', async () => {
    const login = await prometheus(text(302, '', { location: 'https://sso.example.test/authorize?x=1' }));
    await assert.rejects(login.query('up'), failing('AUTH', /sends us to sso.example.test/));
    await server?.close();
    const moved = await prometheus(text(301, '', { location: 'https://new.example.test/prom/api/v1/query?query=up' }));
    await assert.rejects(
      moved.query('up'),
      failing('CONFIG', /Set `prometheus.url` to https:\/\/new.example.test\/prom$/),
    );
  });

  it('says who refuses, who is away and what is the wrong address', async () => {
    for (const [status, code, words] of [
      [401, 'AUTH', /refuses us \(401\)/],
      [403, 'AUTH', /refuses us \(403\)/],
      [404, 'CONFIG', /does not know this API.*prometheus.url/],
      [502, 'UNAVAILABLE', /not available right now \(502\)/],
    ] as const) {
      const answering = await prometheus(text(status, '<html>gateway</html>', { 'content-type': 'text/html' }));
      await assert.rejects(answering.query('up'), failing(code, words));
      await server?.close();
    }
    server = undefined;
  });

  it('tries a read once more after a passing error, and then no more', async () => {
    const healing = await prometheus(inTurn(text(502, 'bad gateway'), vector()));
    assert.deepEqual((await healing.query('up')).series, []);
    assert.equal(server?.received.length, 2);
    await server?.close();
    const failingOn = await prometheus(text(503, 'no'));
    await assert.rejects(failingOn.query('up'), failing('UNAVAILABLE', /503/));
    assert.equal(server?.received.length, 2);
  });

  it('waits as long as it is asked to on 429, if that is short', async () => {
    const soon = await prometheus(inTurn(text(429, 'slow down', { 'retry-after': '0' }), vector()));
    await soon.query('up');
    assert.equal(server?.received.length, 2);
    await server?.close();
    const late = await prometheus(text(429, 'slow down', { 'retry-after': '90' }));
    await assert.rejects(late.query('up'), failing('RATE_LIMITED', /in 90 s/));
    assert.equal(server?.received.length, 1);
  });

  it('does not take half an answer for a whole one', async () => {
    const body = JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [] } });
    await assert.rejects((await prometheus(halfOf(body))).query('up'), failing('UNAVAILABLE', /the connection broke/));
    await server?.close();
    const cut = await prometheus(text(200, body.slice(0, 30), { 'content-type': 'application/json' }));
    await assert.rejects(cut.query('up'), failing('UNAVAILABLE', /cannot be read/));
    await server?.close();
    const other = await prometheus(json(200, { hello: 'world' }));
    await assert.rejects(other.query('up'), failing('UNAVAILABLE', /cannot be read/));
    await assert.rejects(other.version(), failing('UNAVAILABLE', /cannot be read/));
    await assert.rejects(other.alertRules(), failing('UNAVAILABLE', /cannot be read/));
  });

  it('says that nothing listens', async () => {
    const url = await closedPort();
    const away = connectPrometheus({ settings: connection({ prometheus: { url } }), signal: unaborted() });
    await assert.rejects(away.query('up'), failing('UNAVAILABLE', /cannot be reached: nothing listens there/));
    const settings = connection({ prometheus: { url }, world: 'sandbox' });
    const practice = connectPrometheus({ settings, signal: unaborted() });
    await assert.rejects(practice.query('up'), failing('UNAVAILABLE', /The sandbox has gone.*oncall sandbox start/));
  });

  it('never leaves this machine in a practice world', async () => {
    const settings = connection({ prometheus: { url: 'http://prometheus.example.test' }, world: 'sandbox' });
    await assert.rejects(
      connectPrometheus({ settings, signal: unaborted() }).query('up'),
      failing('REFUSED', /outside this machine/),
    );
  });

  it('stops at once when interrupted, also while it waits for a second try', async () => {
    const abort = new AbortController();
    const hanging = await prometheus(() => abort.abort(), { signal: abort.signal });
    await assert.rejects(hanging.query('up'), failing('INTERRUPTED', /Interrupted/));
    await server?.close();
    const again = new AbortController();
    const busy = await prometheus(
      (response, request) => {
        text(429, '', { 'retry-after': '5' })(response, request);
        setTimeout(() => again.abort(), 50);
      },
      { signal: again.signal },
    );
    await assert.rejects(busy.query('up'), failing('INTERRUPTED', /Interrupted/));
  });

  it('shows no password that the address carries', async () => {
    server = await serveRecording(text(401, 'no'));
    const url = server.url.replace('://', '://me:hunter22@');
    const guarded = connectPrometheus({ settings: connection({ prometheus: { url } }), signal: unaborted() });
    await assert.rejects(guarded.query('up'), (error: Error & { hint?: string }) => {
      assert.doesNotMatch(`${error.message} ${error.hint}`, /hunter22/);
      return true;
    });
    assert.equal(server.received[0]?.headers.authorization, `Basic ${Buffer.from('me:hunter22').toString('base64')}`);
  });
});

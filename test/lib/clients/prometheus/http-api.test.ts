import assert from 'node:assert/strict';
import { connectPrometheus } from '../../../../src/lib/clients/prometheus/http-api.ts';
import type { Prometheus } from '../../../../src/lib/clients/prometheus/prometheus.ts';
import { connection, failing, unaborted } from '../../../support/connection.ts';
import { json, type RecordingServer, type Reply, serveRecording } from '../../../support/recording-server.ts';

const vector = (...result: unknown[]) => json(200, { status: 'success', data: { resultType: 'vector', result } });

describe('Prometheus over its HTTP API', () => {
  let server: RecordingServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function prometheus(reply: Reply, options: { prefix?: string } = {}): Promise<Prometheus> {
    server = await serveRecording(reply);
    const settings = connection({ prometheus: { url: `${server.url}${options.prefix ?? ''}` } });
    return connectPrometheus({ settings, signal: unaborted() });
  }

  describe('an instant query', () => {
    it('gives labels, milliseconds and numbers, also the ones that are not numbers', async () => {
      const reply = vector(
        { metric: { job: 'a' }, value: [1700000000.123, '0.5'] },
        { metric: { job: 'b' }, value: [1700000000, '+Inf'] },
        { metric: { job: 'c' }, value: [1700000000, '-Inf'] },
        { metric: { job: 'd' }, value: [1700000000, 'NaN'] },
      );
      const { series, warnings } = await (await prometheus(reply)).query('x');
      assert.deepEqual(series[0], { labels: { job: 'a' }, sample: { at: 1700000000123, value: 0.5 } });
      assert.deepEqual(
        series.slice(1).map(({ sample }) => sample.value),
        [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
      );
      assert.deepEqual(warnings, []);
    });

    it('asks at the given instant, below the path prefix', async () => {
      await (await prometheus(vector(), { prefix: '/prom/' })).query('sum(up{app="dolthubapi"}) == 0', 1700000000500);
      const [request] = server?.received ?? [];
      assert.equal(request?.path, '/prom/api/v1/query');
      assert.equal(request?.query.get('query'), 'sum(up{app="dolthubapi"}) == 0');
      assert.equal(request?.query.get('time'), '1700000000.500');
    });

    it('reads a scalar as one entry without labels', async () => {
      const reply = json(200, { status: 'success', data: { resultType: 'scalar', result: [1, '42'] } });
      assert.deepEqual((await (await prometheus(reply)).query('42')).series, [
        { labels: {}, sample: { at: 1000, value: 42 } },
      ]);
    });

    it('refuses an expression that gives a range', async () => {
      const reply = json(200, { status: 'success', data: { resultType: 'matrix', result: [] } });
      await assert.rejects((await prometheus(reply)).query('up[5m]'), failing('FAILED', /a range of samples.*rate/));
    });

    it('keeps warnings and notes, and says when a native histogram was left out', async () => {
      const reply = json(200, {
        status: 'success',
        data: { resultType: 'vector', result: [{ metric: {}, histogram: [1, { count: '2' }] }] },
        warnings: ['one store is away'],
        infos: ['PromQL info: metric might not be a counter'],
      });
      assert.deepEqual(await (await prometheus(reply)).query('x'), {
        series: [],
        warnings: [
          'one store is away',
          'PromQL info: metric might not be a counter',
          '1 native histogram series left out; use histogram_quantile(…).',
        ],
      });
    });

    it('posts an expression that is too long for an address', async () => {
      const expr = `sum(${Array.from({ length: 200 }, (_, i) => `up{instance="host-${i}"}`).join(' or ')})`;
      await (await prometheus(vector())).query(expr);
      const [request] = server?.received ?? [];
      assert.equal(request?.method, 'POST');
      assert.equal(request?.headers['content-type'], 'application/x-www-form-urlencoded');
      assert.equal(new URLSearchParams(request?.body).get('query'), expr);
    });
  });

  it('gives a range as series of samples', async () => {
    const reply = json(200, {
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [
          {
            metric: { code: '500' },
            values: [
              [10, '1'],
              [25, 'NaN'],
            ],
          },
        ],
      },
    });
    const { series } = await (await prometheus(reply)).queryRange('x', { from: 10_000, to: 25_000, stepSeconds: 15 });
    assert.deepEqual(series, [
      {
        labels: { code: '500' },
        samples: [
          { at: 10_000, value: 1 },
          { at: 25_000, value: Number.NaN },
        ],
      },
    ]);
    assert.deepEqual(Object.fromEntries(server?.received[0]?.query ?? []), {
      query: 'x',
      start: '10.000',
      end: '25.000',
      step: '15',
    });
  });

  it('gives the alert rules with their alerts', async () => {
    const rule = {
      type: 'alerting',
      name: 'DolthubapiDown',
      query: 'absent(up{app="dolthubapi"}) > 0',
      duration: 60,
      labels: { severity: 'page' },
      annotations: { summary: 'No instance is up' },
      state: 'firing',
      health: 'ok',
      alerts: [{ labels: { a: 'b' }, state: 'firing', activeAt: '2026-01-02T03:04:05.123456789Z', value: '1e+00' }],
    };
    const recording = { type: 'recording', name: 'job:up:sum', query: 'sum(up)', health: 'ok' };
    const groups = [{ name: 'availability', file: 'rules.yml', rules: [recording, rule] }];
    const rules = await (await prometheus(json(200, { status: 'success', data: { groups } }))).alertRules();
    assert.deepEqual(rules, [
      {
        name: 'DolthubapiDown',
        group: 'availability',
        expr: 'absent(up{app="dolthubapi"}) > 0',
        forSeconds: 60,
        labels: { severity: 'page' },
        annotations: { summary: 'No instance is up' },
        state: 'firing',
        lastError: null,
        alerts: [{ labels: { a: 'b' }, state: 'firing', activeAt: '2026-01-02T03:04:05.123Z', value: '1e+00' }],
      },
    ]);
    assert.equal(server?.received[0]?.query.get('type'), 'alert');
  });

  it('gives the version', async () => {
    const reply = json(200, { status: 'success', data: { version: '3.5.0' } });
    assert.equal(await (await prometheus(reply)).version(), '3.5.0');
  });
});

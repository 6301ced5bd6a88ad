import assert from 'node:assert/strict';
import { connectPrometheus } from '../../../../src/lib/clients/prometheus/http-api.ts';
import type { Prometheus } from '../../../../src/lib/clients/prometheus/prometheus.ts';
import { connection, failing, unaborted } from '../../../support/connection.ts';
import { type ServedPrometheus, servePrometheus } from '../../../support/serve-prometheus.ts';

const MINUTE = 60_000;

describe('Prometheus, against the practice world', () => {
  let served: ServedPrometheus;
  let prometheus: Prometheus;
  beforeEach(async () => {
    served = await servePrometheus();
    const settings = connection({ world: 'sandbox', prometheus: { url: served.baseUrl } });
    prometheus = connectPrometheus({ settings, signal: unaborted() });
  });
  afterEach(() => served.stop());

  it('counts the pods that answer', async () => {
    served.lapse(MINUTE);
    const { series } = await prometheus.query('sum(up{app="dolthubapi"})');
    assert.deepEqual(
      series.map(({ labels, sample }) => [labels, sample.value]),
      [[{}, 3]],
    );
    const each = await prometheus.query('up{app="dolthubapi"}', served.now());
    assert.equal(new Set(each.series.map(({ labels }) => labels['instance'])).size, 3);
    assert.equal(each.series[0]?.sample.at, served.now());
  });

  it('tells the values of a label, and where alerts go', async () => {
    served.lapse(MINUTE);
    const apps = await prometheus.labelValues('app', 'up');
    assert.ok(apps.includes('dolthubapi') && apps.includes('userservice'), apps.join());
    assert.deepEqual(await prometheus.labelValues('app', 'up{app="nobody"}'), []);
    const [alertmanager] = await prometheus.alertmanagers();
    assert.match(alertmanager ?? '', /^http:\/\/127\.0\.0\.1:\d+\/alertmanager\/api\/v2\/alerts$/);
  });

  it('sees an alert begin to fire', async () => {
    served.lapse(MINUTE);
    const quiet = (await prometheus.alertRules()).filter(({ expr }) =>
      expr.startsWith('sum(up{app="dolthubapi"}) == 0'),
    );
    assert.deepEqual(
      quiet.map(({ state, alerts }) => [state, alerts]),
      [['inactive', []]],
    );
    served.pods.mark('dolthubapi', false);
    served.lapse(5 * MINUTE);
    const [rule] = (await prometheus.alertRules()).filter(
      ({ name, expr }) => name === quiet[0]?.name && expr === quiet[0]?.expr,
    );
    assert.equal(rule?.state, 'firing');
    assert.ok((rule?.forSeconds ?? 0) >= 0);
    assert.equal(rule?.alerts[0]?.state, 'firing');
    const since = Date.parse(rule?.alerts[0]?.activeAt ?? '');
    assert.ok(since > served.now() - 5 * MINUTE && since < served.now(), rule?.alerts[0]?.activeAt);
  });

  it('draws a range, one sample a step', async () => {
    served.lapse(10 * MINUTE);
    const to = served.now();
    const expr = 'sum(rate(http_requests_total{app="dolthubapi"}[2m]))';
    const { series, warnings } = await prometheus.queryRange(expr, { from: to - 5 * MINUTE, to, stepSeconds: 30 });
    assert.equal(series.length, 1);
    assert.equal(series[0]?.samples.length, 11);
    assert.deepEqual([series[0]?.samples[0]?.at, series[0]?.samples.at(-1)?.at], [to - 5 * MINUTE, to]);
    assert.ok(series[0]?.samples.every(({ value }) => value > 10));
    assert.deepEqual(warnings, []);
  });

  it('says how an expression is wrong, and which are too long for the server', async () => {
    await assert.rejects(prometheus.query('sum('), failing('FAILED', /parse error/));
    const range = { from: served.now() - 24 * 60 * MINUTE, to: served.now(), stepSeconds: 1 };
    await assert.rejects(
      prometheus.queryRange('up', range),
      failing('FAILED', /exceeded maximum resolution of 11,000/),
    );
  });

  it('posts a long expression and gets the same answer', async () => {
    served.lapse(MINUTE);
    const padding = Array.from({ length: 90 }, (_, i) => `absent(no_such_metric_${i}) * 0 > 1`).join(' or ');
    const { series } = await prometheus.query(`sum(up{app="dolthubapi"}) or ${padding}`);
    assert.equal(series[0]?.sample.value, 3);
  });

  it('knows its version', async () => {
    assert.match(await prometheus.version(), /^\d+\.\d+\.\d+$/);
  });
});

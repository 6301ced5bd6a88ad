import assert from 'node:assert/strict';
import { impactOf } from '../../../src/lib/metrics/impact.ts';
import { impactView } from '../../../src/lib/metrics/view.ts';
import { createPaint } from '../../../src/lib/text/paint.ts';
import { prometheusWith, query, service } from './services.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 0, 0);
const ONSET = NOW - 10 * 60_000;
const UP = 'sum(up{app="api"})';
const expression = { expr: `${UP} == 0 or absent(up{app="api"}) > 0`, rule: 'ServiceDown' };
const api = service(
  'api',
  query('instances', { expr: UP, description: 'Live instances' }),
  query('errors', { unit: '%', limit: 5, description: 'Requests that fail' }),
);
const facts = { service: api, expression, onset: ONSET, now: NOW };
const afterOnset = (before: number, after: number) => (at: number) => (at >= ONSET ? after : before);

describe('The impact on a service', () => {
  it('is the share of failing requests where that is past its limit', async () => {
    const prometheus = prometheusWith({ errors_expr: afterOnset(0.1, 7.9), [UP]: 3 });
    const impact = await impactOf({ ...facts, prometheus });
    assert.equal(impact?.label, 'Requests that fail');
    assert.equal(impact?.value, 7.9);
    assert.equal(impact?.unit, '%');
    assert.deepEqual(impact?.limit, { op: '>', value: 5 });
    const since = Date.parse(impact?.since ?? '');
    assert.ok(since >= ONSET && since - ONSET < 60_000, impact?.since ?? 'null');
  });

  it('is what the alert measures when every instance is dead and nothing fails any more', async () => {
    const values = { errors_expr: 0.08, [UP]: afterOnset(3, 0), 'count(up{app="api"})': 3 };
    const impact = await impactOf({ ...facts, prometheus: prometheusWith(values) });
    assert.equal(impact?.label, 'Live instances');
    assert.equal(impact?.value, 0);
    assert.deepEqual(impact?.limit, { op: '==', value: 0 });
    assert.ok(
      impact?.points.some(({ value }) => value === 3),
      'the curve shows the time before too',
    );
  });

  it('is the error rate, within its limit, once all is well again', async () => {
    const impact = await impactOf({ ...facts, prometheus: prometheusWith({ errors_expr: 0.1, [UP]: 3 }) });
    assert.equal(impact?.label, 'Requests that fail');
    assert.equal(impact?.since, null);
  });

  it('is the alert’s curve when the error rate has no value any more', async () => {
    const errors = (at: number) => (at >= ONSET ? null : 0.1);
    const impact = await impactOf({ ...facts, prometheus: prometheusWith({ errors_expr: errors, [UP]: 2 }) });
    assert.equal(impact?.label, 'Live instances');
  });

  it('is unknown when Prometheus knows nothing of the service', async () => {
    assert.equal(await impactOf({ ...facts, prometheus: prometheusWith({}) }), null);
    assert.equal(await impactOf({ ...facts, service: null, expression: null, prometheus: prometheusWith({}) }), null);
  });

  it('counts the instances that answer', async () => {
    const prometheus = prometheusWith({ errors_expr: 9, [UP]: 1, 'count(up{app="api"})': 3 });
    assert.deepEqual((await impactOf({ ...facts, prometheus }))?.instances, { up: 1, of: 3 });
  });

  it('reads as a number, since when, its curve, and the instances', async () => {
    const values = { errors_expr: null, [UP]: afterOnset(3, 0), 'count(up{app="api"})': 3 };
    const impact = await impactOf({ ...facts, prometheus: prometheusWith(values) });
    assert.ok(impact);
    const paint = createPaint({ colour: false, ascii: false });
    const lines = impactView(impact, { paint, zone: { utc: true, timeZone: null }, now: NOW, width: 80 }).split('\n');
    assert.match(lines[0] ?? '', /^Live instances: 0 {2}alarm at 0, since 02:50:\d\dZ \(\d+m.* ago\)$/);
    assert.match(lines[1] ?? '', /^█+▁+ {2}02:\d\d:\d\dZ to now$/);
    assert.equal(lines[2], '0 of 3 instances answer');
  });
});

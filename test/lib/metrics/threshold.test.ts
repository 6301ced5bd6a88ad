import assert from 'node:assert/strict';
import { drawableOf, isPast } from '../../../src/lib/metrics/threshold.ts';

describe('What of an expression can be drawn', () => {
  const cases: [expr: string, drawn: string, op: string | null, value?: number][] = [
    ['up == 0', 'up', '==', 0],
    ['sum(up{app="a"}) == 0 OR absent(up{app="a"}) > 0', 'sum(up{app="a"})', '==', 0],
    ['(sum(rate(errors[5m])) / sum(rate(all[5m]))) > 0.05', 'sum(rate(errors[5m])) / sum(rate(all[5m]))', '>', 0.05],
    ['((a + b >= 1e3))', 'a + b', '>=', 1000],
    ['5 < latency', 'latency', '>', 5],
    ['-1 >= x', 'x', '<=', -1],
    ['errors > 5 and on(app) requests > 10', 'errors', '>', 5],
    ['(errors > (5)) unless maintenance', 'errors', '>', 5],
    ['x{l="a > 3 or b"} < 2', 'x{l="a > 3 or b"}', '<', 2],
    ['x{l!="a"} > 2 # > 5', 'x{l!="a"} > 2 # > 5', null],
    ['x > y', 'x > y', null],
    ['x > bool 2', 'x > bool 2', null],
    ['up', 'up', null],
    ['rate(x[5m])', 'rate(x[5m])', null],
    ['(a > 1) + (b > 2)', '(a > 1) + (b > 2)', null],
  ];
  for (const [expr, drawn, op, value] of cases) {
    it(expr, () => {
      assert.deepEqual(drawableOf(expr), { expr: drawn, threshold: op === null ? null : { op, value } });
    });
  }

  it('is past a threshold only with a value', () => {
    assert.equal(isPast(0, { op: '==', value: 0 }), true);
    assert.equal(isPast(5, { op: '>', value: 5 }), false);
    assert.equal(isPast(5, { op: '>=', value: 5 }), true);
    assert.equal(isPast(null, { op: '!=', value: 0 }), false);
    assert.equal(isPast(Number.NaN, { op: '!=', value: 0 }), false);
    assert.equal(isPast(9, null), false);
  });
});

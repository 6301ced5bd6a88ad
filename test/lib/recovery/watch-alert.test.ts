import assert from 'node:assert/strict';
import type { InstantResult, Prometheus } from '../../../src/lib/clients/prometheus/prometheus.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import { watchUntilQuiet } from '../../../src/lib/recovery/watch-alert.ts';
import { MINUTE, NOW, stillClock } from '../deploys/some-deploys.ts';

const firing: InstantResult = { series: [{ labels: {}, sample: { at: NOW, value: 1 } }], warnings: [] };
const quiet: InstantResult = { series: [], warnings: [] };
const away = new OncallError('Prometheus is not available.', { code: 'UNAVAILABLE' });

/** Watches a Prometheus that gives these answers, the last one again and again. */
function watch(answers: (InstantResult | OncallError)[], options: { minutes?: number; signal?: AbortSignal } = {}) {
  let asked = 0;
  const prometheus = {
    query: async (expr: string) => {
      assert.equal(expr, 'sum(up) == 0');
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (answer instanceof OncallError) throw answer;
      return answer;
    },
  } as Prometheus;
  const clock = stillClock();
  const verdict = watchUntilQuiet({
    prometheus,
    expr: 'sum(up) == 0',
    deadline: NOW + (options.minutes ?? 10) * MINUTE,
    ...clock,
    signal: options.signal ?? new AbortController().signal,
  });
  return verdict.then((told) => ({ ...told, asked, waited: clock.now() - NOW }));
}

describe('watching an alert', () => {
  it('believes an empty answer only when the next is empty as well', async () => {
    const { quiet: isQuiet, quietSince, asked } = await watch([firing, quiet, firing, quiet, quiet]);
    assert.equal(isQuiet, true);
    assert.equal(asked, 5);
    assert.equal(quietSince, NOW + 6000, 'from the first of the two');
  });

  it('gives up at the deadline, and gives the last values', async () => {
    const { quiet: isQuiet, last, waited } = await watch([firing], { minutes: 2 });
    assert.equal(isQuiet, false);
    assert.deepEqual(last?.values, [1]);
    assert.ok(waited >= 2 * MINUTE && waited < 2 * MINUTE + 10_000, `${waited} ms`);
  });

  it('asks at least once, however short the time', async () => {
    assert.equal((await watch([quiet], { minutes: -1 })).asked, 1);
  });

  it('waits out a Prometheus that is away, and does not take that for quiet', async () => {
    const told = await watch([quiet, away, quiet, quiet]);
    assert.equal(told.quiet, true);
    assert.equal(told.asked, 4);
    const gone = await watch([away], { minutes: 1 });
    assert.equal(gone.quiet, false);
    assert.equal(gone.last, null);
    assert.match(gone.trouble ?? '', /not available/);
  });

  it('does not go on with an expression that is refused', async () => {
    const refused = new OncallError('parse error', { code: 'FAILED' });
    await assert.rejects(watch([refused]), refused);
  });

  it('stops at Ctrl-C', async () => {
    await assert.rejects(watch([firing], { signal: AbortSignal.abort() }), { code: 'INTERRUPTED' });
  });
});

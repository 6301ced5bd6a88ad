import assert from 'node:assert/strict';
import type { Deploy } from '../../../src/lib/deploys/deploy.ts';
import type { OncallError } from '../../../src/lib/errors.ts';
import { candidates, chooseTarget } from '../../../src/lib/recovery/revert-target.ts';
import { c, marked } from '../deploys/some-deploys.ts';

const past = (deploys: Deploy[], facts: { runs?: string; already?: boolean } = {}) => ({
  service: 'dolthubapi',
  now: { sha: c(facts.runs ?? 'd'), from: 'cluster' as const, cachedAt: null, image: null, ready: 0, desired: 3 },
  deploys,
  alreadyLastGood: facts.already ?? false,
  drift: null,
});
const deploys = [
  marked('d', 5, { current: true }),
  marked('c', 60, { state: 'failed', succeededAt: null }),
  marked('b', 300, { lastGood: true }),
  marked('b', 400),
  marked('a', 900),
];

describe('the target of a revert', () => {
  it('is the last good one when none is named', () => {
    assert.equal(chooseTarget(past(deploys), null).deploy?.sha, c('b'));
  });

  it('is the one that is named by the beginning of its commit', () => {
    assert.equal(chooseTarget(past(deploys), 'AAAA').deploy?.sha, c('a'));
    assert.equal(chooseTarget(past(deploys), c('a')).deploy?.sha, c('a'));
  });

  it('is nothing when that runs already', () => {
    assert.match(chooseTarget(past(deploys), 'dddd').nothing ?? '', /already runs ddddddd/);
    assert.match(chooseTarget(past(deploys, { already: true }), null).nothing ?? '', /already runs the last good/);
  });

  for (const [to, words] of [
    ['cccc', /was never deployed with success/],
    ['ffff', /has never been in production/],
    ['aa', /has never been in production/],
    [null, /is known to have run without an incident/],
  ] as const) {
    it(`is refused for ${to ?? 'nothing, where no good one is known'}, with those that could be named`, () => {
      const known = to === null ? deploys.map((one) => ({ ...one, lastGood: false })) : deploys;
      assert.throws(
        () => chooseTarget(past(known), to),
        (error: OncallError) => {
          assert.equal(error.code, 'REFUSED');
          assert.match(error.message, words);
          assert.match(error.hint ?? '', /--to bbbbbbb .*\n.*--to aaaaaaa/);
          return true;
        },
      );
    });
  }

  it('is not guessed among several', () => {
    const two = [marked('a', 5), marked('a', 9, { sha: `aaaa${'1'.repeat(36)}` })];
    assert.throws(() => chooseTarget(past(two), 'aaaa'), { code: 'AMBIGUOUS' });
  });

  it('could be each commit that succeeded and does not run, once', () => {
    assert.deepEqual(
      candidates(past(deploys)).map(({ sha }) => sha),
      [c('b'), c('a')],
    );
  });
});

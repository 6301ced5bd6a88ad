import assert from 'node:assert/strict';
import { interpolate, isMet, type Scope } from '../../../src/lib/sandbox/world/repositories/expression.ts';

const scope = (outcome: Scope['outcome'] = 'success'): Scope => ({
  values: { vars: { HOLD: 'because' }, inputs: { sha: 'abc', note: "it's" }, env: {} },
  outcome,
});

/** An expression as it stands in a workflow file. */
const marked = (source: string): string => ['$', '{{ ', source, ' }}'].join('');

describe('a workflow expression', () => {
  it('puts values into text, and nothing for what is not there', () => {
    assert.equal(
      interpolate(`Revert to ${marked('inputs.sha')} ${marked('inputs.nonce')}!`, scope()),
      'Revert to abc !',
    );
    assert.equal(interpolate(marked("inputs.nonce || 'none'"), scope()), 'none');
  });

  it('compares text without regard to case, and reads a doubled quote as one', () => {
    assert.equal(isMet("vars.HOLD == 'BECAUSE'", scope()), true);
    assert.equal(isMet(marked("inputs.note != 'it''s'"), scope()), false);
  });

  it('binds && before ||, and parentheses before both', () => {
    assert.equal(isMet('vars.HOLD || vars.NONE && vars.NONE', scope()), true);
    assert.equal(isMet('(vars.HOLD || vars.NONE) && vars.NONE', scope()), false);
    assert.equal(isMet("!vars.NONE && !(vars.HOLD == '')", scope()), true);
  });

  it('lets a step run after a failure only if it asks', () => {
    assert.equal(isMet(null, scope('failure')), false);
    assert.equal(isMet("vars.HOLD != ''", scope('failure')), false);
    assert.equal(isMet("failure() && vars.HOLD != ''", scope('failure')), true);
    assert.equal(isMet('always()', scope('cancelled')), true);
    assert.equal(isMet('success() || cancelled()', scope('failure')), false);
  });

  it('is refused when the sandbox cannot read it, rather than guessed', () => {
    assert.throws(() => isMet('inputs.sha > 3', scope()), /cannot read the expression/);
    assert.throws(() => isMet('(inputs.sha', scope()), /expected \)/);
  });
});

import assert from 'node:assert/strict';
import { failureJson, toOncallError } from '../../../src/lib/cli/failure.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import { runOncall } from '../../support/run-oncall.ts';

const AT = { aborted: false, command: 'ack', flags: ['code', 'json'] };

describe('an error as it is shown', () => {
  it('is our own, unchanged', () => {
    const error = new OncallError('Nothing there.', { code: 'NOT_FOUND', hint: 'Look.' });
    assert.equal(toOncallError(error, AT), error);
  });

  it('names the flag, without the words that oclif wraps around a bad value', async () => {
    const ran = await runOncall(['graph', '--since', '5x']);
    assert.equal(ran.code, 2);
    assert.equal(ran.stderr.split('\n')[0], '✖ --since: "5x" is not a duration.');
    assert.doesNotMatch(ran.stderr, /Parsing|See more help/);
  });

  it('is an interruption once Ctrl-C was pressed, whatever broke because of it', () => {
    assert.equal(toOncallError(new Error('socket closed'), { ...AT, aborted: true }).code, 'INTERRUPTED');
  });

  it('says nothing of a foreign error, which may hold credentials', () => {
    const foreign = Object.assign(new Error('authorization: Bearer very-secret'), {
      headers: { authorization: 'very-secret' },
    });
    const shown = failureJson(toOncallError(foreign, AT));
    assert.equal(shown.code, 'BUG');
    assert.doesNotMatch(JSON.stringify(shown), /secret/);
    assert.deepEqual(Object.keys(shown), ['code', 'message', 'hint', 'retryable']);
  });
});

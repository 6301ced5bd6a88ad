import assert from 'node:assert/strict';
import type { WorkflowRun } from '../../../src/lib/clients/github/github.ts';
import { startRun } from '../../../src/lib/deploys/start-run.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import { githubWith, stillClock } from './some-deploys.ts';

const request = {
  repository: 'dolthub/dolthubapi',
  workflow: 'revert.yml',
  ref: 'main',
  inputs: { sha: 'x' },
  nonce: 'oncall-1',
};
const away = new OncallError('GitHub did not say whether it started revert.yml.', { code: 'UNAVAILABLE' });
const found = { id: 7, url: 'https://github.test/runs/7' } as WorkflowRun;

/** What a dispatch answers, and after how many looks the run shows up. */
function github(dispatched: () => Promise<{ runId: number; url: string } | null>, shownAfter: number) {
  const calls = { dispatch: 0, look: 0 };
  const client = githubWith({
    dispatch: () => {
      calls.dispatch++;
      return dispatched();
    },
    findRun: async (_, { nonce }) => {
      assert.equal(nonce, 'oncall-1');
      calls.look++;
      return calls.look > shownAfter ? found : null;
    },
  });
  return { client, calls };
}

describe('starting a run', () => {
  it('takes the run that GitHub names', async () => {
    const { client, calls } = github(async () => ({ runId: 7, url: 'https://github.test/runs/7' }), 0);
    assert.deepEqual(await startRun(client, request, stillClock()), { id: 7, url: 'https://github.test/runs/7' });
    assert.deepEqual(calls, { dispatch: 1, look: 0 });
  });

  it('looks for it by its nonce when GitHub only accepts', async () => {
    const { client, calls } = github(async () => null, 3);
    assert.equal((await startRun(client, request, stillClock())).id, 7);
    assert.deepEqual(calls, { dispatch: 1, look: 4 });
  });

  it('looks for it, and does not start another, when the answer was lost', async () => {
    const { client, calls } = github(() => Promise.reject(away), 1);
    assert.equal((await startRun(client, request, stillClock())).id, 7);
    assert.equal(calls.dispatch, 1);
  });

  it('gives up after half a minute, saying where to look, and still does not start another', async () => {
    const clock = stillClock();
    const { client, calls } = github(() => Promise.reject(away), 99);
    await assert.rejects(startRun(client, request, clock), (error: OncallError) => {
      assert.equal(error.code, 'NOT_VERIFIED');
      assert.match(error.message, /It is not known whether revert\.yml .* was started/);
      assert.match(error.hint ?? '', /gh run list -R dolthub\/dolthubapi --workflow revert\.yml/);
      return true;
    });
    assert.equal(calls.dispatch, 1);
    const waited = clock.waits.reduce((sum, ms) => sum + ms, 0);
    assert.ok(waited >= 30_000 && waited < 40_000, `${waited} ms`);
  });

  it('does not look for a run that GitHub refused to start', async () => {
    const refused = new OncallError('GitHub refuses (422)', { code: 'FAILED' });
    const { client, calls } = github(() => Promise.reject(refused), 0);
    await assert.rejects(startRun(client, request, stillClock()), refused);
    assert.deepEqual(calls, { dispatch: 1, look: 0 });
  });
});

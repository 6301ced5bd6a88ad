import assert from 'node:assert/strict';
import type { RunStep, WorkflowRun } from '../../../src/lib/clients/github/github.ts';
import { pollDelay, runProgress, watchRun } from '../../../src/lib/deploys/watch-run.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import { githubWith, stillClock } from './some-deploys.ts';

const at = { repository: 'a/b', runId: 1, onState: () => {} };
const step = (name: string, status: string, conclusion: string | null = null): RunStep => ({
  job: 'production',
  name,
  status,
  conclusion,
});

function answering(answers: (Partial<WorkflowRun> | OncallError)[], steps: RunStep[] = []) {
  return githubWith({
    run: async () => {
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof OncallError) throw answer;
      return answer as WorkflowRun;
    },
    steps: async () => steps,
  });
}

describe('following a run', () => {
  it('looks often at first and seldom later', () => {
    assert.deepEqual([0, 14_999, 15_000, 90_000].map(pollDelay), [1000, 1000, 3000, 10_000]);
  });

  it('names the step that failed', async () => {
    const steps = [step('Check out', 'completed', 'success'), step('Deploy', 'completed', 'failure')];
    const github = answering([{ status: 'completed', conclusion: 'failure' }], steps);
    assert.equal((await watchRun(github, at, stillClock())).failedStep, 'production: Deploy');
  });

  it('waits out a GitHub that does not answer for a while', async () => {
    const away = new OncallError('away', { code: 'UNAVAILABLE' });
    const github = answering([away, away, { status: 'queued' }, { status: 'completed', conclusion: 'success' }]);
    assert.equal((await watchRun(github, at, stillClock())).run.conclusion, 'success');
  });

  it('gives up on one that stays away', async () => {
    const away = new OncallError('away', { code: 'UNAVAILABLE' });
    await assert.rejects(watchRun(answering([away]), at, stillClock()), away);
  });

  it('stops at once at Ctrl-C', async () => {
    const stop = new OncallError('Interrupted.', { code: 'INTERRUPTED' });
    const clock = { ...stillClock(), wait: () => Promise.reject(stop) };
    await assert.rejects(watchRun(answering([{ status: 'queued' }]), at, clock), stop);
  });

  it('says where it stands in a few words', () => {
    const steps = [step('Check out', 'completed', 'success'), step('Deploy', 'in_progress'), step('Report', 'queued')];
    assert.equal(runProgress({ status: 'in_progress', conclusion: null, steps }), 'step 2 of 3: Deploy');
    assert.equal(runProgress({ status: 'waiting', conclusion: null, steps: [] }), 'waits for an approval');
    assert.equal(runProgress({ status: 'pending', conclusion: null, steps: [] }), 'queued');
  });
});

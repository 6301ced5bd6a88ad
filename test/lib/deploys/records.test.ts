import assert from 'node:assert/strict';
import type { WorkflowRun } from '../../../src/lib/clients/github/github.ts';
import { sameCommit } from '../../../src/lib/deploys/deploy.ts';
import { commitOfRun, fromRevisions, fromRuns } from '../../../src/lib/deploys/records.ts';
import { c, minutesAgo } from './some-deploys.ts';

const run = (facts: Partial<WorkflowRun>): WorkflowRun => ({
  id: 1,
  url: 'https://github.test/1',
  title: 'Deploy',
  workflow: 'deploy.yml',
  sha: c('e'),
  branch: 'main',
  event: 'workflow_dispatch',
  actor: 'ana',
  status: 'completed',
  conclusion: 'success',
  createdAt: minutesAgo(10),
  updatedAt: minutesAgo(8),
  ...facts,
});

describe('the commit of a run', () => {
  for (const [title, expected] of [
    [`Revert to ${c('a')} oncall-0123456789`, c('a')],
    ['Deploy 3f2c1a9', '3f2c1a9'],
    ['Deploy by oncall-0123456789', c('e')],
    ['Deploy the facade and the decade', c('e')],
  ] as const) {
    it(`of "${title}" is ${expected.slice(0, 10)}`, () => assert.equal(commitOfRun(run({ title })), expected));
  }
});

describe('the history from workflow runs', () => {
  it('takes success for a deploy, anything unfinished for one that is going out, and a skipped run for none', () => {
    const states = fromRuns([
      run({}),
      run({ status: 'in_progress', conclusion: null }),
      run({ status: 'waiting', conclusion: null }),
      run({ conclusion: 'failure' }),
      run({ conclusion: 'cancelled' }),
      run({ conclusion: 'skipped' }),
    ]).map(({ state }) => state);
    assert.deepEqual(states, ['succeeded', 'running', 'running', 'failed', 'failed']);
  });
});

describe('the history from replica sets', () => {
  it('is ordered by number, since going back to one keeps its age', () => {
    const revision = { image: 'registry.test/x:v1', createdAt: minutesAgo(100), replicas: 0 };
    const found = fromRevisions(
      [
        { ...revision, number: 1, revision: c('a') },
        { ...revision, number: 3, revision: c('b'), createdAt: minutesAgo(900) },
        { ...revision, number: 2, revision: null },
      ],
      null,
    );
    assert.deepEqual(
      found.map(({ sha }) => sha),
      [c('b'), 'registry.test/x:v1', c('a')],
    );
  });
});

describe('two names of a commit', () => {
  for (const [a, b, same] of [
    [c('a'), c('a').slice(0, 7), true],
    [c('a').slice(0, 12), c('a').slice(0, 7), true],
    [c('a'), c('b'), false],
    ['v1.2', 'v1.2', true],
    ['v1', 'v1.2', false],
    [null, c('a'), false],
  ] as const) {
    it(`${a} and ${b}: ${same ? 'the same' : 'not the same'}`, () => assert.equal(sameCommit(a, b), same));
  }
});

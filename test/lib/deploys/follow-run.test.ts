import assert from 'node:assert/strict';
import type { Gate, WorkflowRun } from '../../../src/lib/clients/github/github.ts';
import { type FollowEvent, followRun } from '../../../src/lib/deploys/follow-run.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import { githubWith } from './some-deploys.ts';

const clock = { now: () => 0, wait: async () => {} };
const run = { id: 1, url: 'https://github.test/run/1' };
const gate = (more: Partial<Gate> = {}): Gate => ({
  ...{ environmentId: 7, environment: 'production', mine: true, reviewers: ['sam'], waitMinutes: 0 },
  ...more,
});

describe('following a run that waits for an approval', () => {
  async function follow(gates: Gate[][], how: { comment?: string | null; approve?: () => Promise<void> } = {}) {
    const events: FollowEvent[] = [];
    const asked: string[][] = [];
    let approvals = 0;
    let looks = 0;
    const github = githubWith({
      run: async () =>
        ({ status: looks >= gates.length ? 'completed' : 'waiting', conclusion: 'success' }) as WorkflowRun,
      steps: async () => [],
      gates: async () => gates[Math.min(looks++, gates.length - 1)] ?? [],
      approve: async () => {
        approvals++;
        await how.approve?.();
      },
    });
    const approval = async (mine: readonly Gate[]) => {
      asked.push(mine.map(({ environment }) => environment));
      return how.comment ?? null;
    };
    await followRun(github, { repository: 'a/b', run, approval, onEvent: (event) => void events.push(event) }, clock);
    const kinds = events.map(({ kind }) => kind).filter((kind) => kind !== 'moved');
    return { kinds, events, asked, approvals: () => approvals };
  }

  it('asks once, approves once, and looks that the gate is gone', async () => {
    const { kinds, asked, approvals } = await follow([[gate()], []], { comment: 'go' });
    assert.deepEqual(kinds, ['approval', 'approved']);
    assert.deepEqual(asked, [['production']]);
    assert.equal(approvals(), 1);
  });

  it('leaves it to others when I say no, and does not ask again', async () => {
    const { kinds, asked, approvals } = await follow([[gate()], [gate()], [gate()]]);
    assert.deepEqual(kinds, ['approval']);
    assert.equal(asked.length, 1);
    assert.equal(approvals(), 0);
  });

  it('asks nobody who may not approve', async () => {
    const { kinds, asked } = await follow([[gate({ mine: false })], []], { comment: 'go' });
    assert.deepEqual(kinds, ['approval']);
    assert.deepEqual(asked, []);
  });

  it('asks again when another environment comes after it', async () => {
    const { asked } = await follow([[gate()], [gate({ environmentId: 8, environment: 'eu' })], []]);
    assert.deepEqual(asked, [['production'], ['eu']]);
  });

  it('looks after a lost answer, and does not approve twice', async () => {
    const lost = () => Promise.reject(new OncallError('no answer', { code: 'UNAVAILABLE' }));
    const { kinds, approvals } = await follow([[gate()], []], { comment: 'go', approve: lost });
    assert.deepEqual(kinds, ['approval', 'approved']);
    assert.equal(approvals(), 1);
  });

  it('says why it is not approved', async () => {
    const refused = () => Promise.reject(new OncallError('self-review is not allowed', { code: 'FAILED' }));
    const { events } = await follow([[gate()], [gate()]], { comment: 'go', approve: refused });
    const told = events.find(({ kind }) => kind === 'not approved');
    assert.deepEqual(told, { kind: 'not approved', why: 'self-review is not allowed' });
    const stuck = await follow([[gate()], [gate()], [gate()]], { comment: 'go' });
    assert.ok(stuck.kinds.includes('not approved'), 'accepted, and the run still waits');
  });
});

import assert from 'node:assert/strict';
import { rankSuspects } from '../../../src/lib/deploys/suspects.ts';
import { c, deploy, MINUTE, NOW } from './some-deploys.ts';

const onset = NOW - 10 * MINUTE;
const rank = (deploys: Parameters<typeof rankSuspects>[0]) =>
  rankSuspects(deploys, { onset, service: 'dolthubapi' }).map(({ deploy: { sha, service }, suspicion }) => ({
    sha,
    service,
    ...suspicion,
  }));

describe('suspects', () => {
  it('are told by the distance of their success, not of their start', () => {
    const [only] = rank([deploy('a', 30, { succeededAt: new Date(onset - 4 * MINUTE).toISOString() })]);
    assert.deepEqual(only, { sha: c('a'), service: 'dolthubapi', rank: 1, beforeOnsetSeconds: 240 });
  });

  it('lie within half an hour before and five minutes after the onset', () => {
    const ages = [4, 6, 15.5, 41, 42];
    const found = rank(ages.map((age, i) => deploy('abcde'[i] as string, age)));
    assert.deepEqual(
      found.map(({ sha }) => sha[0]),
      ['c', 'd', 'b'],
      'before the onset first, then by distance',
    );
  });

  it('put the service in trouble before a nearer one', () => {
    const found = rank([deploy('a', 12, { service: 'userservice' }), deploy('b', 30)]);
    assert.deepEqual(
      found.map(({ service, rank: place }) => [service, place]),
      [
        ['dolthubapi', 1],
        ['userservice', 2],
      ],
    );
  });

  it('include what is still going out, and what got stuck but runs', () => {
    const running = deploy('a', 12, { state: 'running', succeededAt: null });
    const stuck = { ...deploy('b', 13, { state: 'failed', succeededAt: null }), current: true };
    const failed = deploy('c', 14, { state: 'failed', succeededAt: null });
    assert.deepEqual(
      rank([running, stuck, failed]).map(({ sha }) => sha[0]),
      ['a', 'b'],
    );
  });

  it('leave out what was put back after the onset', () => {
    const found = rank([deploy('a', 8), deploy('b', 12), deploy('a', 300)]);
    assert.deepEqual(
      found.map(({ sha }) => sha[0]),
      ['b'],
    );
  });
});

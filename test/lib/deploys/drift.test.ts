import assert from 'node:assert/strict';
import type { Workload } from '../../../src/lib/clients/kubernetes/kubernetes.ts';
import type { DeployRecord } from '../../../src/lib/deploys/deploy.ts';
import { findDrift } from '../../../src/lib/deploys/drift.ts';

const [OLD, NEW, OTHER] = ['a', 'b', 'c'].map((one) => one.repeat(40)) as [string, string, string];
const AT = '2026-01-02T03:00:00Z';
const workload = { rolledBack: null } as Workload;
const record = (sha: string, state: DeployRecord['state'] = 'succeeded'): DeployRecord => {
  return { sha, startedAt: AT, succeededAt: state === 'succeeded' ? AT : null, state, by: null, runUrl: null };
};

describe('drift between the cluster and the record', () => {
  const cases: [what: string, records: DeployRecord[], runs: string | null, drifts: boolean][] = [
    ['the newest runs', [record(NEW), record(OLD)], NEW, false],
    ['by a short name', [record(NEW), record(OLD)], NEW.slice(0, 7), false],
    ['an older one runs', [record(NEW), record(OLD)], OLD, true],
    ['one that was never recorded runs', [record(NEW)], OTHER, true],
    ['a deploy is going out', [record(NEW, 'running'), record(OLD)], OTHER, false],
    ['the last one failed, and left its commit', [record(NEW, 'failed'), record(OLD)], NEW, false],
    ['the last one failed, and left what was', [record(NEW, 'failed'), record(OLD)], OLD, false],
    ['the cluster does not tell', [record(NEW)], null, false],
    ['the tag names no commit', [record(NEW)], 'v1.2', false],
    ['nothing is recorded', [], NEW, false],
  ];
  for (const [what, records, runs, drifts] of cases) {
    it(`${what}: ${drifts ? 'drift' : 'none'}`, () => {
      const found = findDrift(records, runs, workload);
      assert.equal(found !== null, drifts);
      if (found) assert.deepEqual([found.runs, found.recorded], [runs, NEW]);
    });
  }
});

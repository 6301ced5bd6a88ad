import assert from 'node:assert/strict';
import type { Kubernetes, Workload } from '../../../src/lib/clients/kubernetes/kubernetes.ts';
import type { Prometheus } from '../../../src/lib/clients/prometheus/prometheus.ts';
import type { Service } from '../../../src/lib/config/config.ts';
import type { RevertOutcome } from '../../../src/lib/recovery/revert.ts';
import { revertFailure, revertNote } from '../../../src/lib/recovery/revert-outcome.ts';
import type { RevertPlan } from '../../../src/lib/recovery/revert-plan.ts';
import { type Proof, proveRecovery } from '../../../src/lib/recovery/revert-proof.ts';
import { c, NOW, stillClock } from '../deploys/some-deploys.ts';

const service = { name: 'dolthubapi', target: {}, queries: [] } as unknown as Service;
const alert = { expr: 'sum(up) == 0', rule: 'Down' };
const standing = (ready: number, sha = c('a').slice(0, 7)): Workload => ({
  name: 'dolthubapi',
  image: `x:${sha}`,
  revision: sha,
  desired: 3,
  ready,
  updated: 3,
  rolledBack: null,
});

function prove(worlds: { pods: Workload[]; firing?: boolean[]; alert?: typeof alert | null }): Promise<Proof> {
  const { pods, firing = [false] } = worlds;
  const next = <T>(list: T[]): T => (list.length > 1 ? (list.shift() as T) : (list[0] as T));
  const clock = stillClock();
  return proveRecovery({
    service,
    sha: c('a'),
    alert: worlds.alert === undefined ? alert : worlds.alert,
    kubernetes: { workload: async () => next(pods) } as unknown as Kubernetes,
    prometheus: {
      query: async () => ({
        series: next(firing) ? [{ labels: {}, sample: { at: NOW, value: 1 } }] : [],
        warnings: [],
      }),
    } as unknown as Prometheus,
    startedAt: NOW - 20_000,
    deadline: NOW + 60_000,
    clock,
    signal: new AbortController().signal,
    onPods: () => {},
    onSample: () => {},
  });
}

describe('the proof of a recovery', () => {
  it('is the alert’s own expression, once the pods run the commit', async () => {
    const proof = await prove({ pods: [standing(0), standing(2), standing(3)], firing: [true, false] });
    assert.equal(proof.recovered, true);
    assert.equal(proof.by, 'alert');
    assert.equal(proof.afterSeconds, 24);
  });

  it('is not given while another commit runs, ready as it may be', async () => {
    const proof = await prove({ pods: [standing(3, c('b').slice(0, 7))] });
    assert.equal(proof.recovered, false);
    assert.equal(proof.pods?.serving, false);
  });

  it('is not given while the alert remains', async () => {
    const proof = await prove({ pods: [standing(3)], firing: [true] });
    assert.equal(proof.recovered, false);
    assert.deepEqual(proof.stillFiring, [1]);
  });

  it('is weaker without an expression, and says by what it is judged', async () => {
    const proof = await prove({ pods: [standing(1), standing(3)], alert: null });
    assert.equal(proof.recovered, true);
    assert.equal(proof.by, 'pods');
  });
});

describe('what is said of an outcome', () => {
  const plan = {
    service: 'dolthubapi',
    repository: 'dolthub/dolthubapi',
    goal: c('a'),
    from: { now: { sha: c('b') } },
    further: 'fffffff',
    underWay: null,
  } as unknown as RevertPlan;
  const outcome = (proof: Partial<Proof> | null, conclusion = 'success') =>
    ({ run: { id: 7, url: 'https://github.test/7', conclusion, failedStep: null }, proof }) as RevertOutcome;
  const serving = { ready: 3, desired: 3, sha: c('a'), serving: true };

  it('is nothing bad when it recovered, or nobody waited', () => {
    assert.equal(revertFailure(plan, outcome({ recovered: true }), '10m'), null);
    assert.equal(
      revertFailure(plan, { ...outcome(null), run: { ...outcome(null).run, conclusion: null } }, '10m'),
      null,
    );
  });

  it('is that the change is probably innocent, with three ways on', () => {
    const failure = revertFailure(
      plan,
      outcome({ recovered: false, by: 'alert', stillFiring: [1], pods: serving }),
      '10m',
    );
    assert.equal(failure?.code, 'NOT_VERIFIED');
    assert.match(failure?.message ?? '', /the symptom remains after 10m: it was probably not this change/);
    assert.match(failure?.hint ?? '', /revert dolthubapi --to fffffff.*release dolthubapi.*oncall escalate/);
  });

  it('does not call a change innocent when Prometheus could not be asked', () => {
    const failure = revertFailure(
      plan,
      outcome({ recovered: false, by: 'pods', stillFiring: null, pods: null }),
      '10m',
    );
    assert.match(failure?.message ?? '', /could not be seen/);
  });

  it('is that a newer run may have taken its place when it was cancelled', () => {
    const failure = revertFailure(plan, outcome(null, 'cancelled'), '10m');
    assert.equal(failure?.code, 'FAILED');
    assert.match(
      failure?.message ?? '',
      /cancelled \(a newer run in its queue does that, too\).* https:\/\/github\.test\/7/,
    );
  });

  it('goes onto the timeline in one line', () => {
    assert.equal(
      revertNote(plan, outcome({ recovered: true, afterSeconds: 192 })),
      'Reverted dolthubapi from bbbbbbb to aaaaaaa. Recovered after 3m 12s.',
    );
  });
});

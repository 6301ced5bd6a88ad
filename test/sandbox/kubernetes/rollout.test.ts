import assert from 'node:assert/strict';
import { templateHash } from '../../../src/lib/sandbox/world/cluster/naming.ts';
import type { Deployment, DeploymentStrategy, ReplicaSet } from '../../../src/lib/sandbox/world/cluster/objects.ts';
import { limits, nextSizes } from '../../../src/lib/sandbox/world/cluster/rollout.ts';

function deployment(replicas: number, strategy: DeploymentStrategy): Deployment {
  return { spec: { replicas, strategy } } as Deployment;
}

function rolling(replicas: number, maxSurge: number | string, maxUnavailable: number | string): Deployment {
  return deployment(replicas, { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } });
}

function set(replicas: number, availableReplicas: number): ReplicaSet {
  return { spec: { replicas }, status: { replicas, availableReplicas } } as ReplicaSet;
}

/** Sizes after one step, newest first. */
function step(of: Deployment, newest: ReplicaSet, older: ReplicaSet[], livePods = 0): number[] {
  const sizes = nextSizes(of, { newest, older }, livePods);
  return [newest, ...older].map((one) => sizes.get(one) ?? one.spec.replicas);
}

describe('a rollout', () => {
  it('rounds the surge up and the unavailable down, and always leaves a way forward', () => {
    assert.deepEqual(limits(rolling(3, '25%', '25%')), { surge: 1, unavailable: 0 });
    assert.deepEqual(limits(rolling(3, '100%', 0)), { surge: 3, unavailable: 0 });
    assert.deepEqual(limits(rolling(3, 0, '1%')), { surge: 0, unavailable: 1 });
    assert.deepEqual(limits(deployment(10, { type: 'RollingUpdate' })), { surge: 3, unavailable: 2 });
  });

  const cases: [title: string, sizes: number[], wanted: number[]][] = [
    ['first grows as far as the surge allows', step(rolling(10, 3, 2), set(0, 0), [set(10, 10)]), [3, 10]],
    ['then shrinks the old as far as the unavailable allow', step(rolling(10, 3, 2), set(3, 0), [set(10, 10)]), [3, 8]],
    ['lets one old pod go for each new one that is available', step(rolling(3, 3, 0), set(3, 1), [set(3, 3)]), [3, 2]],
    ['waits while nothing new is available', step(rolling(3, 3, 0), set(3, 0), [set(3, 3)]), [3, 3]],
    ['cleans up dead old pods first, no more than it may', step(rolling(10, 3, 2), set(5, 3), [set(8, 3)]), [5, 5]],
    ['cleans up dead old pods all at once when new ones cover', step(rolling(3, 3, 0), set(3, 3), [set(3, 0)]), [3, 0]],
    ['takes the oldest set first', step(rolling(4, 4, 0), set(4, 2), [set(1, 1), set(3, 3)]), [4, 0, 2]],
    ['shrinks the newest when less is wanted', step(rolling(2, 1, 0), set(5, 5), []), [2]],
  ];
  for (const [title, sizes, wanted] of cases) it(title, () => assert.deepEqual(sizes, wanted));

  it('that recreates starts nothing before the last old pod is gone', () => {
    const recreate = deployment(3, { type: 'Recreate' });
    assert.deepEqual(step(recreate, set(0, 0), [set(3, 3)], 3), [0, 0]);
    assert.deepEqual(step(recreate, set(0, 0), [set(0, 0)], 1), [0, 0]);
    assert.deepEqual(step(recreate, set(0, 0), [set(0, 0)], 0), [3, 0]);
  });

  it('knows a template again whatever the order of its keys, and tells any two apart', () => {
    const one = { metadata: { labels: { a: '1', b: '2' } }, spec: { containers: [{ name: 'api', image: 'api:1' }] } };
    const same = {
      spec: { containers: [{ image: 'api:1', name: 'api' }] },
      metadata: { creationTimestamp: null, labels: { b: '2', a: '1' } },
    };
    const other = { ...one, spec: { containers: [{ name: 'api', image: 'api:2' }] } };
    assert.equal(templateHash(one), templateHash(same));
    assert.notEqual(templateHash(one), templateHash(other));
  });
});

import assert from 'node:assert/strict';
import { WorldClock } from '../../../src/lib/sandbox/world/clock.ts';
import type { Cluster } from '../../../src/lib/sandbox/world/cluster/cluster.ts';
import type { Deployment, Pod } from '../../../src/lib/sandbox/world/cluster/objects.ts';
import { BAD, GOOD, live, MISSING, NEW, OLD, podsOf, testCluster } from '../../support/serve-kubernetes.ts';

const KEY = { namespace: 'production', name: 'dolthubapi' };

describe('the practice cluster', () => {
  let clock: WorldClock;
  let cluster: Cluster;

  beforeEach(() => {
    clock = new WorldClock();
    cluster = testCluster({ clock });
  });

  afterEach(() => clock.stop());

  const pods = (): Pod[] => podsOf(cluster, 'dolthubapi');
  const deployment = (): Deployment => cluster.store.get('deployments', KEY) as Deployment;
  const states = (): string[] =>
    pods().map(({ status }) => status.containerStatuses?.[0]?.state.waiting?.reason ?? 'up');
  const upNow = (): number => cluster.podLives('dolthubapi').filter((life) => life.states.at(-1)?.up).length;
  const reasons = (): string[] => cluster.store.list('events').map(({ reason }) => reason);

  it('begins with its past: a replica set per revision, running pods of the last one, and the lives of those before', () => {
    const revisions = cluster.store
      .list('replicasets')
      .filter(({ metadata }) => metadata.name.startsWith('dolthubapi-'));
    const counts = revisions.map(({ metadata, spec }) => [
      metadata.annotations?.['deployment.kubernetes.io/revision'],
      metadata.annotations?.['kubernetes.io/change-cause'],
      spec.replicas,
    ]);
    assert.deepEqual(counts.sort(), [
      ['1', `deploy ${OLD} by ana`, 0],
      ['2', `deploy ${GOOD} by ben`, 3],
    ]);
    assert.equal(pods().length, 3);
    const [past, ...rest] = cluster.podLives('dolthubapi');
    assert.equal(rest.length, 5);
    assert.equal(past?.sha, OLD);
    assert.ok(past?.until && past.until < clock.now() - 49 * 3_600_000);
    assert.deepEqual(
      past?.states.map(({ up }) => up),
      [true, false],
    );
    assert.equal(upNow(), 3);
  });

  it('writes nothing more while nothing happens', () => {
    const { version } = cluster.store;
    live(clock, 60_000);
    assert.equal(cluster.store.version, version);
  });

  it('replaces the pods of a deployment with those of a good revision, never serving with fewer than before', () => {
    cluster.deploy('dolthubapi', NEW, 'ben');
    for (let i = 0; i < 60; i++) {
      clock.advance(250);
      assert.ok(upNow() >= 3, `only ${upNow()} up after ${i / 4} s`);
      assert.ok((deployment().status.availableReplicas ?? 0) >= 3);
    }
    assert.equal(pods().length, 3);
    assert.ok(
      pods().every(({ spec }) => spec.containers[0]?.image === `registry.dolthub.test/dolthubapi:${NEW.slice(0, 7)}`),
    );
    assert.equal(deployment().metadata.annotations?.['deployment.kubernetes.io/revision'], '3');
    assert.equal(deployment().metadata.labels?.['app.kubernetes.io/version'], NEW);
    assert.equal(deployment().status.observedGeneration, deployment().metadata.generation);
  });

  it('lets a bad revision that is ready before it crashes take the whole service down', () => {
    const complete: boolean[] = [];
    cluster.onChange(({ object }) => {
      const { status } = object as Deployment;
      if (object.kind === 'Deployment')
        complete.push(status.conditions?.some((c) => c.reason === 'NewReplicaSetAvailable') ?? false);
    });
    cluster.deploy('dolthubapi', BAD, 'ben');
    live(clock, 12_000);
    assert.equal(upNow(), 0, 'nothing serves metrics');
    assert.ok(complete.includes(true), 'and yet the rollout counts as complete');
    assert.equal(deployment().status.conditions?.find(({ type }) => type === 'Available')?.status, 'False');
    assert.ok(cluster.podLives('dolthubapi').every((life) => life.sha !== BAD || life.states.length === 0));
  });

  for (const step of [100, 1000, 4000, 20_000]) {
    it(`has that outage even if the process wakes up only every ${step} ms of life`, () => {
      let wall = Date.UTC(2026, 0, 5, 3);
      const hasty = new WorldClock({ speed: 100, wall: () => wall });
      try {
        const other = testCluster({ clock: hasty });
        other.deploy('dolthubapi', BAD, 'ben');
        for (let i = 0; i < Math.max(4, 15_000 / step); i++) {
          wall += step / 100;
          hasty.advance(0);
        }
        assert.equal(other.podLives('dolthubapi').filter((life) => life.states.at(-1)?.up).length, 0);
      } finally {
        hasty.stop();
      }
    });
  }

  it('lets a revision that crashes when warm serve for a while in each new pod, and never again after a restart', () => {
    const other = testCluster({
      clock,
      behaviourOf: (image) => (image.endsWith('bad0bad') ? 'crash-when-warm' : 'steady'),
    });
    other.deploy('dolthubapi', BAD, 'ben');
    live(clock, 30_000);
    const bad = () => other.podLives('dolthubapi').filter(({ sha }) => sha === BAD);
    assert.deepEqual(
      bad().map(({ states }) => states.at(-1)?.up),
      [true, true, true],
    );
    live(clock, 120_000);
    assert.deepEqual(
      bad().map(({ states }) => states.map(({ up }) => up)),
      Array(3).fill([true, false]),
    );
  });

  it('restarts a crashed container at once, then after 10 s, 20 s and so on up to 5 minutes', () => {
    cluster.deploy('dolthubapi', BAD, 'ben');
    const name = () => pods().at(-1)?.metadata.name;
    const backOffs = new Set<string>();
    cluster.onChange(({ object }) => {
      const message = (object as Pod).status?.containerStatuses?.[0]?.state.waiting?.message;
      if (object.metadata.name === name() && message?.startsWith('back-off')) backOffs.add(message.split(' ')[1] ?? '');
    });
    live(clock, 1_500_000);
    assert.deepEqual([...backOffs], ['10s', '20s', '40s', '1m20s', '2m40s', '5m0s']);
    const status = pods()[0]?.status.containerStatuses?.[0];
    assert.equal(status?.lastState.terminated?.exitCode, 2);
    assert.equal(status?.lastState.terminated?.reason, 'Error');
    assert.ok((status?.restartCount ?? 0) >= 7);
    assert.ok(reasons().includes('BackOff'));
  });

  it('heals when the good image comes back, whoever brings it', () => {
    cluster.deploy('dolthubapi', BAD, 'ben');
    live(clock, 40_000);
    assert.deepEqual(states(), Array(3).fill('CrashLoopBackOff'));
    cluster.store.update('deployments', KEY, (draft) => {
      const [container] = draft.spec.template.spec.containers;
      if (container) container.image = `registry.dolthub.test/dolthubapi:${GOOD.slice(0, 7)}`;
    });
    live(clock, 12_000);
    assert.deepEqual(states(), ['up', 'up', 'up']);
    assert.equal(upNow(), 3);
    assert.ok(
      cluster
        .podLives('dolthubapi')
        .slice(-3)
        .every(({ sha }) => sha === GOOD),
      'and says which commit it runs',
    );
  });

  it('keeps the old pods when the new image does not exist', () => {
    cluster.deploy('dolthubapi', MISSING, 'ben');
    live(clock, 15_000);
    assert.deepEqual(states().sort(), ['ImagePullBackOff', 'ImagePullBackOff', 'ImagePullBackOff', 'up', 'up', 'up']);
    assert.equal(upNow(), 3);
    live(clock, 600_000);
    const progressing = deployment().status.conditions?.find(({ type }) => type === 'Progressing');
    assert.equal(progressing?.reason, 'ProgressDeadlineExceeded');
  });

  it('gives a deleted pod time to finish, and starts another at once', () => {
    const [doomed] = pods();
    assert.ok(doomed);
    cluster.store.update('pods', doomed.metadata, (draft) => {
      draft.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    });
    assert.equal(pods().length, 4);
    live(clock, 2000);
    assert.equal(upNow(), 3, 'it still serves what it had begun');
    live(clock, 3000);
    assert.equal(pods().length, 3);
    assert.ok(!pods().some(({ metadata }) => metadata.uid === doomed.metadata.uid));
    const life = cluster.podLives('dolthubapi').find(({ pod }) => pod === doomed.metadata.name);
    assert.ok(life?.until);
  });

  it('with the Recreate strategy ends every old pod before it starts a new one', () => {
    cluster.store.update('deployments', KEY, (draft) => {
      draft.spec.strategy = { type: 'Recreate' };
    });
    let most = 0;
    cluster.onChange(() => {
      most = Math.max(most, pods().length);
    });
    cluster.deploy('dolthubapi', NEW, 'ben');
    live(clock, 4000);
    live(clock, 8000);
    assert.equal(most, 3);
    assert.equal(upNow(), 3);
  });

  it('gives every write a version of its own and tells of writes in that order', () => {
    const versions: number[] = [];
    cluster.onChange(({ version, object }) => {
      versions.push(version);
      assert.equal(object.metadata.resourceVersion, String(version));
    });
    cluster.deploy('dolthubapi', BAD, 'ben');
    live(clock, 10_000);
    assert.ok(versions.length > 50);
    assert.deepEqual(
      versions,
      [...versions].sort((a, b) => a - b),
    );
    assert.equal(new Set(versions).size, versions.length);
  });

  it('forgets events after an hour', () => {
    let wall = Date.UTC(2026, 0, 5, 3);
    const other = new WorldClock({ wall: () => wall });
    const small = testCluster({ clock: other });
    small.deploy('dolthubapi', NEW, 'ben');
    live(other, 10_000);
    assert.ok(small.store.list('events').length > 10);
    wall += 3_700_000;
    other.advance(60_000);
    assert.equal(small.store.list('events').length, 0);
    other.stop();
  });
});

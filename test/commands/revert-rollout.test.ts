import assert from 'node:assert/strict';
import type { DeploysResult } from '../../src/lib/deploys/list-deploys.ts';
import type { RollbackResult } from '../../src/lib/recovery/rollback-view.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

const ACCEPTED = ['revert', '--via', 'rollout', '--yes', '--accept-warnings'];

describe('oncall revert --via rollout', function () {
  this.timeout(60_000);
  let world: TestWorld;
  afterEach(() => world.close());

  const patches = () => world.received('kubernetes').filter(({ method }) => method === 'PATCH');
  const commits = () => {
    const known = world.sandbox.world.repositories.of('dolthubapi').history.main;
    const [bad, good, older] = [...known].sort((a, b) => b.at - a.at).map(({ sha }) => sha.slice(0, 7));
    return { bad: bad as string, good: good as string, older: older as string };
  };
  const githubIsAway = () => world.sandbox.faults.add({ face: 'github', kind: '503' });

  describe('in a world that moves', () => {
    beforeEach(async () => {
      world = await startWorld({ speed: 40 });
    });

    it('is offered when GitHub is away, and heals without it, by the same proof', async () => {
      githubIsAway();
      const offered = await world.oncall(['revert', '--yes']);
      assert.equal(offered.code, 6);
      assert.match(offered.stderr, /oncall revert dolthubapi --via rollout/);
      const { good, bad } = commits();
      const ran = await world.oncall(ACCEPTED);
      assert.equal(ran.code, 0, ran.stderr);
      assert.equal(patches().length, 1);
      assert.match(ran.stdout, new RegExp(`now +${bad}, 0 of 3 pods ready`));
      assert.match(ran.stdout, new RegExp(`back to +${good}, revision \\d+`));
      assert.match(ran.stdout, new RegExp(`The next deploy puts ${bad} back, and no hold can stop it while GitHub`));
      assert.match(ran.stdout, /The cluster has taken revision \d+/);
      assert.match(ran.stdout, /Deploys are NOT on hold/);
      assert.match(ran.stdout, new RegExp(`The cluster runs ${good}: 3 of 3 pods ready`));
      assert.match(ran.stdout, /recovered in .*: the alert's own expression is quiet/);
      assert.match(
        ran.stdout,
        new RegExp(`when GitHub is back: oncall hold dolthubapi first, then oncall revert dolthubapi --to ${good}`),
      );
    });

    it('writes it down, explains the drift afterwards, and brings the record together when GitHub is back', async () => {
      githubIsAway();
      assert.equal((await world.oncall(ACCEPTED)).code, 0);
      const notes = world
        .received('ssm-incidents', 'CreateTimelineEvent')
        .map(({ body }) => JSON.stringify((body as { eventData: string }).eventData));
      assert.match(
        notes[0] ?? '',
        /Put dolthubapi back in the cluster, past GitHub, from \w{7} to \w{7} \(revision \d+\)/,
      );
      assert.match(notes[1] ?? '', /Recovered after/);
      world.sandbox.faults.clear();
      const { good, bad } = commits();
      const listed = await world.oncall(['deploys', 'dolthubapi']);
      assert.match(
        listed.stdout,
        new RegExp(
          `the cluster runs ${good}, and GitHub's last deployment says ${bad}: put back in the cluster by sam .* ago`,
        ),
      );
      const { drift } = (await world.oncall(['deploys', 'dolthubapi', '--json'])).json<{ result: DeploysResult }>()
        .result.services[0] as DeploysResult['services'][number];
      assert.equal(drift?.rolledBack?.by, 'sam');
      const nothing = await world.oncall(['revert', 'dolthubapi', '--yes']);
      assert.match(nothing.stdout, new RegExp(`GitHub's last deployment still says ${bad}; --to ${good} brings`));
      const together = await world.oncall(['revert', 'dolthubapi', '--to', good, '--yes', '--accept-warnings']);
      assert.equal(together.code, 0, together.stderr);
      const after = (await world.oncall(['deploys', 'dolthubapi', '--json'])).json<{ result: DeploysResult }>();
      assert.equal(after.result.services[0]?.drift, null);
    });

    it('holds deploys when GitHub answers after all', async () => {
      const { result } = (await world.oncall([...ACCEPTED, '--json'])).json<{ result: RollbackResult }>();
      assert.equal(result.outcome, 'recovered');
      assert.equal(result.held, true);
      assert.ok(world.sandbox.world.repositories.of('dolthubapi').variables.has('DEPLOY_HOLD'));
    });

    it('never patches twice: after a doubtful answer it looks what runs', async () => {
      githubIsAway();
      world.sandbox.faults.add({ face: 'kubernetes', kind: 'cut', match: 'PATCH', count: 1 });
      const ran = await world.oncall(ACCEPTED);
      assert.equal(ran.code, 0, ran.stderr);
      assert.equal(patches().length, 1);
    });

    it('can be undone by the stock way: what it put back is an ordinary revision', async () => {
      githubIsAway();
      const ran = await world.oncall([...ACCEPTED, '--no-wait']);
      assert.equal(ran.code, 0, ran.stderr);
      const { cluster } = world.sandbox.world;
      const deployment = cluster.store.get('deployments', { namespace: 'production', name: 'dolthubapi' });
      assert.equal(deployment?.spec.template.metadata.labels?.['pod-template-hash'], undefined);
      assert.match(
        deployment?.metadata.annotations?.['kubernetes.io/change-cause'] ?? '',
        /^oncall: put back to revision \d+ by sam/,
      );
    });
  });

  describe('before anything is changed', () => {
    beforeEach(async () => {
      world = await startWorld();
      githubIsAway();
    });

    it('prints the exact patch with --dry-run, and makes none', async () => {
      const ran = await world.oncall(['revert', '--via', 'rollout', '--dry-run']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, /PATCH \/apis\/apps\/v1\/namespaces\/production\/deployments\/dolthubapi/);
      assert.match(ran.stdout, /"op": "test"/);
      assert.deepEqual(patches(), []);
    });

    it('does not go past its warnings by --yes alone', async () => {
      const ran = await world.oncall(['revert', '--via', 'rollout', '--yes']);
      assert.equal(ran.code, 8);
      assert.match(ran.stderr, /--accept-warnings/);
      assert.deepEqual(patches(), []);
    });

    it('goes only to a revision that the cluster keeps', async () => {
      const ran = await world.oncall([...ACCEPTED, '--to', 'deadbee']);
      assert.equal(ran.code, 8);
      assert.match(ran.stderr, new RegExp(`--to ${commits().good}`));
      assert.deepEqual(patches(), []);
    });

    it('overwrites nothing that went out meanwhile', async () => {
      const { cluster } = world.sandbox.world;
      const { older } = commits();
      // Between the look and the change somebody else deploys: the patch's own test notices.
      world.sandbox.faults.add({ face: 'prometheus', kind: '503' });
      const ran = world.oncall(ACCEPTED, {
        onOutput: (text) => {
          if (!text.includes('Put dolthubapi back')) return;
          const { sha } = world.sandbox.world.repositories.revisionOf('dolthubapi', older) ?? { sha: '' };
          cluster.deploy('dolthubapi', sha, 'ben');
        },
      });
      assert.equal((await ran).code, 8, (await ran).stderr);
      assert.match((await ran).stderr, /Something else was deployed to dolthubapi meanwhile/);
    });
  });
});

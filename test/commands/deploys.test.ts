import assert from 'node:assert/strict';
import type { DeploysResult } from '../../src/lib/deploys/list-deploys.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Envelope {
  ok: boolean;
  result: DeploysResult;
  warnings: string[];
}

const DOLTHUBAPI_DEPLOYS = 'GET /repos/{owner}/{repo}/deployments';

describe('oncall deploys', () => {
  let world: TestWorld;
  afterEach(() => world.close());

  describe('during an incident', () => {
    beforeEach(async () => {
      world = await startWorld();
    });

    it('shows its service, the deploy near the onset, and where a revert would lead', async () => {
      const ran = await world.oncall(['deploys'], { width: 120 });
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, /★ \w{7} was deployed \d+s before onset .*: Warm the statistics cache/);
      assert.doesNotMatch(ran.stdout, /caused/);
      assert.match(ran.stdout, /runs now .* went out close to the onset .* last good/);
      assert.match(ran.stdout, /next: oncall revert dolthubapi/);
    });

    it('marks current, suspect and last good in the data, and says where each came from', async () => {
      const { result, warnings } = (await world.oncall(['deploys', '--json'])).json<Envelope>();
      const [service] = result.services;
      assert.equal(service?.source, 'deployments');
      assert.equal(service?.now?.from, 'cluster');
      assert.equal(service?.now?.ready, 0);
      const [bad, good] = result.deploys;
      assert.equal(bad?.sha, service?.now?.sha);
      assert.equal(bad?.sha.length, 40, 'the image has seven digits of it');
      assert.equal(bad?.current, true);
      assert.equal(bad?.suspect?.rank, 1);
      assert.equal(bad?.pull, 447);
      assert.equal(good?.lastGood, true);
      assert.equal(good?.suspect, null);
      assert.ok((good?.ranSeconds ?? 0) > 2 * 86_400);
      assert.deepEqual(warnings, []);
    });

    it('is not cut off a terminal, where every time is exact', async () => {
      const { stdout } = await world.oncall(['deploys']);
      assert.match(stdout, /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t[0-9a-f]{40}\tWarm the statistics cache/);
      assert.match(stdout, /\tcurrent, deployed \d+s before onset/);
    });

    it('goes on without the pager when a service is named', async () => {
      world.sandbox.faults.add({ face: 'ssm-incidents', kind: '500' });
      const ran = await world.oncall(['deploys', 'dolthubapi']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stderr, /The incident is not known, because the pager did not tell/);
      assert.match(ran.stdout, /Warm the statistics cache/);
    });

    it('falls back to workflow runs, and says so', async () => {
      world.sandbox.faults.add({ face: 'github', kind: '403', match: '/deployments' });
      const { result, warnings } = (await world.oncall(['deploys', '--json'])).json<Envelope>();
      assert.equal(result.services[0]?.source, 'workflow runs');
      assert.equal(result.deploys[0]?.suspect?.rank, 1);
      assert.ok(result.deploys.some(({ lastGood }) => lastGood));
      assert.match(warnings.join(), /GitHub did not tell its deployments/);
    });

    it('falls back to the cluster when GitHub is down, and says so', async () => {
      world.sandbox.faults.add({ face: 'github', kind: '503' });
      const { result, warnings } = (await world.oncall(['deploys', '--json'])).json<Envelope>();
      assert.equal(result.services[0]?.source, 'replica sets');
      assert.equal(result.deploys[0]?.current, true);
      assert.equal(result.deploys[0]?.title, null);
      assert.match(warnings.join(), /GitHub is not available/);
    });

    it('takes the newest success for what runs when the cluster does not answer', async () => {
      world.sandbox.faults.add({ face: 'kubernetes', kind: '503' });
      const { result, warnings } = (await world.oncall(['deploys', '--json'])).json<Envelope>();
      assert.equal(result.services[0]?.now?.from, 'history');
      assert.match(warnings.join(), /The cluster does not say what runs now/);
    });

    it('fails when no source can tell anything', async () => {
      world.sandbox.faults.add({ face: 'github', kind: '503' });
      world.sandbox.faults.add({ face: 'kubernetes', kind: '503' });
      const ran = await world.oncall(['deploys', '--json']);
      assert.equal(ran.code, 6);
    });
  });

  describe('on a quiet day', () => {
    beforeEach(async () => {
      world = await startWorld({ scenario: 'quiet' });
    });

    it('shows all services, merged by time', async () => {
      const { result } = (await world.oncall(['deploys', '--json', '--since', '5d'])).json<Envelope>();
      assert.ok(result.services.length > 4);
      assert.equal(result.onset, null);
      const times = result.deploys.map(({ startedAt }) => startedAt);
      assert.deepEqual(times, [...times].sort().reverse());
      assert.ok(new Set(result.deploys.map(({ service }) => service)).size > 3);
    });

    it('asks GitHub for the deployments of the one service that was named', async () => {
      const ran = await world.oncall(['deploys', 'userservice']);
      assert.match(ran.stdout, /userservice was last deployed 1d 9h ago/);
      assert.equal(world.received('github', DOLTHUBAPI_DEPLOYS).length, 1);
    });

    it('knows no other service, and names near ones', async () => {
      const ran = await world.oncall(['deploys', 'dolthubap']);
      assert.equal(ran.code, 5);
      assert.match(ran.stderr, /Did you mean "dolthubapi"/);
    });
  });
});

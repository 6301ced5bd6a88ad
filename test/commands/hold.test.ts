import assert from 'node:assert/strict';
import type { Received } from '../../src/lib/sandbox/exchange.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

const writes = (received: readonly Received[]) => received.filter(({ method }) => method !== 'GET');

describe('oncall hold', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  it('sets the variable with reason, owner and end, and reads it back', async () => {
    const ran = await world.oncall(['hold', '--yes', '--for', '2h', '--json']);
    assert.equal(ran.code, 0, ran.stdout);
    const created = world.received('github').find(({ method }) => method === 'POST');
    assert.ok(created);
    assert.equal(created.path, '/repos/dolthub/dolthubapi/actions/variables');
    const { name, value } = created.body as { name: string; value: string };
    assert.equal(name, 'DEPLOY_HOLD');
    const hold = JSON.parse(value) as Record<string, string>;
    assert.equal(hold.service, 'dolthubapi');
    assert.equal(hold.by, 'sam');
    assert.match(hold.reason ?? '', /^dolthubapi is down \([0-9a-f]{8}\)$/);
    assert.equal(Date.parse(hold.until ?? '') - Date.parse(hold.since ?? ''), 2 * 3_600_000);
    assert.equal(world.received('github').at(-1)?.method, 'GET');
    assert.equal(ran.json<{ result: { outcome: string; isRead: boolean } }>().result.isRead, true);
  });

  it('really keeps the deploy workflow from deploying', async () => {
    await world.oncall(['hold', '--yes']);
    const { repositories } = world.sandbox.world;
    const { id } = repositories.dispatch('dolthubapi', {
      workflow: 'deploy.yml',
      inputs: { sha: repositories.of('dolthubapi').history.head.sha },
      actor: 'ben',
    });
    world.advance(120);
    const run = repositories.of('dolthubapi').runs.find(id);
    assert.equal(run?.conclusion, 'failure');
  });

  it('changes nothing off a terminal without --yes, and names the flag', async () => {
    const ran = await world.oncall(['hold']);
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /--yes/);
    assert.deepEqual(writes(world.received('github')), []);
  });

  it('prints the exact call with --dry-run, and makes none', async () => {
    const ran = await world.oncall(['hold', '--dry-run']);
    assert.equal(ran.code, 0);
    assert.match(ran.stdout, /POST \/repos\/dolthub\/dolthubapi\/actions\/variables\n/);
    assert.deepEqual(writes(world.received('github')), []);
  });

  it('says who holds already, and replaces that only when told to', async () => {
    await world.oncall(['hold', '--yes', '--reason', 'the first']);
    world.forget();
    const ran = await world.oncall(['hold', '--reason', 'the second']);
    assert.equal(ran.code, 2);
    assert.match(ran.stdout, /on hold already, by sam, since .*: the first/);
    assert.deepEqual(writes(world.received('github')), []);
    await world.oncall(['hold', '--reason', 'the second', '--yes']);
    assert.deepEqual(
      writes(world.received('github')).map(({ method }) => method),
      ['PATCH'],
    );
  });

  it('says that it is advisory where the workflow does not read it', async () => {
    const { files } = world.sandbox.world.repositories.of('userservice');
    const path = '.github/workflows/deploy.yml';
    files.set(path, (files.get(path) ?? '').replaceAll('vars.DEPLOY_HOLD', 'vars.SOMETHING'));
    const ran = await world.oncall(['hold', 'userservice', '--reason', 'x', '--yes']);
    assert.match(ran.stdout, /advisory: the deploy workflow does not read it/);
  });

  it('wants a reason where no incident gives one', async () => {
    const ran = await world.oncall(['hold', 'userservice', '--yes']);
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /--reason/);
  });

  it('does not write again after a doubtful answer, but looks', async () => {
    world.sandbox.faults.add({ face: 'github', kind: 'cut', match: 'POST', count: 1 });
    const ran = await world.oncall(['hold', '--yes']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(writes(world.received('github')).filter(({ method }) => method === 'POST').length, 1);
  });
});

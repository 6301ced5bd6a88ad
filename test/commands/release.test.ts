import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../support/world.ts';

describe('oncall release', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ scenario: 'quiet' });
  });
  afterEach(() => world.close());
  const deleted = () => world.received('github').filter(({ method }) => method === 'DELETE');

  it('finds the one service on hold by itself, removes the variable and looks that it is gone', async () => {
    await world.oncall(['hold', 'userservice', '--yes', '--reason', 'x']);
    world.forget();
    const ran = await world.oncall(['release', '--yes']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /Deploys of userservice may go on/);
    assert.deepEqual(
      deleted().map(({ path }) => path),
      ['/repos/dolthub/userservice/actions/variables/DEPLOY_HOLD'],
    );
    const after = world.received('github').at(-1);
    assert.equal(`${after?.method} ${after?.status}`, 'GET 404');
  });

  it('has nothing to do where nothing is on hold, and says so', async () => {
    const ran = await world.oncall(['release']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /No service's deploys are on hold/);
    const named = await world.oncall(['release', 'userservice', '--json']);
    assert.equal(named.json<{ result: { outcome: string } }>().result.outcome, 'not held');
    assert.equal(deleted().length, 0);
  });

  it('does not choose among several', async () => {
    await world.oncall(['hold', 'userservice', '--yes', '--reason', 'x']);
    await world.oncall(['hold', 'remotesapi', '--yes', '--reason', 'x']);
    const ran = await world.oncall(['release', '--yes']);
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /oncall release userservice/);
    assert.equal(deleted().length, 0);
  });

  it('changes nothing without --yes off a terminal, nor with --dry-run', async () => {
    await world.oncall(['hold', 'userservice', '--yes', '--reason', 'x']);
    assert.equal((await world.oncall(['release'])).code, 2);
    const dry = await world.oncall(['release', '--dry-run']);
    assert.match(dry.stdout, /DELETE \/repos\/dolthub\/userservice\/actions\/variables\/DEPLOY_HOLD/);
    assert.equal(deleted().length, 0);
  });
});

import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../../support/world.ts';

describe('oncall incident link', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ scenario: 'quiet', speed: 20 });
    const ran = await world.oncall(['page', 'userservice', 'logins hang', '--yes']);
    assert.equal(ran.code, 0, ran.stderr);
    world.forget();
  });
  afterEach(() => world.close());

  function notes(): string[] {
    return world.received('ssm-incidents', 'CreateTimelineEvent').map(({ body }) => JSON.stringify(body));
  }

  it('tells everybody which service an incident is about that was opened by hand', async () => {
    const ran = await world.oncall(['incident', 'link', 'dolthub-web']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /logins hang [0-9a-f]{8} is about dolthub-web now/);
    assert.match(notes()[0] ?? '', /This incident is about the service dolthub-web\./);
    const other = { env: { ONCALL_STATE_DIR: `${world.sandbox.address.directory}/another-machine` } };
    const shown = await world.oncall(['incident', 'show', '--json'], other);
    assert.equal(shown.json<{ result: { service: string } }>().result.service, 'dolthub-web');
  });

  it('does nothing where it is known already, and lets the newest link count', async () => {
    const known = await world.oncall(['incident', 'link', 'userservice']);
    assert.match(known.stdout, /is about userservice already/);
    assert.deepEqual(notes(), []);
    await world.oncall(['incident', 'link', 'dolthub-web']);
    await world.oncall(['incident', 'link', 'dolthub-web']);
    assert.equal(notes().length, 1);
    await world.oncall(['incident', 'link', 'remotesapi']);
    assert.equal(notes().length, 2);
  });

  it('cannot overrule an alert', async () => {
    world.sandbox.world.play('bad-deploy');
    world.advance(300);
    const ran = await world.oncall(['incident', 'link', 'remotesapi', '-i', 'dolthubapi is down']);
    assert.equal(ran.code, 8, ran.stdout + ran.stderr);
    assert.match(ran.stderr, /Its alert says that it is about dolthubapi/);
    assert.deepEqual(notes(), []);
  });

  it('refuses an unknown service with near names', async () => {
    const ran = await world.oncall(['incident', 'link', 'dolthub-wbe']);
    assert.equal(ran.code, 5);
    assert.match(ran.stderr, /Did you mean "dolthub-web"/);
  });

  it('prints the call with --dry-run, and makes none', async () => {
    const ran = await world.oncall(['incident', 'link', 'dolthub-web', '--dry-run']);
    assert.match(ran.stdout, /CreateTimelineEvent .*\n.* type: Note\n.* text: This incident is about/);
    assert.deepEqual(notes(), []);
  });
});

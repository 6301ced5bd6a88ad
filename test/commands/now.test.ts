import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../support/world.ts';

describe('oncall now', () => {
  let world: TestWorld;
  afterEach(() => world.close());

  it('shows what is open, who has it, what fires, who is on call, and the one next command', async () => {
    world = await startWorld();
    const before = await world.oncall(['now']);
    assert.equal(before.code, 0, before.stderr);
    assert.match(before.stdout, /dolthubapi is down/);
    assert.match(before.stdout, /paged and not answered: you/);
    assert.match(before.stdout, /alert ServiceDown/);
    assert.match(before.stdout, /on call: Sam Okafor \(you\)/);
    assert.match(before.stdout, /next: oncall ack\n/);
    await world.oncall(['ack']);
    const after = await world.oncall(['now']);
    assert.match(after.stdout, /acknowledged by you/);
    assert.match(after.stdout, /next: oncall deploys dolthubapi\n/);
  });

  it('is calm when nothing is wrong', async () => {
    world = await startWorld({ scenario: 'quiet' });
    const ran = await world.oncall(['now', '--json']);
    const { result } = ran.json<{ result: { incidents: unknown[]; alerts: unknown[]; missing: string[] } }>();
    assert.deepEqual([result.incidents, result.alerts, result.missing], [[], [], []]);
  });

  it('shows the rest when a source is down, and says what is missing', async () => {
    world = await startWorld();
    world.sandbox.faults.add({ face: 'github', kind: '500' });
    const ran = await world.oncall(['now']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /dolthubapi is down/);
    assert.match(ran.stdout, /⚠ Deploy holds: /);
  });

  it('never says that nothing is open when the pager did not answer', async () => {
    world = await startWorld();
    world.sandbox.faults.add({ face: 'ssm-incidents', kind: '503' });
    const ran = await world.oncall(['now']);
    assert.equal(ran.code, 6);
    assert.match(ran.stdout, /NOT known whether an incident is open/);
    assert.doesNotMatch(ran.stdout, /No incident is open/);
    assert.match(ran.stdout, /alert ServiceDown/);
  });

  it('keeps terminal escapes out of what foreign systems say', async () => {
    world = await startWorld();
    const { incidents } = world.sandbox.world.incidentManager;
    const open = incidents.list().find(({ status }) => status === 'OPEN');
    assert.ok(open);
    open.title = 'down\u001b]0;owned\u0007\u001b[2J\r✔ all fine';
    const ran = await world.oncall(['now'], { width: 100 });
    assert.doesNotMatch(ran.stdout, /\u001b\]|\u001b\[2J|\r|\u0007/);
    assert.match(ran.stdout, /down {1,2}✔ all fine|down ✔ all fine/);
  });
});

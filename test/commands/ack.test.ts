import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../support/world.ts';

describe('oncall ack', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  it('accepts my page in three round trips, proves that paging stopped, and shows what is known', async () => {
    const ran = await world.oncall(['ack']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /Acknowledged: dolthubapi is down/);
    assert.match(ran.stdout, /Paging has stopped: nobody else will be rung/);
    assert.match(ran.stdout, /0 of 3 instances answer/);
    assert.match(ran.stdout, /Warm the statistics cache at start-up .* before the onset/);
    assert.match(ran.stdout, /next: oncall revert/);
    const calls = world.sandbox.received().map(({ operation }) => operation);
    const upToAccept = calls.slice(0, calls.indexOf('AcceptPage') + 1);
    assert.deepEqual(
      new Set(upToAccept),
      new Set(['GetCallerIdentity', 'ListIncidentRecords', 'ListPagesByContact', 'AcceptPage']),
    );
    assert.equal(upToAccept.length, 4, 'who I am and what is open go side by side');
  });

  it('stops the escalation: nobody else is paged however long it lasts', async () => {
    await world.oncall(['ack', '--json']);
    const { engagements, incidents } = world.sandbox.world.incidentManager;
    world.advance(3600);
    const open = incidents.list().filter(({ status }) => status === 'OPEN');
    const people = open.flatMap(({ arn }) =>
      engagements
        .list({ incident: arn })
        .flatMap((one) => engagements.pages.ofEngagement(one))
        .map(({ contact }) => contact.split('/').at(-1)),
    );
    assert.deepEqual([...new Set(people)], ['sam']);
  });

  it('does nothing twice', async () => {
    await world.oncall(['ack']);
    world.forget();
    const again = await world.oncall(['ack']);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /You had already acknowledged/);
    assert.equal(world.received('ssm-contacts', 'AcceptPage').length, 0);
  });

  it('gives the same as JSON', async () => {
    const { ok, result, warnings } = (await world.oncall(['ack', '--json'])).json<{
      ok: boolean;
      result: { stopped: boolean; briefing: { service: string } };
      warnings: string[];
    }>();
    assert.equal(ok, true);
    assert.equal(result.stopped, true);
    assert.equal(result.briefing.service, 'dolthubapi');
    assert.deepEqual(warnings, []);
  });

  it('writes the acknowledgement onto the timeline once', async () => {
    await world.oncall(['ack', '--note', 'Looking.']);
    await world.oncall(['ack']);
    const notes = world.received('ssm-incidents', 'CreateTimelineEvent');
    assert.equal(notes.length, 1);
    assert.match(JSON.stringify(notes[0]?.body), /Looking\./);
  });

  it('waits for a page that lags its incident', async () => {
    await world.close();
    world = await startWorld({ paged: false });
    const { clock, incidentManager } = world.sandbox.world;
    const open = () => incidentManager.incidents.list().some(({ status }) => status === 'OPEN');
    for (let i = 0; i < 200 && !open(); i++) clock.advance(100);
    assert.ok(open());
    const ran = world.oncall(['ack']);
    clock.after(1500, () => {});
    const done = await ran;
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /Acknowledged/);
    assert.ok(world.received('ssm-contacts', 'ListPagesByContact').length > 1);
  });

  it('says who holds what when nothing waits for me', async () => {
    // Long after the incident began no page can be on its way any more, so nothing is waited for.
    const now = () => Date.now() + 600_000;
    const ran = await world.oncall(['ack'], { env: { ONCALL_ME: 'mei' }, now });
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /No page waits for you/);
    assert.match(ran.stdout, /sam \(paged\)/);
    assert.equal(world.received('ssm-contacts', 'AcceptPage').length, 0);
  });

  it('says how to stop the phone before anything else when signing in fails', async () => {
    world.sandbox.faults.add({ face: 'sts', kind: '401' });
    world.sandbox.faults.add({ face: 'ssm-incidents', kind: '401' });
    const ran = await world.oncall(['ack']);
    assert.equal(ran.code, 4);
    assert.match(ran.stderr, /^(sandbox │ )?✖ To stop the phone now, reply to the text message with its code/);
    assert.match(ran.stderr, /aws sso login/);
  });

  it('exits 7 and names who will still be rung when the stage is not essential', async () => {
    const { contacts } = world.sandbox.world.incidentManager;
    const plan = contacts.list().find(({ alias }) => alias === 'engineering');
    assert.ok(plan);
    for (const { ContactTargetInfo: target } of (plan.plan.Stages ?? []).flatMap(({ Targets }) => Targets)) {
      if (target) target.IsEssential = false;
    }
    const ran = await world.oncall(['ack']);
    assert.equal(ran.code, 7, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /Paging has NOT stopped/);
    assert.match(ran.stdout, /Ana Duarte/);
  });
});

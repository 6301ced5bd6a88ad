import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../support/world.ts';

/** Waits of the world pass by themselves quickly enough for a page to go out while the command watches. */
const SPEED = 20;

interface Sent {
  ContactId: string;
  IncidentId?: string;
  Content: string;
  PublicContent: string;
}

describe('oncall escalate', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ speed: SPEED });
  });
  afterEach(() => world.close());

  function sent(operation: string): Sent[] {
    return world.received('ssm-contacts', operation).map(({ body }) => body as Sent);
  }
  /** Whom the world has paged since the last page of the first responder, by alias. */
  function paged(): string[] {
    const { engagements, incidents } = world.sandbox.world.incidentManager;
    const open = incidents.list().filter(({ status }) => status === 'OPEN');
    const pages = open.flatMap(({ arn }) =>
      engagements.list({ incident: arn }).flatMap((one) => engagements.pages.ofEngagement(one)),
    );
    return pages.map(({ contact }) => contact.split('/').at(-1) ?? '');
  }

  it('rings the next responder once, proves it, and stops the clock that would ring them again', async () => {
    const ran = await world.oncall(['escalate', '--yes', '--reason', 'the revert failed']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /Next in "Engineering": stage 2\./);
    assert.match(ran.stdout, /Rings Ana Duarte: SMS and e-mail at once, call after 1m, call after 3m\./);
    assert.match(ran.stdout, /✔ Ringing Ana Duarte: (SMS|e-mail) (sent|delivered)/);
    assert.match(ran.stdout, /The plan "Engineering" is stopped.*\n.*Tom Reyes .*oncall escalate tom/);
    const [engaged, ...more] = sent('StartEngagement');
    assert.equal(more.length, 0);
    assert.match(engaged?.ContactId ?? '', /contact\/ana$/);
    assert.match(engaged?.IncidentId ?? '', /incident-record/);
    assert.match(engaged?.Content ?? '', /asks for your help: the revert failed/);
    assert.doesNotMatch(engaged?.PublicContent ?? '', /revert/);
    assert.equal(sent('StopEngagement').length, 1);
    world.advance(3600);
    assert.equal(paged().filter((alias) => alias === 'ana').length, 4, 'her own plan once: SMS, e-mail, two calls');
    assert.equal(paged().includes('tom'), false, 'as it said');
  });

  it('goes on to the third responder, and then says that nobody is left', async () => {
    await world.oncall(['escalate', '--yes']);
    const second = await world.oncall(['escalate', '--yes']);
    assert.match(second.stdout, /Ringing Tom Reyes/);
    const third = await world.oncall(['escalate', '--yes']);
    assert.equal(third.code, 5);
    assert.match(third.stderr, /Everybody in the escalation plan "Engineering" has been rung already/);
    assert.equal(sent('StartEngagement').length, 2);
  });

  it('tells the next responder after an acknowledgement what was tried', async () => {
    await world.oncall(['ack']);
    await world.oncall(['graph', 'dolthubapi']);
    await world.oncall(['note', 'pods restart']);
    const ran = await world.oncall(['escalate', '--yes', '--json']);
    assert.equal(ran.code, 0, ran.stdout);
    const content = sent('StartEngagement')[0]?.Content ?? '';
    assert.match(content, /dolthubapi is down\nSince .*service dolthubapi\./);
    assert.match(content, /- \d\d:\d\dZ oncall graph dolthubapi \(ok\)\n- \d\d:\d\dZ pods restart\n/);
    assert.equal(sent('StopEngagement').length, 0, 'the acknowledgement had stopped the plan');
    const { result } = ran.json<{ result: { done: { proven: boolean; pages: { person: string }[] } } }>();
    assert.equal(result.done.proven, true);
    assert.deepEqual([...new Set(result.done.pages.map(({ person }) => person))], ['ana']);
  });

  it('rings somebody outside the plan and leaves its clock alone', async () => {
    const ran = await world.oncall(['escalate', 'lindqvist', '--yes']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /Ana Duarte will be rung as well, as before: in /);
    assert.equal(sent('StopEngagement').length, 0);
  });

  it('does not nag whom it rang a moment ago, unless told so', async () => {
    await world.oncall(['escalate', 'ben', '--yes']);
    world.forget();
    const again = await world.oncall(['escalate', 'ben', '--yes']);
    assert.equal(again.code, 8);
    assert.match(again.stderr, /Ben Lindqvist was rung .* ago.*Nothing was sent[\s\S]*--again/);
    assert.deepEqual(sent('StartEngagement'), []);
    const told = await world.oncall(['escalate', 'ben', '--yes', '--again']);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /was rung .* and has not answered yet/);
    assert.equal(sent('StopEngagement').length, 1, 'the earlier page stops');
  });

  const refusals: [what: string, argv: string[], code: number, words: RegExp][] = [
    ['without --yes where nobody can be asked', [], 2, /--yes/],
    ['to ring me', ['sam', '--yes'], 8, /That is you/],
    ['an unknown name, with near ones', ['anna', '--yes'], 5, /Did you mean "ana"/],
    ['an incident that is resolved', ['-i', 'remotesapi', '--yes'], 8, /resolved: nobody is woken/],
  ];
  for (const [what, argv, code, words] of refusals) {
    it(`refuses ${what}, and sends nothing`, async () => {
      const ran = await world.oncall(['escalate', ...argv]);
      assert.equal(ran.code, code, ran.stdout + ran.stderr);
      assert.match(ran.stderr, words);
      assert.deepEqual(sent('StartEngagement'), []);
    });
  }

  it('refuses somebody whose channels were never activated', async () => {
    const { contacts } = world.sandbox.world.incidentManager;
    const arn = contacts.list().find(({ alias }) => alias === 'ana')?.arn ?? '';
    for (const channel of contacts.channels.list(arn)) contacts.channels.deactivate(channel.arn);
    const ran = await world.oncall(['escalate', 'ana', '--yes']);
    assert.equal(ran.code, 8);
    assert.match(ran.stderr, /Ana Duarte has not activated any of 3 channels\. Nothing was sent/);
  });

  it('prints the calls with --dry-run, and makes none', async () => {
    const ran = await world.oncall(['escalate', '--dry-run']);
    assert.equal(ran.code, 0);
    assert.match(ran.stdout, /StartEngagement ana\n.* incident: /);
    assert.match(ran.stdout, /StopEngagement engineering\//);
    assert.doesNotMatch(ran.stdout, /arn:/);
    assert.deepEqual([...sent('StartEngagement'), ...sent('StopEngagement')], []);
  });

  it('does not ring twice when the answer is lost: it looks, and finds that it happened', async () => {
    world.sandbox.faults.add({ face: 'ssm-contacts', kind: 'cut', match: 'StartEngagement', count: 1 });
    const ran = await world.oncall(['escalate', '--yes']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /a look shows that it rings Ana Duarte\. Nothing was sent twice/);
    assert.equal(sent('StartEngagement').length, 1);
  });

  it('says that it is not known when the pager fails, and stops nothing', async () => {
    world.sandbox.faults.add({ face: 'ssm-contacts', kind: '500', match: 'StartEngagement' });
    const begun = Date.now();
    const ran = await world.oncall(['escalate', '--yes'], { now: () => begun + (Date.now() - begun) * 20 });
    assert.equal(ran.code, 6);
    assert.match(ran.stderr, /It is not known whether Ana Duarte is being rung/);
    const struck = world.received('ssm-contacts').filter(({ fault }) => fault === '500');
    assert.equal(struck.length, 1, 'asked once, and never again');
    assert.equal(sent('StopEngagement').length, 0);
  });

  it('writes the escalation onto the timeline', async () => {
    await world.oncall(['escalate', '--yes', '--reason', 'stuck']);
    const notes = world.received('ssm-incidents', 'CreateTimelineEvent');
    assert.match(JSON.stringify(notes.map(({ body }) => body)), /Escalated to Ana Duarte: stuck/);
  });
});

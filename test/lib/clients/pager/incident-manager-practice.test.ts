import assert from 'node:assert/strict';
import { connectIncidentManager } from '../../../../src/lib/clients/pager/incident-manager/connect.ts';
import type { Pager } from '../../../../src/lib/clients/pager/pager.ts';
import { failing, unaborted } from '../../../support/connection.ts';
import { type PracticeAccount, startPracticeAccount } from './practice-account.ts';
import { settingsAt } from './scripted-aws.ts';

const MINUTE = 60_000;

describe('Incident Manager as a pager, against the practice account', () => {
  let account: PracticeAccount;
  let pager: Pager;

  beforeEach(async () => {
    account = await startPracticeAccount();
    pager = connectIncidentManager({ settings: settingsAt(account.endpoint), signal: unaborted() });
  });
  afterEach(() => account.stop());

  function received(operation: string): unknown[] {
    return account.received.filter((one) => one.operation === operation).map(({ body }) => body);
  }

  async function openIncident() {
    account.alert();
    const [incident] = await pager.incidents({ status: 'open' });
    assert.ok(incident);
    return incident;
  }

  it('sees the incident that an alert opened, and the alert itself', async () => {
    const incident = await openIncident();
    assert.equal(incident.title, 'dolthubapi is down');
    assert.equal(incident.plan, 'dolthubapi-dolthubapi-down');
    assert.equal(incident.openedBy, 'alert');
    assert.equal((await pager.incident(incident.id)).summary, 'No instance is up');
    const trigger = await pager.trigger(incident.id);
    assert.equal(trigger?.alert?.name, 'DolthubapiDown');
    assert.deepEqual(trigger?.alert?.labels, { alertname: 'DolthubapiDown', app: 'dolthubapi' });
  });

  it('acknowledges my page, and with it the plan stops', async () => {
    const incident = await openIncident();
    const { login } = await pager.identity();
    const pages = await pager.pagesOf(login!, incident.id);
    assert.ok(pages.length > 0 && pages.every(({ readAt }) => readAt === null));
    await pager.accept(pages[0]!.id, { note: 'on it' });
    const [accepted] = await pager.pagesOf(login!, incident.id);
    assert.notEqual(accepted!.readAt, null);
    account.world.clock.advance(30 * MINUTE);
    assert.deepEqual(await pager.pagesOf('ana', incident.id), []);
    assert.deepEqual(
      await pager.pathOf(accepted!.id).then((path) => path.map(({ contact, kind }) => [contact, kind])),
      [
        ['engineering', 'plan'],
        ['engineering-on-call', 'schedule'],
        ['sam', 'person'],
      ],
    );
    assert.ok((await pager.receipts(accepted!.id)).some(({ kind }) => kind === 'read'));
    assert.doesNotMatch(JSON.stringify([incident, pages, accepted, await pager.timeline(incident.id)]), /arn:/);
  });

  it('accepts with the right code, refuses a wrong one, and takes a second time for done', async () => {
    const incident = await openIncident();
    const [page] = await pager.pagesOf('sam', incident.id);
    const code = account.world.engagements.pages.ofContact(
      `arn:aws:ssm-contacts:us-west-2:000000000000:contact/sam`,
    )[0]!.acceptCode;
    const wrong = code === '111111' ? '222222' : '111111';
    await assert.rejects(pager.accept(page!.id, { code: wrong }), failing('USAGE', /does not accept this code/));
    await pager.accept(page!.id, { code });
    await pager.accept(page!.id, { code: wrong });
    await pager.accept(page!.id, {});
  });

  it('sees the second responder rung when nobody answers', async () => {
    const incident = await openIncident();
    account.world.clock.advance(11 * MINUTE);
    assert.equal((await pager.pagesOf('ana', incident.id)).length > 0, true);
    const [engagement] = await pager.engagements(incident.id);
    assert.equal(engagement!.contact, 'engineering');
    assert.equal(engagement!.kind, 'plan');
    const people = (await pager.pagesOfEngagement(engagement!.id)).map(({ contact }) => contact);
    assert.deepEqual([...new Set(people)].sort(), ['ana', 'sam']);
    await pager.stop(engagement!.id, 'handled');
    await pager.stop(engagement!.id, 'handled twice');
    assert.notEqual((await pager.engagements(incident.id))[0]!.stoppedAt, null);
  });

  it('pages someone once for one token', async () => {
    const incident = await openIncident();
    const request = {
      to: 'ana',
      incidentId: incident.id,
      sender: 'sam (on call)',
      subject: 'Help with dolthubapi',
      content: 'Down since 20:26; reverted once.',
      publicSubject: 'Incident',
      publicContent: '',
      token: 'escalate-1',
    };
    const first = await pager.engage(request);
    assert.equal(await pager.engage(request), first);
    account.world.clock.advance(MINUTE / 2);
    const pages = await pager.pagesOf('ana', incident.id);
    assert.deepEqual(
      pages.map(({ sender, engagementId }) => [sender, engagementId]),
      [['sam on call', first]],
    );
    await assert.rejects(
      pager.engage({ ...request, to: 'nobody', token: 'escalate-2' }),
      failing('NOT_FOUND', /no contact "nobody"/),
    );
  });

  it('writes notes and links once, and resolves', async () => {
    const incident = await openIncident();
    const at = new Date(account.world.clock.now()).toISOString();
    const note = { text: 'It was the "cache" 🙈', at, token: 'note-1' };
    assert.equal(await pager.addNote(incident.id, note), await pager.addNote(incident.id, note));
    const link = { title: 'Revert run', url: 'https://github.test/runs/1', token: 'link-1' };
    await pager.addLink(incident.id, link);
    await pager.addLink(incident.id, link);
    assert.deepEqual(
      (await pager.links(incident.id)).filter(({ url }) => url === link.url),
      [{ title: link.title, url: link.url }],
    );
    assert.equal(received('UpdateRelatedItems').length, 1);
    await pager.resolve(incident.id, 'resolve-1');
    assert.equal((await pager.incident(incident.id)).status, 'resolved');
    const timeline = await pager.timeline(incident.id);
    assert.deepEqual(
      timeline.filter(({ kind }) => kind === 'note').map(({ text }) => text),
      [note.text],
    );
    for (const kind of ['triggered', 'started', 'paged', 'resolved']) {
      assert.ok(
        timeline.some((event) => event.kind === kind),
        kind,
      );
    }
    assert.deepEqual(await pager.incidents({ status: 'open' }), []);
    assert.equal((await pager.incidents()).length, 1);
  });

  it('opens an incident by hand, which has no alert', async () => {
    const id = await pager.startIncident({
      plan: 'dolthubapi-dolthubapi-down',
      title: 'Slow',
      impact: 2,
      token: 'open-1',
    });
    const incident = await pager.incident(id);
    assert.deepEqual([incident.title, incident.impact, incident.openedBy], ['Slow', 2, 'person']);
    assert.equal(await pager.trigger(id), null);
    const again = connectIncidentManager({ settings: settingsAt(account.endpoint), signal: unaborted() });
    assert.equal((await again.incident(id)).id, id, 'found from its id alone');
    await assert.rejects(
      pager.startIncident({ plan: 'no-such-plan', title: 'x', token: 'open-2' }),
      failing('NOT_FOUND', /no response plan "no-such-plan"/),
    );
  });

  it('knows people, plans, schedules and their shifts', async () => {
    assert.deepEqual((await pager.contacts()).map(({ alias, kind }) => [alias, kind]).sort(), [
      ['ana', 'person'],
      ['ben', 'person'],
      ['engineering', 'plan'],
      ['engineering-on-call', 'schedule'],
      ['sam', 'person'],
    ]);
    const sam = await pager.contact('sam');
    assert.deepEqual(
      sam.channels.map(({ kind, address, activated }) => [kind, address, activated]),
      [['sms', '…01', true]],
    );
    const plan = await pager.contact('engineering');
    assert.deepEqual(plan.channels, []);
    assert.deepEqual(
      plan.stages.map(({ minutes, targets }) => [minutes, targets[0]]),
      [
        [10, { kind: 'contact', alias: 'engineering-on-call', essential: true }],
        [10, { kind: 'contact', alias: 'ana', essential: true }],
      ],
    );
    const now = account.world.clock.now();
    const shifts = await pager.onCall('engineering-on-call', new Date(now).toISOString());
    assert.deepEqual(
      shifts.map(({ people }) => people),
      [['sam']],
    );
    const week = { from: new Date(now).toISOString(), to: new Date(now + 6 * 24 * 60 * MINUTE).toISOString() };
    const people = (await pager.shifts('engineering-on-call', week)).flatMap((shift) => shift.people);
    assert.deepEqual(people.slice(0, 3), ['sam', 'ben', 'sam']);
    assert.deepEqual(await pager.responsePlan('dolthubapi-dolthubapi-down'), {
      name: 'dolthubapi-dolthubapi-down',
      title: 'dolthubapi is down',
      engages: ['engineering'],
    });
    assert.deepEqual(await pager.responsePlans(), ['dolthubapi-dolthubapi-down']);
  });

  it('explains an account that never had Incident Manager, whatever is asked', async () => {
    account.world.setEnabled(false);
    assert.equal(await pager.enabled(), false);
    for (const asked of [
      () => pager.incidents({ status: 'open' }),
      () => pager.contacts(),
      () => pager.pagesOf('sam'),
      () => pager.startIncident({ plan: 'p', title: 't', token: 'x' }),
      () => pager.incident('aaaaaaaa-1111-4111-8111-111111111111'),
    ]) {
      await assert.rejects(asked(), failing('NOT_ENABLED', /7 November 2025.*oncall sandbox start/s));
    }
  });

  it('says that the sign-in has expired, from all three services', async () => {
    account.expired.add('SANDBOX');
    for (const asked of [() => pager.identity(), () => pager.incidents(), () => pager.responsePlans()]) {
      await assert.rejects(asked(), failing('AUTH', /sign-in has expired.*aws sso login/));
    }
    account.expired.clear();
    await pager.identity();
    account.expired.add('SANDBOX');
    await assert.rejects(pager.contacts(), failing('AUTH', /sign-in has expired/));
  });
});

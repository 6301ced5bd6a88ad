import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Body {
  ContactId?: string;
  IncidentId?: string;
  Content?: string;
  title?: string;
  impact?: number;
  responsePlanArn?: string;
}

describe('oncall page', () => {
  let world: TestWorld;
  afterEach(() => world.close());

  function sent(face: string, operation: string): Body[] {
    return world.received(face, operation).map(({ body }) => body as Body);
  }

  describe('on a quiet day', () => {
    beforeEach(async () => {
      world = await startWorld({ scenario: 'quiet', speed: 20 });
    });

    it('rings a person, without an incident', async () => {
      const ran = await world.oncall(['page', 'ana', 'can you look?', '--yes']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, /Belongs to no incident: none is open/);
      assert.match(ran.stdout, /✔ Ringing Ana Duarte/);
      const [engaged, ...more] = sent('ssm-contacts', 'StartEngagement');
      assert.deepEqual([more.length, engaged?.IncidentId], [0, undefined]);
      assert.match(engaged?.Content ?? '', /^can you look\?\nSam Okafor pages you\.$/);
    });

    it('opens the incident of a service, rings whom its plan names, and makes it the current one', async () => {
      const argv = ['page', 'dolthubapi', 'uploads hang', '--impact', '2', '--plan', 'dolthubapi-service-down'];
      const ran = await world.oncall([...argv, '--yes']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, /✔ Opened uploads hang/);
      assert.match(ran.stdout, /✔ Ringing Sam Okafor/);
      const [started] = sent('ssm-incidents', 'StartIncident');
      assert.deepEqual([started?.title, started?.impact], ['uploads hang', 2]);
      assert.match(started?.responsePlanArn ?? '', /dolthubapi-service-down$/);
      assert.equal((await world.oncall(['note', 'seen'])).code, 0);
      const again = await world.oncall([...argv, '--yes']);
      assert.equal(again.code, 8, 'a second one would ring nobody');
      assert.equal(sent('ssm-incidents', 'StartIncident').length, 1);
    });

    it('takes a lost answer for what it is, and opens no second incident', async () => {
      world.sandbox.faults.add({ face: 'ssm-incidents', kind: 'cut', match: 'startIncident', count: 1 });
      const ran = await world.oncall(['page', 'userservice', 'logins hang', '--yes']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, /a look shows that it is open/);
      assert.equal(sent('ssm-incidents', 'StartIncident').length, 1);
    });

    const refusals: [what: string, argv: string[], code: number, words: RegExp][] = [
      ['without --yes where nobody can be asked', ['ana', 'x'], 2, /--yes/],
      ['a missing reason', ['ana'], 2, /why/i],
      ['an unknown name', ['dolthubap', 'x', '--yes'], 5, /Did you mean "dolthubapi"/],
      ['an unknown response plan', ['dolthubapi', 'x', '--plan', 'nope', '--yes'], 5, /no response plan "nope"/],
      ['an impact out of range', ['dolthubapi', 'x', '--impact', '9', '--yes'], 2, /impact/],
    ];
    for (const [what, argv, code, words] of refusals) {
      it(`refuses ${what}, and sends nothing`, async () => {
        const ran = await world.oncall(['page', ...argv]);
        assert.equal(ran.code, code, ran.stdout + ran.stderr);
        assert.match(ran.stderr, words);
        assert.deepEqual([...sent('ssm-contacts', 'StartEngagement'), ...sent('ssm-incidents', 'StartIncident')], []);
      });
    }

    it('prints the calls with --dry-run, and makes none', async () => {
      const ran = await world.oncall(['page', 'dolthubapi', 'uploads hang', '--impact', '2', '--dry-run', '--json']);
      const { result } = ran.json<{ result: { calls: unknown[]; done: null } }>();
      assert.deepEqual(result.calls, [
        {
          operation: 'StartIncident',
          on: 'dolthubapi-high-error-ratio',
          with: { title: 'uploads hang', impact: '2' },
        },
      ]);
      assert.equal(result.done, null);
      assert.deepEqual(sent('ssm-incidents', 'StartIncident'), []);
    });
  });

  describe('during an incident', () => {
    beforeEach(async () => {
      world = await startWorld({ speed: 20 });
    });

    it('belongs to it, and replaces the ring that the plan would send', async () => {
      const ran = await world.oncall(['page', 'tom', 'customers call', '--yes']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, /Belongs to dolthubapi is down/);
      const [engaged] = sent('ssm-contacts', 'StartEngagement');
      assert.match(engaged?.IncidentId ?? '', /incident-record/);
      assert.match(engaged?.Content ?? '', /asks for your help: customers call/);
      assert.equal(sent('ssm-contacts', 'StopEngagement').length, 1);
      assert.match(ran.stdout, /Ana Duarte .*oncall escalate ana/);
    });
  });
});

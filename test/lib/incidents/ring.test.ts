import assert from 'node:assert/strict';
import type { Contact, ContactDetail } from '../../../src/lib/clients/pager/pager.ts';
import { planRing, type RingPlan, readPagedSoFar, refuseToNag } from '../../../src/lib/incidents/ring.ts';
import {
  channel,
  engagement,
  failing,
  minutes,
  NOW,
  type Paging,
  page,
  person,
  smallPager,
  TEAM,
} from './small-pager.ts';

const ANA: Contact = { alias: 'ana', name: 'Ana Duarte', kind: 'person' };

async function planned(paging: Paging, contact = ANA): Promise<RingPlan> {
  const pager = smallPager(paging);
  return planRing(pager, [contact], { soFar: await readPagedSoFar(pager, 'i', NOW), me: 'sam', now: NOW });
}

const PLAN_RUNS: Paging = { engagements: [engagement()], pages: [page()] };

describe('a ring, before it happens', () => {
  it('says by what and when each person is rung', async () => {
    const { targets } = await planned({});
    assert.deepEqual(
      targets[0]?.rings.map(({ name, channel: kind, at }) => [name, kind, at]),
      [
        ['Ana Duarte', 'sms', minutes(0)],
        ['Ana Duarte', 'voice', minutes(1)],
      ],
    );
  });

  it('stops the plan that would ring the same person, and tells whom that silences', async () => {
    const { stops, goesOn } = await planned(PLAN_RUNS);
    assert.deepEqual(
      stops.map(({ engagement: id, kind, name }) => [id, kind, name]),
      [['engineering/e1', 'plan', 'Engineering']],
    );
    assert.deepEqual(
      stops[0]?.silences.map(({ name, at }) => [name, at]),
      [['Tom Reyes', minutes(8)]],
      'not the caller, and not the one who is rung',
    );
    assert.deepEqual(goesOn, []);
  });

  it('leaves a plan alone that would not ring that person, and tells whom it rings', async () => {
    const { stops, goesOn } = await planned(PLAN_RUNS, { alias: 'ben', name: 'Ben Lindqvist', kind: 'person' });
    assert.deepEqual(stops, []);
    assert.deepEqual(
      goesOn.map(({ person: alias, at }) => [alias, at]),
      [
        ['sam', minutes(-1)],
        ['ana', minutes(3)],
        ['tom', minutes(8)],
      ],
    );
  });

  it('stops nothing once an acknowledgement has ended the plan', async () => {
    const { stops } = await planned({ engagements: [engagement()], pages: [page({ readAt: minutes(-1) })] });
    assert.deepEqual(stops, []);
  });

  it('replaces an earlier page to the same person that still rings', async () => {
    const earlier = engagement({ id: 'ana/e2', contact: 'ana', kind: 'person', startedAt: minutes(-0.5) });
    const { stops, before } = await planned({
      engagements: [earlier],
      pages: [page({ engagementId: 'ana/e2', contact: 'ana', sentAt: minutes(-0.5) })],
    });
    assert.deepEqual(
      stops.map(({ engagement: id }) => id),
      ['ana/e2'],
    );
    assert.deepEqual(before, [{ person: 'ana', name: 'Ana Duarte', at: minutes(-0.5), acknowledgedAt: null }]);
  });

  const unreachable: [what: string, contact: Partial<ContactDetail>, words: RegExp][] = [
    ['has no channel', { channels: [] }, /Ana Duarte has no phone or e-mail address/],
    ['has activated none', { channels: [channel('ana', 'sms', false)] }, /has not activated any of 1 channel\./],
    ['has no stages', { stages: [] }, /no engagement plan that uses an activated channel/],
  ];
  for (const [what, part, words] of unreachable) {
    it(`refuses somebody who ${what}`, async () => {
      const team = [...TEAM.filter(({ alias }) => alias !== 'ana'), person('ana', 'Ana Duarte', part)];
      await assert.rejects(planned({ team }), failing('REFUSED', words));
    });
  }

  it('refuses a schedule in which nobody is on call', async () => {
    const pager = smallPager({}, { shifts: async () => [] });
    const rota: Contact = { alias: 'rota', name: 'Rota', kind: 'schedule' };
    await assert.rejects(
      planRing(pager, [rota], { soFar: null, me: 'sam', now: NOW }),
      failing('REFUSED', /"Rota" would ring nobody: .*nobody on call/),
    );
  });

  const nagging: [what: string, at: string, acknowledgedAt: string | null, refused: boolean][] = [
    ['rung a minute ago, no answer', minutes(-1), null, true],
    ['rung three minutes ago, no answer', minutes(-3), null, false],
    ['acknowledged a minute ago', minutes(-1.5), minutes(-1), false],
  ];
  for (const [what, at, acknowledgedAt, refused] of nagging) {
    it(`${refused ? 'does not ring' : 'rings'} again by itself who was ${what}`, () => {
      const plan = { targets: [], stops: [], goesOn: [], before: [{ person: 'ana', name: 'Ana', at, acknowledgedAt }] };
      if (refused) assert.throws(() => refuseToNag(plan, NOW), failing('REFUSED', /was rung 1m ago.*--again/s));
      else refuseToNag(plan, NOW);
    });
  }
});

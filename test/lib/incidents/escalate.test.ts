import assert from 'node:assert/strict';
import { planEscalation } from '../../../src/lib/incidents/escalate.ts';
import {
  engagement,
  failing,
  incident,
  minutes,
  NOW,
  type Paging,
  page,
  plan,
  smallPager,
  TEAM,
} from './small-pager.ts';

function planned(paging: Paging, part: { who?: string; me?: string | null; responsePlan?: string[] } = {}) {
  const verbs = { responsePlan: async () => ({ name: 'p', title: 't', engages: part.responsePlan ?? [] }) };
  return planEscalation({
    pager: smallPager(paging, verbs),
    incident: incident(),
    me: part.me === undefined ? 'sam' : part.me,
    who: part.who ?? null,
    reason: null,
    journal: [],
    services: [],
    defaultPlan: null,
    now: NOW,
    clean: (text) => text,
  });
}

const FIRST = { engagements: [engagement()], pages: [page()] };
const ACKED = { engagements: [engagement()], pages: [page({ readAt: minutes(-1) })] };
const BY_HAND = engagement({ id: 'ana/e2', contact: 'ana', kind: 'person' });
const OUT_OF_PLAN = TEAM.filter(({ kind }) => kind !== 'plan');

describe('the next responder', () => {
  const cases: [what: string, paging: Paging, next: string, stage: number][] = [
    ['is of the second stage while the first one is rung', FIRST, 'ana', 2],
    ['is of the second stage after an acknowledgement ended the plan', ACKED, 'ana', 2],
    [
      'is of the third stage once the plan has rung the second',
      {
        engagements: [engagement()],
        pages: [page(), page({ id: 'ana/p1', contact: 'ana' })],
        stages: { 'ana/p1': 1 },
      },
      'tom',
      3,
    ],
    [
      'is of the third stage once the second was rung by hand, although no page of that is seen yet',
      { engagements: [engagement({ stoppedAt: minutes(-1) }), BY_HAND], pages: [page()] },
      'tom',
      3,
    ],
    [
      'counts the stages of a plan that was stopped',
      {
        engagements: [engagement({ stoppedAt: minutes(0) })],
        pages: [page(), page({ id: 'ana/p1', contact: 'ana' })],
        stages: { 'ana/p1': 1 },
      },
      'tom',
      3,
    ],
    [
      'is a schedule where the stage names one',
      {
        team: [
          ...OUT_OF_PLAN,
          plan([
            { minutes: 5, of: ['ana'] },
            { minutes: 5, of: ['rota'] },
          ]),
        ],
        engagements: [engagement()],
        pages: [page({ id: 'ana/p1', contact: 'ana' })],
      },
      'rota',
      2,
    ],
  ];
  for (const [what, paging, next, stage] of cases) {
    it(what, async () => {
      const found = await planned(paging, { me: 'ben-is-away' });
      assert.deepEqual(
        found.ring.targets.map(({ contact }) => contact),
        [next],
      );
      assert.equal(found.stage?.number, stage);
    });
  }

  it('is never the one who asks', async () => {
    const found = await planned(FIRST, { me: 'ana' });
    assert.equal(found.ring.targets[0]?.contact, 'tom');
  });

  it('comes out of the response plan when nothing has been engaged', async () => {
    const found = await planned({}, { responsePlan: ['engineering'], me: null });
    assert.deepEqual([found.ring.targets[0]?.contact, found.stage?.number], ['rota', 1]);
    assert.match(found.message.content, /A colleague asks for your help/);
  });

  it('is nobody when everybody was rung: then it names who else there is', async () => {
    const pages = ['sam', 'ana', 'tom'].map((alias) => page({ id: `${alias}/p`, contact: alias }));
    await assert.rejects(
      planned({ engagements: [engagement()], pages }),
      failing('NOT_FOUND', /Everybody in the escalation plan "Engineering".*oncall escalate ben/s),
    );
  });

  it('is nobody without a plan: then a person has to be named', async () => {
    await assert.rejects(planned({ team: OUT_OF_PLAN }), failing('NOT_FOUND', /no escalation plan.*escalate PERSON/s));
  });
});

describe('escalating to somebody', () => {
  it('takes a part of the name', async () => {
    const found = await planned(ACKED, { who: 'lindq' });
    assert.deepEqual([found.ring.targets[0]?.name, found.stage], ['Ben Lindqvist', null]);
    assert.deepEqual(found.known, ['engineering/e1']);
  });

  it('refuses to ring the one who asks', async () => {
    await assert.rejects(planned(ACKED, { who: 'Sam' }), failing('REFUSED', /That is you/));
  });
});

import assert from 'node:assert/strict';
import { findStillToRing, readDirectory } from '../../../src/lib/incidents/still-to-ring.ts';
import { engagement, minutes, NOW, type Paging, page, plan, smallPager, TEAM } from './small-pager.ts';

async function ringing(paging: Paging): Promise<string[]> {
  const { rings } = await findStillToRing(smallPager(paging), 'i', NOW);
  return rings.map(({ person, channelKind, at }) => `${person} ${channelKind} ${(at - NOW) / 60_000}`);
}

const WITH_CALL = [page(), page({ id: 'sam/p2', sentAt: minutes(-1) })];

describe('who will still be rung for an incident', () => {
  const cases: [what: string, paging: Paging, expected: string[]][] = [
    ['nobody is engaged', {}, []],
    [
      'the first one was just paged: the rest of their own plan, then the later stages',
      { engagements: [engagement({ startedAt: minutes(0) })], pages: [page({ sentAt: minutes(0) })] },
      ['sam voice 1', 'ana sms 5', 'ana voice 6', 'tom sms 10', 'tom voice 11'],
    ],
    [
      'no page is seen yet',
      { engagements: [engagement({ startedAt: minutes(0) })] },
      ['sam sms 0', 'sam voice 1', 'ana sms 5', 'ana voice 6', 'tom sms 10', 'tom voice 11'],
    ],
    ['the first one has acknowledged', { engagements: [engagement()], pages: [page({ readAt: minutes(-1) })] }, []],
    ['the engagement was stopped', { engagements: [engagement({ stoppedAt: minutes(-1) })], pages: WITH_CALL }, []],
    [
      'the second stage has begun',
      {
        engagements: [engagement({ startedAt: minutes(-5) })],
        pages: [
          page({ sentAt: minutes(-5) }),
          page({ id: 'sam/p2', sentAt: minutes(-4) }),
          page({ id: 'ana/p1', contact: 'ana', sentAt: minutes(0) }),
        ],
        stages: { 'ana/p1': 1 },
      },
      ['ana voice 1', 'tom sms 5', 'tom voice 6'],
    ],
    [
      'a person was engaged directly, beside a plan that was acknowledged',
      {
        engagements: [
          engagement(),
          engagement({ id: 'ben/e2', contact: 'ben', kind: 'person', startedAt: minutes(0) }),
        ],
        pages: [
          page({ readAt: minutes(-1) }),
          page({ id: 'ben/p', engagementId: 'ben/e2', contact: 'ben', sentAt: minutes(0) }),
        ],
      },
      ['ben voice 1'],
    ],
    [
      'the acknowledging one was no essential target',
      {
        team: [
          ...TEAM.filter(({ kind }) => kind !== 'plan'),
          plan([
            { minutes: 5, of: ['rota'], essential: false },
            { minutes: 5, of: ['ana'] },
          ]),
        ],
        engagements: [engagement()],
        pages: [page({ readAt: minutes(-1) })],
      },
      ['ana sms 3', 'ana voice 4'],
    ],
  ];
  for (const [what, paging, expected] of cases) {
    it(what, async () => assert.deepEqual(await ringing(paging), expected));
  }

  it('asks the way of a page only where a plan was engaged', async () => {
    const pager = smallPager(
      {
        engagements: [engagement({ id: 'ben/e2', contact: 'ben', kind: 'person' })],
        pages: [page({ engagementId: 'ben/e2', contact: 'ben' })],
      },
      {
        pathOf: () => {
          throw new Error('asked');
        },
      },
    );
    assert.equal((await findStillToRing(pager, 'i', NOW)).engagements[0]?.soFar.pages[0]?.stage, null);
  });

  it('asks for every contact once, and takes one that has left for nobody', async () => {
    const asked: string[] = [];
    const team = [
      plan([
        { minutes: 5, of: ['rota', 'ana', 'gone'] },
        { minutes: 5, of: ['ana', 'sam'] },
      ]),
      ...TEAM,
    ];
    const small = smallPager({ team });
    const pager = smallPager(
      { team },
      {
        contact: (alias) => {
          asked.push(alias);
          return small.contact(alias);
        },
      },
    );
    const directory = await readDirectory(pager, ['engineering'], NOW);
    assert.deepEqual(asked.toSorted(), ['ana', 'ben', 'engineering', 'gone', 'rota', 'sam']);
    assert.equal(directory('gone'), undefined);
    assert.equal(directory('sam')?.kind, 'person');
  });
});

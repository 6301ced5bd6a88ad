import assert from 'node:assert/strict';
import type { Shift } from '../../../src/lib/clients/pager/pager.ts';
import { onCallAt } from '../../../src/lib/incidents/on-call.ts';
import { onCallView } from '../../../src/lib/incidents/on-call-view.ts';
import { covers, readRoster, type Wanted } from '../../../src/lib/incidents/roster.ts';
import { createPaint } from '../../../src/lib/text/paint.ts';
import { failing, minutes, NOW, person, SHIFTS, smallPager, TEAM } from './small-pager.ts';

const CONFIGURED: Wanted = { plan: 'engineering', schedule: 'rota' };

function shift(people: string[], from: number, to: number, override = false): Shift {
  return { rotation: 'weekly', people, from: minutes(from), to: minutes(to), override };
}
async function rosterOf(shifts: readonly Shift[], wanted = CONFIGURED) {
  return readRoster(smallPager({}, { shifts: async () => [...shifts] }), wanted, { at: NOW, now: NOW });
}
async function first(shifts: readonly Shift[], at = NOW) {
  const found = onCallAt(await rosterOf(shifts), at, false).responders[0];
  return {
    people: found?.people.map(({ alias }) => alias),
    until: found?.until,
    next: found?.next && [found.next.people.map(({ alias }) => alias), found.next.from],
  };
}

describe('who is on call', () => {
  const cases: [what: string, shifts: Shift[], expected: Awaited<ReturnType<typeof first>>][] = [
    [
      'the one whose shift it is, then the next',
      [shift(['sam'], -100, 100), shift(['ben'], 100, 200)],
      { people: ['sam'], until: minutes(100), next: [['ben'], minutes(100)] },
    ],
    [
      'across two shifts in a row of the same person',
      [shift(['sam'], -100, 100), shift(['sam'], 100, 200), shift(['ben'], 200, 300)],
      { people: ['sam'], until: minutes(200), next: [['ben'], minutes(200)] },
    ],
    [
      'only to the end of the shift where a gap follows',
      [shift(['sam'], -100, 100), shift(['sam'], 150, 200)],
      { people: ['sam'], until: minutes(100), next: [['sam'], minutes(150)] },
    ],
    [
      'nobody in a gap, then the next',
      [shift(['ben'], 50, 100)],
      { people: [], until: null, next: [['ben'], minutes(50)] },
    ],
    ['nobody at all', [], { people: [], until: null, next: null }],
    ['two at once', [shift(['sam', 'ben'], -100, 100)], { people: ['sam', 'ben'], until: minutes(100), next: null }],
  ];
  for (const [what, shifts, expected] of cases) {
    it(what, async () => assert.deepEqual(await first(shifts), expected));
  }

  it('changes exactly at the hand-over', async () => {
    const shifts = [shift(['sam'], -100, 100), shift(['ben'], 100, 200)];
    assert.deepEqual((await first(shifts, Date.parse(minutes(100)) - 1)).people, ['sam']);
    assert.deepEqual((await first(shifts, Date.parse(minutes(100)))).people, ['ben']);
  });

  it('tells after how long each of the others is rung', async () => {
    const { responders } = onCallAt(await rosterOf(SHIFTS), NOW, false);
    assert.deepEqual(
      responders.map(({ afterMinutes, people }) => [afterMinutes, people[0]?.name]),
      [
        [0, 'Sam Okafor'],
        [5, 'Ana Duarte'],
        [10, 'Tom Reyes'],
      ],
    );
  });

  it('takes the only plan of the account where none is configured', async () => {
    const roster = await rosterOf(SHIFTS, { plan: null, schedule: null });
    assert.equal(roster.plan?.alias, 'engineering');
    assert.equal(roster.schedules[0]?.alias, 'rota');
  });

  it('refuses to guess between several, and says what to set', async () => {
    const second = TEAM.filter(({ kind }) => kind !== 'person').map((one) => ({ ...one, alias: `${one.alias}-2` }));
    const pager = smallPager({ team: [...TEAM, ...second] });
    await assert.rejects(
      readRoster(pager, { plan: null, schedule: null }, { at: NOW, now: NOW }),
      failing('AMBIGUOUS', /escalation\.plan.*rota, engineering/),
    );
    await assert.rejects(
      readRoster(smallPager({ team: [person('sam', 'Sam')] }), { plan: null, schedule: null }, { at: NOW, now: NOW }),
      failing('NOT_FOUND', /neither a schedule nor an escalation plan/),
    );
  });

  it('knows for how long a roster is good', async () => {
    const roster = await rosterOf(SHIFTS);
    assert.deepEqual([covers(roster, NOW), covers(roster, Date.parse(minutes(60 * 24 * 29)))], [true, false]);
  });

  const view = (at: number) => ({
    paint: createPaint({ colour: false, ascii: false }),
    zone: { utc: true, timeZone: null },
    now: at,
  });

  it('reads as one needs it at night', async () => {
    const shifts = [shift(['sam'], -100, 100), shift(['ben'], 100, 200)];
    assert.equal(
      onCallView(onCallAt(await rosterOf(shifts), NOW, false), view(NOW)),
      [
        'Sam Okafor (sam) is on call now, until Sun 04:50Z (in 1h 40m)',
        '  reached by SMS …01, call …01',
        '  then Ben Lindqvist (ben), from Sun 04:50Z (in 1h 40m)',
        'If nobody acknowledges:',
        '  after 5m    Ana Duarte  SMS …01, call …01',
        '  after 10m   Tom Reyes  SMS …01, call …01',
      ].join('\n'),
    );
  });

  it('says how old an answer out of the cache is', async () => {
    const text = onCallView(onCallAt(await rosterOf(SHIFTS), NOW, true), view(NOW + 3 * 3_600_000));
    assert.match(text, /^⚠ The pager does not answer\. This is as of 3h ago, from cache/);
  });

  it('shouts when nobody is on call', async () => {
    const text = onCallView(onCallAt(await rosterOf([shift(['ben'], 50, 100)]), NOW, false), view(NOW));
    assert.match(text, /^✖ Nobody is on call now\.\n {2}from Sun 04:00Z \(in 50m\): Ben Lindqvist \(ben\)/);
  });
});

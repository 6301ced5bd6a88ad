import assert from 'node:assert/strict';
import type { Override, Rotation } from '../../../src/lib/schedules/rotation.ts';
import { onCallAt, shiftAt, shiftsBetween } from '../../../src/lib/schedules/shifts.ts';

const at = (time: string) => Date.parse(time);
const clock = (instant: number) => new Date(instant).toISOString().slice(0, 16);

const WEEKLY: Rotation = {
  members: ['ana', 'ben', 'mei'],
  timeZone: 'UTC',
  startsAt: at('2026-01-05T10:00Z'),
  onCallAtOnce: 1,
  recurrence: { kind: 'weekly', every: 1, at: [{ day: 'mon', hour: 10, minute: 0 }] },
  coverage: null,
};

function rota(rotation: Rotation, from: string, until: string, overrides: Override[] = []): string[] {
  return [...shiftsBetween(rotation, overrides, { from: at(from), until: at(until) })].map(
    (shift) =>
      `${clock(shift.from)} ${clock(shift.until)} ${shift.members.join('+') || 'nobody'}${shift.replaces ? ` for ${shift.replaces.join('+')}` : ''}`,
  );
}

describe('shifts of a rotation', () => {
  it('go round in the order of the members', () => {
    assert.deepEqual(rota(WEEKLY, '2026-01-05T10:00Z', '2026-02-01T00:00Z'), [
      '2026-01-05T10:00 2026-01-12T10:00 ana',
      '2026-01-12T10:00 2026-01-19T10:00 ben',
      '2026-01-19T10:00 2026-01-26T10:00 mei',
      '2026-01-26T10:00 2026-02-02T10:00 ana',
    ]);
  });

  it('are the same whichever part of them is asked for', () => {
    assert.deepEqual(rota(WEEKLY, '2026-12-30T00:00Z', '2026-12-30T00:01Z'), ['2026-12-28T10:00 2027-01-04T10:00 ana']);
    assert.deepEqual(rota(WEEKLY, '2026-01-12T10:00Z', '2026-01-12T10:00Z'), []);
    assert.deepEqual(rota(WEEKLY, '2025-12-01T00:00Z', '2026-01-05T10:00Z'), []);
  });

  it('begin with a short one when the rotation starts between hand-offs', () => {
    const rotation = { ...WEEKLY, startsAt: at('2026-01-07T15:30Z') };
    assert.deepEqual(rota(rotation, '2026-01-01T00:00Z', '2026-01-13T00:00Z'), [
      '2026-01-07T15:30 2026-01-12T10:00 ana',
      '2026-01-12T10:00 2026-01-19T10:00 ben',
    ]);
  });

  it('last several weeks when the multiplier says so', () => {
    const recurrence = { ...WEEKLY.recurrence, every: 2 } as Rotation['recurrence'];
    assert.deepEqual(rota({ ...WEEKLY, recurrence }, '2026-01-01T00:00Z', '2026-02-03T00:00Z'), [
      '2026-01-05T10:00 2026-01-19T10:00 ana',
      '2026-01-19T10:00 2026-02-02T10:00 ben',
      '2026-02-02T10:00 2026-02-16T10:00 mei',
    ]);
    assert.deepEqual(rota({ ...WEEKLY, recurrence }, '2026-02-10T00:00Z', '2026-02-10T01:00Z'), [
      '2026-02-02T10:00 2026-02-16T10:00 mei',
    ]);
  });

  it('change at each of several hand-offs of a day', () => {
    const rotation: Rotation = {
      ...WEEKLY,
      startsAt: at('2026-01-05T08:00Z'),
      recurrence: {
        kind: 'daily',
        every: 1,
        at: [
          { hour: 20, minute: 0 },
          { hour: 8, minute: 0 },
        ],
      },
    };
    assert.deepEqual(rota(rotation, '2026-01-05T00:00Z', '2026-01-06T10:00Z'), [
      '2026-01-05T08:00 2026-01-05T20:00 ana',
      '2026-01-05T20:00 2026-01-06T08:00 ben',
      '2026-01-06T08:00 2026-01-06T20:00 mei',
    ]);
  });

  it('change on the last day of a month that is too short', () => {
    const rotation: Rotation = {
      ...WEEKLY,
      startsAt: at('2026-01-31T09:00Z'),
      recurrence: { kind: 'monthly', every: 1, at: [{ dayOfMonth: 31, hour: 9, minute: 0 }] },
    };
    assert.deepEqual(rota(rotation, '2026-01-31T09:00Z', '2026-04-01T00:00Z'), [
      '2026-01-31T09:00 2026-02-28T09:00 ana',
      '2026-02-28T09:00 2026-03-31T09:00 ben',
      '2026-03-31T09:00 2026-04-30T09:00 mei',
    ]);
  });

  it('are dealt out several members at a time', () => {
    const rotation = { ...WEEKLY, onCallAtOnce: 2 };
    const members = [...shiftsBetween(rotation, [], { from: WEEKLY.startsAt, until: at('2026-01-26T10:00Z') })];
    assert.deepEqual(
      members.map((shift) => shift.members),
      [
        ['ana', 'ben'],
        ['mei', 'ana'],
        ['ben', 'mei'],
      ],
    );
    assert.deepEqual(shiftAt({ ...WEEKLY, onCallAtOnce: 9 }, [], WEEKLY.startsAt)?.members, ['ana', 'ben', 'mei']);
  });

  describe('where the clocks change', () => {
    const pacific: Rotation = { ...WEEKLY, timeZone: 'America/Los_Angeles', startsAt: at('2026-03-02T18:00Z') };

    it('keep their local hand-off, so that one is an hour short and another an hour long', () => {
      assert.deepEqual(rota(pacific, '2026-03-02T18:00Z', '2026-03-17T00:00Z'), [
        '2026-03-02T18:00 2026-03-09T17:00 ana',
        '2026-03-09T17:00 2026-03-16T17:00 ben',
        '2026-03-16T17:00 2026-03-23T17:00 mei',
      ]);
      assert.deepEqual(rota(pacific, '2026-11-01T00:00Z', '2026-11-01T01:00Z'), [
        '2026-10-26T17:00 2026-11-02T18:00 ben',
      ]);
    });

    it('change an hour later when the clocks skip the hand-off, and the first time when they repeat it', () => {
      const recurrence = { kind: 'daily', every: 1, at: [{ hour: 2, minute: 30 }] } as const;
      const daily: Rotation = { ...pacific, recurrence, startsAt: at('2026-03-07T10:30Z') };
      assert.deepEqual(rota(daily, '2026-03-07T10:30Z', '2026-03-09T00:00Z'), [
        '2026-03-07T10:30 2026-03-08T10:30 ana',
        '2026-03-08T10:30 2026-03-09T09:30 ben',
      ]);
      const early = { ...daily, recurrence: { ...recurrence, at: [{ hour: 1, minute: 30 }] } };
      const [shift] = rota(early, '2026-11-01T09:00Z', '2026-11-01T09:01Z');
      assert.match(shift ?? '', /^2026-11-01T08:30 2026-11-02T09:30/);
    });
  });

  describe('with limited hours', () => {
    const nine = { from: { hour: 9, minute: 0 }, until: { hour: 17, minute: 0 } };
    const night = { from: { hour: 22, minute: 0 }, until: { hour: 6, minute: 0 } };

    it('leave the rest of the week to nobody', () => {
      const rotation = { ...WEEKLY, coverage: { tue: [nine], thu: [nine] } };
      assert.deepEqual(rota(rotation, '2026-01-05T10:00Z', '2026-01-12T10:00Z'), [
        '2026-01-06T09:00 2026-01-06T17:00 ana',
        '2026-01-08T09:00 2026-01-08T17:00 ana',
      ]);
      assert.equal(shiftAt(rotation, [], at('2026-01-06T17:00Z')), null);
    });

    it('reach past midnight, and change hands in the middle of a window', () => {
      const rotation = {
        ...WEEKLY,
        coverage: { sun: [night], mon: [{ from: { hour: 0, minute: 0 }, until: { hour: 0, minute: 0 } }] },
      };
      assert.deepEqual(rota(rotation, '2026-01-11T12:00Z', '2026-01-13T00:00Z'), [
        '2026-01-11T22:00 2026-01-12T10:00 ana',
        '2026-01-12T10:00 2026-01-13T00:00 ben',
      ]);
    });
  });

  describe('with overrides', () => {
    const override = (from: string, until: string, ...members: string[]) => ({
      members,
      from: at(from),
      until: at(until),
    });

    it('are cut where the override begins and ends', () => {
      const swap = override('2026-01-10T00:00Z', '2026-01-13T00:00Z', 'tom');
      assert.deepEqual(rota(WEEKLY, '2026-01-05T10:00Z', '2026-01-14T00:00Z', [swap]), [
        '2026-01-05T10:00 2026-01-10T00:00 ana',
        '2026-01-10T00:00 2026-01-12T10:00 tom for ana',
        '2026-01-12T10:00 2026-01-13T00:00 tom for ben',
        '2026-01-13T00:00 2026-01-19T10:00 ben',
      ]);
    });

    it('show what the later of two overrides says, and an empty one as nobody', () => {
      const first = override('2026-01-06T00:00Z', '2026-01-09T00:00Z', 'tom');
      const second = override('2026-01-07T00:00Z', '2026-01-08T00:00Z');
      assert.deepEqual(rota(WEEKLY, '2026-01-06T00:00Z', '2026-01-09T00:00Z', [first, second]), [
        '2026-01-06T00:00 2026-01-07T00:00 tom for ana',
        '2026-01-07T00:00 2026-01-08T00:00 nobody for ana',
        '2026-01-08T00:00 2026-01-09T00:00 tom for ana',
      ]);
    });
  });

  it('make a schedule of several rotations, in which nobody counts twice', () => {
    const other = { ...WEEKLY, members: ['tom'] };
    const rotations = [WEEKLY, other, WEEKLY].map((rotation) => ({ rotation, overrides: [] }));
    assert.deepEqual(onCallAt(rotations, at('2026-01-14T00:00Z')), ['ben', 'tom']);
  });

  it('never have a gap or an overlap, in any zone, for a rotation around the clock', () => {
    for (const timeZone of ['America/Los_Angeles', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Asia/Kathmandu']) {
      const recurrence: Rotation['recurrence'] = {
        kind: 'daily',
        every: 3,
        at: [
          { hour: 2, minute: 15 },
          { hour: 1, minute: 45 },
        ],
      };
      const rotation = { ...WEEKLY, timeZone, recurrence };
      const shifts = [...shiftsBetween(rotation, [], { from: WEEKLY.startsAt, until: at('2027-03-01T00:00Z') })];
      for (const [i, shift] of shifts.slice(1).entries()) assert.equal(shift.from, shifts[i]?.until, timeZone);
      const inMiddle = shiftAt(rotation, [], at('2026-10-15T12:00Z'));
      assert.deepEqual(
        inMiddle,
        shifts.find(({ from, until }) => from <= at('2026-10-15T12:00Z') && until > at('2026-10-15T12:00Z')),
      );
    }
  });
});

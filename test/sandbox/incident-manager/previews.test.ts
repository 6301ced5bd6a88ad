import assert from 'node:assert/strict';
import {
  ListPreviewRotationShiftsCommand,
  type ListPreviewRotationShiftsCommandInput,
} from '@aws-sdk/client-ssm-contacts';
import { type ServedAws, serveAws } from '../../support/serve-aws.ts';
import { type AskedRotation, shiftsByLooking } from './shift-oracle.ts';

const DAY = 86_400;
const ZONES = ['Europe/Stockholm', 'America/Los_Angeles', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'];
const DAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

/** Random numbers that are the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Any rotation whose hand-offs stay clear of the hours in which clocks are changed. */
function anyRotation(seed: number): AskedRotation {
  const roll = dice(seed);
  for (let i = 0; i < 5; i++) roll(2);
  const time = () => ({ HourOfDay: 4 + roll(20), MinuteOfHour: 15 * roll(4) });
  const some = <T>(most: number, make: () => T) => Array.from({ length: 1 + roll(most) }, make);
  const day = () => DAYS[roll(7)] ?? 'MON';
  const kind = [
    () => ({ DailySettings: some(3, time) }),
    () => ({ WeeklySettings: some(3, () => ({ DayOfWeek: day(), HandOffTime: time() })) }),
    () => ({ MonthlySettings: some(2, () => ({ DayOfMonth: 1 + roll(31), HandOffTime: time() })) }),
  ][roll(3)];
  const window = () => ({ Start: time(), End: time() });
  const coverage = roll(3) === 0 ? { ShiftCoverages: Object.fromEntries(some(7, () => [day(), some(2, window)])) } : {};
  // In the weeks before the clocks change, in one hemisphere or the other.
  const start = Date.parse(roll(2) ? '2027-03-01T00:00Z' : '2027-09-20T00:00Z') / 1000 + 900 * roll(700);
  const override = () => {
    const StartTime = start + 900 * roll(3000);
    return { NewMembers: some(2, () => `stand-in-${roll(4)}`), StartTime, EndTime: StartTime + 900 * (1 + roll(300)) };
  };
  return {
    Members: some(4, () => `member-${roll(100)}`),
    TimeZoneId: ZONES[roll(ZONES.length)] ?? 'UTC',
    RotationStartTime: start,
    Recurrence: { NumberOfOnCalls: 1 + roll(3), RecurrenceMultiplier: 1 + roll(3), ...kind?.(), ...coverage },
    Overrides: roll(2) ? some(3, override) : [],
  };
}

describe('previews of rotations in the sandbox', function () {
  this.timeout(60_000);
  let world: ServedAws;
  before(async () => {
    world = await serveAws();
  });
  after(() => world.close());

  async function preview(asked: AskedRotation, until: number) {
    const date = (seconds: number) => new Date(seconds * 1000);
    const input = {
      ...asked,
      RotationStartTime: date(asked.RotationStartTime),
      StartTime: date(asked.RotationStartTime),
      EndTime: date(until),
      Overrides: asked.Overrides.map((one) => ({ ...one, StartTime: date(one.StartTime), EndTime: date(one.EndTime) })),
    } as ListPreviewRotationShiftsCommandInput;
    const shifts = [];
    let NextToken: string | undefined;
    do {
      const answer = await world.contacts.send(new ListPreviewRotationShiftsCommand({ ...input, NextToken }));
      shifts.push(...(answer.RotationShifts ?? []));
      NextToken = answer.NextToken;
    } while (NextToken);
    return shifts.map(({ ContactIds, StartTime, EndTime, Type }) => ({
      ContactIds,
      StartTime: Number(StartTime) / 1000,
      EndTime: Number(EndTime) / 1000,
      Type,
    }));
  }

  it('are what one finds by looking at the clock every quarter of an hour, for 60 rotations of any kind', async () => {
    let compared = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const asked = anyRotation(seed);
      const until = asked.RotationStartTime + 45 * DAY;
      const expected = shiftsByLooking(asked, until);
      const got = await preview(asked, until);
      assert.deepEqual(got.slice(0, expected.length), expected, `seed ${seed}: ${JSON.stringify(asked)}`);
      assert.ok(got.length <= expected.length + 1, `seed ${seed}: more shifts than there are`);
      compared += expected.length;
    }
    assert.ok(compared > 1000, `only ${compared} shifts were compared`);
  });
});

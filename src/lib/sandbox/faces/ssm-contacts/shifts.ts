import type { Override, Rotation, Shift } from '../../../schedules/rotation.ts';
import { shiftsBetween } from '../../../schedules/shifts.ts';
import { invalid } from '../../world/incident-manager/failure.ts';
import { ruleOf } from '../../world/incident-manager/rotations.ts';
import { listing, seconds } from '../aws/listing.ts';
import { instant, list, structure, text } from '../aws/shape.ts';
import { operation, type RpcOperation } from './rpc.ts';
import { arn, page, recurrence, timeZone } from './shapes.ts';

function shiftOf({ members, from, until, replaces }: Shift) {
  return {
    ContactIds: members,
    StartTime: seconds(from),
    EndTime: seconds(until),
    Type: replaces ? 'OVERRIDDEN' : 'REGULAR',
    ShiftDetails: replaces ? { OverriddenContactIds: replaces } : undefined,
  };
}

interface ShiftsAsked {
  of: string;
  input: object;
  span: { from: number; until: number };
}

function shiftsAnswer(rotation: Rotation, overrides: readonly Override[], { span, of, input }: ShiftsAsked) {
  if (span.until <= span.from) throw invalid('EndTime must be after StartTime');
  const { items, next } = listing(shiftsBetween(rotation, overrides, span), input, {
    of,
    usual: 50,
    key: ({ from }) => String(from),
  });
  return { RotationShifts: items.map(shiftOf), NextToken: next };
}

const listRotationShifts = operation(
  'ListRotationShifts',
  structure({ RotationId: arn, EndTime: instant }, { ...page, StartTime: instant }),
  (input, engine) => {
    const rotation = engine.rotations.named(input.RotationId);
    const span = { from: input.StartTime ?? engine.clock.now(), until: input.EndTime };
    return shiftsAnswer(ruleOf(rotation), rotation.overrides, { of: 'ListRotationShifts', input, span });
  },
);

const member = text({ min: 1, max: 512, pattern: /\S/ });

const listPreviewRotationShifts = operation(
  'ListPreviewRotationShifts',
  structure(
    {
      EndTime: instant,
      Members: list(member, { min: 1, max: 30 }),
      TimeZoneId: timeZone,
      Recurrence: recurrence,
    },
    {
      ...page,
      RotationStartTime: instant,
      StartTime: instant,
      Overrides: list(structure({}, { NewMembers: list(member, { max: 30 }), StartTime: instant, EndTime: instant })),
    },
  ),
  (input, engine) => {
    const now = engine.clock.now();
    const { Members: members, TimeZoneId, Recurrence, RotationStartTime: start, StartTime: from } = input;
    const rule = ruleOf({ members, timeZone: TimeZoneId, recurrence: Recurrence, startsAt: start ?? from ?? now });
    const overrides = (input.Overrides ?? []).map(({ NewMembers = [], StartTime, EndTime }) => {
      if (StartTime === undefined || EndTime === undefined) throw invalid('Override must have a start and an end');
      return { members: NewMembers, from: StartTime, until: EndTime };
    });
    const span = { from: from ?? start ?? now, until: input.EndTime };
    return shiftsAnswer(rule, overrides, { of: 'ListPreviewRotationShifts', input, span });
  },
);

/** Who is on call when. */
export const shiftOperations: readonly RpcOperation[] = [listRotationShifts, listPreviewRotationShifts];

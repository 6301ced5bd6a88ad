import { choice, flag, list, map, structure, text, whole } from '../aws/shape.ts';

/** Shapes that several operations share, with the limits of the API's model of 2021-05-03. */

export const arn = text({
  min: 1,
  max: 2048,
  pattern: /arn:(aws|aws-cn|aws-us-gov):ssm-contacts:[-\w+=/,.@]*:[0-9]+:([\w+=/,.@:-]+)*/,
});
export const alias = text({ min: 1, max: 255, pattern: /^[a-z0-9_-]*$/ });
export const displayName = text({ max: 255, pattern: /^[\p{L}\p{Z}\p{N}_.-]*$/u });
export const contactType = choice('PERSONAL', 'ESCALATION', 'ONCALL_SCHEDULE');
export const token = text({ max: 2048, pattern: /^[\\/a-zA-Z0-9_+=-]*$/ });
export const maxResults = whole({ min: 0, max: 1024 });
/** What every list can be asked for. */
export const page = { NextToken: token, MaxResults: maxResults };
export const code = text({ min: 6, max: 10, pattern: /^[0-9]*$/ });

const channelTarget = structure({ ContactChannelId: arn }, { RetryIntervalInMinutes: whole({ min: 0, max: 60 }) });
const contactTarget = structure({ IsEssential: flag }, { ContactId: arn });
const target = structure({}, { ChannelTargetInfo: channelTarget, ContactTargetInfo: contactTarget });
const stage = structure({ DurationInMinutes: whole({ min: 0, max: 30 }), Targets: list(target) }, {});
export const plan = structure({}, { Stages: list(stage), RotationIds: list(arn, { max: 25 }) });

const tagKey = text({ min: 1, max: 128, pattern: /^[\\/a-zA-Z0-9_+=-]*$/ });
const tagValue = text({ min: 1, max: 256, pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u });
export const tags = list(structure({}, { Key: tagKey, Value: tagValue }), { max: 50 });
export const tagKeys = list(tagKey, { max: 50 });

const handOffTime = structure({ HourOfDay: whole({ min: 0, max: 23 }), MinuteOfHour: whole({ min: 0, max: 59 }) }, {});
const dayOfWeek = choice('MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN');
export const recurrence = structure(
  { NumberOfOnCalls: whole({ min: 1 }), RecurrenceMultiplier: whole({ min: 1, max: 100 }) },
  {
    DailySettings: list(handOffTime),
    WeeklySettings: list(structure({ DayOfWeek: dayOfWeek, HandOffTime: handOffTime }, {})),
    MonthlySettings: list(structure({ DayOfMonth: whole({ min: 1, max: 31 }), HandOffTime: handOffTime }, {})),
    ShiftCoverages: map(dayOfWeek, list(structure({}, { Start: handOffTime, End: handOffTime }))),
  },
);
export const rotationName = text({ min: 1, max: 255, pattern: /^[a-zA-Z0-9_\-\s.]*$/ });
export const timeZone = text({ min: 1, max: 255, pattern: /^[:a-zA-Z0-9_\-\s.\\/]*$/ });

import type { Step } from './check.ts';

type Input = Record<string, unknown>;

/** Steps of the two services, in few words. */
export function contacts(operation: string, input: Input, expect = 'ok', save?: Step['save']): Step {
  return { service: 'ssm-contacts', operation, input, expect, ...(save ? { save } : {}) };
}

export function incidents(operation: string, input: Input, expect = 'ok', save?: Step['save']): Step {
  return { service: 'ssm-incidents', operation, input, expect, ...(save ? { save } : {}) };
}

export const NOT_FOUND = 'ResourceNotFoundException';
export const INVALID = 'ValidationException';
export const CONFLICT = 'ConflictException';
export const UNREADABLE = 'SerializationException';

export const DAILY = {
  NumberOfOnCalls: 1,
  RecurrenceMultiplier: 1,
  DailySettings: [{ HourOfDay: 9, MinuteOfHour: 0 }],
};

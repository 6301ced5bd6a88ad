import { turnsBetween } from '../../../schedules/hand-offs.ts';
import {
  ESCALATION_PLAN,
  PEOPLE,
  type Person,
  PRIMARY_SCHEDULE,
  ROTATION,
  ROTATION_TIME_ZONE,
  responsePlanName,
  SECOND_RESPONDER,
  SERVICES,
  THIRD_RESPONDER,
} from '../catalog.ts';
import type { IncidentManager } from './incident-manager.ts';
import { seedPastIncidents } from './past-incidents.ts';
import type { RecurrenceSettings } from './recurrence.ts';
import { ruleOf } from './rotations.ts';

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;

/** How often the rotation has gone round since it began. */
const ROUNDS = 5;

/** The alerts that every service has a response plan for. */
const ALERTS = [
  { alert: 'ServiceDown', impact: 1, title: 'is down', summary: 'No instance answers. Customers are affected.' },
  {
    alert: 'HighErrorRatio',
    impact: 2,
    title: 'fails too many requests',
    summary: 'More requests fail than the service may.',
  },
] as const;

/** A text and a mail at once, a call after a minute, and another two minutes later. */
function seedPerson(engine: IncidentManager, { alias, name, phone, email }: Person): void {
  const { arn } = engine.contacts.create({ alias, type: 'PERSONAL', displayName: name, plan: { Stages: [] } });
  const channel = (type: 'SMS' | 'VOICE' | 'EMAIL', address: string) => {
    const made = engine.contacts.channels.create({
      contact: arn,
      name: `${alias}-${type.toLowerCase()}`,
      type,
      address,
    });
    engine.contacts.channels.activate(made.arn, made.code ?? '');
    return made.arn;
  };
  const [sms, voice, mail] = [channel('SMS', phone), channel('VOICE', phone), channel('EMAIL', email)];
  engine.contacts.update(arn, {
    plan: {
      Stages: [
        {
          DurationInMinutes: 1,
          Targets: [
            { ChannelTargetInfo: { ContactChannelId: sms } },
            { ChannelTargetInfo: { ContactChannelId: mail } },
          ],
        },
        {
          DurationInMinutes: 4,
          Targets: [{ ChannelTargetInfo: { ContactChannelId: voice, RetryIntervalInMinutes: 2 } }],
        },
      ],
    },
  });
}

const WEEKLY: RecurrenceSettings = {
  NumberOfOnCalls: 1,
  RecurrenceMultiplier: 1,
  WeeklySettings: [{ DayOfWeek: 'MON', HandOffTime: { HourOfDay: 10, MinuteOfHour: 0 } }],
};

/**
 * A weekly rotation that has gone round whole a few times since it began, so that its first member is on call at
 * `now`. If the hand-off is near, that member has taken the next day over as well: the practice world should not
 * change hands in the middle of an exercise.
 */
function seedRotation(engine: IncidentManager, arnOf: (alias: string) => string): string {
  const now = engine.clock.now();
  const members = ROTATION.map(arnOf);
  const wish = { members, timeZone: ROTATION_TIME_ZONE, recurrence: WEEKLY };
  const longAgo = now - 20 * WEEK;
  const turns = [...turnsBetween(ruleOf({ ...wish, startsAt: longAgo }), longAgo, now + 1)];
  const startsAt = turns.at(-1 - ROUNDS * members.length)?.from ?? now;
  const rotation = engine.rotations.create({ ...wish, name: `${PRIMARY_SCHEDULE}-weekly`, startsAt });

  const handOff = turns.at(-1)?.until ?? now;
  if (handOff - now < 12 * HOUR) {
    const until = handOff + 24 * HOUR;
    engine.rotations.override(rotation.arn, { members: members.slice(0, 1), from: handOff, until });
  }
  return rotation.arn;
}

function seedResponsePlans(engine: IncidentManager, escalation: string): void {
  for (const { name, description } of SERVICES) {
    for (const { alert, impact, title, summary } of ALERTS) {
      const plan = responsePlanName(name, alert);
      engine.plans.create({
        name: plan,
        displayName: `${name} ${title}`,
        incidentTemplate: {
          title: `${name} ${title}`,
          impact,
          summary: `${description}. ${summary}`,
          dedupeString: plan,
          incidentTags: { service: name, alert },
        },
        engagements: [escalation],
        actions: [],
        integrations: [],
      });
    }
  }
}

/**
 * Fills the account with the practice company: its people, the rota with `sam` on call now, the escalation plan of
 * three stages, a response plan for each alert of each service, and a few incidents of the weeks before.
 */
export function seedPeople(engine: IncidentManager): void {
  const arnOf = (alias: string) => `arn:aws:ssm-contacts:${engine.region}:${engine.account}:contact/${alias}`;
  for (const person of PEOPLE) seedPerson(engine, person);
  const rotation = seedRotation(engine, arnOf);
  const schedule = engine.contacts.create({
    alias: PRIMARY_SCHEDULE,
    type: 'ONCALL_SCHEDULE',
    displayName: 'Engineering on call',
    plan: { RotationIds: [rotation] },
  });
  const stage = (contact: string) => ({
    DurationInMinutes: 5,
    Targets: [{ ContactTargetInfo: { ContactId: contact, IsEssential: true } }],
  });
  const escalation = engine.contacts.create({
    alias: ESCALATION_PLAN,
    type: 'ESCALATION',
    displayName: 'Engineering',
    plan: { Stages: [stage(schedule.arn), stage(arnOf(SECOND_RESPONDER)), stage(arnOf(THIRD_RESPONDER))] },
  });
  seedResponsePlans(engine, escalation.arn);
  const second = arnOf(SECOND_RESPONDER);
  seedPastIncidents(engine, { escalation: escalation.arn, schedule: schedule.arn, rotation, second });
}

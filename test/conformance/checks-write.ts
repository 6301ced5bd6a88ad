import type { Check, Step } from './check.ts';
import { contacts, DAILY, INVALID, incidents, NOT_FOUND } from './checks-read.ts';

const CONFLICT = 'ConflictException';

const PERSON = {
  Alias: '<prefix>-person',
  Type: 'PERSONAL',
  Plan: { Stages: [] },
  IdempotencyToken: '<prefix>-person',
};
const ONE = { ContactId: '<person>' };
const makePerson: Step = contacts('CreateContact', PERSON, 'ok', { person: 'ContactArn' });
const dropPerson: Step = contacts('DeleteContact', ONE);
/** The channel is never activated, and no code is sent: a check rings nobody. */
const CHANNEL = {
  ...{ ...ONE, Name: '<prefix>', Type: 'EMAIL', DeliveryAddress: { SimpleAddress: 'nobody@example.com' } },
  DeferActivation: true,
};
const ROTATION = { Name: '<prefix>', ContactIds: ['<person>'], TimeZoneId: 'Europe/Stockholm', Recurrence: DAILY };
const makeRotation: Step = contacts('CreateRotation', ROTATION, 'ok', { rotation: 'RotationArn' });
const dropRotation: Step = contacts('DeleteRotation', { RotationId: '<rotation>' });
/** Without engagements, so that an incident of it rings nobody either. */
const PLAN = { name: '<prefix>-plan', incidentTemplate: { title: 'conformance check', impact: 5 } };
const makePlan: Step = incidents('CreateResponsePlan', { ...PLAN, clientToken: '<prefix>-plan' }, 'ok', {
  plan: 'arn',
});
const dropPlan: Step = incidents('DeleteResponsePlan', { arn: '<plan>' });
const start: Step = incidents('StartIncident', { responsePlanArn: '<plan>' }, 'ok', { record: 'incidentRecordArn' });
const dropRecord: Step = incidents('DeleteIncidentRecord', { arn: '<record>' });
const RECORD = { incidentRecordArn: '<record>' };
const NOTE = { ...RECORD, eventTime: { $now: 0 }, eventType: 'Note', eventData: '"check"' };
const POLICY = JSON.stringify({ Version: '2012-10-17' });

/** A check that makes a person, and what more of it there is. */
function withPerson(about: Check['about'], steps: Step[], cleanup: Step[] = []): Check {
  return { about, kind: 'write', steps: [makePerson, ...steps], cleanup: [...cleanup, dropPerson] };
}

/** A check that makes a response plan without engagements, and starts an incident from it. */
function withIncident(about: Check['about'], steps: Step[]): Check {
  return { about, kind: 'write', steps: [makePlan, start, ...steps], cleanup: [dropRecord, dropPlan] };
}

/** Checks that make objects of their own, take them away again, and page nobody. */
export const WRITE_CHECKS: readonly Check[] = [
  withPerson(['idempotency-same', 'wire-shapes'], [makePerson, contacts('GetContact', ONE)]),
  withPerson(['idempotency-other'], [contacts('CreateContact', { ...PERSON, DisplayName: 'other' }, CONFLICT)]),
  withPerson(['contact-taken'], [contacts('CreateContact', { ...PERSON, IdempotencyToken: '<prefix>-2' }, CONFLICT)]),
  withPerson(['contact-policy'], [contacts('GetContactPolicy', { ContactArn: '<person>' })]),
  withPerson(['policy-json'], [contacts('PutContactPolicy', { ContactArn: '<person>', Policy: 'no JSON' }, INVALID)]),
  withPerson(
    ['contact-tags'],
    [
      contacts('TagResource', { ResourceARN: '<person>', Tags: [{ Key: 'check', Value: 'a' }] }),
      contacts('UntagResource', { ResourceARN: '<person>', TagKeys: ['check', 'never-there'] }),
      contacts('ListTagsForResource', { ResourceARN: '<person>' }),
    ],
  ),
  withPerson(
    ['plan-kinds'],
    [
      contacts(
        'UpdateContact',
        {
          ...ONE,
          Plan: {
            Stages: [
              { DurationInMinutes: 1, Targets: [{ ContactTargetInfo: { ContactId: '<person>', IsEssential: true } }] },
            ],
          },
        },
        INVALID,
      ),
    ],
  ),
  withPerson(
    ['plan-empty-stage'],
    [contacts('UpdateContact', { ...ONE, Plan: { Stages: [{ DurationInMinutes: 0, Targets: [] }] } }, INVALID)],
  ),
  {
    about: ['plan-schedule-stages'],
    kind: 'write',
    steps: [
      contacts('CreateContact', { Alias: '<prefix>-rota', Type: 'ONCALL_SCHEDULE', Plan: { Stages: [] } }, INVALID),
    ],
  },
  withPerson(
    ['channel-life', 'wire-shapes'],
    [
      contacts('CreateContactChannel', CHANNEL, 'ok', { channel: 'ContactChannelArn' }),
      contacts('GetContactChannel', { ContactChannelId: '<channel>' }),
      contacts('ListContactChannels', ONE),
    ],
    [contacts('DeleteContactChannel', { ContactChannelId: '<channel>' })],
  ),
  withPerson(
    ['channel-code'],
    [
      contacts('CreateContactChannel', CHANNEL, 'ok', { channel: 'ContactChannelArn' }),
      contacts('ActivateContactChannel', { ContactChannelId: '<channel>', ActivationCode: '000000' }, INVALID),
    ],
    [contacts('DeleteContactChannel', { ContactChannelId: '<channel>' })],
  ),
  withPerson(
    ['channel-taken'],
    [
      contacts('CreateContactChannel', CHANNEL, 'ok', { channel: 'ContactChannelArn' }),
      contacts('CreateContactChannel', CHANNEL, CONFLICT),
    ],
    [contacts('DeleteContactChannel', { ContactChannelId: '<channel>' })],
  ),
  withPerson(['channel-address'], [contacts('CreateContactChannel', { ...CHANNEL, Type: 'SMS' }, INVALID)]),
  {
    about: ['channel-unknown-contact'],
    kind: 'write',
    steps: [
      contacts(
        'CreateContactChannel',
        { ...CHANNEL, ContactId: 'arn:aws:ssm-contacts:<region>:<account>:contact/<prefix>-nobody' },
        INVALID,
      ),
    ],
  },
  withPerson(['contact-in-rotation'], [makeRotation, contacts('DeleteContact', ONE, CONFLICT)], [dropRotation]),
  withPerson(
    ['rotation-update'],
    [makeRotation, contacts('UpdateRotation', { RotationId: '<rotation>' }, INVALID)],
    [dropRotation],
  ),
  withPerson(
    ['wire-shapes', 'rotation-arithmetic'],
    [
      makeRotation,
      contacts('GetRotation', { RotationId: '<rotation>' }),
      contacts('ListRotationShifts', { RotationId: '<rotation>', StartTime: { $now: 0 }, EndTime: { $now: 172_800 } }),
    ],
    [dropRotation],
  ),
  withPerson(
    ['rotation-overrides'],
    [
      makeRotation,
      contacts(
        'CreateRotationOverride',
        {
          RotationId: '<rotation>',
          NewContactIds: ['<person>'],
          StartTime: { $now: 7200 },
          EndTime: { $now: 10_800 },
        },
        'ok',
        { override: 'RotationOverrideId' },
      ),
      contacts('GetRotationOverride', { RotationId: '<rotation>', RotationOverrideId: '<override>' }),
      contacts('ListRotationOverrides', {
        RotationId: '<rotation>',
        StartTime: { $now: 0 },
        EndTime: { $now: 20_000 },
      }),
      contacts('DeleteRotationOverride', { RotationId: '<rotation>', RotationOverrideId: '<override>' }),
    ],
    [dropRotation],
  ),
  withPerson(
    ['rotation-deleted'],
    [
      makeRotation,
      contacts(
        'CreateContact',
        { Alias: '<prefix>-rota', Type: 'ONCALL_SCHEDULE', Plan: { RotationIds: ['<rotation>'] } },
        'ok',
        { rota: 'ContactArn' },
      ),
      contacts('DeleteRotation', { RotationId: '<rotation>' }),
      contacts('GetContact', { ContactId: '<rota>' }),
    ],
    [contacts('DeleteContact', { ContactId: '<rota>' })],
  ),
  {
    about: ['plan-life', 'idempotency-same'],
    kind: 'write',
    steps: [
      makePlan,
      makePlan,
      incidents('GetResponsePlan', { arn: '<plan>' }),
      incidents('ListTagsForResource', { resourceArn: '<plan>' }),
      incidents('GetResourcePolicies', { resourceArn: '<plan>' }),
    ],
    cleanup: [dropPlan],
  },
  {
    about: ['plan-chat-channel'],
    kind: 'write',
    steps: [
      makePlan,
      incidents('UpdateResponsePlan', { arn: '<plan>', chatChannel: { empty: {} } }),
      incidents('GetResponsePlan', { arn: '<plan>' }),
    ],
    cleanup: [dropPlan],
  },
  {
    about: ['policy-json'],
    kind: 'write',
    steps: [makePlan, incidents('PutResourcePolicy', { resourceArn: '<plan>', policy: POLICY }, INVALID)],
    cleanup: [dropPlan],
  },
  { about: ['deletes-twice'], kind: 'write', steps: [makePlan, dropPlan, dropPlan], cleanup: [dropPlan] },
  {
    about: ['trigger-source'],
    kind: 'write',
    steps: [
      makePlan,
      incidents(
        'StartIncident',
        { responsePlanArn: '<plan>', triggerDetails: { source: 'aws.check', timestamp: { $now: 0 } } },
        INVALID,
      ),
    ],
    cleanup: [dropPlan],
  },
  withIncident(
    ['wire-shapes', 'timeline-own', 'related-own'],
    [
      incidents('GetIncidentRecord', { arn: '<record>' }),
      incidents('ListTimelineEvents', RECORD),
      incidents('ListRelatedItems', RECORD),
      incidents('ListIncidentFindings', RECORD),
    ],
  ),
  withIncident(['timeline-types'], [incidents('CreateTimelineEvent', { ...NOTE, eventType: 'Deploy' }, INVALID)]),
  withIncident(['timeline-data'], [incidents('CreateTimelineEvent', { ...NOTE, eventData: 'no JSON' }, INVALID)]),
  withIncident(
    ['timeline-life', 'deletes-twice'],
    [
      incidents('CreateTimelineEvent', NOTE, 'ok', { event: 'eventId' }),
      incidents('GetTimelineEvent', { ...RECORD, eventId: '<event>' }),
      incidents('DeleteTimelineEvent', { ...RECORD, eventId: '<event>' }),
      incidents('DeleteTimelineEvent', { ...RECORD, eventId: '<event>' }),
      incidents('GetTimelineEvent', { ...RECORD, eventId: '<event>' }, NOT_FOUND),
    ],
  ),
  withIncident(
    ['resolve', 'wire-shapes'],
    [
      incidents('UpdateIncidentRecord', { arn: '<record>', status: 'RESOLVED' }),
      incidents('GetIncidentRecord', { arn: '<record>' }),
    ],
  ),
];

const ENGAGEMENT = { EngagementId: '<engagement>' };
const WORDS = { Sender: 'oncall conformance', Subject: 'A test', Content: 'A test: nothing is wrong.' };

/** Checks that ring somebody: only with a contact who agreed to it. */
export const PAGE_CHECKS: readonly Check[] = [
  {
    about: ['engagement-life', 'wire-shapes'],
    kind: 'page',
    steps: [
      contacts(
        'StartEngagement',
        { ContactId: 'arn:aws:ssm-contacts:<region>:<account>:contact/<pageable>', ...WORDS },
        'ok',
        { engagement: 'EngagementArn' },
      ),
      contacts('DescribeEngagement', ENGAGEMENT),
      contacts('ListPagesByEngagement', ENGAGEMENT),
      contacts('StopEngagement', { ...ENGAGEMENT, Reason: 'The test is over' }),
      contacts('StopEngagement', ENGAGEMENT),
      contacts('DescribeEngagement', ENGAGEMENT),
    ],
    cleanup: [contacts('StopEngagement', ENGAGEMENT)],
  },
];

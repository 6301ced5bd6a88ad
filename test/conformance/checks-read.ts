import type { Check } from './check.ts';
import { contacts, DAILY, INVALID, incidents, NOT_FOUND, UNREADABLE } from './steps.ts';

const NOBODY = 'arn:aws:ssm-contacts:<region>:<account>:contact/oncall-conformance-nobody';
const NO_ROTATION = 'arn:aws:ssm-contacts:<region>:<account>:rotation/01234567-89ab-cdef-0123-456789abcdef';
const NO_PLAN = 'arn:aws:ssm-incidents::<account>:response-plan/oncall-conformance-none';
const NO_RECORD = 'arn:aws:ssm-incidents::<account>:incident-record/none/01234567-89ab-cdef-0123-456789abcdef';

const PREVIEW = {
  ...{ Members: ['first', 'second'], TimeZoneId: 'Europe/Stockholm', Recurrence: DAILY },
  ...{ RotationStartTime: 1_806_048_000, StartTime: 1_806_048_000, EndTime: 1_806_307_200 },
};

/** Checks that change nothing and page nobody. */
export const READ_CHECKS: readonly Check[] = [
  {
    about: ['wire-shapes', 'wire-timestamps'],
    kind: 'read',
    steps: [
      incidents('ListReplicationSets', {}, 'ok', { set: 'replicationSetArns.0' }),
      incidents('GetReplicationSet', { arn: '<set>' }),
    ],
  },
  {
    about: ['wire-shapes'],
    kind: 'read',
    steps: [
      contacts('ListContacts', { MaxResults: 5 }, 'ok', { contact: 'Contacts.0.ContactArn' }),
      contacts('GetContact', { ContactId: '<contact>' }),
    ],
  },
  {
    about: ['wire-shapes'],
    kind: 'read',
    steps: [
      incidents('ListIncidentRecords', { maxResults: 5 }, 'ok', { record: 'incidentRecordSummaries.0.arn' }),
      incidents('GetIncidentRecord', { arn: '<record>' }),
    ],
  },
  {
    about: ['wire-shapes'],
    kind: 'read',
    steps: [
      incidents('ListResponsePlans', { maxResults: 5 }, 'ok', { plan: 'responsePlanSummaries.0.arn' }),
      incidents('GetResponsePlan', { arn: '<plan>' }),
    ],
  },
  {
    about: ['wire-shapes'],
    kind: 'read',
    steps: [
      contacts('ListRotations', {}, 'ok', { rotation: 'Rotations.0.RotationArn' }),
      contacts('GetRotation', { RotationId: '<rotation>' }),
      contacts('ListRotationShifts', { RotationId: '<rotation>', StartTime: { $now: 0 }, EndTime: { $now: 86_400 } }),
    ],
  },
  {
    about: ['wire-shapes', 'timeline-own'],
    kind: 'read',
    steps: [
      incidents('ListIncidentRecords', { maxResults: 1 }, 'ok', { record: 'incidentRecordSummaries.0.arn' }),
      incidents('ListTimelineEvents', { incidentRecordArn: '<record>' }),
      incidents('ListRelatedItems', { incidentRecordArn: '<record>' }),
    ],
  },
  {
    about: ['wire-unknown-members'],
    kind: 'read',
    steps: [contacts('ListContacts', { NoSuchMember: 1 }), incidents('ListIncidentRecords', { noSuchMember: 1 })],
  },
  {
    about: ['wire-types'],
    kind: 'read',
    steps: [contacts('ListContacts', { AliasPrefix: { no: 'string' } }, UNREADABLE)],
  },
  {
    about: ['wire-types'],
    kind: 'read',
    steps: [incidents('ListIncidentRecords', { nextToken: { no: 'string' } }, UNREADABLE)],
  },
  { about: ['limits'], kind: 'read', steps: [contacts('ListContacts', { AliasPrefix: 'CAPITAL' }, INVALID)] },
  { about: ['limits'], kind: 'read', steps: [contacts('ListContacts', { MaxResults: 1025 }, INVALID)] },
  { about: ['limits'], kind: 'read', steps: [contacts('ListContacts', { Type: 'ROBOT' }, INVALID)] },
  { about: ['limits'], kind: 'read', steps: [contacts('GetContact', {}, INVALID)] },
  { about: ['limits'], kind: 'read', steps: [incidents('ListIncidentRecords', { maxResults: 101 }, INVALID)] },
  { about: ['limits'], kind: 'read', steps: [incidents('GetIncidentRecord', { arn: 'no-arn' }, INVALID)] },
  { about: ['limits'], kind: 'read', steps: [incidents('ListTimelineEvents', {}, INVALID)] },
  {
    about: ['unions'],
    kind: 'read',
    steps: [
      incidents(
        'ListIncidentRecords',
        { filters: [{ key: 'creationTime', condition: { before: 1_700_000_000, after: 1_600_000_000 } }] },
        INVALID,
      ),
    ],
  },
  {
    about: ['unions'],
    kind: 'read',
    steps: [incidents('ListIncidentRecords', { filters: [{ key: 'creationTime', condition: {} }] }, INVALID)],
  },
  {
    about: ['filters'],
    kind: 'read',
    steps: [
      incidents(
        'ListIncidentRecords',
        { filters: [{ key: 'noSuchKey', condition: { before: 1_700_000_000 } }] },
        INVALID,
      ),
    ],
  },
  { about: ['paging-tokens'], kind: 'read', steps: [contacts('ListContacts', { NextToken: 'bm8gdG9rZW4' }, INVALID)] },
  {
    about: ['paging-tokens'],
    kind: 'read',
    steps: [incidents('ListIncidentRecords', { nextToken: 'bm8gdG9rZW4' }, INVALID)],
  },
  { about: ['unknown-contacts'], kind: 'read', steps: [contacts('GetContact', { ContactId: NOBODY }, NOT_FOUND)] },
  {
    about: ['unknown-contacts'],
    kind: 'read',
    steps: [contacts('ListContactChannels', { ContactId: NOBODY }, NOT_FOUND)],
  },
  {
    about: ['unknown-contacts'],
    kind: 'read',
    steps: [contacts('ListPagesByContact', { ContactId: NOBODY }, NOT_FOUND)],
  },
  {
    about: ['unknown-contacts'],
    kind: 'read',
    steps: [contacts('ListTagsForResource', { ResourceARN: NOBODY }, NOT_FOUND)],
  },
  { about: ['unknown-engagements'], kind: 'read', steps: [contacts('ListEngagements', { IncidentId: NO_RECORD })] },
  {
    about: ['unknown-rotations'],
    kind: 'read',
    steps: [contacts('GetRotation', { RotationId: NO_ROTATION }, NOT_FOUND)],
  },
  {
    about: ['unknown-rotations'],
    kind: 'read',
    steps: [
      contacts(
        'ListRotationShifts',
        { RotationId: NO_ROTATION, StartTime: { $now: 0 }, EndTime: { $now: 60 } },
        INVALID,
      ),
    ],
  },
  {
    about: ['unknown-rotations'],
    kind: 'read',
    steps: [
      contacts(
        'ListRotationOverrides',
        { RotationId: NO_ROTATION, StartTime: { $now: 0 }, EndTime: { $now: 60 } },
        INVALID,
      ),
    ],
  },
  { about: ['unknown-records'], kind: 'read', steps: [incidents('GetIncidentRecord', { arn: NO_RECORD }, NOT_FOUND)] },
  { about: ['unknown-records'], kind: 'read', steps: [incidents('GetResponsePlan', { arn: NO_PLAN }, NOT_FOUND)] },
  {
    about: ['unknown-records'],
    kind: 'read',
    steps: [incidents('ListIncidentFindings', { incidentRecordArn: NO_RECORD }, NOT_FOUND)],
  },
  {
    about: ['unknown-records'],
    kind: 'read',
    steps: [incidents('GetTimelineEvent', { incidentRecordArn: NO_RECORD, eventId: 'none' }, NOT_FOUND)],
  },
  {
    about: ['unknown-lists'],
    kind: 'read',
    steps: [incidents('ListTimelineEvents', { incidentRecordArn: NO_RECORD })],
  },
  { about: ['unknown-lists'], kind: 'read', steps: [incidents('ListRelatedItems', { incidentRecordArn: NO_RECORD })] },
  {
    about: ['wire-paths'],
    kind: 'read',
    steps: [incidents('ListTagsForResource', { resourceArn: NO_PLAN }, NOT_FOUND)],
  },
  {
    about: ['wire-paths'],
    kind: 'read',
    steps: [incidents('GetResourcePolicies', { resourceArn: NO_PLAN }, NOT_FOUND)],
  },
  {
    about: ['rotation-preview', 'rotation-arithmetic'],
    kind: 'read',
    steps: [contacts('ListPreviewRotationShifts', PREVIEW)],
  },
  {
    about: ['rotation-zones'],
    kind: 'read',
    steps: [contacts('ListPreviewRotationShifts', { ...PREVIEW, TimeZoneId: 'PST' }, INVALID)],
  },
  {
    about: ['rotation-recurrence'],
    kind: 'read',
    steps: [
      contacts(
        'ListPreviewRotationShifts',
        { ...PREVIEW, Recurrence: { NumberOfOnCalls: 1, RecurrenceMultiplier: 1 } },
        INVALID,
      ),
    ],
  },
  {
    about: ['rotation-recurrence'],
    kind: 'read',
    steps: [
      contacts(
        'ListPreviewRotationShifts',
        {
          ...PREVIEW,
          Recurrence: {
            ...DAILY,
            WeeklySettings: [{ DayOfWeek: 'MON', HandOffTime: { HourOfDay: 9, MinuteOfHour: 0 } }],
          },
        },
        INVALID,
      ),
    ],
  },
  { about: ['never-enabled'], kind: 'read', neverEnabled: true, steps: [contacts('ListContacts', {}, INVALID)] },
  { about: ['never-enabled'], kind: 'read', neverEnabled: true, steps: [incidents('ListReplicationSets', {})] },
  { about: ['never-enabled'], kind: 'read', neverEnabled: true, steps: [incidents('ListIncidentRecords', {})] },
  { about: ['never-enabled'], kind: 'read', neverEnabled: true, steps: [incidents('ListResponsePlans', {})] },
  {
    about: ['never-enabled'],
    kind: 'read',
    neverEnabled: true,
    steps: [incidents('GetResponsePlan', { arn: NO_PLAN }, NOT_FOUND)],
  },
];

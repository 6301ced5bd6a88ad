import type { Check, Step } from './check.ts';
import { contacts, INVALID, incidents, NOT_FOUND } from './steps.ts';

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

/** A check that makes a response plan without engagements, and starts an incident from it. */
function withIncident(about: Check['about'], steps: Step[]): Check {
  return { about, kind: 'write', steps: [makePlan, start, ...steps], cleanup: [dropRecord, dropPlan] };
}

/** Checks that make response plans and incidents of their own, take them away again, and page nobody. */
export const INCIDENT_CHECKS: readonly Check[] = [
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
        { record: 'incidentRecordArn' },
      ),
    ],
    // The record is only there if the account was kinder than expected.
    cleanup: [dropRecord, dropPlan],
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

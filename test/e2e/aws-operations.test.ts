import assert from 'node:assert/strict';
import { type StockAws, stockAws } from '../support/stock-aws.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

type Members = Record<string, unknown>;

const CONTACTS = 'ssm-contacts';
const INCIDENTS = 'ssm-incidents';
const ACCOUNT = '000000000000';

/**
 * The stock `aws` (version 1, which brings botocore and so AWS's own models with it) through each of the 70 operations,
 * on objects that it makes itself. Every answer, on the wire and as printed, is held against the model.
 */
describe('the stock aws in the practice world', function () {
  this.timeout(600_000);
  let world: TestWorld;
  let aws: StockAws;
  /** The activation codes as their receivers see them: on the phone, never through the API. */
  let phone: Map<string, string>;

  const contacts = <T = Members>(operation: string, input?: Members) => aws.call<T>(CONTACTS, operation, input);
  const incidents = <T = Members>(operation: string, input?: Members) => aws.call<T>(INCIDENTS, operation, input);

  before(async () => {
    world = await startWorld({ scenario: 'quiet' });
    aws = await stockAws(world.env);
    phone = new Map();
    world.sandbox.world.incidentManager.onChange((change) => {
      if (change.kind === 'activation-code-sent') phone.set(change.channel, change.code);
    });
  });
  after(async () => {
    const done = aws.known.filter((name) => aws.answered.has(name));
    process.stdout.write(`      ${done.length} of ${aws.known.length} operations\n`);
    await aws.close();
    await world.close();
    assert.deepEqual(
      aws.known.filter((name) => !aws.answered.has(name)),
      [],
    );
  });

  const arns: Record<'uma' | 'vik' | 'sms' | 'mail' | 'rotation' | 'rota' | 'plan' | 'responsePlan', string> = {
    uma: '',
    vik: '',
    sms: '',
    mail: '',
    rotation: '',
    rota: '',
    plan: '',
    responsePlan: '',
  };
  const DAILY = { NumberOfOnCalls: 1, RecurrenceMultiplier: 1, DailySettings: [{ HourOfDay: 9, MinuteOfHour: 0 }] };

  it('makes people, once for one token', async () => {
    const uma = {
      Alias: 'uma',
      DisplayName: 'Uma Ö.',
      Type: 'PERSONAL',
      Plan: { Stages: [] },
      IdempotencyToken: 'uma-1',
    };
    const Tags = [{ Key: 'team', Value: 'api' }];
    const first = await contacts('CreateContact', { ...uma, Tags });
    assert.deepEqual(await contacts('CreateContact', { ...uma, Tags }), first);
    const other = await aws.refused(CONTACTS, 'CreateContact', { ...uma, Tags, DisplayName: 'Somebody else' });
    assert.equal(other.error, 'ConflictException');
    arns.uma = String(first.ContactArn);
    const vik = { Alias: 'vik', Type: 'PERSONAL', Plan: { Stages: [] } };
    arns.vik = String((await contacts('CreateContact', vik)).ContactArn);
    assert.equal(arns.vik, `arn:aws:ssm-contacts:us-west-2:${ACCOUNT}:contact/vik`);
    const { Contacts } = await contacts<{ Contacts: Members[] }>('ListContacts', {
      AliasPrefix: 'v',
      Type: 'PERSONAL',
    });
    assert.deepEqual(Contacts, [{ ContactArn: arns.vik, Alias: 'vik', Type: 'PERSONAL' }]);
    const got = await contacts('GetContact', { ContactId: arns.uma });
    assert.deepEqual(got, {
      ContactArn: arns.uma,
      Alias: 'uma',
      DisplayName: 'Uma Ö.',
      Type: 'PERSONAL',
      Plan: { Stages: [] },
    });
  });

  it('makes channels, which have to be activated with the code that they were sent', async () => {
    const sms = { ContactId: arns.uma, Name: 'phone', Type: 'SMS', DeliveryAddress: { SimpleAddress: '+12025550123' } };
    arns.sms = String((await contacts('CreateContactChannel', { ...sms, DeferActivation: true })).ContactChannelArn);
    assert.equal(phone.get(arns.sms), undefined);
    const mail = { ...sms, Name: 'mail', Type: 'EMAIL', DeliveryAddress: { SimpleAddress: 'uma@dolthub.example' } };
    arns.mail = String((await contacts('CreateContactChannel', mail)).ContactChannelArn);
    assert.match(phone.get(arns.mail) ?? '', /^\d{6}$/);
    assert.equal((await aws.refused(CONTACTS, 'CreateContactChannel', mail)).error, 'ConflictException');

    const channel = { ContactChannelId: arns.sms };
    await contacts('SendActivationCode', channel);
    const ActivationCode = phone.get(arns.sms) ?? '';
    const wrong = ActivationCode === '111111' ? '222222' : '111111';
    const refused = await aws.refused(CONTACTS, 'ActivateContactChannel', { ...channel, ActivationCode: wrong });
    assert.equal(refused.error, 'ValidationException');
    await contacts('ActivateContactChannel', { ...channel, ActivationCode });
    await contacts('UpdateContactChannel', { ...channel, Name: 'my phone' });
    assert.deepEqual(await contacts('GetContactChannel', channel), {
      ...{ ContactArn: arns.uma, ContactChannelArn: arns.sms, Name: 'my phone', Type: 'SMS' },
      ...{ DeliveryAddress: { SimpleAddress: '+12025550123' }, ActivationStatus: 'ACTIVATED' },
    });
    await contacts('DeactivateContactChannel', channel);
    const { ContactChannels } = await contacts<{ ContactChannels: Members[] }>('ListContactChannels', {
      ContactId: arns.uma,
    });
    assert.deepEqual(
      ContactChannels.map(({ Name, ActivationStatus }) => [Name, ActivationStatus]),
      [
        ['my phone', 'NOT_ACTIVATED'],
        ['mail', 'NOT_ACTIVATED'],
      ],
    );
    await contacts('SendActivationCode', channel);
    await contacts('ActivateContactChannel', { ...channel, ActivationCode: phone.get(arns.sms) });
  });

  it('makes a rota, and sees its shifts across the change to summer time', async () => {
    const wish = {
      Name: 'api daily',
      ContactIds: [arns.uma, arns.vik],
      TimeZoneId: 'Europe/Stockholm',
      Recurrence: DAILY,
    };
    const StartTime = '2027-03-26T08:00:00Z';
    arns.rotation = String((await contacts('CreateRotation', { ...wish, StartTime })).RotationArn);
    const one = { RotationId: arns.rotation };
    assert.equal((await contacts('GetRotation', one)).Name, 'api daily');
    const { Rotations } = await contacts<{ Rotations: Members[] }>('ListRotations', { RotationNamePrefix: 'api' });
    assert.deepEqual(
      Rotations.map(({ RotationArn }) => RotationArn),
      [arns.rotation],
    );

    // Nine in the morning is 08:00 UTC until Sunday the 28th, and 07:00 from then on: that night's shift is 23 hours.
    const expected = [
      [arns.uma, '2027-03-26T08:00:00Z', '2027-03-27T08:00:00Z'],
      [arns.vik, '2027-03-27T08:00:00Z', '2027-03-28T07:00:00Z'],
      [arns.uma, '2027-03-28T07:00:00Z', '2027-03-29T07:00:00Z'],
    ];
    const span = { StartTime, EndTime: '2027-03-29T07:00:00Z' };
    const shown = ({ RotationShifts }: { RotationShifts: Shift[] }) =>
      RotationShifts.map(({ ContactIds, StartTime: from, EndTime }) => [ContactIds[0], utc(from), utc(EndTime)]);
    assert.deepEqual(shown(await contacts('ListRotationShifts', { ...one, ...span })), expected);
    const { Name: _name, ContactIds: Members, ...rule } = wish;
    const preview = { ...rule, Members, RotationStartTime: StartTime, ...span };
    assert.deepEqual(shown(await contacts('ListPreviewRotationShifts', preview)), expected);

    await aws.refused(CONTACTS, 'CreateRotation', { ...wish, TimeZoneId: 'PST' });
    const Recurrence = { ...DAILY, RecurrenceMultiplier: 2 };
    await contacts('UpdateRotation', { ...one, Recurrence, StartTime: Date.now() / 1000 - 3600 });
    const changed = await contacts('GetRotation', one);
    assert.deepEqual([changed.Recurrence, changed.TimeZoneId], [Recurrence, 'Europe/Stockholm']);
  });

  it('puts somebody else on call for a while', async () => {
    const one = { RotationId: arns.rotation };
    // Tomorrow at noon in Stockholm, or nearly: far from the hand-off at nine.
    const tomorrow = `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T`;
    const span = { StartTime: `${tomorrow}10:00:00Z`, EndTime: `${tomorrow}11:00:00Z` };
    const people = async () =>
      (await contacts<{ RotationShifts: Shift[] }>('ListRotationShifts', { ...one, ...span })).RotationShifts;
    const [regular] = await people();
    assert.equal(regular?.Type, 'REGULAR');
    const override = { ...one, NewContactIds: [arns.vik], ...span };
    const { RotationOverrideId } = await contacts('CreateRotationOverride', override);
    const got = await contacts('GetRotationOverride', { ...one, RotationOverrideId });
    assert.deepEqual([got.RotationArn, got.NewContactIds], [arns.rotation, [arns.vik]]);
    const listed = await contacts<{ RotationOverrides: Members[] }>('ListRotationOverrides', { ...one, ...span });
    assert.deepEqual(
      listed.RotationOverrides.map((found) => found.RotationOverrideId),
      [RotationOverrideId],
    );
    assert.deepEqual(
      (await people()).map(({ ContactIds, Type, ShiftDetails }) => [
        ContactIds,
        Type,
        ShiftDetails?.OverriddenContactIds,
      ]),
      [[[arns.vik], 'OVERRIDDEN', regular.ContactIds]],
    );
    await contacts('DeleteRotationOverride', { ...one, RotationOverrideId });
    await aws.refused(CONTACTS, 'GetRotationOverride', { ...one, RotationOverrideId });
  });

  it('pages along the plan, and takes the answer', async () => {
    const target = { ChannelTargetInfo: { ContactChannelId: arns.sms, RetryIntervalInMinutes: 1 } };
    const stage = { DurationInMinutes: 5, Targets: [target] };
    await contacts('UpdateContact', { ContactId: arns.uma, Plan: { Stages: [stage] } });
    // Whatever the hour, it is Uma's shift.
    await contacts('UpdateRotation', { RotationId: arns.rotation, ContactIds: [arns.uma], Recurrence: DAILY });
    const rota = { Alias: 'api-rota', Type: 'ONCALL_SCHEDULE', Plan: { RotationIds: [arns.rotation] } };
    arns.rota = String((await contacts('CreateContact', rota)).ContactArn);
    const staged = { ...rota, Alias: 'staged', Plan: { Stages: [stage] } };
    const refused = await aws.refused(CONTACTS, 'CreateContact', staged);
    assert.equal(refused.body.Message, 'Invalid value provided - ONCALL SCHEDULE contact cannot have stages in plan');
    const essential = (ContactId: string) => ({
      DurationInMinutes: 5,
      Targets: [{ ContactTargetInfo: { ContactId, IsEssential: true } }],
    });
    const plan = {
      Alias: 'api-plan',
      Type: 'ESCALATION',
      Plan: { Stages: [essential(arns.rota), essential(arns.vik)] },
    };
    arns.plan = String((await contacts('CreateContact', plan)).ContactArn);

    const words = {
      Sender: 'cli',
      Subject: 'api down',
      Content: 'All of it.',
      PublicSubject: 'api',
      PublicContent: 'down',
    };
    const { EngagementArn } = await contacts('StartEngagement', { ContactId: arns.plan, ...words });
    world.advance(20);
    const engagement = { EngagementId: EngagementArn };
    const described = await contacts('DescribeEngagement', engagement);
    assert.deepEqual(
      [described.ContactArn, described.Content, described.StopTime],
      [arns.plan, 'All of it.', undefined],
    );
    const { Engagements } = await contacts<{ Engagements: Members[] }>('ListEngagements', { MaxResults: 1 });
    assert.equal(Engagements[0]?.EngagementArn, EngagementArn);

    const { Pages } = await contacts<{ Pages: Members[] }>('ListPagesByEngagement', engagement);
    const page = { PageId: Pages[0]?.PageArn };
    assert.deepEqual(
      Pages.map(({ ContactArn }) => ContactArn),
      [arns.uma],
    );
    const mine = await contacts<{ Pages: Members[] }>('ListPagesByContact', { ContactId: arns.uma });
    assert.deepEqual(mine.Pages, Pages);
    assert.equal((await contacts('DescribePage', page)).PublicSubject, 'api');
    const { PageResolutions } = await contacts<{ PageResolutions: Members[] }>('ListPageResolutions', page);
    assert.deepEqual(
      PageResolutions.map(({ ContactArn, Type }) => [ContactArn, Type]),
      [
        [arns.plan, 'ESCALATION'],
        [arns.rota, 'ONCALL_SCHEDULE'],
        [arns.uma, 'PERSONAL'],
      ],
    );
    const { Receipts } = await contacts<{ Receipts: Members[] }>('ListPageReceipts', page);
    const delivered = Receipts.find(({ ReceiptType }) => ReceiptType === 'DELIVERED');
    const AcceptCode = String(delivered?.ReceiptInfo);
    const answer = { ...page, AcceptType: 'READ', AcceptCodeValidation: 'ENFORCE' };
    const wrong = AcceptCode === '111111' ? '222222' : '111111';
    await aws.refused(CONTACTS, 'AcceptPage', { ...answer, AcceptCode: wrong });
    await contacts('AcceptPage', { ...answer, AcceptCode, Note: 'on it', ContactChannelId: arns.sms });
    world.advance(3600);
    const after = await contacts<{ Pages: Members[] }>('ListPagesByEngagement', engagement);
    assert.deepEqual(
      after.Pages.map(({ ContactArn }) => ContactArn),
      [arns.uma],
    );
    await contacts('StopEngagement', { ...engagement, Reason: 'done' });
    assert.ok((await contacts('DescribeEngagement', engagement)).StopTime);
  });

  it('tags and shares contacts', async () => {
    const one = { ResourceARN: arns.uma };
    await contacts('TagResource', { ...one, Tags: [{ Key: 'shift', Value: 'day and night' }] });
    await contacts('UntagResource', { ...one, TagKeys: ['team', 'never-there'] });
    const { Tags } = await contacts('ListTagsForResource', one);
    assert.deepEqual(Tags, [{ Key: 'shift', Value: 'day and night' }]);
    const many = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));
    await aws.refused(CONTACTS, 'TagResource', { ...one, Tags: many });
    await aws.refused(CONTACTS, 'ListTagsForResource', { ResourceARN: `${arns.uma}-not` });
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await contacts('PutContactPolicy', { ContactArn: arns.uma, Policy });
    assert.deepEqual(await contacts('GetContactPolicy', { ContactArn: arns.uma }), { ContactArn: arns.uma, Policy });
    await aws.refused(CONTACTS, 'PutContactPolicy', { ContactArn: arns.uma, Policy: 'everybody may' });
  });

  it('deletes what nothing depends on any more', async () => {
    const refused = await aws.refused(CONTACTS, 'DeleteContact', { ContactId: arns.uma });
    assert.equal(refused.error, 'ConflictException');
    assert.deepEqual(refused.body.DependentEntities, [
      { RelationType: 'ROTATION', DependentResourceIds: [arns.rotation] },
    ]);
    await contacts('DeleteRotation', { RotationId: arns.rotation });
    assert.deepEqual((await contacts('GetContact', { ContactId: arns.rota })).Plan, { RotationIds: [] });
    const shifts = { RotationId: arns.rotation, EndTime: Date.now() / 1000 };
    assert.equal((await aws.refused(CONTACTS, 'ListRotationShifts', shifts)).body.Message, 'Invalid resource Arn');
    await contacts('DeleteContactChannel', { ContactChannelId: arns.mail });
    await contacts('DeleteContact', { ContactId: arns.vik });
    const { Plan } = await contacts<{ Plan: { Stages: unknown[] } }>('GetContact', { ContactId: arns.plan });
    assert.equal(Plan.Stages.length, 2, 'a plan goes on naming those who are gone');
  });

  it('makes a response plan, changes it part by part, tags and shares it', async () => {
    const incidentTemplate = {
      ...{ title: 'api is down', impact: 2, summary: 'Look.', dedupeString: 'api', incidentTags: { team: 'api' } },
      notificationTargets: [{ snsTopicArn: `arn:aws:sns:us-west-2:${ACCOUNT}:incidents` }],
    };
    const ssmAutomation = {
      ...{
        roleArn: `arn:aws:iam::${ACCOUNT}:role/runbooks`,
        documentName: 'ApiDown',
        targetAccount: 'RESPONSE_PLAN_OWNER_ACCOUNT',
      },
      parameters: { Service: ['api'] },
      dynamicParameters: { Record: { variable: 'INCIDENT_RECORD_ARN' } },
    };
    const plan = {
      ...{ name: 'api-down', displayName: 'api down', engagements: [arns.plan], incidentTemplate },
      ...{ actions: [{ ssmAutomation }], chatChannel: { chatbotSns: [`arn:aws:sns:us-west-2:${ACCOUNT}:chat`] } },
    };
    const created = await incidents('CreateResponsePlan', { ...plan, tags: { owner: 'uma' }, clientToken: 't-1' });
    assert.deepEqual(
      await incidents('CreateResponsePlan', { ...plan, tags: { owner: 'uma' }, clientToken: 't-1' }),
      created,
    );
    const arn = String(created.arn);
    arns.responsePlan = arn;
    assert.equal(arn, `arn:aws:ssm-incidents::${ACCOUNT}:response-plan/api-down`);
    assert.deepEqual(await incidents('GetResponsePlan', { arn }), { ...plan, arn });
    await incidents('UpdateResponsePlan', {
      arn,
      incidentTemplateImpact: 1,
      chatChannel: { empty: {} },
      incidentTemplateTags: {},
    });
    const { chatChannel: _channel, ...rest } = plan;
    assert.deepEqual(await incidents('GetResponsePlan', { arn }), {
      ...{ ...rest, arn },
      incidentTemplate: { ...incidentTemplate, impact: 1, incidentTags: {} },
    });
    const { responsePlanSummaries } = await incidents<{ responsePlanSummaries: Members[] }>('ListResponsePlans');
    assert.ok(responsePlanSummaries.some((one) => one.arn === arn));

    await incidents('TagResource', { resourceArn: arn, tags: { stage: 'prod, really' } });
    await incidents('UntagResource', { resourceArn: arn, tagKeys: ['owner', 'never-there'] });
    assert.deepEqual(await incidents('ListTagsForResource', { resourceArn: arn }), { tags: { stage: 'prod, really' } });
    await aws.refused(INCIDENTS, 'ListTagsForResource', { resourceArn: 'no ARN at all' });
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    const { policyId } = await incidents('PutResourcePolicy', { resourceArn: arn, policy });
    const { resourcePolicies } = await incidents('GetResourcePolicies', { resourceArn: arn, maxResults: 5 });
    assert.deepEqual(resourcePolicies, [{ policyDocument: policy, policyId, ramResourceShareRegion: 'us-west-2' }]);
    await incidents('DeleteResourcePolicy', { resourceArn: arn, policyId });
    await aws.refused(INCIDENTS, 'DeleteResourcePolicy', { resourceArn: arn, policyId });
  });

  it('opens an incident, once for one key, and writes down what is known about it', async () => {
    const trigger = {
      source: 'our.own',
      timestamp: Date.now() / 1000,
      triggerArn: `arn:aws:sns:us-west-2:${ACCOUNT}:x`,
      rawData: '{}',
    };
    const item = { identifier: { type: 'METRIC', value: { url: 'https://graphs.example/api' } }, title: 'requests' };
    const start = { responsePlanArn: arns.responsePlan, impact: 3, triggerDetails: trigger, relatedItems: [item] };
    const { incidentRecordArn } = await incidents('StartIncident', start);
    assert.deepEqual(
      await incidents('StartIncident', start),
      { incidentRecordArn },
      'the open incident takes the second',
    );
    const arn = String(incidentRecordArn);
    await incidents('UpdateIncidentRecord', {
      arn,
      title: 'api is quite down',
      summary: 'Sorry.',
      chatChannel: { empty: {} },
    });
    const { incidentRecord } = await incidents<{ incidentRecord: Members }>('GetIncidentRecord', { arn });
    assert.deepEqual(
      [incidentRecord.title, incidentRecord.impact, incidentRecord.dedupeString],
      ['api is quite down', 3, 'api'],
    );
    const open = { key: 'status', condition: { equals: { stringValues: ['OPEN'] } } };
    const listed = await incidents<{ incidentRecordSummaries: Members[] }>('ListIncidentRecords', { filters: [open] });
    assert.deepEqual(
      listed.incidentRecordSummaries.map((one) => one.arn),
      [arn],
    );

    const record = { incidentRecordArn: arn };
    const note = {
      ...record,
      eventTime: Date.now() / 1000,
      eventType: 'Note',
      eventData: '"hello"',
      eventReferences: [{ resource: arn }],
    };
    const { eventId } = await incidents('CreateTimelineEvent', note);
    await incidents('UpdateTimelineEvent', { ...record, eventId, eventData: '"hello again"' });
    const { event } = await incidents<{ event: Members }>('GetTimelineEvent', { ...record, eventId });
    assert.deepEqual([event.eventData, event.eventReferences], ['"hello again"', [{ resource: arn }]]);
    const notes = [{ key: 'eventType', condition: { equals: { stringValues: ['Note'] } } }];
    const asked = { ...record, filters: notes, sortBy: 'EVENT_TIME', sortOrder: 'ASCENDING' };
    const { eventSummaries } = await incidents<{ eventSummaries: Members[] }>('ListTimelineEvents', asked);
    assert.deepEqual(
      eventSummaries.map((one) => one.eventId),
      [eventId],
    );
    await incidents('DeleteTimelineEvent', { ...record, eventId });
    await incidents('DeleteTimelineEvent', { ...record, eventId });

    const itemToAdd = { identifier: { type: 'OTHER', value: { url: 'https://status.example' } }, title: 'status' };
    await incidents('UpdateRelatedItems', { ...record, relatedItemsUpdate: { itemToAdd } });
    await incidents('UpdateRelatedItems', { ...record, relatedItemsUpdate: { itemToRemove: itemToAdd.identifier } });
    const { relatedItems } = await incidents<{ relatedItems: Members[] }>('ListRelatedItems', record);
    assert.deepEqual(
      relatedItems.map(({ title }) => title),
      ['parentItem', 'Ops item', 'requests'],
    );
    assert.deepEqual(await incidents('ListIncidentFindings', record), { findings: [] });
    const { errors } = await incidents<{ errors: Members[] }>('BatchGetIncidentFindings', {
      ...record,
      findingIds: ['f-1'],
    });
    assert.deepEqual(
      errors.map(({ findingId }) => findingId),
      ['f-1'],
    );
    assert.deepEqual(await incidents('ListTagsForResource', { resourceArn: arn }), { tags: {} });

    await incidents('DeleteIncidentRecord', { arn });
    await incidents('DeleteIncidentRecord', { arn });
    await aws.refused(INCIDENTS, 'GetIncidentRecord', { arn });
    assert.deepEqual(await incidents('ListTimelineEvents', record), { eventSummaries: [] });
    assert.deepEqual(await incidents('ListRelatedItems', record), { relatedItems: [] });
    await incidents('DeleteResponsePlan', { arn: arns.responsePlan });
    await aws.refused(INCIDENTS, 'StartIncident', start);
  });

  it('spreads the account over regions, and ends it with all that is in it', async () => {
    const { replicationSetArns } = await incidents<{ replicationSetArns: string[] }>('ListReplicationSets');
    const arn = String(replicationSetArns[0]);
    const regions = async (set: string) => {
      const { replicationSet } = await incidents<{
        replicationSet: { status: string; regionMap: Record<string, Members> };
      }>('GetReplicationSet', { arn: set });
      return [
        replicationSet.status,
        ...Object.entries(replicationSet.regionMap).map(([name, { status }]) => `${name} ${status}`),
      ];
    };
    const addRegionAction = { regionName: 'eu-north-1' };
    await incidents('UpdateReplicationSet', { arn, actions: [{ addRegionAction }] });
    assert.deepEqual(await regions(arn), ['UPDATING', 'us-west-2 ACTIVE', 'eu-north-1 CREATING']);
    await aws.refused(INCIDENTS, 'UpdateReplicationSet', { arn, actions: [{ deleteRegionAction: addRegionAction }] });
    world.advance(120);
    assert.deepEqual(await regions(arn), ['ACTIVE', 'us-west-2 ACTIVE', 'eu-north-1 ACTIVE']);
    await incidents('UpdateDeletionProtection', { arn, deletionProtected: true });
    assert.equal((await aws.refused(INCIDENTS, 'DeleteReplicationSet', { arn })).error, 'ValidationException');
    assert.equal(
      (await aws.refused(INCIDENTS, 'CreateReplicationSet', { regions: { 'us-west-2': {} } })).error,
      'ConflictException',
    );
    await incidents('UpdateDeletionProtection', { arn, deletionProtected: false });
    await incidents('DeleteReplicationSet', { arn });
    assert.deepEqual(await incidents('ListReplicationSets'), { replicationSetArns: [] });
    assert.deepEqual(await incidents('ListIncidentRecords'), { incidentRecordSummaries: [] });
    const gone = await aws.refused(CONTACTS, 'ListContacts', {});
    assert.equal(gone.body.Message, 'Invalid value provided - Account not found for the request');

    const wish = { regions: { 'us-west-2': {}, 'eu-west-1': {} }, tags: { owner: 'uma' } };
    const created = String((await incidents('CreateReplicationSet', wish)).arn);
    assert.deepEqual(await regions(created), ['CREATING', 'us-west-2 CREATING', 'eu-west-1 CREATING']);
    world.advance(120);
    assert.deepEqual(await regions(created), ['ACTIVE', 'us-west-2 ACTIVE', 'eu-west-1 ACTIVE']);
    assert.deepEqual(await contacts('ListContacts'), { Contacts: [] });
  });
});

interface Shift {
  ContactIds: string[];
  StartTime: number | string;
  EndTime: number | string;
  Type: string;
  ShiftDetails?: { OverriddenContactIds: string[] };
}

/** The command line prints a timestamp as seconds or as a date, by its version. */
function utc(time: number | string): string {
  return new Date(typeof time === 'number' ? time * 1000 : time).toISOString().replace('.000', '');
}

import assert from 'node:assert/strict';
import {
  CreateTimelineEventCommand,
  DeleteIncidentRecordCommand,
  DeleteTimelineEventCommand,
  GetIncidentRecordCommand,
  GetReplicationSetCommand,
  GetResponsePlanCommand,
  GetTimelineEventCommand,
  ListIncidentRecordsCommand,
  ListRelatedItemsCommand,
  ListReplicationSetsCommand,
  ListTagsForResourceCommand,
  ListTimelineEventsCommand,
  StartIncidentCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateIncidentRecordCommand,
  UpdateRelatedItemsCommand,
  UpdateResponsePlanCommand,
  UpdateTimelineEventCommand,
} from '@aws-sdk/client-ssm-incidents';
import type { AlertEvent } from '../../../src/lib/sandbox/world/alert-event.ts';
import { AWS_ACCOUNT, AWS_REGION } from '../../../src/lib/sandbox/world/catalog.ts';
import { contactArn, planArn, type ServedAws, serveAws } from '../../support/serve-aws.ts';

const EVENT: AlertEvent = {
  version: '0',
  id: '00000000-0000-4000-8000-000000000001',
  'detail-type': 'Alert',
  source: 'oncall.alertmanager',
  account: AWS_ACCOUNT,
  time: '2026-11-05T03:12:00.000Z',
  region: AWS_REGION,
  resources: ['arn:aws:ecs:us-west-2:000000000000:service/dolthubapi'],
  detail: {
    status: 'firing',
    labels: { alertname: 'ServiceDown', app: 'dolthubapi' },
    annotations: { summary: 'dolthubapi is "down"' },
    startsAt: '2026-11-05T03:11:00.000Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.test/graph',
    fingerprint: '0011223344556677',
  },
};

const PLAN = planArn('dolthubapi-service-down');

describe('incidents in the sandbox', () => {
  let world: ServedAws;

  beforeEach(async () => {
    world = await serveAws();
  });
  afterEach(() => world.close());

  async function start(more: Partial<StartIncidentCommand['input']> = {}): Promise<string> {
    const answer = await world.incidents.send(new StartIncidentCommand({ responsePlanArn: PLAN, ...more }));
    return answer.incidentRecordArn as string;
  }

  async function record(arn: string) {
    return (await world.incidents.send(new GetIncidentRecordCommand({ arn }))).incidentRecord;
  }

  /** Every event, oldest first, with its data parsed. */
  async function timeline(incidentRecordArn: string) {
    const list = new ListTimelineEventsCommand({ incidentRecordArn, sortOrder: 'ASCENDING' });
    const { eventSummaries = [] } = await world.incidents.send(list);
    const read = eventSummaries.map(async ({ eventId }) => {
      const { event } = await world.incidents.send(new GetTimelineEventCommand({ incidentRecordArn, eventId }));
      return { type: event?.eventType, data: JSON.parse(event?.eventData ?? 'null'), event };
    });
    return Promise.all(read);
  }

  it('opens what the response plan says, in the name of whoever signed the request', async () => {
    const incident = await record(await start({ title: 'All of it is down', impact: 2 }));
    assert.match(
      incident?.arn ?? '',
      /^arn:aws:ssm-incidents::000000000000:incident-record\/dolthubapi-service-down\/[-0-9a-f]{36}$/,
    );
    assert.equal(incident?.title, 'All of it is down');
    assert.equal(incident?.impact, 2);
    assert.equal(incident?.status, 'OPEN');
    assert.equal(incident?.resolvedTime, undefined);
    assert.equal(incident?.dedupeString, 'dolthubapi-service-down');
    assert.deepEqual(incident?.incidentRecordSource, {
      createdBy: 'arn:aws:sts::000000000000:assumed-role/oncall-responder/sam',
      invokedBy: 'arn:aws:sts::000000000000:assumed-role/oncall-responder/sam',
      source: 'aws.ssm-incidents.custom',
    });
    assert.ok(Math.abs((incident?.creationTime?.getTime() ?? 0) - Date.now()) < 5000);
  });

  it('keeps the event that started it, encoded twice, and pages for it', async () => {
    const arn = world.engine.startFromEvent(PLAN, EVENT);
    const incident = await record(arn);
    assert.equal(incident?.incidentRecordSource?.invokedBy, 'events.amazonaws.com');
    world.clock.advance(5_000);
    const events = await timeline(arn);
    assert.deepEqual(
      events.map(({ type }) => type),
      [
        'SSM Incident Trigger',
        'SSM Incident Start',
        'SSM Contacts Page for Incident',
        'SSM Contacts Page for Incident',
      ],
    );
    assert.equal(events[0]?.data.createdIncident, true);
    assert.deepEqual(JSON.parse(events[0]?.data.rawData), EVENT);
    assert.deepEqual(events[1]?.data.contactsEngage, [
      { contactArn: contactArn('engineering'), contactName: 'Engineering' },
    ]);
    assert.equal(events[2]?.data.contactArn, contactArn('sam'));
  });

  it('adds a trigger to the open incident of the same key instead of opening another, and pages nobody', async () => {
    const first = world.engine.startFromEvent(PLAN, EVENT);
    const engagements = world.engine.engagements.list({}).length;
    assert.equal(world.engine.startFromEvent(PLAN, EVENT), first);
    assert.equal(await start(), first);
    assert.equal(world.engine.engagements.list({}).length, engagements);
    const triggers = (await timeline(first)).filter(({ type }) => type === 'SSM Incident Trigger');
    assert.deepEqual(
      triggers.map(({ data }) => data.createdIncident),
      [true, false, false],
    );
  });

  it('opens another once the first is resolved', async () => {
    const first = await start();
    await world.incidents.send(new UpdateIncidentRecordCommand({ arn: first, status: 'RESOLVED' }));
    assert.ok((await record(first))?.resolvedTime);
    assert.notEqual(await start(), first);
  });

  it('opens one incident per start when the plan has no key', async () => {
    world.engine.plans.get(PLAN).incidentTemplate = { title: 'Down', impact: 1 };
    assert.notEqual(await start(), await start());
    assert.equal(await start({ clientToken: 'same' }), await start({ clientToken: 'same' }));
  });

  it('writes down what was changed, and by whom', async () => {
    const arn = await start();
    await world.incidents.send(new UpdateIncidentRecordCommand({ arn, status: 'RESOLVED', impact: 4 }));
    const { data } = (await timeline(arn)).at(-1) as { data: unknown };
    assert.deepEqual(data, {
      modifiedBy: 'arn:aws:sts::000000000000:assumed-role/oncall-responder/sam',
      modifiedAttributes: [
        { attributeName: 'impact', newValue: '4' },
        { attributeName: 'status', newValue: 'RESOLVED' },
      ],
      incidentTitle: 'dolthubapi is down',
    });
  });

  it('goes on paging after it is resolved: only stopping the engagement ends that', async () => {
    const arn = await start();
    await world.incidents.send(new UpdateIncidentRecordCommand({ arn, status: 'RESOLVED' }));
    world.clock.advance(6 * 60_000);
    const paged = world.engine.engagements.pages.ofContact(contactArn('ana'));
    assert.ok(paged.some(({ engagement }) => engagement.incident === arn));
  });

  it('lists newest first, filtered by all conditions at once, a few at a time', async () => {
    const arn = await start();
    const list = async (input: ListIncidentRecordsCommand['input']) => {
      const answer = await world.incidents.send(new ListIncidentRecordsCommand(input));
      return { arns: answer.incidentRecordSummaries?.map((one) => one.arn) ?? [], token: answer.nextToken };
    };
    const all = await list({});
    assert.equal(all.arns.length, 5);
    assert.equal(all.arns[0], arn);
    const open = { key: 'status', condition: { equals: { stringValues: ['OPEN'] } } };
    const severe = { key: 'impact', condition: { equals: { integerValues: [1] } } };
    const past = { key: 'creationTime', condition: { before: new Date(Date.now() - 86_400_000) } };
    assert.deepEqual((await list({ filters: [open] })).arns, [arn]);
    assert.equal((await list({ filters: [severe, past] })).arns.length, 2);
    const firstTwo = await list({ maxResults: 2 });
    const nextTwo = await list({ maxResults: 2, nextToken: firstTwo.token });
    const last = await list({ maxResults: 2, nextToken: nextTwo.token });
    assert.deepEqual([...firstTwo.arns, ...nextTwo.arns, ...last.arns], all.arns);
    assert.equal(last.token, undefined);
    await assert.rejects(list({ filters: [{ ...open, key: 'title' }] }), { name: 'ValidationException' });
    await assert.rejects(list({ nextToken: 'nonsense' }), { name: 'ValidationException' });
  });

  it('lets clients write and change notes and custom events, and nothing else', async () => {
    const incidentRecordArn = await start();
    const note = {
      incidentRecordArn,
      eventType: 'Note',
      eventTime: new Date(),
      eventData: JSON.stringify('looking'),
      eventReferences: [{ resource: incidentRecordArn }],
    };
    const { eventId } = await world.incidents.send(new CreateTimelineEventCommand(note));
    const eventData = JSON.stringify('looked');
    await world.incidents.send(new UpdateTimelineEventCommand({ incidentRecordArn, eventId, eventData }));
    const written = (await timeline(incidentRecordArn)).find(({ type }) => type === 'Note');
    assert.equal(written?.data, 'looked');
    assert.deepEqual(written?.event?.eventReferences, [{ resource: incidentRecordArn }]);
    const refused = [
      new CreateTimelineEventCommand({ ...note, eventType: 'SSM Incident Trigger' }),
      new CreateTimelineEventCommand({ ...note, eventData: 'not JSON' }),
    ];
    for (const command of refused) {
      await assert.rejects(world.incidents.send(command), { name: 'ValidationException' });
    }
    const own = (await timeline(incidentRecordArn)).find(({ type }) => type === 'SSM Incident Trigger')?.event?.eventId;
    const change = new UpdateTimelineEventCommand({ incidentRecordArn, eventId: own, eventData });
    await assert.rejects(world.incidents.send(change), { name: 'ValidationException' });
    await world.incidents.send(new DeleteTimelineEventCommand({ incidentRecordArn, eventId }));
    await world.incidents.send(new DeleteTimelineEventCommand({ incidentRecordArn, eventId }));
    assert.equal((await timeline(incidentRecordArn)).length, 2);
  });

  it('keeps related items, its own and those of clients', async () => {
    const incidentRecordArn = world.engine.startFromEvent(PLAN, EVENT);
    const identifier = { type: 'METRIC', value: { url: 'https://prometheus.test/graph' } } as const;
    const update = (relatedItemsUpdate: UpdateRelatedItemsCommand['input']['relatedItemsUpdate']) =>
      world.incidents.send(new UpdateRelatedItemsCommand({ incidentRecordArn, relatedItemsUpdate }));
    const types = async () => {
      const { relatedItems = [] } = await world.incidents.send(new ListRelatedItemsCommand({ incidentRecordArn }));
      for (const { generatedId } of relatedItems)
        assert.match(generatedId ?? '', /^related-item\/[A-Z_]+\/[0-9A-F]{32}$/);
      return relatedItems.map((item) => item.identifier?.type);
    };
    await update({ itemToAdd: { identifier, title: 'Error ratio' } });
    assert.deepEqual(await types(), ['PARENT', 'OTHER', 'INVOLVED_RESOURCE', 'METRIC']);
    const { data } = (await timeline(incidentRecordArn)).at(-1) as {
      data: { modifiedAttributes: { newValue: string }[] };
    };
    assert.equal(JSON.parse(data.modifiedAttributes[0]?.newValue ?? '').itemToAdd.title, 'Error ratio');
    await update({ itemToRemove: identifier });
    assert.equal((await types()).length, 3);
  });

  it('answers what is missing as AWS does: an error for the one, an empty list for the other', async () => {
    const arn = 'arn:aws:ssm-incidents::000000000000:incident-record/nowhere/00000000-0000-4000-8000-000000000000';
    const missing = { name: 'ResourceNotFoundException', resourceType: 'INCIDENT_RECORD', resourceIdentifier: arn };
    await assert.rejects(record(arn), missing);
    await assert.rejects(world.incidents.send(new UpdateIncidentRecordCommand({ arn, impact: 2 })), missing);
    await assert.rejects(start({ responsePlanArn: planArn('nowhere') }), { name: 'ResourceNotFoundException' });
    assert.deepEqual(await timeline(arn), []);
    const items = await world.incidents.send(new ListRelatedItemsCommand({ incidentRecordArn: arn }));
    assert.deepEqual(items.relatedItems, []);
    await world.incidents.send(new DeleteIncidentRecordCommand({ arn }));
  });

  it('routes an ARN in a path while it is still encoded', async () => {
    const resourceArn = await start();
    const tagsOf = async () => (await world.incidents.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
    assert.deepEqual(await tagsOf(), { service: 'dolthubapi', alert: 'ServiceDown' });
    await world.incidents.send(new TagResourceCommand({ resourceArn, tags: { team: 'api' } }));
    await world.incidents.send(new UntagResourceCommand({ resourceArn, tagKeys: ['service', 'alert'] }));
    assert.deepEqual(await tagsOf(), { team: 'api' });
  });

  it('changes a response plan part by part', async () => {
    const change = { incidentTemplateImpact: 3, engagements: [contactArn('ana')] };
    await world.incidents.send(new UpdateResponsePlanCommand({ arn: PLAN, ...change }));
    const plan = await world.incidents.send(new GetResponsePlanCommand({ arn: PLAN }));
    assert.deepEqual(plan.engagements, [contactArn('ana')]);
    assert.equal(plan.incidentTemplate?.impact, 3);
    assert.equal(plan.incidentTemplate?.title, 'dolthubapi is down');
  });

  it('has one active replication set', async () => {
    const { replicationSetArns = [] } = await world.incidents.send(new ListReplicationSetsCommand({}));
    assert.equal(replicationSetArns.length, 1);
    const { replicationSet } = await world.incidents.send(new GetReplicationSetCommand({ arn: replicationSetArns[0] }));
    assert.equal(replicationSet?.status, 'ACTIVE');
    assert.deepEqual(Object.keys(replicationSet?.regionMap ?? {}), [AWS_REGION]);
  });

  it('begins with resolved incidents whose timelines tell who was paged, who answered and what was done', async () => {
    const past = world.engine.incidents.list();
    assert.equal(past.length, 4);
    for (const incident of past) {
      assert.equal(incident.status, 'RESOLVED');
      const events = await timeline(incident.arn);
      const times = events.map(({ event }) => event?.eventTime?.getTime() ?? 0);
      assert.ok(times.every((at) => at < Date.now() - 86_400_000 && at >= incident.createdAt));
      const types = new Set(events.map(({ type }) => type));
      assert.ok(types.has('SSM Contacts Page Acknowledgement for Incident') && types.has('Note'));
      assert.equal(events.at(-1)?.data.modifiedAttributes[0].newValue, 'RESOLVED');
    }
  });
});

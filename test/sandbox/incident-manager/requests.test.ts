import assert from 'node:assert/strict';
import {
  CreateContactCommand,
  CreateRotationCommand,
  DeleteContactCommand,
  ListContactsCommand,
  ListRotationsCommand,
  ListTagsForResourceCommand,
  PutContactPolicyCommand,
  StartEngagementCommand,
  TagResourceCommand,
  UpdateContactChannelCommand,
} from '@aws-sdk/client-ssm-contacts';
import {
  CreateReplicationSetCommand,
  DeleteReplicationSetCommand,
  GetReplicationSetCommand,
  GetResponsePlanCommand,
  ListReplicationSetsCommand,
  StartIncidentCommand,
  UpdateReplicationSetCommand,
  UpdateResponsePlanCommand,
} from '@aws-sdk/client-ssm-incidents';
import { contactArn, planArn, type ServedAws, serveAws } from '../../support/serve-aws.ts';

const PERSON = { Type: 'PERSONAL' as const, Plan: { Stages: [] } };
const INVALID = { name: 'ValidationException' };
const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=AKIA/20261105/us-west-2/ssm-incidents/aws4_request, SignedHeaders=host, Signature=00',
};

describe('requests to Incident Manager that come twice, in pages or in the wrong form', () => {
  let world: ServedAws;
  beforeEach(async () => {
    world = await serveAws();
  });
  afterEach(() => world.close());

  it('do once what carries one token, and refuse it with other input', async () => {
    const person = { ...PERSON, Alias: 'uma', IdempotencyToken: 'one' };
    const first = await world.contacts.send(new CreateContactCommand(person));
    const again = await world.contacts.send(new CreateContactCommand(person));
    assert.equal(again.ContactArn, first.ContactArn);
    const other = new CreateContactCommand({ ...person, Alias: 'vik' });
    await assert.rejects(world.contacts.send(other), { name: 'ConflictException', ResourceId: 'one' });
    const words = { Sender: 's', Subject: 's', Content: 'c', IdempotencyToken: 'two' };
    await world.contacts.send(new StartEngagementCommand({ ContactId: contactArn('sam'), ...words }));
    const elsewhere = new StartEngagementCommand({ ContactId: contactArn('mei'), ...words });
    await assert.rejects(world.contacts.send(elsewhere), INVALID);
    const plan = { responsePlanArn: planArn('dolthubapi-service-down'), clientToken: 'three' };
    await world.incidents.send(new StartIncidentCommand(plan));
    const louder = new StartIncidentCommand({ ...plan, impact: 1 });
    await assert.rejects(world.incidents.send(louder), { name: 'ConflictException' });
  });

  it('are free to use a token again when the first call failed', async () => {
    const IdempotencyToken = 'one';
    const taken = new CreateContactCommand({ ...PERSON, Alias: 'sam', IdempotencyToken });
    await assert.rejects(world.contacts.send(taken), { name: 'ConflictException' });
    await world.contacts.send(new CreateContactCommand({ ...PERSON, Alias: 'uma', IdempotencyToken }));
  });

  it('follow a list whose members come and go, each once', async () => {
    const first = await world.contacts.send(new ListContactsCommand({ Type: 'PERSONAL', MaxResults: 2 }));
    assert.deepEqual(
      first.Contacts?.map(({ Alias }) => Alias),
      ['ana', 'ben'],
    );
    await world.contacts.send(new CreateContactCommand({ ...PERSON, Alias: 'aaron' }));
    await world.contacts.send(new CreateContactCommand({ ...PERSON, Alias: 'zoe' }));
    const rest = new ListContactsCommand({ Type: 'PERSONAL', NextToken: first.NextToken });
    const { Contacts } = await world.contacts.send(rest);
    assert.deepEqual(
      Contacts?.map(({ Alias }) => Alias),
      ['mei', 'sam', 'tom', 'zoe'],
    );
    // Without the one that the token names, and the one that came in front, the next one is in its place.
    await world.contacts.send(new DeleteContactCommand({ ContactId: contactArn('ana') }));
    for (const { arn } of world.engine.rotations.list()) world.engine.deleteRotation(arn);
    await world.contacts.send(new DeleteContactCommand({ ContactId: contactArn('ben') }));
    await world.contacts.send(new CreateContactCommand({ ...PERSON, Alias: 'abel' }));
    const after = await world.contacts.send(rest);
    assert.deepEqual(
      after.Contacts?.map(({ Alias }) => Alias),
      ['mei', 'sam', 'tom', 'zoe'],
    );
  });

  it('cannot take the token of another list, or of another filter', async () => {
    const { NextToken } = await world.contacts.send(new ListContactsCommand({ MaxResults: 1 }));
    assert.match(NextToken ?? '', /^[\\/a-zA-Z0-9_+=-]+$/);
    for (const command of [
      new ListContactsCommand({ NextToken, Type: 'PERSONAL' }),
      new ListContactsCommand({ NextToken: 'made-up' }),
    ]) {
      await assert.rejects(world.contacts.send(command), INVALID);
    }
    await assert.rejects(world.contacts.send(new ListRotationsCommand({ NextToken })), INVALID);
  });

  it('keep at most fifty tags, and none of a contact that is gone', async () => {
    const ResourceARN = contactArn('ana');
    const tags = (count: number) => Array.from({ length: count }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));
    await world.contacts.send(new TagResourceCommand({ ResourceARN, Tags: tags(50) }));
    const more = new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'more', Value: 'v' }] });
    await assert.rejects(world.contacts.send(more), { name: 'ServiceQuotaExceededException' });
    await world.contacts.send(new DeleteContactCommand({ ContactId: ResourceARN }));
    await world.contacts.send(new CreateContactCommand({ ...PERSON, Alias: 'ana' }));
    assert.deepEqual((await world.contacts.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags, []);
  });

  it('are refused for a policy that is none, a channel name that is taken, and a made-up trigger source', async () => {
    const put = new PutContactPolicyCommand({ ContactArn: contactArn('sam'), Policy: '{"Version":"2012-10-17"}' });
    await assert.rejects(world.contacts.send(put), INVALID);
    const [sms] = world.engine.contacts.channels.list(contactArn('sam'));
    const other = world.engine.contacts.channels.create({
      ...{ contact: contactArn('sam'), name: 'another', type: 'SMS' as const, address: '+12025550199', defer: true },
    });
    const rename = new UpdateContactChannelCommand({ ContactChannelId: other.arn, Name: sms?.name });
    await assert.rejects(world.contacts.send(rename), { name: 'ConflictException', ResourceId: sms?.arn });
    const triggerDetails = { source: 'aws.events', timestamp: new Date() };
    const start = new StartIncidentCommand({ responsePlanArn: planArn('dolthubapi-service-down'), triggerDetails });
    await assert.rejects(world.incidents.send(start), INVALID);
  });

  it('remove the chat channel of a plan with the empty structure', async () => {
    const arn = planArn('dolthubapi-service-down');
    const chatbotSns = ['arn:aws:sns:us-west-2:000000000000:chat'];
    await world.incidents.send(new UpdateResponsePlanCommand({ arn, chatChannel: { chatbotSns } }));
    const get = new GetResponsePlanCommand({ arn });
    assert.deepEqual((await world.incidents.send(get)).chatChannel, { chatbotSns });
    await world.incidents.send(new UpdateResponsePlanCommand({ arn, chatChannel: { empty: {} } }));
    assert.equal((await world.incidents.send(get)).chatChannel, undefined);
  });

  it('find members only where the model has them', async () => {
    const [arn = ''] = (await world.incidents.send(new ListReplicationSetsCommand({}))).replicationSetArns ?? [];
    const url = world.endpoint('ssm-incidents');
    const post = (path: string, body: object) =>
      fetch(`${url}${path}`, { method: 'POST', headers: SIGNED, body: JSON.stringify(body) });
    assert.equal((await post('/deleteReplicationSet', { arn })).status, 400);
    assert.equal((await post(`/deleteIncidentRecord?arn=${encodeURIComponent(arn)}`, {})).status, 400);
    assert.equal((await post('/listIncidentRecords?maxResults=500', {})).status, 200);
    const unrouted = await fetch(`${url}/tags/${planArn('dolthubapi-service-down')}`, { headers: SIGNED });
    assert.equal(unrouted.status, 404, 'the slash of an ARN has to be encoded');
    assert.equal((await post('/listIncidentRecords', [])).status, 400);
    assert.equal((await post(`/deleteReplicationSet?arn=${encodeURIComponent(arn)}`, {})).status, 204);
  });

  it('make, spread and delete a replication set', async () => {
    const [arn] = (await world.incidents.send(new ListReplicationSetsCommand({}))).replicationSetArns ?? [];
    const status = async (set = arn) =>
      (await world.incidents.send(new GetReplicationSetCommand({ arn: set }))).replicationSet?.status;
    const region = { regionName: 'eu-north-1' };
    const add = new UpdateReplicationSetCommand({ arn, actions: [{ addRegionAction: region }] });
    await world.incidents.send(add);
    assert.equal(await status(), 'UPDATING');
    const remove = new UpdateReplicationSetCommand({ arn, actions: [{ deleteRegionAction: region }] });
    await assert.rejects(world.incidents.send(remove), { name: 'ConflictException' });
    world.clock.advance(60_000);
    assert.equal(await status(), 'ACTIVE');
    await world.incidents.send(new DeleteReplicationSetCommand({ arn }));
    const gone = 'Invalid value provided - Account not found for the request';
    await assert.rejects(world.contacts.send(new ListContactsCommand({})), {
      name: 'ValidationException',
      message: gone,
    });
    const made = await world.incidents.send(new CreateReplicationSetCommand({ regions: { 'us-west-2': {} } }));
    assert.equal(await status(made.arn), 'CREATING');
    assert.deepEqual((await world.contacts.send(new ListContactsCommand({}))).Contacts, []);
  });

  it('page nobody more once the account’s data is deleted', async () => {
    const responsePlanArn = planArn('dolthubapi-service-down');
    await world.incidents.send(new StartIncidentCommand({ responsePlanArn }));
    const sent: string[] = [];
    world.engine.onChange(({ kind }) => kind === 'page-sent' && sent.push(kind));
    const [arn] = (await world.incidents.send(new ListReplicationSetsCommand({}))).replicationSetArns ?? [];
    await world.incidents.send(new DeleteReplicationSetCommand({ arn }));
    world.clock.advance(3_600_000);
    assert.deepEqual(sent, []);
  });

  it('name a rotation’s unknown member, and an action that STS does not have', async () => {
    const Recurrence = {
      NumberOfOnCalls: 1,
      RecurrenceMultiplier: 1,
      DailySettings: [{ HourOfDay: 9, MinuteOfHour: 0 }],
    };
    const rotation = { Name: 'r', ContactIds: [contactArn('nobody')], TimeZoneId: 'UTC', Recurrence };
    await assert.rejects(world.contacts.send(new CreateRotationCommand(rotation)), {
      name: 'ResourceNotFoundException',
    });
    const init = { method: 'POST', headers: SIGNED, body: 'Action=AssumeRole&Version=2011-06-15' };
    const answer = await fetch(world.endpoint('sts'), init);
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /<Code>InvalidAction<\/Code>/);
  });
});

import assert from 'node:assert/strict';
import { ListContactsCommand } from '@aws-sdk/client-ssm-contacts';
import {
  CreateReplicationSetCommand,
  ListIncidentRecordsCommand,
  ListReplicationSetsCommand,
  StartIncidentCommand,
} from '@aws-sdk/client-ssm-incidents';
import { contactArn, EXPIRED_KEY, hasAws, planArn, type ServedAws, serveAws } from '../../support/serve-aws.ts';

const MINUTE = 60_000;

function signedBy(accessKeyId: string): Record<string, string> {
  const scope = `${accessKeyId}/20261105/us-west-2/ssm-contacts/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00` };
}

describe('the wire of Incident Manager', () => {
  let world: ServedAws;

  beforeEach(async () => {
    world = await serveAws();
  });
  afterEach(() => world.close());

  async function contacts(operation: string, body: string, headers: Record<string, string> = signedBy('AKIA')) {
    const target = { 'x-amz-target': `SSMContacts.${operation}`, 'content-type': 'application/x-amz-json-1.1' };
    const init = { method: 'POST', body, headers: { ...target, ...headers } };
    const response = await fetch(world.endpoint('ssm-contacts'), init);
    const answer = (await response.json()) as Record<string, unknown>;
    return { status: response.status, type: response.headers.get('x-amzn-errortype'), answer, response };
  }

  it('sends numbers for timestamps, and a request id', async () => {
    const { answer, response } = await contacts('ListEngagements', '{}');
    const [first] = answer['Engagements'] as { StartTime: unknown }[];
    assert.equal(typeof first?.StartTime, 'number');
    assert.equal(response.headers.get('content-type'), 'application/x-amz-json-1.1');
    assert.match(response.headers.get('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/);
  });

  it('lists every broken constraint, by member', async () => {
    const body = { ContactId: 'nobody', Sender: 's', Subject: '', PublicContent: 'x'.repeat(9000) };
    const { status, type, answer } = await contacts('StartEngagement', JSON.stringify(body));
    assert.equal(status, 400);
    assert.equal(type, 'ValidationException');
    assert.equal(answer['__type'], 'ValidationException');
    assert.equal(answer['Reason'], 'FIELD_VALIDATION_FAILED');
    const fields = (answer['Fields'] as { Name: string }[]).map(({ Name }) => Name);
    assert.deepEqual(fields, ['ContactId', 'Subject', 'Content', 'PublicContent']);
    assert.match(answer['Message'] as string, /^4 validation errors detected: .*Value null at 'Content'/);
  });

  it('turns away what is not JSON, or JSON of the wrong type', async () => {
    for (const body of ['{"ContactId":', '{"ContactId":7}']) {
      const { status, type } = await contacts('GetContact', body);
      assert.deepEqual([status, type], [400, 'SerializationException']);
    }
  });

  it('names the operation that it does not have', async () => {
    const { status, type, answer } = await contacts('PageEverybody', '{}');
    assert.deepEqual([status, type], [400, 'UnknownOperationException']);
    assert.match(answer['Message'] as string, /PageEverybody/);
    const response = await fetch(`${world.endpoint('ssm-incidents')}/pageEverybody`, { headers: signedBy('AKIA') });
    assert.equal(response.status, 404);
    assert.match(((await response.json()) as { message: string }).message, /pageEverybody/);
  });

  it('turns away requests that are not signed, and keys that have expired', async () => {
    const unsigned = await contacts('ListContacts', '{}', {});
    assert.deepEqual([unsigned.status, unsigned.type], [403, 'MissingAuthenticationTokenException']);
    const expired = await contacts('ListContacts', '{}', signedBy(EXPIRED_KEY));
    assert.deepEqual([expired.status, expired.type], [403, 'ExpiredTokenException']);
    const sts = await fetch(world.endpoint('sts'), {
      method: 'POST',
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
      headers: signedBy(EXPIRED_KEY),
    });
    assert.equal(sts.status, 403);
    assert.match(await sts.text(), /<Code>ExpiredToken<\/Code>/);
  });

  it('gives one page of a list after another', async () => {
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const answer = await world.contacts.send(new ListContactsCommand({ MaxResults: 3, NextToken }));
      seen.push(...(answer.Contacts ?? []).map(({ Alias }) => Alias));
      NextToken = answer.NextToken;
    } while (NextToken);
    assert.deepEqual(seen, ['ana', 'ben', 'engineering', 'engineering-on-call', 'mei', 'sam', 'tom']);
  });

  it('behaves like an account that never used Incident Manager when it is told to', async () => {
    world.engine.setEnabled(false);
    const message = 'Invalid value provided - Account not found for the request';
    await assert.rejects(world.contacts.send(new ListContactsCommand({})), { name: 'ValidationException', message });
    const sets = await world.incidents.send(new ListReplicationSetsCommand({}));
    assert.deepEqual(sets.replicationSetArns, []);
    const records = await world.incidents.send(new ListIncidentRecordsCommand({}));
    assert.deepEqual(records.incidentRecordSummaries, []);
    const create = new CreateReplicationSetCommand({ regions: { 'us-west-2': {} } });
    await assert.rejects(world.incidents.send(create), { name: 'UnsupportedOperationException' });
    const start = new StartIncidentCommand({ responsePlanArn: planArn('dolthubapi-service-down') });
    await assert.rejects(world.incidents.send(start), { name: 'ResourceNotFoundException' });
  });

  describe('as the stock aws sees it', function () {
    this.timeout(60_000);

    before(async function () {
      if (!(await hasAws())) this.skip();
    });

    it('shows who is signed in', async () => {
      const { Arn } = await world.aws('sts', 'get-caller-identity');
      assert.equal(Arn, 'arn:aws:sts::000000000000:assumed-role/oncall-responder/sam');
    });

    it('shows the second and the third responder paged as the stages pass', async () => {
      const plan = planArn('dolthubapi-service-down');
      const started = await world.aws('ssm-incidents', 'start-incident', '--response-plan-arn', plan);
      const incident = started['incidentRecordArn'] as string;
      const { incidentRecordSummaries } = await world.aws('ssm-incidents', 'list-incident-records');
      assert.equal((incidentRecordSummaries as { arn: string }[])[0]?.arn, incident);
      const { Contacts } = await world.aws('ssm-contacts', 'list-contacts', '--type', 'PERSONAL');
      assert.deepEqual(
        (Contacts as { Alias: string }[]).map(({ Alias }) => Alias),
        ['ana', 'ben', 'mei', 'sam', 'tom'],
      );
      const paged = async (alias: string) => {
        const answer = await world.aws('ssm-contacts', 'list-pages-by-contact', '--contact-id', contactArn(alias));
        return (answer['Pages'] as { IncidentId: string }[]).filter(({ IncidentId }) => IncidentId === incident).length;
      };
      world.clock.advance(5 * MINUTE + 5_000);
      assert.deepEqual([await paged('sam'), await paged('ana'), await paged('tom')], [4, 2, 0]);
      world.clock.advance(5 * MINUTE);
      assert.deepEqual([await paged('ana'), await paged('tom')], [4, 2]);
    });
  });
});

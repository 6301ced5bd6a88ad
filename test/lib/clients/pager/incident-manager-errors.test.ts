import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connectIncidentManager } from '../../../../src/lib/clients/pager/incident-manager/connect.ts';
import type { Pager } from '../../../../src/lib/clients/pager/pager.ts';
import { OncallError } from '../../../../src/lib/errors.ts';
import { failure } from './asking.ts';
import { contactsError, incidentsError, REGION, type Reply, ScriptedAws, settingsAt } from './scripted-aws.ts';

const ENGAGE = {
  to: 'ana',
  incidentId: null,
  sender: 'sam',
  subject: 's',
  content: 'c',
  publicSubject: 'ps',
  publicContent: 'pc',
  token: 'token-1',
};

describe('Incident Manager: what its errors become', () => {
  let aws: ScriptedAws;
  let pager: Pager;
  const signal = new AbortController().signal;

  beforeEach(async () => {
    aws = await ScriptedAws.start({});
    pager = connectIncidentManager({ settings: aws.settings(), signal, deadline: 1500 });
  });
  afterEach(() => aws.stop());

  async function whenContactsSay(reply: Reply): Promise<OncallError> {
    aws.script['ListContacts'] = reply;
    return failure(pager.contacts());
  }

  it('names the action that AccessDenied lacks, and not the ARN', async () => {
    const arn = 'arn:aws:sts::000000000000:assumed-role/Engineer/sam';
    const error = await whenContactsSay(
      contactsError(
        'AccessDeniedException',
        `User: ${arn} is not authorized to perform: ssm-contacts:ListContacts on resource: * because no identity-based policy allows it`,
      ),
    );
    assert.equal(error.code, 'AUTH');
    assert.match(error.message, /lacks the permission ssm-contacts:ListContacts/);
    assert.doesNotMatch(`${error.message} ${error.hint}`, /arn:/);
    assert.equal(aws.operations().filter((name) => name === 'ListContacts').length, 1);
  });

  it('names the action asked for when AccessDenied says nothing', async () => {
    const error = await whenContactsSay(contactsError('AccessDeniedException', ''));
    assert.match(error.hint ?? '', /ssm-contacts:ListContacts/);
  });

  it('prints the command that signs in, with the profile, when the sign-in has expired', async () => {
    for (const reply of [
      contactsError('ExpiredTokenException', 'The security token included in the request is expired'),
      incidentsError(403, 'ExpiredTokenException', 'The security token included in the request is expired'),
    ]) {
      aws.script['ListContacts'] = reply;
      const settings = aws.settings({ aws: { region: REGION, profile: 'on call', endpoint: aws.endpoint } });
      const error = await failure(connectIncidentManager({ settings, signal }).contacts());
      assert.equal(error.code, 'AUTH');
      assert.equal(error.exitCode, 4);
      assert.match(error.hint ?? '', /^Run `aws sso login --profile 'on call'`/);
    }
  });

  it('explains an account that never had Incident Manager, from either API', async () => {
    const contacts = await whenContactsSay(contactsError('ValidationException', 'Account not found for the request'));
    aws.script['StartIncident'] = incidentsError(400, 'UnsupportedOperationException', 'not supported');
    const incidents = await failure(pager.startIncident({ plan: 'p', title: 't', token: 'x' }));
    aws.script['ListIncidentRecords'] = { body: { incidentRecordSummaries: [] } };
    aws.script['ListReplicationSets'] = { body: { replicationSetArns: [] } };
    const empty = await failure(pager.incidents({ status: 'open' }));
    for (const error of [contacts, incidents, empty]) {
      assert.equal(error.code, 'NOT_ENABLED');
      assert.match(error.message, /7 November 2025/);
      assert.match(error.hint ?? '', /^Run `oncall sandbox start`/);
    }
    assert.equal(await pager.enabled(), false);
  });

  it('takes an empty list for no incident where Incident Manager is set up, or where one may not look', async () => {
    aws.script['ListIncidentRecords'] = { body: { incidentRecordSummaries: [] } };
    aws.script['ListReplicationSets'] = {
      body: { replicationSetArns: ['arn:aws:ssm-incidents::0:replication-set/1'] },
    };
    assert.deepEqual(await pager.incidents(), []);
    assert.deepEqual(await pager.incidents(), []);
    assert.equal(aws.operations().filter((name) => name === 'ListReplicationSets').length, 1, 'asked once');
    aws.script['ListReplicationSets'] = incidentsError(403, 'AccessDeniedException', '');
    assert.deepEqual(await connectIncidentManager({ settings: aws.settings(), signal }).incidents(), []);
  });

  it('says of an empty ValidationException what it may mean', async () => {
    const error = await whenContactsSay(contactsError('ValidationException', ''));
    assert.equal(error.code, 'FAILED');
    assert.match(error.hint ?? '', /oncall doctor/);
  });

  it("repeats AWS's reasons for a ValidationException", async () => {
    const error = await whenContactsSay(
      contactsError('ValidationException', 'Invalid value', {
        Reason: 'OTHER',
        Fields: [{ Name: 'A', Message: 'bad' }],
      }),
    );
    assert.match(error.message, /Invalid value\. A: bad/);
  });

  it('prints the quota of a throttled request, after trying twice', async () => {
    const error = await whenContactsSay(
      contactsError('ThrottlingException', 'Rate exceeded', { QuotaCode: 'L-1234', ServiceCode: 'ssm-contacts' }),
    );
    assert.equal(error.code, 'RATE_LIMITED');
    assert.match(error.message, /quota ssm-contacts L-1234/);
    assert.equal(aws.operations().length, 2);
  });

  it('does not wait longer than 5 s for a throttled request', async () => {
    const error = await whenContactsSay(
      contactsError('ThrottlingException', 'Rate exceeded', { RetryAfterSeconds: 60 }),
    );
    assert.equal(error.hint, 'Try again in 60 s.');
    assert.equal(aws.operations().length, 1);
  });

  it('reads again after a 500, half a body, or a broken connection', async () => {
    const bad: Reply[] = [
      { status: 500, body: { __type: 'InternalServerException', Message: 'oops' } },
      { status: 503, body: '<html>busy</html>' },
      { body: '{"Contacts":[{"Ali' },
      { body: '{"Contacts":[]}', breakOff: true },
      { hangUp: true },
    ];
    for (const reply of bad) {
      aws.arrived.length = 0;
      aws.script['ListContacts'] = (_input, nth) => (nth === 1 ? reply : { body: { Contacts: [] } });
      assert.deepEqual(await pager.contacts(), [], JSON.stringify(reply));
      assert.equal(aws.operations().length, 2);
      aws.script['ListContacts'] = reply;
      assert.equal((await failure(pager.contacts())).code, 'UNAVAILABLE', JSON.stringify(reply));
    }
  });

  it('does not page twice after a 500, half a body, a broken connection or silence, and says that it may have happened', async () => {
    const bad: Reply[] = [
      { status: 500, body: { __type: 'InternalServerException', Message: 'oops' } },
      { body: '{"EngagementArn":"ar' },
      { hangUp: true },
      { silent: true },
      { body: {} },
    ];
    for (const reply of bad) {
      aws.arrived.length = 0;
      aws.script['StartEngagement'] = reply;
      const error = await failure(pager.engage(ENGAGE));
      assert.equal(error.code, 'UNAVAILABLE', JSON.stringify(reply));
      assert.equal(error.retryable, true);
      assert.equal(aws.operations().filter((name) => name === 'StartEngagement').length, 1, JSON.stringify(reply));
      assert.match(error.message, /may have been done/);
    }
  });

  it('pages after all when it was only throttled, since nothing had happened', async () => {
    aws.script['StartEngagement'] = (_input, nth) =>
      nth === 1
        ? contactsError('ThrottlingException', 'Rate exceeded')
        : { body: { EngagementArn: `arn:aws:ssm-contacts:${REGION}:000000000000:engagement/ana/e1` } };
    assert.equal(await pager.engage(ENGAGE), 'ana/e1');
  });

  it('gives up at the deadline', async () => {
    const before = Date.now();
    const error = await whenContactsSay({ silent: true });
    assert.equal(error.code, 'UNAVAILABLE');
    assert.match(error.message, /no answer in time/);
    assert.ok(Date.now() - before < 4000);
  });

  it('gives up at the deadline also when memory is tidied up meanwhile, which used to lose it', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const asked = whenContactsSay({ silent: true });
    while (aws.arrived.length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    const late = new Promise<null>((resolve) => setTimeout(resolve, 8000, null).unref());
    assert.equal((await Promise.race([asked, late]))?.code, 'UNAVAILABLE');
  });

  it('is interrupted at once by Ctrl-C, also while it waits to try again', async () => {
    for (const reply of [{ silent: true }, contactsError('ThrottlingException', '', { RetryAfterSeconds: 5 })]) {
      const control = new AbortController();
      aws.arrived.length = 0;
      aws.script['ListContacts'] = reply;
      const asked = failure(connectIncidentManager({ settings: aws.settings(), signal: control.signal }).contacts());
      while (aws.arrived.length === 0) await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setTimeout(resolve, 50));
      control.abort();
      assert.equal((await asked).code, 'INTERRUPTED');
    }
  });

  it('says that the sandbox has gone when nothing listens any more', async () => {
    await aws.stop();
    const error = await failure(pager.identity());
    assert.equal(error.code, 'UNAVAILABLE');
    assert.match(error.message, /sandbox has gone/);
    aws = await ScriptedAws.start({});
  });

  it('refuses to leave the machine in a practice world', async () => {
    for (const endpoint of [null, 'http://10.255.255.1:8080']) {
      const outside = connectIncidentManager({ settings: settingsAt(endpoint), signal });
      for (const asked of [outside.identity(), outside.contacts(), outside.incidents()]) {
        assert.equal((await failure(asked)).code, 'REFUSED');
      }
    }
  });

  it('refuses a region that is none before anything is sent', () => {
    for (const region of ['', 'us-west', 'evil.example/#', 'US-WEST-2']) {
      const settings = aws.settings({ aws: { region, profile: null, endpoint: aws.endpoint } });
      assert.throws(
        () => connectIncidentManager({ settings, signal }),
        (error) => error instanceof OncallError && error.code === 'CONFIG',
      );
    }
  });

  it('corrects a clock that is off, and says by how much when that does not help', async () => {
    const late = () => ({
      ...contactsError(
        'InvalidSignatureException',
        'Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z',
      ),
      headers: { date: new Date(Date.now() + 10 * 60_000).toUTCString() },
    });
    aws.script['ListContacts'] = (_input, nth) => (nth === 1 ? late() : { body: { Contacts: [] } });
    assert.deepEqual(await pager.contacts(), []);
    aws.script['ListContacts'] = late;
    const error = await failure(connectIncidentManager({ settings: aws.settings(), signal }).contacts());
    assert.equal(error.code, 'AUTH');
    assert.match(error.message, /clock is 10 min behind/);
  });

  it('does not take a web page for AWS', async () => {
    aws.script['GetCallerIdentity'] = { body: '<html><body>Welcome to the hotel</body></html>' };
    assert.equal((await failure(pager.identity())).code, 'UNAVAILABLE');
    aws.script['ListIncidentRecords'] = { status: 404, body: '<html>not here</html>' };
    assert.equal((await failure(pager.incidents())).code, 'UNAVAILABLE');
  });
});

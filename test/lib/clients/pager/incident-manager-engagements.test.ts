import assert from 'node:assert/strict';
import type { EngageRequest } from '../../../../src/lib/clients/pager/pager.ts';
import { asking, codeOf } from './asking.ts';
import { CONTACTS, contactsError, RECORD, STARTED } from './scripted-aws.ts';

describe('Incident Manager as a pager: engagements', () => {
  const asked = asking();

  describe('engaging', () => {
    const request: EngageRequest = {
      to: 'ana',
      incidentId: RECORD,
      sender: 'José "Pepe" (on-call), oncall',
      subject: 'x'.repeat(3000),
      content: 'y'.repeat(9000),
      publicSubject: 'Incident',
      publicContent: 'Please look',
      token: 'k1',
    };

    it('fits sender and texts to what AWS takes', async () => {
      asked.aws.script['StartEngagement'] = { body: { EngagementArn: `${CONTACTS}:engagement/ana/e9` } };
      assert.equal(await asked.pager.engage(request), 'ana/e9');
      const [input] = asked.inputsOf('StartEngagement');
      assert.equal(input!['Sender'], 'Jose Pepe on-call oncall');
      assert.match(input!['Sender'] as string, /^[\w\\@#%*+=:?./!\s-]{1,255}$/);
      assert.equal((input!['Subject'] as string).length, 2048);
      assert.equal((input!['Content'] as string).length, 8192);
      assert.match(input!['Content'] as string, /y…$/);
      assert.equal(input!['IncidentId'], RECORD);
      assert.equal(input!['IdempotencyToken'], 'k1');
      assert.equal(input!['ContactId'], `${CONTACTS}:contact/ana`);
      await asked.pager.engage({ ...request, incidentId: null, sender: '«»' });
      assert.equal(asked.inputsOf('StartEngagement')[1]!['Sender'], 'oncall');
      assert.ok(!('IncidentId' in asked.inputsOf('StartEngagement')[1]!));
    });

    it('says that a contact does not exist', async () => {
      asked.aws.script['StartEngagement'] = contactsError('ResourceNotFoundException', 'no', {
        ResourceId: 'x',
        ResourceType: 'CONTACT',
      });
      assert.equal(await codeOf(asked.pager.engage(request)), 'NOT_FOUND');
    });

    it('lists who was engaged, oldest first, with the kind of contact', async () => {
      asked.aws.script['ListContacts'] = { body: { Contacts: [{ Alias: 'engineering', Type: 'ESCALATION' }] } };
      asked.aws.script['ListEngagements'] = {
        body: {
          Engagements: [
            {
              EngagementArn: `${CONTACTS}:engagement/ana/e2`,
              ContactArn: `${CONTACTS}:contact/ana`,
              Sender: 'sam',
              IncidentId: RECORD,
              StartTime: STARTED + 60,
            },
            {
              EngagementArn: `${CONTACTS}:engagement/engineering/e1`,
              ContactArn: `${CONTACTS}:contact/engineering`,
              Sender: 'Incident Manager',
              IncidentId: RECORD,
              StartTime: STARTED,
              StopTime: STARTED + 1,
            },
          ],
        },
      };
      const engagements = await asked.pager.engagements(RECORD);
      assert.deepEqual(
        engagements.map(({ id, kind, stoppedAt }) => [id, kind, stoppedAt !== null]),
        [
          ['engineering/e1', 'plan', true],
          ['ana/e2', 'person', false],
        ],
      );
      assert.equal(asked.inputsOf('ListEngagements')[0]!['IncidentId'], RECORD);
    });

    it('stops an engagement, and takes one that has stopped already for done', async () => {
      await asked.pager.stop('engineering/e1', 'handed over');
      assert.deepEqual(asked.inputsOf('StopEngagement'), [
        { EngagementId: `${CONTACTS}:engagement/engineering/e1`, Reason: 'handed over' },
      ]);
      asked.aws.script['StopEngagement'] = contactsError('ValidationException', 'already stopped');
      asked.aws.script['DescribeEngagement'] = { body: { StopTime: STARTED } };
      await asked.pager.stop('engineering/e1', 'again');
      asked.aws.script['DescribeEngagement'] = { body: {} };
      assert.equal(await codeOf(asked.pager.stop('engineering/e1', 'again')), 'FAILED');
    });

    it("finds again what belongs to another account's contacts", async () => {
      const foreign = 'arn:aws:ssm-contacts:eu-west-1:999999999999:page/kim/p7';
      asked.aws.script['ListPagesByEngagement'] = {
        body: { Pages: [{ PageArn: foreign, ContactArn: foreign, SentTime: STARTED }] },
      };
      const [page] = await asked.pager.pagesOfEngagement('engineering/e1');
      assert.equal(page!.id, 'kim/p7');
      await asked.pager.receipts(page!.id);
      assert.equal(asked.inputsOf('ListPageReceipts')[0]!['PageId'], foreign);
    });
  });
});

import assert from 'node:assert/strict';
import { asking, codeOf, failure } from './asking.ts';
import { ACCOUNT, CONTACTS, contactsError, OLD_RECORD, RECORD, STARTED, UUIDS } from './scripted-aws.ts';

const PAGE = `${CONTACTS}:page/sam/p1`;

describe('Incident Manager as a pager: pages', () => {
  const asked = asking();

  describe('acknowledging', () => {
    it('takes three round trips from nothing to the accepted page, and gives out no ARN', async () => {
      asked.aws.script['ListPagesByContact'] = {
        body: {
          Pages: [
            {
              PageArn: `${CONTACTS}:page/sam/p0`,
              ContactArn: `${CONTACTS}:contact/sam`,
              IncidentId: OLD_RECORD,
              SentTime: STARTED - 90_000,
            },
            {
              PageArn: PAGE,
              EngagementArn: `${CONTACTS}:engagement/engineering/e1`,
              ContactArn: `${CONTACTS}:contact/sam`,
              Sender: 'Incident Manager',
              IncidentId: RECORD,
              SentTime: STARTED,
            },
          ],
        },
      };
      const [identity, incidents] = await Promise.all([
        asked.pager.identity(),
        asked.pager.incidents({ status: 'open' }),
      ]);
      assert.deepEqual(identity, { principal: 'assumed-role/Engineer/sam', account: ACCOUNT, login: 'sam' });
      const pages = await asked.pager.pagesOf('sam', incidents[0]!.id);
      assert.deepEqual(pages, [
        {
          id: 'sam/p1',
          engagementId: 'engineering/e1',
          contact: 'sam',
          incidentId: UUIDS[0],
          sender: 'Incident Manager',
          sentAt: new Date(STARTED * 1000).toISOString(),
          deliveredAt: null,
          readAt: null,
        },
      ]);
      await asked.pager.accept(pages[0]!.id, { note: 'on it' });
      assert.equal(asked.aws.arrived.length, 4);
      assert.deepEqual(asked.inputsOf('AcceptPage'), [
        { PageId: PAGE, AcceptType: 'READ', AcceptCode: '000000', AcceptCodeValidation: 'IGNORE', Note: 'on it' },
      ]);
      assert.equal(asked.inputsOf('ListPagesByContact')[0]!['ContactId'], `${CONTACTS}:contact/sam`);
    });

    it('lets AWS check a code when there is one', async () => {
      await asked.pager.accept('sam/p1', { code: '123 456' });
      assert.deepEqual(asked.inputsOf('AcceptPage'), [
        { PageId: PAGE, AcceptType: 'READ', AcceptCode: '123456', AcceptCodeValidation: 'ENFORCE' },
      ]);
    });

    it('tells a code that cannot be one apart without asking AWS', async () => {
      assert.equal(await codeOf(asked.pager.accept('sam/p1', { code: '12' })), 'USAGE');
      assert.equal(asked.aws.arrived.length, 0);
    });

    it('says that a code is wrong, unless the page has been accepted already', async () => {
      asked.aws.script['AcceptPage'] = contactsError('ValidationException', 'Invalid value provided');
      asked.aws.script['DescribePage'] = { body: { PageArn: PAGE } };
      assert.equal(await codeOf(asked.pager.accept('sam/p1', { code: '123456' })), 'USAGE');
      assert.equal(await codeOf(asked.pager.accept('sam/p1', {})), 'FAILED');
      asked.aws.script['DescribePage'] = { body: { PageArn: PAGE, ReadTime: STARTED } };
      await asked.pager.accept('sam/p1', { code: '123456' });
      await asked.pager.accept('sam/p1', {});
    });

    it('looks after a doubtful end, and accepts again only if nothing had happened', async () => {
      asked.aws.script['AcceptPage'] = (_input, nth) => (nth === 1 ? { hangUp: true } : {});
      asked.aws.script['DescribePage'] = { body: { PageArn: PAGE, ReadTime: STARTED } };
      await asked.pager.accept('sam/p1', {});
      assert.equal(asked.inputsOf('AcceptPage').length, 1);
      asked.aws.arrived.length = 0;
      asked.aws.script['DescribePage'] = { body: { PageArn: PAGE } };
      await asked.pager.accept('sam/p1', {});
      assert.deepEqual(asked.aws.operations(), ['AcceptPage', 'DescribePage', 'AcceptPage']);
    });

    it('reports the doubt when it cannot look either', async () => {
      asked.aws.script['AcceptPage'] = { status: 500, body: {} };
      asked.aws.script['DescribePage'] = { status: 500, body: {} };
      const error = await failure(asked.pager.accept('sam/p1', {}));
      assert.match(String(error), /AcceptPage.*may have been done/);
    });
  });

  it('gives the way of a page from the plan to the person', async () => {
    asked.aws.script['ListPageResolutions'] = {
      body: {
        PageResolutions: [
          { ContactArn: `${CONTACTS}:contact/engineering`, Type: 'ESCALATION', StageIndex: 0 },
          { ContactArn: `${CONTACTS}:contact/on-call`, Type: 'ONCALL_SCHEDULE' },
          { ContactArn: `${CONTACTS}:contact/sam`, Type: 'PERSONAL' },
        ],
      },
    };
    assert.deepEqual(await asked.pager.pathOf('sam/p1'), [
      { contact: 'engineering', kind: 'plan', stage: 0 },
      { contact: 'on-call', kind: 'schedule', stage: null },
      { contact: 'sam', kind: 'person', stage: null },
    ]);
  });
});

import assert from 'node:assert/strict';
import { asking, codeOf } from './asking.ts';
import { ACCOUNT, CONTACTS, incidentsError, OLD_RECORD, RECORD, STARTED, summary, UUIDS } from './scripted-aws.ts';

describe('Incident Manager as a pager: incidents', () => {
  const asked = asking();

  describe('incidents', () => {
    it('come open first, then newest first, with the plan from their ARN', async () => {
      asked.aws.script['ListIncidentRecords'] = (input) =>
        input['nextToken']
          ? { body: { incidentRecordSummaries: [summary(RECORD, 'OPEN')] } }
          : { body: { incidentRecordSummaries: [summary(OLD_RECORD, 'RESOLVED', STARTED + 5)], nextToken: 'more' } };
      const incidents = await asked.pager.incidents({ since: '2026-01-01T00:00:00.000Z' });
      assert.deepEqual(
        incidents.map(({ id, plan, status, openedBy }) => [id, plan, status, openedBy]),
        [
          [UUIDS[0], 'dolthubapi-down', 'open', 'alert'],
          [UUIDS[1], 'userservice-slow', 'resolved', 'alert'],
        ],
      );
      assert.match(incidents[0]!.url, /^https:\/\/us-west-2\.console\.aws\.amazon\.com\/systems-manager\/incidents\//);
      assert.deepEqual(asked.inputsOf('ListIncidentRecords')[0]!['filters'], [
        { key: 'creationTime', condition: { after: Date.parse('2026-01-01T00:00:00.000Z') / 1000 } },
      ]);
    });

    it('ends with a server that gives the same page token for ever', async () => {
      asked.aws.script['ListIncidentRecords'] = {
        body: { incidentRecordSummaries: [summary(RECORD, 'OPEN')], nextToken: 'same' },
      };
      assert.equal((await asked.pager.incidents()).length, 2);
    });

    it('are found by id alone, by ARN, and in capitals; looked for once', async () => {
      const record = {
        ...summary(OLD_RECORD, 'RESOLVED'),
        summary: 'slow',
        resolvedTime: STARTED + 60,
        lastModifiedTime: STARTED,
      };
      record.incidentRecordSource.source = 'aws.ssm-incidents.custom';
      asked.aws.script['GetIncidentRecord'] = { body: { incidentRecord: record } };
      for (const id of [UUIDS[1], UUIDS[1].toUpperCase(), OLD_RECORD]) {
        const incident = await asked.pager.incident(id);
        assert.equal(incident.id, UUIDS[1]);
        assert.equal(incident.summary, 'slow');
        assert.equal(incident.openedBy, 'person');
        assert.equal(incident.resolvedAt, new Date((STARTED + 60) * 1000).toISOString());
      }
      assert.equal(asked.inputsOf('ListIncidentRecords').length, 2, 'open ones, then resolved ones, once');
      assert.deepEqual(asked.inputsOf('GetIncidentRecord')[0], { arn: OLD_RECORD });
    });

    it('that do not exist are not found', async () => {
      asked.aws.script['ListReplicationSets'] = { body: { replicationSetArns: ['x'] } };
      assert.equal(await codeOf(asked.pager.incident('cccccccc-3333-4333-8333-333333333333')), 'NOT_FOUND');
      assert.equal(await codeOf(asked.pager.incident('no such thing')), 'NOT_FOUND');
      asked.aws.script['GetIncidentRecord'] = incidentsError(404, 'ResourceNotFoundException', 'no', {
        resourceType: 'INCIDENT_RECORD',
        resourceIdentifier: RECORD,
      });
      assert.equal(await codeOf(asked.pager.incident(RECORD)), 'NOT_FOUND');
    });

    it('are opened with the token, a title that fits, and answered with their id', async () => {
      asked.aws.script['StartIncident'] = { status: 201, body: { incidentRecordArn: RECORD } };
      const id = await asked.pager.startIncident({
        plan: 'dolthubapi-down',
        title: `😀${'x'.repeat(300)}`,
        impact: 2,
        token: 't1',
      });
      assert.equal(id, UUIDS[0]);
      const [input] = asked.inputsOf('StartIncident');
      assert.equal((input!['title'] as string).length, 200);
      assert.match(input!['title'] as string, /^😀x+…$/u);
      assert.deepEqual(
        { ...input, title: '' },
        {
          responsePlanArn: `arn:aws:ssm-incidents::${ACCOUNT}:response-plan/dolthubapi-down`,
          title: '',
          impact: 2,
          clientToken: 't1',
        },
      );
      await asked.pager.resolve(id, 't2');
      assert.deepEqual(asked.inputsOf('UpdateIncidentRecord'), [
        { arn: RECORD, status: 'RESOLVED', clientToken: 't2' },
      ]);
      assert.equal(asked.inputsOf('ListIncidentRecords').length, 0, 'its ARN is remembered');
    });

    it('are resolved again after a broken connection, since the token makes it harmless', async () => {
      asked.aws.script['UpdateIncidentRecord'] = (_input, nth) =>
        nth === 1 ? { hangUp: true } : { status: 204, body: '' };
      await asked.pager.resolve(RECORD, 't');
      assert.deepEqual(
        asked.inputsOf('UpdateIncidentRecord').map((input) => input['clientToken']),
        ['t', 't'],
      );
    });

    it('take the same link once', async () => {
      const url = 'https://github.com/dolthub/dolthubapi/actions/runs/1';
      asked.aws.script['ListRelatedItems'] = (_input, nth) => ({
        body: {
          relatedItems: [
            {
              identifier: { type: 'PARENT', value: { arn: 'arn:aws:ssm:us-west-2:0:opsitem/oi-1' } },
              title: 'OpsItem',
            },
            ...(nth > 1 ? [{ identifier: { type: 'OTHER', value: { url } }, title: 'Run' }] : []),
          ],
        },
      });
      await asked.pager.addLink(RECORD, { title: 'Run', url, token: 't' });
      await asked.pager.addLink(RECORD, { title: 'Run', url, token: 't' });
      assert.deepEqual(asked.inputsOf('UpdateRelatedItems'), [
        {
          incidentRecordArn: RECORD,
          clientToken: 't',
          relatedItemsUpdate: { itemToAdd: { identifier: { type: 'OTHER', value: { url } }, title: 'Run' } },
        },
      ]);
      assert.deepEqual(await asked.pager.links(RECORD), [{ title: 'Run', url }]);
      assert.equal(
        await codeOf(asked.pager.addLink(RECORD, { title: 'Run', url: url.padEnd(1001, 'x'), token: 't' })),
        'FAILED',
      );
    });
  });

  it('reads response plans', async () => {
    asked.aws.script['GetResponsePlan'] = {
      body: {
        arn: 'x',
        name: 'dolthubapi-down',
        incidentTemplate: { title: 'dolthubapi is down', impact: 1 },
        engagements: [`${CONTACTS}:contact/engineering`],
      },
    };
    assert.deepEqual(await asked.pager.responsePlan('dolthubapi-down'), {
      name: 'dolthubapi-down',
      title: 'dolthubapi is down',
      engages: ['engineering'],
    });
    assert.deepEqual(asked.inputsOf('GetResponsePlan'), [
      { arn: `arn:aws:ssm-incidents::${ACCOUNT}:response-plan/dolthubapi-down` },
    ]);
    asked.aws.script['ListResponsePlans'] = { body: { responsePlanSummaries: [{ arn: 'x', name: 'a' }] } };
    assert.deepEqual(await asked.pager.responsePlans(), ['a']);
  });
});

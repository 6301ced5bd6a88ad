import assert from 'node:assert/strict';
import { asking, codeOf } from './asking.ts';
import { ACCOUNT, CONTACTS, incidentsError, RECORD, STARTED } from './scripted-aws.ts';

describe('Incident Manager as a pager: timeline', () => {
  const asked = asking();

  describe('the timeline', () => {
    const events = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ eventId: `e${i}`, eventTime: STARTED + i, eventType: 'Note' }));

    it('is read eight events at once at most, and keeps its order', async () => {
      asked.aws.script['ListTimelineEvents'] = { body: { eventSummaries: events(30) } };
      let eightCame = () => {};
      const eight = new Promise<void>((resolve) => {
        eightCame = resolve;
      });
      let waiting = 0;
      let most = 0;
      asked.aws.script['GetTimelineEvent'] = async ({ eventId }, nth) => {
        most = Math.max(most, ++waiting);
        if (nth === 8) setTimeout(eightCame, 50);
        await eight;
        waiting--;
        const eventTime = STARTED + Number(String(eventId).slice(1));
        return {
          body: { event: { eventId, eventType: 'Note', eventTime, eventData: JSON.stringify(`note ${eventId}`) } },
        };
      };
      const timeline = await asked.pager.timeline(RECORD);
      assert.deepEqual(
        timeline.map(({ text }) => text),
        events(30).map(({ eventId }) => `note ${eventId}`),
      );
      assert.equal(most, 8);
    });

    it('does without an event that was deleted meanwhile, and stops at any other failure', async () => {
      asked.aws.script['ListTimelineEvents'] = { body: { eventSummaries: events(20) } };
      asked.aws.script['GetTimelineEvent'] = ({ eventId }) =>
        eventId === 'e1'
          ? incidentsError(404, 'ResourceNotFoundException', 'gone')
          : { body: { event: { eventId, eventType: 'Note', eventTime: STARTED, eventData: '"x"' } } };
      assert.equal((await asked.pager.timeline(RECORD)).length, 19);
      asked.aws.script['GetTimelineEvent'] = incidentsError(403, 'AccessDeniedException', '');
      asked.aws.arrived.length = 0;
      assert.equal(await codeOf(asked.pager.timeline(RECORD)), 'AUTH');
      assert.ok(asked.inputsOf('GetTimelineEvent').length <= 8);
    });

    it('says what happened in its own words, and leaves unknown types as they are', async () => {
      const contactArn = `${CONTACTS}:contact/sam`;
      const modifiedBy = `arn:aws:sts::${ACCOUNT}:assumed-role/Engineer/sam`;
      const written: [type: string, data: unknown][] = [
        [
          'SSM Incident Trigger',
          {
            createdIncident: true,
            incidentSource: 'aws.events',
            rawData: '{"detail":{"labels":{"alertname":"Down"}}}',
          },
        ],
        [
          'SSM Incident Start',
          { contactsEngage: [{ contactArn: `${CONTACTS}:contact/engineering`, contactName: 'Engineering' }] },
        ],
        ['SSM Contacts Page for Incident', { contactArn, engagementArn: `${CONTACTS}:engagement/engineering/e1` }],
        ['SSM Contacts Page Acknowledgement for Incident', { contactArn }],
        ['SSM Incident Trigger', { createdIncident: false, incidentSource: 'aws.events', rawData: 'cut sho' }],
        ['Note', 'rolled back'],
        [
          'SSM Incident Record Update',
          {
            modifiedBy,
            modifiedAttributes: [
              { attributeName: 'impact', newValue: '2' },
              { attributeName: 'relatedItems', newValue: '{}' },
            ],
          },
        ],
        [
          'SSM Incident Record Update',
          { modifiedBy, modifiedAttributes: [{ attributeName: 'status', newValue: 'RESOLVED' }] },
        ],
        ['SSM Automation Execution Start Failure for Incident', {}],
        ['Something New', { a: 1 }],
      ];
      asked.aws.script['ListTimelineEvents'] = { body: { eventSummaries: events(written.length) } };
      asked.aws.script['GetTimelineEvent'] = ({ eventId }) => {
        const nth = Number(String(eventId).slice(1));
        const [eventType, data] = written[nth]!;
        return { body: { event: { eventId, eventType, eventTime: STARTED + nth, eventData: JSON.stringify(data) } } };
      };
      const timeline = await asked.pager.timeline(RECORD);
      assert.deepEqual(
        timeline.map(({ kind, title, text, contact }) => [kind, title, text, contact]),
        [
          ['triggered', 'Alert Down', null, null],
          ['started', 'Incident started, engages engineering', null, null],
          ['paged', 'Paged sam', null, 'sam'],
          ['acknowledged', 'sam acknowledged', null, 'sam'],
          ['triggered', 'A trigger from aws.events joined the incident', null, null],
          ['note', 'Note', 'rolled back', null],
          ['updated', 'Changed impact, links by sam', null, null],
          ['resolved', 'Resolved by sam', null, null],
          ['runbook-failed', 'The runbook could not be started', null, null],
          ['other', 'Something New', null, null],
        ],
      );
    });

    it("reads notes of clients that do not follow the console's convention", async () => {
      const data = ['plain words', '{"a":1}', '"quoted"', ''];
      asked.aws.script['ListTimelineEvents'] = { body: { eventSummaries: events(data.length) } };
      asked.aws.script['GetTimelineEvent'] = ({ eventId }) => ({
        body: {
          event: { eventId, eventType: 'Note', eventTime: STARTED, eventData: data[Number(String(eventId).slice(1))] },
        },
      });
      assert.deepEqual(
        (await asked.pager.timeline(RECORD)).map(({ text }) => text),
        ['plain words', '{"a":1}', 'quoted', ''],
      );
    });

    it('takes a note as the console does, once for a token, cut to what AWS takes', async () => {
      asked.aws.script['CreateTimelineEvent'] = (_input, nth) =>
        nth === 1 ? { hangUp: true } : { status: 201, body: { eventId: 'n1', incidentRecordArn: RECORD } };
      const at = '2026-05-28T20:26:40.500Z';
      assert.equal(await asked.pager.addNote(RECORD, { text: 'said "no"', at, token: 'j1' }), 'n1');
      const [first, second] = asked.inputsOf('CreateTimelineEvent');
      assert.deepEqual(first, second);
      assert.deepEqual(first, {
        incidentRecordArn: RECORD,
        eventType: 'Note',
        eventTime: Date.parse(at) / 1000,
        eventData: '"said \\"no\\""',
        eventReferences: [{ resource: RECORD }],
        clientToken: 'j1',
      });
      await asked.pager.addNote(RECORD, { text: '"\n'.repeat(10_000), at, token: 'j2' });
      const long = asked.inputsOf('CreateTimelineEvent').at(-1)!['eventData'] as string;
      assert.ok(long.length <= 12_000 && long.length > 11_900, String(long.length));
      assert.match(JSON.parse(long), /…$/);
    });
  });

  describe('the trigger', () => {
    const labels = { alertname: 'DolthubapiDown', app: 'dolthubapi' };
    const detail = {
      status: 'firing',
      labels,
      annotations: { summary: 'down' },
      startsAt: '2026-05-28T20:00:00.000Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.test/graph',
      fingerprint: 'abc',
    };

    function triggeredBy(eventData: string): void {
      asked.aws.script['ListTimelineEvents'] = {
        body: { eventSummaries: [{ eventId: 'e0', eventTime: STARTED, eventType: 'SSM Incident Trigger' }] },
      };
      asked.aws.script['GetTimelineEvent'] = {
        body: { event: { eventId: 'e0', eventType: 'SSM Incident Trigger', eventTime: STARTED, eventData } },
      };
    }

    it('is the alert inside the doubly encoded event', async () => {
      const raw = JSON.stringify({ 'detail-type': 'Alert', source: 'oncall.alertmanager', detail });
      triggeredBy(JSON.stringify({ createdIncident: true, incidentSource: 'aws.events', rawData: raw }));
      assert.deepEqual(await asked.pager.trigger(RECORD), {
        at: new Date(STARTED * 1000).toISOString(),
        raw,
        alert: {
          name: 'DolthubapiDown',
          labels,
          annotations: { summary: 'down' },
          startsAt: '2026-05-28T20:00:00.000Z',
          fingerprint: 'abc',
          generatorUrl: 'http://prometheus.test/graph',
        },
      });
      assert.deepEqual(asked.inputsOf('ListTimelineEvents')[0]!['filters'], [
        { key: 'eventType', condition: { equals: { stringValues: ['SSM Incident Trigger'] } } },
      ]);
    });

    it('keeps a text that is no alert as it is', async () => {
      const cutShort = JSON.stringify({ detail }).slice(0, 90);
      for (const raw of [cutShort, 'garbage', '[]', 'null', '{"detail":{"labels":{}}}', '{"AlarmName":"cpu"}']) {
        triggeredBy(JSON.stringify({ createdIncident: true, rawData: raw }));
        const trigger = await asked.pager.trigger(RECORD);
        assert.equal(trigger?.alert, null, raw);
        assert.equal(trigger?.raw, raw);
      }
    });

    it('is nothing when a person opened the incident', async () => {
      triggeredBy(JSON.stringify({ createdIncident: true, incidentSource: 'aws.ssm-incidents.custom', rawData: null }));
      assert.equal(await asked.pager.trigger(RECORD), null);
      triggeredBy('half of {');
      assert.equal(await asked.pager.trigger(RECORD), null);
      asked.aws.script['ListTimelineEvents'] = { body: { eventSummaries: [] } };
      assert.equal(await asked.pager.trigger(RECORD), null);
    });
  });
});

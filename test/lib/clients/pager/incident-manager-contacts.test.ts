import assert from 'node:assert/strict';
import { asking, codeOf, failure } from './asking.ts';
import { ACCOUNT, CONTACTS, contactsError, identityXml, REGION, STARTED } from './scripted-aws.ts';

describe('Incident Manager as a pager: contacts', () => {
  const asked = asking();

  describe('contacts', () => {
    it('come from all pages of the list, of every kind', async () => {
      asked.aws.script['ListContacts'] = ({ NextToken }) =>
        NextToken
          ? { body: { Contacts: [{ Alias: 'engineering', DisplayName: 'Engineering', Type: 'ESCALATION' }] } }
          : {
              body: {
                Contacts: [
                  { Alias: 'sam', DisplayName: 'Sam Okafor', Type: 'PERSONAL' },
                  { Alias: 'engineering-on-call', Type: 'ONCALL_SCHEDULE' },
                ],
                NextToken: 'more',
              },
            };
      assert.deepEqual(await asked.pager.contacts(), [
        { alias: 'sam', name: 'Sam Okafor', kind: 'person' },
        { alias: 'engineering-on-call', name: 'engineering-on-call', kind: 'schedule' },
        { alias: 'engineering', name: 'Engineering', kind: 'plan' },
      ]);
    });

    it('never show a whole address', async () => {
      const channel = (name: string, Type: string, SimpleAddress: string, ActivationStatus = 'ACTIVATED') => ({
        ContactChannelArn: `${CONTACTS}:contact-channel/sam/${name}`,
        Name: name,
        Type,
        DeliveryAddress: { SimpleAddress },
        ActivationStatus,
      });
      asked.aws.script['GetContact'] = {
        body: {
          ContactArn: `${CONTACTS}:contact/sam`,
          Alias: 'sam',
          Type: 'PERSONAL',
          Plan: {
            Stages: [
              {
                DurationInMinutes: 5,
                Targets: [
                  {
                    ChannelTargetInfo: {
                      ContactChannelId: `${CONTACTS}:contact-channel/sam/c1`,
                      RetryIntervalInMinutes: 1,
                    },
                  },
                ],
              },
            ],
          },
        },
      };
      asked.aws.script['ListContactChannels'] = {
        body: {
          ContactChannels: [
            channel('c1', 'SMS', '+12025550101'),
            channel('c2', 'VOICE', '+12025550102', 'NOT_ACTIVATED'),
            channel('c3', 'EMAIL', 'sam@dolthub.test'),
          ],
        },
      };
      const detail = await asked.pager.contact('sam');
      assert.deepEqual(
        detail.channels.map(({ id, kind, address, activated }) => [id, kind, address, activated]),
        [
          ['sam/c1', 'sms', '…01', true],
          ['sam/c2', 'voice', '…02', false],
          ['sam/c3', 'email', '…@dolthub.test', true],
        ],
      );
      assert.deepEqual(detail.stages, [
        { minutes: 5, targets: [{ kind: 'channel', channelId: 'sam/c1', retryMinutes: 1 }] },
      ]);
      assert.doesNotMatch(JSON.stringify(detail), /2025550|sam@|arn:/);
    });

    it('that are plans need no channels, even where AWS refuses to list them', async () => {
      asked.aws.script['GetContact'] = {
        body: {
          ContactArn: `${CONTACTS}:contact/engineering`,
          Alias: 'engineering',
          Type: 'ESCALATION',
          Plan: {
            Stages: [
              {
                DurationInMinutes: 10,
                Targets: [{ ContactTargetInfo: { ContactId: `${CONTACTS}:contact/ana`, IsEssential: true } }],
              },
            ],
          },
        },
      };
      asked.aws.script['ListContactChannels'] = contactsError('ValidationException', 'not a personal contact');
      const { stages, channels } = await asked.pager.contact('engineering');
      assert.deepEqual(channels, []);
      assert.deepEqual(stages, [{ minutes: 10, targets: [{ kind: 'contact', alias: 'ana', essential: true }] }]);
    });

    it('that cannot exist are not asked for', async () => {
      for (const alias of ['', 'Sam Okafor', '../x', 'arn:aws:s3:::x']) {
        assert.equal(await codeOf(asked.pager.contact(alias)), 'NOT_FOUND', alias);
      }
      assert.equal(asked.aws.arrived.length, 0);
      asked.aws.script['GetContact'] = contactsError('ResourceNotFoundException', 'no', {
        ResourceId: 'x',
        ResourceType: 'CONTACT',
      });
      const error = await failure(asked.pager.contact('nobody'));
      assert.match(String(error), /There is no contact "nobody"/);
    });

    it('are addressed in the partition of the caller', async () => {
      asked.aws.script['GetCallerIdentity'] = { body: identityXml(`arn:aws-us-gov:iam::${ACCOUNT}:root`) };
      assert.equal((await asked.pager.identity()).login, null);
      await asked.pager.pagesOf('sam');
      assert.equal(
        asked.inputsOf('ListPagesByContact')[0]!['ContactId'],
        `arn:aws-us-gov:ssm-contacts:${REGION}:${ACCOUNT}:contact/sam`,
      );
    });
  });

  describe('schedules', () => {
    beforeEach(() => {
      asked.aws.script['GetContact'] = {
        body: {
          Alias: 'on-call',
          Type: 'ONCALL_SCHEDULE',
          Plan: { RotationIds: [`${CONTACTS}:rotation/r1`, `${CONTACTS}:rotation/r2`] },
        },
      };
      asked.aws.script['ListRotationShifts'] = ({ RotationId }) => ({
        body: {
          RotationShifts: [
            {
              ContactIds: [`${CONTACTS}:contact/sam`],
              StartTime: STARTED - 3600,
              EndTime: STARTED + 3600,
              Type: 'REGULAR',
            },
            ...(String(RotationId).endsWith('r2')
              ? [
                  {
                    ContactIds: [`${CONTACTS}:contact/ben`],
                    StartTime: STARTED + 3600,
                    EndTime: STARTED + 7200,
                    Type: 'OVERRIDDEN',
                  },
                ]
              : []),
          ],
        },
      });
    });

    it('tell who is on call, of every rotation, at that instant only', async () => {
      const at = new Date(STARTED * 1000).toISOString();
      const shifts = await asked.pager.onCall('on-call', at);
      assert.deepEqual(
        shifts.map(({ rotation, people }) => [rotation, people]),
        [
          ['r1', ['sam']],
          ['r2', ['sam']],
        ],
      );
      assert.ok((asked.inputsOf('ListRotationShifts')[0]!['StartTime'] as number) <= STARTED);
      assert.deepEqual(await asked.pager.onCall('on-call', new Date((STARTED - 7200) * 1000).toISOString()), []);
    });

    it('tell overrides apart', async () => {
      const shifts = await asked.pager.shifts('on-call', {
        from: new Date((STARTED + 10) * 1000).toISOString(),
        to: new Date((STARTED + 9000) * 1000).toISOString(),
      });
      assert.deepEqual(
        shifts.map(({ people, override }) => [people[0], override]),
        [
          ['sam', false],
          ['sam', false],
          ['ben', true],
        ],
      );
    });

    it('are not people', async () => {
      asked.aws.script['GetContact'] = { body: { Alias: 'sam', Type: 'PERSONAL', Plan: {} } };
      assert.equal(await codeOf(asked.pager.onCall('sam', new Date().toISOString())), 'USAGE');
    });
  });
});

import assert from 'node:assert/strict';
import {
  ActivateContactChannelCommand,
  CreateContactChannelCommand,
  CreateContactCommand,
  CreateRotationCommand,
  CreateRotationOverrideCommand,
  DeleteContactCommand,
  DeleteRotationCommand,
  DeleteRotationOverrideCommand,
  GetContactChannelCommand,
  GetContactCommand,
  GetRotationCommand,
  ListContactChannelsCommand,
  ListPreviewRotationShiftsCommand,
  ListRotationOverridesCommand,
  ListRotationShiftsCommand,
  ListRotationsCommand,
  ListTagsForResourceCommand,
  UpdateContactChannelCommand,
  UpdateRotationCommand,
} from '@aws-sdk/client-ssm-contacts';
import { contactArn, type ServedAws, serveAws } from '../../support/serve-aws.ts';

const HOUR = 3_600_000;
const WEEKLY = {
  NumberOfOnCalls: 1,
  RecurrenceMultiplier: 1,
  WeeklySettings: [{ DayOfWeek: 'MON' as const, HandOffTime: { HourOfDay: 9, MinuteOfHour: 0 } }],
};

describe('people and rotas in the sandbox', () => {
  let world: ServedAws;

  beforeEach(async () => {
    world = await serveAws();
  });
  afterEach(() => world.close());

  async function rotation(): Promise<string> {
    const { Plan } = await world.contacts.send(new GetContactCommand({ ContactId: contactArn('engineering-on-call') }));
    return Plan?.RotationIds?.[0] as string;
  }

  async function shifts(RotationId: string, hours = 24 * 14) {
    const StartTime = new Date();
    const EndTime = new Date(StartTime.getTime() + hours * HOUR);
    const command = new ListRotationShiftsCommand({ RotationId, StartTime, EndTime });
    return (await world.contacts.send(command)).RotationShifts ?? [];
  }

  it('have sam on call now', async () => {
    const [now] = await shifts(await rotation(), 1);
    assert.deepEqual(now?.ContactIds, [contactArn('sam')]);
    assert.ok((now?.StartTime?.getTime() ?? 0) <= Date.now() && (now?.EndTime?.getTime() ?? 0) > Date.now());
  });

  it('have sam on call whatever moment the world begins at, and for hours after it', async () => {
    const monday = Date.parse('2026-03-09T17:00:00Z');
    for (const since of [-13 * HOUR, -60_000, -1, 0, 1, 5 * HOUR, 3 * 24 * HOUR]) {
      const wall = monday + since;
      const other = await serveAws({ wall: () => wall });
      const ask = { RotationId: other.engine.rotations.list()[0]?.arn as string };
      const span = { StartTime: new Date(wall), EndTime: new Date(wall + 12 * HOUR) };
      const answer = await other.contacts.send(new ListRotationShiftsCommand({ ...ask, ...span }));
      const people = answer.RotationShifts?.flatMap(({ ContactIds }) => ContactIds);
      assert.deepEqual(new Set(people), new Set([contactArn('sam')]), `${since}`);
      await other.close();
    }
  });

  it('page a new channel only after its code was typed in', async () => {
    const sent: string[] = [];
    world.engine.onChange((change) => change.kind === 'activation-code-sent' && sent.push(change.code));
    const created = await world.contacts.send(
      new CreateContactChannelCommand({
        ContactId: contactArn('sam'),
        Name: 'second phone',
        Type: 'SMS',
        DeliveryAddress: { SimpleAddress: '+12025550177' },
      }),
    );
    const ContactChannelId = created.ContactChannelArn as string;
    const status = async () =>
      (await world.contacts.send(new GetContactChannelCommand({ ContactChannelId }))).ActivationStatus;
    assert.equal(await status(), 'NOT_ACTIVATED');
    const wrong = new ActivateContactChannelCommand({ ContactChannelId, ActivationCode: '0000000' });
    await assert.rejects(world.contacts.send(wrong), { name: 'ValidationException' });
    const ActivationCode = sent[0] as string;
    await world.contacts.send(new ActivateContactChannelCommand({ ContactChannelId, ActivationCode }));
    assert.equal(await status(), 'ACTIVATED');
    const DeliveryAddress = { SimpleAddress: '+12025550178' };
    await world.contacts.send(new UpdateContactChannelCommand({ ContactChannelId, DeliveryAddress }));
    assert.equal(await status(), 'NOT_ACTIVATED');
  });

  it('show three activated channels for each person', async () => {
    const ContactId = contactArn('tom');
    const { ContactChannels } = await world.contacts.send(new ListContactChannelsCommand({ ContactId }));
    assert.deepEqual(
      ContactChannels?.map(({ Type, ActivationStatus }) => [Type, ActivationStatus]),
      [
        ['SMS', 'ACTIVATED'],
        ['VOICE', 'ACTIVATED'],
        ['EMAIL', 'ACTIVATED'],
      ],
    );
  });

  it('refuse a plan that does not suit its contact', async () => {
    const stage = (target: object) => ({ Stages: [{ DurationInMinutes: 5, Targets: [target] }] });
    const person = { ContactTargetInfo: { ContactId: contactArn('sam'), IsEssential: true } };
    const refused = [
      { Alias: 'rota', Type: 'ONCALL_SCHEDULE', Plan: { Stages: [] } },
      { Alias: 'someone', Type: 'PERSONAL', Plan: stage(person) },
      { Alias: 'plan', Type: 'ESCALATION', Plan: { Stages: [{ DurationInMinutes: 0, Targets: [] }] } },
      { Alias: 'plan', Type: 'ESCALATION', Plan: { Stages: [{ DurationInMinutes: 31, Targets: [person] }] } },
      { Alias: 'Capital', Type: 'PERSONAL', Plan: { Stages: [] } },
    ] as const;
    const messages: string[] = [];
    for (const input of refused) {
      const command = new CreateContactCommand(input as unknown as CreateContactCommand['input']);
      await assert.rejects(world.contacts.send(command), (error: Error) => {
        messages.push(error.message);
        return error.name === 'ValidationException';
      });
    }
    assert.equal(messages[0], 'Invalid value provided - ONCALL SCHEDULE contact cannot have stages in plan');
  });

  it('refuse an alias that is taken, and to delete someone who has shifts', async () => {
    const again = new CreateContactCommand({ Alias: 'sam', Type: 'PERSONAL', Plan: { Stages: [] } });
    await assert.rejects(world.contacts.send(again), { name: 'ConflictException', ResourceId: contactArn('sam') });
    const remove = new DeleteContactCommand({ ContactId: contactArn('sam') });
    await assert.rejects(world.contacts.send(remove), { name: 'ConflictException' });
    await world.contacts.send(new DeleteContactCommand({ ContactId: contactArn('ana') }));
    const get = new GetContactCommand({ ContactId: contactArn('ana') });
    await assert.rejects(world.contacts.send(get), { name: 'ResourceNotFoundException', ResourceType: 'CONTACT' });
  });

  it('put others on call for the time of an override', async () => {
    const RotationId = await rotation();
    const StartTime = new Date(Math.ceil(Date.now() / 1000) * 1000 + 60_000);
    const EndTime = new Date(StartTime.getTime() + HOUR);
    const NewContactIds = [contactArn('tom')];
    const { RotationOverrideId } = await world.contacts.send(
      new CreateRotationOverrideCommand({ RotationId, NewContactIds, StartTime, EndTime }),
    );
    const overridden = (await shifts(RotationId, 12)).find(({ ContactIds }) => ContactIds?.[0] === contactArn('tom'));
    assert.equal(overridden?.Type, 'OVERRIDDEN');
    assert.deepEqual(overridden?.ShiftDetails?.OverriddenContactIds, [contactArn('sam')]);
    assert.deepEqual([overridden?.StartTime, overridden?.EndTime], [StartTime, EndTime]);
    const list = new ListRotationOverridesCommand({ RotationId, StartTime, EndTime });
    assert.equal((await world.contacts.send(list)).RotationOverrides?.length, 1);
    await world.contacts.send(new DeleteRotationOverrideCommand({ RotationId, RotationOverrideId }));
    assert.equal((await world.contacts.send(list)).RotationOverrides?.length, 0);
  });

  it('make, change and delete rotations, which leave every schedule they were in', async () => {
    const wish = { Name: 'weekends', ContactIds: [contactArn('ana')], TimeZoneId: 'Europe/Stockholm' };
    const Tags = [{ Key: 'team', Value: 'api' }];
    const { RotationArn } = await world.contacts.send(new CreateRotationCommand({ ...wish, Recurrence: WEEKLY, Tags }));
    const RotationId = RotationArn as string;
    const Recurrence = { ...WEEKLY, RecurrenceMultiplier: 2 };
    await world.contacts.send(new UpdateRotationCommand({ RotationId, Recurrence }));
    const changed = await world.contacts.send(new GetRotationCommand({ RotationId }));
    assert.deepEqual(changed.Recurrence, Recurrence);
    assert.equal(changed.Name, 'weekends');
    const tags = await world.contacts.send(new ListTagsForResourceCommand({ ResourceARN: RotationId }));
    assert.deepEqual(tags.Tags, Tags);
    const { Rotations } = await world.contacts.send(new ListRotationsCommand({ RotationNamePrefix: 'week' }));
    assert.deepEqual(
      Rotations?.map(({ RotationArn: arn }) => arn),
      [RotationId],
    );
    const seeded = await rotation();
    await world.contacts.send(new DeleteRotationCommand({ RotationId: seeded }));
    assert.equal(await rotation(), undefined);
    await assert.rejects(world.contacts.send(new GetRotationCommand({ RotationId: seeded })), {
      name: 'ResourceNotFoundException',
    });
    await assert.rejects(shifts(seeded), { name: 'ValidationException', message: 'Invalid resource Arn' });
  });

  it('refuse a zone without daylight saving rules, and a recurrence of no kind or two', async () => {
    const wish = { Name: 'r', ContactIds: [contactArn('ana')], TimeZoneId: 'UTC', Recurrence: WEEKLY };
    const refused = [
      { ...wish, TimeZoneId: 'PST' },
      { ...wish, TimeZoneId: 'Mars/Olympus_Mons' },
      { ...wish, Recurrence: { NumberOfOnCalls: 1, RecurrenceMultiplier: 1 } },
      { ...wish, Recurrence: { ...WEEKLY, DailySettings: [{ HourOfDay: 9, MinuteOfHour: 0 }] } },
      { ...wish, ContactIds: [contactArn('engineering')] },
    ];
    for (const input of refused) {
      await assert.rejects(world.contacts.send(new CreateRotationCommand(input)), { name: 'ValidationException' });
    }
  });

  it('preview a rotation of any names, a few shifts at a time', async () => {
    const input = {
      Members: ['first', 'second'],
      TimeZoneId: 'UTC',
      Recurrence: WEEKLY,
      RotationStartTime: new Date('2026-01-05T09:00:00Z'),
      StartTime: new Date('2026-01-05T09:00:00Z'),
      EndTime: new Date('2026-02-02T09:00:00Z'),
      MaxResults: 3,
    };
    const first = await world.contacts.send(new ListPreviewRotationShiftsCommand(input));
    const rest = await world.contacts.send(
      new ListPreviewRotationShiftsCommand({ ...input, NextToken: first.NextToken }),
    );
    const all = [...(first.RotationShifts ?? []), ...(rest.RotationShifts ?? [])];
    assert.deepEqual(
      all.map(({ ContactIds, StartTime }) => [ContactIds?.[0], StartTime?.toISOString().slice(0, 10)]),
      [
        ['first', '2026-01-05'],
        ['second', '2026-01-12'],
        ['first', '2026-01-19'],
        ['second', '2026-01-26'],
      ],
    );
    assert.equal(rest.NextToken, undefined);
  });
});

import type { Check, Step } from './check.ts';
import { CONFLICT, contacts, DAILY, INVALID } from './steps.ts';

const PERSON = {
  Alias: '<prefix>-person',
  Type: 'PERSONAL',
  Plan: { Stages: [] },
  IdempotencyToken: '<prefix>-person',
};
const ONE = { ContactId: '<person>' };
const makePerson: Step = contacts('CreateContact', PERSON, 'ok', { person: 'ContactArn' });
const dropPerson: Step = contacts('DeleteContact', ONE);
/** The channel is never activated, and no code is sent: a check rings nobody. */
const CHANNEL = {
  ...{ ...ONE, Name: '<prefix>', Type: 'EMAIL', DeliveryAddress: { SimpleAddress: 'nobody@example.com' } },
  DeferActivation: true,
};
const ROTATION = { Name: '<prefix>', ContactIds: ['<person>'], TimeZoneId: 'Europe/Stockholm', Recurrence: DAILY };
const makeRotation: Step = contacts('CreateRotation', ROTATION, 'ok', { rotation: 'RotationArn' });
const dropRotation: Step = contacts('DeleteRotation', { RotationId: '<rotation>' });

/** A check that makes a person, and what more of it there is. */
function withPerson(about: Check['about'], steps: Step[], cleanup: Step[] = []): Check {
  return { about, kind: 'write', steps: [makePerson, ...steps], cleanup: [...cleanup, dropPerson] };
}

/** Checks that make contacts and rotations of their own, take them away again, and page nobody. */
export const CONTACT_CHECKS: readonly Check[] = [
  withPerson(['idempotency-same', 'wire-shapes'], [makePerson, contacts('GetContact', ONE)]),
  withPerson(['idempotency-other'], [contacts('CreateContact', { ...PERSON, DisplayName: 'other' }, CONFLICT)]),
  withPerson(['contact-taken'], [contacts('CreateContact', { ...PERSON, IdempotencyToken: '<prefix>-2' }, CONFLICT)]),
  withPerson(['contact-policy'], [contacts('GetContactPolicy', { ContactArn: '<person>' })]),
  withPerson(['policy-json'], [contacts('PutContactPolicy', { ContactArn: '<person>', Policy: 'no JSON' }, INVALID)]),
  withPerson(
    ['contact-tags'],
    [
      contacts('TagResource', { ResourceARN: '<person>', Tags: [{ Key: 'check', Value: 'a' }] }),
      contacts('UntagResource', { ResourceARN: '<person>', TagKeys: ['check', 'never-there'] }),
      contacts('ListTagsForResource', { ResourceARN: '<person>' }),
    ],
  ),
  withPerson(
    ['plan-kinds'],
    [
      contacts(
        'UpdateContact',
        {
          ...ONE,
          Plan: {
            Stages: [
              { DurationInMinutes: 1, Targets: [{ ContactTargetInfo: { ContactId: '<person>', IsEssential: true } }] },
            ],
          },
        },
        INVALID,
      ),
    ],
  ),
  withPerson(
    ['plan-empty-stage'],
    [contacts('UpdateContact', { ...ONE, Plan: { Stages: [{ DurationInMinutes: 0, Targets: [] }] } }, INVALID)],
  ),
  {
    about: ['plan-schedule-stages'],
    kind: 'write',
    steps: [
      contacts('CreateContact', { Alias: '<prefix>-rota', Type: 'ONCALL_SCHEDULE', Plan: { Stages: [] } }, INVALID, {
        rota: 'ContactArn',
      }),
    ],
    // Only there if the account was kinder than expected.
    cleanup: [contacts('DeleteContact', { ContactId: '<rota>' })],
  },
  withPerson(
    ['channel-life', 'wire-shapes'],
    [
      contacts('CreateContactChannel', CHANNEL, 'ok', { channel: 'ContactChannelArn' }),
      contacts('GetContactChannel', { ContactChannelId: '<channel>' }),
      contacts('ListContactChannels', ONE),
    ],
    [contacts('DeleteContactChannel', { ContactChannelId: '<channel>' })],
  ),
  withPerson(
    ['channel-code'],
    [
      contacts('CreateContactChannel', CHANNEL, 'ok', { channel: 'ContactChannelArn' }),
      contacts('ActivateContactChannel', { ContactChannelId: '<channel>', ActivationCode: '000000' }, INVALID),
    ],
    [contacts('DeleteContactChannel', { ContactChannelId: '<channel>' })],
  ),
  withPerson(
    ['channel-taken'],
    [
      contacts('CreateContactChannel', CHANNEL, 'ok', { channel: 'ContactChannelArn' }),
      contacts('CreateContactChannel', CHANNEL, CONFLICT),
    ],
    [contacts('DeleteContactChannel', { ContactChannelId: '<channel>' })],
  ),
  withPerson(['channel-address'], [contacts('CreateContactChannel', { ...CHANNEL, Type: 'SMS' }, INVALID)]),
  {
    about: ['channel-unknown-contact'],
    kind: 'write',
    steps: [
      contacts(
        'CreateContactChannel',
        { ...CHANNEL, ContactId: 'arn:aws:ssm-contacts:<region>:<account>:contact/<prefix>-nobody' },
        INVALID,
      ),
    ],
  },
  withPerson(['contact-in-rotation'], [makeRotation, contacts('DeleteContact', ONE, CONFLICT)], [dropRotation]),
  withPerson(
    ['rotation-update'],
    [makeRotation, contacts('UpdateRotation', { RotationId: '<rotation>' }, INVALID)],
    [dropRotation],
  ),
  withPerson(
    ['wire-shapes', 'rotation-arithmetic'],
    [
      makeRotation,
      contacts('GetRotation', { RotationId: '<rotation>' }),
      contacts('ListRotationShifts', { RotationId: '<rotation>', StartTime: { $now: 0 }, EndTime: { $now: 172_800 } }),
    ],
    [dropRotation],
  ),
  withPerson(
    ['rotation-overrides'],
    [
      makeRotation,
      contacts(
        'CreateRotationOverride',
        {
          RotationId: '<rotation>',
          NewContactIds: ['<person>'],
          StartTime: { $now: 7200 },
          EndTime: { $now: 10_800 },
        },
        'ok',
        { override: 'RotationOverrideId' },
      ),
      contacts('GetRotationOverride', { RotationId: '<rotation>', RotationOverrideId: '<override>' }),
      contacts('ListRotationOverrides', {
        RotationId: '<rotation>',
        StartTime: { $now: 0 },
        EndTime: { $now: 20_000 },
      }),
      contacts('DeleteRotationOverride', { RotationId: '<rotation>', RotationOverrideId: '<override>' }),
    ],
    [dropRotation],
  ),
  withPerson(
    ['rotation-deleted'],
    [
      makeRotation,
      contacts(
        'CreateContact',
        { Alias: '<prefix>-rota', Type: 'ONCALL_SCHEDULE', Plan: { RotationIds: ['<rotation>'] } },
        'ok',
        { rota: 'ContactArn' },
      ),
      contacts('DeleteRotation', { RotationId: '<rotation>' }),
      contacts('GetContact', { ContactId: '<rota>' }),
    ],
    [contacts('DeleteContact', { ContactId: '<rota>' })],
  ),
];

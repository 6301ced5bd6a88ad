import {
  type ContactChannel,
  GetContactCommand,
  type GetContactResult,
  ListContactChannelsCommand,
  ListContactsCommand,
  type Contact as Listed,
  type Stage as RawStage,
} from '@aws-sdk/client-ssm-contacts';
import { OncallError } from '../../../errors.ts';
import type { Channel, ChannelKind, Contact, ContactDetail, ContactKind, Stage } from '../pager.ts';
import { unreadable } from './errors.ts';
import { everyPage } from './every-page.ts';
import type { Names } from './names.ts';
import type { Session } from './session.ts';

const KINDS: Readonly<Record<string, ContactKind>> = {
  PERSONAL: 'person',
  ONCALL_SCHEDULE: 'schedule',
  ESCALATION: 'plan',
};

/** The pager's word for a contact's type. */
export function contactKind(type: string | undefined): ContactKind {
  return KINDS[type ?? ''] ?? 'person';
}

/** All contacts of the account, of every kind. */
export async function listContacts(session: Session): Promise<Contact[]> {
  const { line } = session;
  const listed = await everyPage<Listed>(async (NextToken) => {
    const answer = await line.ask({ action: 'ssm-contacts:ListContacts' }, (options) =>
      line.contacts.send(new ListContactsCommand({ NextToken, MaxResults: 100 }), options),
    );
    return { items: answer.Contacts, next: answer.NextToken };
  });
  return listed.map(({ Alias, DisplayName, Type }) => ({
    alias: Alias ?? '',
    name: DisplayName || (Alias ?? ''),
    kind: contactKind(Type),
  }));
}

export async function contactKinds(session: Session): Promise<ReadonlyMap<string, ContactKind>> {
  return new Map((await listContacts(session)).map(({ alias, kind }) => [alias, kind]));
}

/** As much of an address as lets its owner recognise it. */
function masked(kind: ChannelKind, address: string | undefined): string {
  if (!address) return '';
  if (kind === 'email') return `…${address.slice(address.lastIndexOf('@'))}`;
  return `…${address.slice(-2)}`;
}

function channelOf(names: Names, raw: ContactChannel): Channel {
  const kind: ChannelKind = raw.Type === 'EMAIL' ? 'email' : raw.Type === 'VOICE' ? 'voice' : 'sms';
  return {
    id: names.id(raw.ContactChannelArn),
    name: raw.Name ?? '',
    kind,
    address: masked(kind, raw.DeliveryAddress?.SimpleAddress),
    activated: raw.ActivationStatus === 'ACTIVATED',
  };
}

function stageOf(names: Names, raw: RawStage): Stage {
  return {
    minutes: raw.DurationInMinutes ?? 0,
    targets: (raw.Targets ?? []).flatMap(({ ChannelTargetInfo: channel, ContactTargetInfo: contact }) => [
      ...(channel
        ? [
            {
              kind: 'channel' as const,
              channelId: names.id(channel.ContactChannelId),
              retryMinutes: channel.RetryIntervalInMinutes ?? null,
            },
          ]
        : []),
      ...(contact
        ? [
            {
              kind: 'contact' as const,
              alias: names.alias(contact.ContactId) ?? '',
              essential: contact.IsEssential ?? false,
            },
          ]
        : []),
    ]),
  };
}

/** One contact as AWS holds it. @throws NOT_FOUND */
export async function fetchContact(session: Session, alias: string): Promise<GetContactResult> {
  const { line, names } = session;
  const ContactId = await names.contactsArn('contact', alias);
  const call = { action: 'ssm-contacts:GetContact', about: `contact "${alias}"` };
  const found = await line.ask(call, (options) => line.contacts.send(new GetContactCommand({ ContactId }), options));
  if (!found.Alias) throw unreadable(call);
  return found;
}

async function fetchChannels(session: Session, alias: string): Promise<ContactChannel[]> {
  const { line, names } = session;
  const ContactId = await names.contactsArn('contact', alias);
  const call = { action: 'ssm-contacts:ListContactChannels', about: `contact "${alias}"` };
  return everyPage<ContactChannel>(async (NextToken) => {
    const answer = await line.ask(call, (options) =>
      line.contacts.send(new ListContactChannelsCommand({ ContactId, NextToken, MaxResults: 100 }), options),
    );
    return { items: answer.ContactChannels, next: answer.NextToken };
  });
}

/** A contact with its channels and stages. @throws NOT_FOUND */
export async function contactDetail(session: Session, alias: string): Promise<ContactDetail> {
  const channels = fetchChannels(session, alias).catch((error: unknown) => error as Error);
  const found = await fetchContact(session, alias);
  const kind = contactKind(found.Type);
  const listed = await channels;
  // Only people have channels: that AWS will not list them for a plan or a schedule says nothing.
  const refused = listed instanceof OncallError && kind !== 'person' && listed.code === 'FAILED';
  if (listed instanceof Error && !refused) throw listed;
  return {
    alias: found.Alias ?? alias,
    name: found.DisplayName || alias,
    kind,
    channels: listed instanceof Error ? [] : listed.map((raw) => channelOf(session.names, raw)),
    stages: (found.Plan?.Stages ?? []).map((raw) => stageOf(session.names, raw)),
    rotations: (found.Plan?.RotationIds ?? []).map((id) => session.names.id(id)),
  };
}

import type { Channel } from '../../world/incident-manager/channels.ts';
import type { Contact } from '../../world/incident-manager/contacts.ts';
import { invalid } from '../../world/incident-manager/failure.ts';
import { listing } from '../aws/listing.ts';
import { choice, flag, structure, text } from '../aws/shape.ts';
import { operation, type RpcOperation } from './rpc.ts';
import { alias, arn, code, contactType, displayName, page, plan, tags, token } from './shapes.ts';
import { tagMap } from './tags.ts';

function contactOf({ arn: ContactArn, alias: Alias, displayName: DisplayName, type: Type }: Contact) {
  return { ContactArn, Alias, DisplayName, Type };
}

function channelOf(channel: Channel) {
  return {
    ContactChannelArn: channel.arn,
    ContactArn: channel.contact,
    Name: channel.name,
    Type: channel.type,
    DeliveryAddress: { SimpleAddress: channel.address },
    ActivationStatus: channel.activated ? 'ACTIVATED' : 'NOT_ACTIVATED',
  };
}

const createContact = operation(
  'CreateContact',
  structure(
    { Alias: alias, Type: contactType, Plan: plan },
    { DisplayName: displayName, Tags: tags, IdempotencyToken: token },
  ),
  (input, engine) => {
    const { Alias, Type, Plan, DisplayName } = input;
    const contact = engine.contacts.create({ alias: Alias, type: Type, plan: Plan, displayName: DisplayName });
    engine.tags.add(contact.arn, tagMap(input.Tags));
    return { ContactArn: contact.arn };
  },
);

const getContact = operation('GetContact', structure({ ContactId: arn }, {}), ({ ContactId }, engine) => {
  const contact = engine.contacts.get(ContactId);
  return { ...contactOf(contact), Plan: contact.plan };
});

const updateContact = operation(
  'UpdateContact',
  structure({ ContactId: arn }, { DisplayName: displayName, Plan: plan }),
  ({ ContactId, DisplayName, Plan }, engine) =>
    engine.contacts.update(ContactId, { displayName: DisplayName, plan: Plan }),
);

const deleteContact = operation('DeleteContact', structure({ ContactId: arn }, {}), ({ ContactId }, engine) =>
  engine.deleteContact(ContactId),
);

const listContacts = operation(
  'ListContacts',
  structure({}, { ...page, AliasPrefix: alias, Type: contactType }),
  (input, engine) => {
    const { items, next } = listing(engine.contacts.list({ aliasPrefix: input.AliasPrefix, type: input.Type }), input, {
      of: 'ListContacts',
      usual: 50,
      key: (contact) => contact.arn,
    });
    return { Contacts: items.map(contactOf), NextToken: next };
  },
);

const channelName = text({ min: 1, max: 255, pattern: /^[\p{L}\p{Z}\p{N}_.-]*$/u });
const address = structure({}, { SimpleAddress: text({ min: 1, max: 320 }) });
const oneChannel = structure({ ContactChannelId: arn }, {});

const createContactChannel = operation(
  'CreateContactChannel',
  structure(
    { ContactId: arn, Name: channelName, Type: choice('SMS', 'VOICE', 'EMAIL'), DeliveryAddress: address },
    { DeferActivation: flag, IdempotencyToken: token },
  ),
  (input, engine) => {
    // The model of this operation, alone among those that name a contact, has no ResourceNotFoundException.
    if (!engine.contacts.find(input.ContactId)) throw invalid('Contact not found');
    const channel = engine.contacts.channels.create({
      contact: input.ContactId,
      name: input.Name,
      type: input.Type,
      address: input.DeliveryAddress.SimpleAddress ?? '',
      defer: input.DeferActivation ?? false,
    });
    return { ContactChannelArn: channel.arn };
  },
);

const getContactChannel = operation('GetContactChannel', oneChannel, ({ ContactChannelId }, engine) =>
  channelOf(engine.contacts.channels.get(ContactChannelId)),
);

const updateContactChannel = operation(
  'UpdateContactChannel',
  structure({ ContactChannelId: arn }, { Name: channelName, DeliveryAddress: address }),
  ({ ContactChannelId, Name, DeliveryAddress }, engine) =>
    engine.contacts.channels.update(ContactChannelId, { name: Name, address: DeliveryAddress?.SimpleAddress }),
);

const deleteContactChannel = operation('DeleteContactChannel', oneChannel, ({ ContactChannelId }, engine) =>
  engine.contacts.channels.delete(ContactChannelId),
);

const listContactChannels = operation('ListContactChannels', structure({ ContactId: arn }, page), (input, engine) => {
  const contact = engine.contacts.get(input.ContactId);
  const { items, next } = listing(engine.contacts.channels.list(contact.arn), input, {
    of: 'ListContactChannels',
    usual: 50,
    key: (channel) => channel.arn,
  });
  return { ContactChannels: items.map(channelOf), NextToken: next };
});

const sendActivationCode = operation('SendActivationCode', oneChannel, ({ ContactChannelId }, engine) =>
  engine.contacts.channels.sendCode(ContactChannelId),
);

const activateContactChannel = operation(
  'ActivateContactChannel',
  structure({ ContactChannelId: arn, ActivationCode: code }, {}),
  ({ ContactChannelId, ActivationCode }, engine) => engine.contacts.channels.activate(ContactChannelId, ActivationCode),
);

const deactivateContactChannel = operation('DeactivateContactChannel', oneChannel, ({ ContactChannelId }, engine) =>
  engine.contacts.channels.deactivate(ContactChannelId),
);

/** People, plans and schedules, and the ways to reach people. */
export const contactOperations: readonly RpcOperation[] = [
  createContact,
  getContact,
  updateContact,
  deleteContact,
  listContacts,
  createContactChannel,
  getContactChannel,
  updateContactChannel,
  deleteContactChannel,
  listContactChannels,
  sendActivationCode,
  activateContactChannel,
  deactivateContactChannel,
];

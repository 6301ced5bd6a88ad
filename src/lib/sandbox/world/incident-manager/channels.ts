import type { Contact } from './contacts.ts';
import { Failure, invalid, noContactResource } from './failure.ts';
import { contactsArn, type Site } from './site.ts';

export type ChannelType = 'SMS' | 'VOICE' | 'EMAIL';

/** One way to reach one person. */
export interface Channel {
  arn: string;
  /** ARN of its owner. */
  contact: string;
  name: string;
  type: ChannelType;
  address: string;
  activated: boolean;
  /** The activation code sent last, until it has been used. */
  code: string | null;
}

const ADDRESS: Readonly<Record<ChannelType, RegExp>> = {
  SMS: /^\+[1-9]\d{1,14}$/,
  VOICE: /^\+[1-9]\d{1,14}$/,
  EMAIL: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
};

function checkAddress(type: ChannelType, address: string): void {
  if (!ADDRESS[type].test(address)) throw invalid(`Delivery address is not valid for a channel of type ${type}`);
}

/** The contact channels of all people. */
export class Channels {
  readonly #site: Site;
  readonly #owner: (arn: string) => Contact;
  readonly #byArn = new Map<string, Channel>();

  /** @param owner finds a person by ARN, or throws what the API answers if there is none. */
  constructor(site: Site, owner: (arn: string) => Contact) {
    this.#site = site;
    this.#owner = owner;
  }

  create(wanted: { contact: string; name: string; type: ChannelType; address: string; defer?: boolean }): Channel {
    const { contact, name, type, address } = wanted;
    const owner = this.#owner(contact);
    checkAddress(type, address);
    this.#refuseTaken(contact, type, name);
    const arn = contactsArn(this.#site, `contact-channel/${owner.alias}/${this.#site.random.uuid()}`);
    const channel: Channel = { arn, contact, name, type, address, activated: false, code: null };
    this.#byArn.set(arn, channel);
    if (!wanted.defer) this.sendCode(arn);
    return channel;
  }

  find(arn: string): Channel | undefined {
    return this.#byArn.get(arn);
  }

  get(arn: string): Channel {
    const channel = this.#byArn.get(arn);
    if (!channel) throw noContactResource(arn, 'CONTACT_CHANNEL');
    return channel;
  }

  /** In the order in which they were made. */
  list(contact: string): Channel[] {
    return [...this.#byArn.values()].filter((channel) => channel.contact === contact);
  }

  sendCode(arn: string): void {
    const channel = this.get(arn);
    channel.code = this.#site.random.text(6, '0123456789');
    this.#site.announce({ kind: 'activation-code-sent', channel: arn, code: channel.code });
  }

  activate(arn: string, code: string): void {
    const channel = this.get(arn);
    if (channel.code === null || channel.code !== code) throw invalid('Activation code is not valid');
    channel.activated = true;
    channel.code = null;
  }

  deactivate(arn: string): void {
    this.get(arn).activated = false;
  }

  /** A new address has to be activated anew. */
  update(arn: string, change: { name?: string | undefined; address?: string | undefined }): void {
    const channel = this.get(arn);
    if (change.name !== undefined && change.name !== channel.name) {
      this.#refuseTaken(channel.contact, channel.type, change.name);
    }
    if (change.address !== undefined && change.address !== channel.address) {
      checkAddress(channel.type, change.address);
      channel.address = change.address;
      channel.activated = false;
      this.sendCode(arn);
    }
    if (change.name !== undefined) channel.name = change.name;
  }

  /** A plan that names the channel keeps naming it, and passes over it. */
  delete(arn: string): void {
    this.get(arn);
    this.#byArn.delete(arn);
  }

  deleteAllOf(contact: string): void {
    for (const { arn } of this.list(contact)) this.#byArn.delete(arn);
  }

  #refuseTaken(contact: string, type: ChannelType, name: string): void {
    const taken = this.list(contact).find((other) => other.type === type && other.name === name);
    if (!taken) return;
    const details = { ResourceId: taken.arn, ResourceType: 'CONTACT_CHANNEL' };
    throw new Failure('ConflictException', `Contact channel ${name} already exists`, details);
  }
}

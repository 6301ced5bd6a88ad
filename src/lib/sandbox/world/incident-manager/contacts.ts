import { Channels } from './channels.ts';
import { type ContactPlan, type ContactType, checkPlan } from './contact-plan.ts';
import { Failure, invalid, noContactResource } from './failure.ts';
import type { Rotations } from './rotations.ts';
import { contactsArn, type Site } from './site.ts';

/** A person, an escalation plan or an on-call schedule: Contacts calls all three a contact. */
export interface Contact {
  arn: string;
  alias: string;
  displayName: string | undefined;
  type: ContactType;
  plan: ContactPlan;
  policy: string | undefined;
}

export interface NewContact {
  alias: string;
  type: ContactType;
  plan: ContactPlan;
  displayName?: string | undefined;
}

/** Everyone who can be engaged. */
export class Contacts {
  readonly channels: Channels;
  readonly #site: Site;
  readonly #rotations: Rotations;
  readonly #byArn = new Map<string, Contact>();

  constructor(site: Site, rotations: Rotations) {
    this.#site = site;
    this.#rotations = rotations;
    this.channels = new Channels(site, (arn) => this.personal(arn));
    rotations.membersComeFrom((arn) => this.#byArn.get(arn)?.type);
  }

  create({ alias, type, plan, displayName }: NewContact): Contact {
    const arn = contactsArn(this.#site, `contact/${alias}`);
    if (this.#byArn.has(arn)) {
      const details = { ResourceId: arn, ResourceType: 'CONTACT' };
      throw new Failure('ConflictException', `Contact with alias ${alias} already exists`, details);
    }
    this.#check(plan, type, arn);
    const contact: Contact = { arn, alias, displayName, type, plan, policy: undefined };
    this.#byArn.set(arn, contact);
    return contact;
  }

  find(arn: string): Contact | undefined {
    return this.#byArn.get(arn);
  }

  get(arn: string): Contact {
    const contact = this.#byArn.get(arn);
    if (!contact) throw noContactResource(arn, 'CONTACT');
    return contact;
  }

  /** The contact, which must be a person: only people have channels. */
  personal(arn: string): Contact {
    const contact = this.get(arn);
    if (contact.type !== 'PERSONAL') throw invalid('Only PERSONAL contacts can have contact channels');
    return contact;
  }

  update(arn: string, change: { displayName?: string | undefined; plan?: ContactPlan | undefined }): void {
    const contact = this.get(arn);
    if (change.plan) {
      this.#check(change.plan, contact.type, arn);
      contact.plan = change.plan;
    }
    if (change.displayName !== undefined) contact.displayName = change.displayName;
  }

  /** Plans that name the contact go on naming it, as the API page of DeleteContact warns. */
  delete(arn: string): void {
    this.get(arn);
    const rotations = this.#rotations.ofMember(arn);
    if (rotations.length > 0) {
      throw new Failure('ConflictException', 'Contact is a member of a rotation', {
        ResourceId: arn,
        ResourceType: 'CONTACT',
        DependentEntities: [{ RelationType: 'ROTATION', DependentResourceIds: rotations }],
      });
    }
    this.channels.deleteAllOf(arn);
    this.#byArn.delete(arn);
  }

  /** In the order of their aliases. */
  list(only: { aliasPrefix?: string | undefined; type?: ContactType | undefined } = {}): Contact[] {
    return [...this.#byArn.values()]
      .filter(({ alias, type }) => alias.startsWith(only.aliasPrefix ?? '') && (!only.type || type === only.type))
      .sort((a, b) => (a.alias < b.alias ? -1 : 1));
  }

  forget(): void {
    for (const arn of this.#byArn.keys()) this.channels.deleteAllOf(arn);
    this.#byArn.clear();
  }

  /** A deleted rotation leaves every schedule that held it. */
  forgetRotation(rotation: string): void {
    for (const { plan } of this.#byArn.values()) {
      if (plan.RotationIds) plan.RotationIds = plan.RotationIds.filter((id) => id !== rotation);
    }
  }

  #check(plan: ContactPlan, type: ContactType, owner: string): void {
    checkPlan(plan, type, owner, {
      typeOfContact: (arn) => this.#byArn.get(arn)?.type,
      ownerOfChannel: (arn) => this.channels.find(arn)?.contact,
      hasRotation: (arn) => this.#rotations.find(arn) !== undefined,
    });
  }
}

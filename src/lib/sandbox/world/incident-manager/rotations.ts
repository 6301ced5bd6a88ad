import type { Rotation as RotationRule } from '../../../schedules/rotation.ts';
import type { ContactType } from './contact-plan.ts';
import { Failure, invalid, noContactResource } from './failure.ts';
import { checkTimeZone, coverageOf, type RecurrenceSettings, recurrenceOf } from './recurrence.ts';
import { contactsArn, type Site } from './site.ts';

export interface Rotation {
  arn: string;
  name: string;
  members: string[];
  startsAt: number;
  timeZone: string;
  recurrence: RecurrenceSettings;
  /** In the order in which they were made. */
  overrides: RotationOverride[];
}

export interface RotationOverride {
  id: string;
  members: string[];
  from: number;
  until: number;
  createdAt: number;
}

export interface RotationWish {
  name: string;
  members: string[];
  timeZone: string;
  recurrence: RecurrenceSettings;
  startsAt?: number | undefined;
}

/** The rule that the arithmetic turns into shifts. Throws what the API answers to settings that make no sense. */
export function ruleOf(rotation: Omit<RotationWish, 'name'> & { startsAt: number }): RotationRule {
  checkTimeZone(rotation.timeZone);
  return {
    members: rotation.members,
    timeZone: rotation.timeZone,
    startsAt: rotation.startsAt,
    onCallAtOnce: rotation.recurrence.NumberOfOnCalls,
    recurrence: recurrenceOf(rotation.recurrence),
    coverage: coverageOf(rotation.recurrence),
  };
}

/** All rotations and their overrides. */
export class Rotations {
  readonly #site: Site;
  readonly #byArn = new Map<string, Rotation>();
  #typeOf: (arn: string) => ContactType | undefined = () => undefined;

  constructor(site: Site) {
    this.#site = site;
  }

  /** Says who members can be. Contacts and rotations refer to each other, so one of them is told afterwards. */
  membersComeFrom(typeOf: (arn: string) => ContactType | undefined): void {
    this.#typeOf = typeOf;
  }

  create(wish: RotationWish): Rotation {
    this.#checkMembers(wish.members);
    const startsAt = wish.startsAt ?? this.#site.clock.now();
    ruleOf({ ...wish, startsAt });
    const arn = contactsArn(this.#site, `rotation/${this.#site.random.uuid()}`);
    const rotation: Rotation = { ...wish, arn, startsAt, overrides: [] };
    this.#byArn.set(arn, rotation);
    return rotation;
  }

  find(arn: string): Rotation | undefined {
    return this.#byArn.get(arn);
  }

  get(arn: string): Rotation {
    const rotation = this.#byArn.get(arn);
    if (!rotation) throw noContactResource(arn, 'ROTATION');
    return rotation;
  }

  /** Like `get`, for the calls of which a public test suite saw AWS answer this instead of "not found". */
  named(arn: string): Rotation {
    const rotation = this.#byArn.get(arn);
    if (!rotation) throw new Failure('ValidationException', 'Invalid resource Arn', { Reason: 'OTHER' });
    return rotation;
  }

  update(arn: string, change: Partial<RotationWish> & { recurrence: RecurrenceSettings }): void {
    const rotation = this.get(arn);
    if (change.members) this.#checkMembers(change.members);
    const next = {
      members: change.members ?? rotation.members,
      timeZone: change.timeZone ?? rotation.timeZone,
      startsAt: change.startsAt ?? rotation.startsAt,
      recurrence: change.recurrence,
    };
    ruleOf(next);
    Object.assign(rotation, next);
  }

  delete(arn: string): void {
    this.get(arn);
    this.#byArn.delete(arn);
  }

  forget(): void {
    this.#byArn.clear();
  }

  /** In the order in which they were made. */
  list(prefix = ''): Rotation[] {
    return [...this.#byArn.values()].filter(({ name }) => name.startsWith(prefix));
  }

  ofMember(contact: string): string[] {
    return this.list().flatMap(({ arn, members }) => (members.includes(contact) ? [arn] : []));
  }

  override(arn: string, wish: { members: string[]; from: number; until: number }): RotationOverride {
    const rotation = this.named(arn);
    this.#checkMembers(wish.members);
    if (wish.until <= wish.from) throw invalid('EndTime must be after StartTime');
    if (wish.until <= this.#site.clock.now()) throw invalid('Override cannot end in the past');
    const override = { ...wish, id: this.#site.random.uuid(), createdAt: this.#site.clock.stamp() };
    rotation.overrides.push(override);
    return override;
  }

  getOverride(arn: string, id: string): RotationOverride {
    const override = this.named(arn).overrides.find((candidate) => candidate.id === id);
    if (!override) throw noContactResource(id, 'ROTATION_OVERRIDE');
    return override;
  }

  deleteOverride(arn: string, id: string): void {
    this.getOverride(arn, id);
    const rotation = this.get(arn);
    rotation.overrides = rotation.overrides.filter((override) => override.id !== id);
  }

  #checkMembers(members: readonly string[]): void {
    for (const arn of members) {
      const type = this.#typeOf(arn);
      if (!type) throw noContactResource(arn, 'CONTACT');
      if (type !== 'PERSONAL') throw invalid('Only PERSONAL contacts can be members of a rotation');
    }
  }
}

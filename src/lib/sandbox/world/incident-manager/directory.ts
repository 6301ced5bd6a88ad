import type { Directory, Contact as Pageable } from '../../../paging/contact.ts';
import { shiftAt } from '../../../schedules/shifts.ts';
import type { ContactStage } from './contact-plan.ts';
import type { Contact, Contacts } from './contacts.ts';
import { type Rotations, ruleOf } from './rotations.ts';

const KIND = { SMS: 'sms', VOICE: 'voice', EMAIL: 'email' } as const;

function person(contact: Contact, contacts: Contacts): Pageable {
  const channels = contacts.channels.list(contact.arn).map(({ arn, type, activated }) => ({
    id: arn,
    kind: KIND[type],
    activated,
  }));
  const stages = stagesOf(contact).map(({ DurationInMinutes, Targets }) => ({
    minutes: DurationInMinutes,
    channels: Targets.flatMap(({ ChannelTargetInfo: info }) =>
      info ? [{ channel: info.ContactChannelId, retryMinutes: info.RetryIntervalInMinutes ?? null }] : [],
    ),
  }));
  return { kind: 'person', id: contact.arn, name: contact.displayName ?? contact.alias, channels, stages };
}

function escalation(contact: Contact): Pageable {
  const stages = stagesOf(contact).map(({ DurationInMinutes, Targets }) => ({
    minutes: DurationInMinutes,
    targets: Targets.flatMap(({ ContactTargetInfo: info }) =>
      info?.ContactId ? [{ contact: info.ContactId, essential: info.IsEssential }] : [],
    ),
  }));
  return { kind: 'plan', id: contact.arn, name: contact.displayName ?? contact.alias, stages };
}

function stagesOf(contact: Contact): ContactStage[] {
  return contact.plan.Stages ?? [];
}

/** The contacts as the paging arithmetic sees them at the instant `now`: of a schedule, only the shifts of that instant. */
export function directoryAt(contacts: Contacts, rotations: Rotations, now: number): Directory {
  return (arn) => {
    const contact = contacts.find(arn);
    if (!contact) return undefined;
    if (contact.type === 'PERSONAL') return person(contact, contacts);
    if (contact.type === 'ESCALATION') return escalation(contact);
    const shifts = (contact.plan.RotationIds ?? []).flatMap((id) => {
      const rotation = rotations.find(id);
      const shift = rotation && shiftAt(ruleOf(rotation), rotation.overrides, now);
      return shift ? [{ people: shift.members, from: shift.from, until: shift.until }] : [];
    });
    return { kind: 'schedule', id: arn, name: contact.displayName ?? contact.alias, shifts };
  };
}

import { invalid } from './failure.ts';

export type ContactType = 'PERSONAL' | 'ESCALATION' | 'ONCALL_SCHEDULE';

export interface ContactTarget {
  ChannelTargetInfo?: { ContactChannelId: string; RetryIntervalInMinutes?: number };
  ContactTargetInfo?: { ContactId?: string; IsEssential: boolean };
}

export interface ContactStage {
  DurationInMinutes: number;
  Targets: ContactTarget[];
}

/** The API's own shape, kept as it was given because it is answered as it was given. */
export interface ContactPlan {
  Stages?: ContactStage[];
  RotationIds?: string[];
}

/** What a plan may refer to. */
export interface Referents {
  typeOfContact(arn: string): ContactType | undefined;
  ownerOfChannel(arn: string): string | undefined;
  hasRotation(arn: string): boolean;
}

function checkStage(stage: ContactStage, type: ContactType, owner: string, referents: Referents): void {
  if (stage.DurationInMinutes === 0 && stage.Targets.length === 0) {
    throw invalid('Stage duration can only be 0 if a target is specified');
  }
  for (const { ChannelTargetInfo: channel, ContactTargetInfo: contact } of stage.Targets) {
    if ((channel === undefined) === (contact === undefined)) throw invalid('Target must have exactly one target info');
    if (type === 'PERSONAL') {
      if (!channel) throw invalid('PERSONAL contact can only have contact channels as targets');
      if (referents.ownerOfChannel(channel.ContactChannelId) !== owner) {
        throw invalid(`Contact channel not found for the contact: ${channel.ContactChannelId}`);
      }
    } else {
      if (!contact?.ContactId) throw invalid('ESCALATION contact can only have contacts as targets');
      const target = referents.typeOfContact(contact.ContactId);
      if (!target) throw invalid(`Contact not found: ${contact.ContactId}`);
      if (target === 'ESCALATION') throw invalid('ESCALATION contact cannot target another ESCALATION contact');
    }
  }
}

/**
 * Refuses a plan that does not suit its contact. That a schedule has no stages is AWS's own rule and wording
 * (https://github.com/hashicorp/terraform-provider-aws/issues/39758); the other wordings are ours.
 */
export function checkPlan(plan: ContactPlan, type: ContactType, owner: string, referents: Referents): void {
  if (type === 'ONCALL_SCHEDULE') {
    if (plan.Stages !== undefined) throw invalid('ONCALL SCHEDULE contact cannot have stages in plan');
    for (const id of plan.RotationIds ?? []) {
      if (!referents.hasRotation(id)) throw invalid(`Rotation not found: ${id}`);
    }
    return;
  }
  if (plan.RotationIds?.length) throw invalid(`${type} contact cannot have rotations in plan`);
  for (const stage of plan.Stages ?? []) checkStage(stage, type, owner, referents);
}

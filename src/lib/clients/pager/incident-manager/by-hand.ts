import type { GetContactResult, Stage } from '@aws-sdk/client-ssm-contacts';
import { shellLine } from '../../../text/shell-line.ts';
import type { ManualChange } from '../pager.ts';
import { fetchContact } from './contacts.ts';
import type { Session } from './session.ts';

/** A stage that is added to a plan without any: the first call waits for nothing. */
const FIRST_STAGE: Stage = { DurationInMinutes: 5, Targets: [] };
const RETRY_MINUTES = 2;

/** The `aws` commands that make a change, for a person to paste. Only they may hold ARNs. */
export async function byHand(session: Session, change: ManualChange): Promise<string> {
  const { names } = session;
  const aws = awsLine(session);
  switch (change.kind) {
    case 'activate':
      return activation(aws, await names.contactsArn('contact-channel', change.channelId));
    case 'ring-channel': {
      const channel = await names.contactsArn('contact-channel', change.channelId);
      return updatedPlan(aws, await fetchContact(session, change.contact), (stages) => withChannel(stages, channel));
    }
    case 'end-stages':
      return updatedPlan(aws, await fetchContact(session, change.contact), (stages) => stages.map(ended));
    case 'cover': {
      const rotation = await names.contactsArn('rotation', change.rotation);
      const contact = await names.contactsArn('contact', change.contact);
      const times = ['--start-time', change.from, '--end-time', change.to];
      const words = ['create-rotation-override', '--rotation-id', rotation, '--new-contact-ids', contact, ...times];
      return aws('ssm-contacts', words);
    }
    case 'add-response-plan': {
      const engages = await names.contactsArn('contact', change.engages);
      // One open incident of the plan at a time: what fires again is added to it.
      const template = JSON.stringify({ title: change.title, impact: 1, dedupeString: change.name });
      const words = ['--name', change.name, '--incident-template', template, '--engagements', engages];
      return aws('ssm-incidents', ['create-response-plan', ...words]);
    }
    case 'engage-by-plan': {
      const engages = await names.contactsArn('contact', change.engages);
      const arn = await names.planArn(change.name);
      return aws('ssm-incidents', ['update-response-plan', '--arn', arn, '--engagements', engages]);
    }
  }
}

type AwsLine = (service: string, words: readonly string[]) => string;

/** Region, profile and endpoint are always named: what is pasted must land where we looked, whatever the shell says. */
function awsLine({ line }: Session): AwsLine {
  const { region, profile, endpoint } = line.settings.aws;
  const where = ['--region', region, ...(profile ? ['--profile', profile] : [])];
  const all = [...where, ...(endpoint ? ['--endpoint-url', endpoint] : [])];
  return (service, words) => shellLine(['aws', service, ...words, ...all]);
}

/** The code comes by the channel itself, so it is asked for in between. */
function activation(aws: AwsLine, channel: string): string {
  const id = ['--contact-channel-id', channel];
  const send = aws('ssm-contacts', ['send-activation-code', ...id]);
  const activate = aws('ssm-contacts', ['activate-contact-channel', ...id]);
  return `${send} && printf 'Code: ' && read -r code && ${activate} --activation-code "$code"`;
}

function updatedPlan(aws: AwsLine, contact: GetContactResult, change: (stages: readonly Stage[]) => Stage[]): string {
  const plan = JSON.stringify({ Stages: change(contact.Plan?.Stages ?? []) });
  return aws('ssm-contacts', ['update-contact', '--contact-id', contact.ContactArn ?? '', '--plan', plan]);
}

function withChannel(stages: readonly Stage[], channel: string): Stage[] {
  const [first = FIRST_STAGE, ...rest] = stages;
  const target = { ChannelTargetInfo: { ContactChannelId: channel, RetryIntervalInMinutes: RETRY_MINUTES } };
  return [{ ...first, Targets: [...(first.Targets ?? []), target] }, ...rest];
}

function ended(stage: Stage): Stage {
  const targets = stage.Targets ?? [];
  if (targets.some(({ ContactTargetInfo: contact }) => contact?.IsEssential)) return stage;
  return {
    ...stage,
    Targets: targets.map((target) =>
      target.ContactTargetInfo ? { ContactTargetInfo: { ...target.ContactTargetInfo, IsEssential: true } } : target,
    ),
  };
}

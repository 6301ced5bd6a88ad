import type { TimelineEvent as Raw } from '@aws-sdk/client-ssm-incidents';
import type { TimelineEvent } from '../pager.ts';
import { alertIn, fieldsIn } from './alert-in.ts';
import { givenInstant } from './instants.ts';
import { type Names, parseArn } from './names.ts';

export const TRIGGER = 'SSM Incident Trigger';

type Fields = Record<string, unknown>;
type Reading = Pick<TimelineEvent, 'kind' | 'title'> & Partial<TimelineEvent>;
type Reader = (data: Fields, names: Names, raw: Raw) => Reading;

/** The data of an event that AWS wrote itself: JSON in a string, and once more inside for what came from outside. */
export function eventData(text: string | undefined): Fields {
  return fieldsIn(text) ?? {};
}

/** The words of a note: by the console's convention a JSON string, but other clients write plain text. */
function words(text: string | undefined): string {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    return typeof parsed === 'string' ? parsed : (text ?? '');
  } catch {
    return text ?? '';
  }
}

/** Who did something: the last part of the principal, which is a person's session or user name. */
function doer(arn: unknown): string {
  const name = typeof arn === 'string' ? parseArn(arn)?.name : undefined;
  return name ? ` by ${name.slice(name.lastIndexOf('/') + 1)}` : '';
}

function contactOf(data: Fields, names: Names): string | null {
  return typeof data['contactArn'] === 'string' ? names.alias(data['contactArn']) : null;
}

function triggered(data: Fields): Reading {
  const raw = data['rawData'];
  const name = typeof raw === 'string' ? alertIn(raw)?.name : undefined;
  const what = name ? `Alert ${name}` : `A trigger from ${String(data['incidentSource'] ?? 'an unknown source')}`;
  return { kind: 'triggered', title: data['createdIncident'] === false ? `${what} joined the incident` : what };
}

function started(data: Fields, names: Names): Reading {
  const engaged = Array.isArray(data['contactsEngage']) ? (data['contactsEngage'] as Fields[]) : [];
  const aliases = engaged.map((contact) => contactOf(contact, names)).filter((alias) => alias !== null);
  return {
    kind: 'started',
    title: aliases.length > 0 ? `Incident started, engages ${aliases.join(', ')}` : 'Incident started',
  };
}

function updated(data: Fields): Reading {
  const listed = Array.isArray(data['modifiedAttributes']) ? (data['modifiedAttributes'] as Fields[]) : [];
  const by = doer(data['modifiedBy']);
  const status = listed.find(({ attributeName }) => attributeName === 'status')?.['newValue'];
  if (status === 'RESOLVED') return { kind: 'resolved', title: `Resolved${by}` };
  if (status === 'OPEN') return { kind: 'updated', title: `Opened again${by}` };
  const changed = listed.map(({ attributeName }) => (attributeName === 'relatedItems' ? 'links' : attributeName));
  return { kind: 'updated', title: `Changed ${changed.join(', ') || 'the incident'}${by}` };
}

const READERS: Readonly<Record<string, Reader>> = {
  [TRIGGER]: triggered,
  'SSM Incident Start': started,
  'SSM Incident Record Update': updated,
  'SSM Contacts Page for Incident': (data, names) => {
    const contact = contactOf(data, names);
    return { kind: 'paged', title: `Paged ${contact ?? 'a contact'}`, contact };
  },
  'SSM Contacts Page Acknowledgement for Incident': (data, names) => {
    const contact = contactOf(data, names);
    return { kind: 'acknowledged', title: `${contact ?? 'A contact'} acknowledged`, contact };
  },
  'SSM Automation Execution Start Failure for Incident': () => ({
    kind: 'runbook-failed',
    title: 'The runbook could not be started',
  }),
  Note: (_data, _names, raw) => ({ kind: 'note', title: 'Note', text: words(raw.eventData) }),
  'Custom Event': (_data, _names, raw) => ({ kind: 'other', title: 'Custom Event', text: words(raw.eventData) }),
};

/** One event in the pager's words. A type that is not known stays as it is, so that nothing is lost. */
export function readEvent(raw: Raw, names: Names): TimelineEvent {
  const type = raw.eventType ?? '';
  const reading = READERS[type]?.(eventData(raw.eventData), names, raw) ?? { kind: 'other', title: type };
  return { id: raw.eventId ?? '', at: givenInstant(raw.eventTime), text: null, contact: null, ...reading };
}

import {
  CreateTimelineEventCommand,
  type EventSummary,
  type Filter,
  GetTimelineEventCommand,
  ListTimelineEventsCommand,
  type TimelineEvent as Raw,
} from '@aws-sdk/client-ssm-incidents';
import { OncallError } from '../../../errors.ts';
import type { Pager, TimelineEvent, Trigger } from '../pager.ts';
import { alertIn } from './alert-in.ts';
import { unreadable } from './errors.ts';
import { abreast, everyPage } from './every-page.ts';
import { incidentArn } from './incidents.ts';
import { givenInstant } from './instants.ts';
import { cutJson } from './message-limits.ts';
import type { Session } from './session.ts';
import { eventData, readEvent, TRIGGER } from './timeline-event.ts';

/** The list has no event data: each event is a request of its own, so many at once. */
const AT_ONCE = 8;
const LONGEST_EVENT = 12_000;

async function summaries(session: Session, incidentRecordArn: string, filters: Filter[] = []): Promise<EventSummary[]> {
  const { line } = session;
  return everyPage(async (nextToken) => {
    const answer = await line.ask({ action: 'ssm-incidents:ListTimelineEvents' }, (options) =>
      line.incidents.send(
        new ListTimelineEventsCommand({
          incidentRecordArn,
          filters,
          nextToken,
          sortBy: 'EVENT_TIME',
          sortOrder: 'ASCENDING',
          maxResults: 100,
        }),
        options,
      ),
    );
    return { items: answer.eventSummaries, next: answer.nextToken };
  });
}

/** One event with its data; null when it was deleted since it was listed. */
async function eventOf(session: Session, incidentRecordArn: string, eventId: string): Promise<Raw | null> {
  const { line } = session;
  try {
    const { event } = await line.ask({ action: 'ssm-incidents:GetTimelineEvent' }, (options) =>
      line.incidents.send(new GetTimelineEventCommand({ incidentRecordArn, eventId }), options),
    );
    return event ?? null;
  } catch (error) {
    if (error instanceof OncallError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

/** The whole timeline, oldest first. */
export async function readTimeline(session: Session, incidentId: string): Promise<TimelineEvent[]> {
  const arn = await incidentArn(session, incidentId);
  const listed = await summaries(session, arn);
  const events = await abreast(listed, AT_ONCE, ({ eventId }) => eventOf(session, arn, eventId ?? ''));
  return events
    .filter((event) => event !== null)
    .map((event) => readEvent(event, session.names))
    .sort((a, b) => a.at.localeCompare(b.at));
}

/** The first trigger event; a later one is another alert that the open incident took in. */
export async function readTrigger(session: Session, incidentId: string): Promise<Trigger | null> {
  const arn = await incidentArn(session, incidentId);
  const listed = await summaries(session, arn, [
    { key: 'eventType', condition: { equals: { stringValues: [TRIGGER] } } },
  ]);
  const first = listed.find(({ eventType }) => eventType === TRIGGER);
  const event = first?.eventId ? await eventOf(session, arn, first.eventId) : null;
  if (!event) return null;
  const raw = eventData(event.eventData)['rawData'];
  if (raw === undefined || raw === null || raw === '') return null;
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  return { at: givenInstant(event.eventTime), alert: alertIn(text), raw: text };
}

/**
 * Adds a note. With the incident itself as reference the console shows it among the notes, and it expects the text
 * as a JSON string. https://docs.aws.amazon.com/incident-manager/latest/APIReference/API_CreateTimelineEvent.html
 */
export async function addNote(session: Session, incidentId: string, note: Parameters<Pager['addNote']>[1]) {
  const { line } = session;
  const incidentRecordArn = await incidentArn(session, incidentId);
  const call = { action: 'ssm-incidents:CreateTimelineEvent', about: `incident ${incidentId}` };
  const { eventId } = await line.ask(call, (options) =>
    line.incidents.send(
      new CreateTimelineEventCommand({
        incidentRecordArn,
        eventType: 'Note',
        eventTime: new Date(note.at),
        eventData: cutJson(note.text, LONGEST_EVENT),
        eventReferences: [{ resource: incidentRecordArn }],
        clientToken: note.token,
      }),
      options,
    ),
  );
  if (!eventId) throw unreadable(call);
  return eventId;
}

import type { TimelineEvent } from '../../world/incident-manager/timeline.ts';
import { listing, seconds } from '../aws/listing.ts';
import { choice, instant, structure, text } from '../aws/shape.ts';
import { filtered } from './filter.ts';
import { operation, post, type RestOperation } from './rest.ts';
import { arn, clientToken, eventId, eventReferences, filters, maxResults, nextToken } from './shapes.ts';

const eventType = text({ max: 100 });
const eventData = text({ max: 12_000 });

/** An event without its data: a list never carries that. */
function summaryOf(event: TimelineEvent) {
  return {
    incidentRecordArn: event.incident,
    eventId: event.id,
    eventTime: seconds(event.at),
    eventUpdatedTime: seconds(event.updatedAt),
    eventType: event.type,
    eventReferences: event.references,
  };
}

const createTimelineEvent = post(
  'CreateTimelineEvent',
  201,
  structure({ incidentRecordArn: arn, eventTime: instant, eventType, eventData }, { clientToken, eventReferences }),
  (input, { engine }) => {
    const { arn: incident } = engine.incidents.get(input.incidentRecordArn);
    const event = engine.incidents.timelines.create({
      incident,
      type: input.eventType,
      at: input.eventTime,
      data: input.eventData,
      references: input.eventReferences ?? [],
    });
    return { eventId: event.id, incidentRecordArn: incident };
  },
);

const getTimelineEvent = operation({
  name: 'GetTimelineEvent',
  method: 'GET',
  path: '/getTimelineEvent',
  status: 200,
  input: structure({ incidentRecordArn: arn, eventId }, {}),
  run: (input, { engine }) => {
    const event = engine.incidents.timelines.get(input.incidentRecordArn, input.eventId);
    return { event: { ...summaryOf(event), eventData: event.data } };
  },
});

const listTimelineEvents = post(
  'ListTimelineEvents',
  200,
  structure(
    { incidentRecordArn: arn },
    { filters, maxResults, nextToken, sortBy: choice('EVENT_TIME'), sortOrder: choice('ASCENDING', 'DESCENDING') },
  ),
  (input, { engine }) => {
    const sign = input.sortOrder === 'ASCENDING' ? 1 : -1;
    const events = engine.incidents.timelines.of(input.incidentRecordArn).toSorted((a, b) => sign * (a.at - b.at));
    const found = filtered(events, input.filters, {
      eventTime: ({ at }) => ({ instant: at }),
      eventType: ({ type }) => ({ text: type }),
      eventReference: ({ references }) => ({
        text: references.flatMap(({ resource, relatedItemId }) => resource ?? relatedItemId ?? []),
      }),
    });
    const { items, next } = listing(found, input, { of: 'ListTimelineEvents', usual: 100, key: (event) => event.id });
    return { eventSummaries: items.map(summaryOf), nextToken: next };
  },
);

const updateTimelineEvent = post(
  'UpdateTimelineEvent',
  204,
  structure(
    { incidentRecordArn: arn, eventId },
    { clientToken, eventTime: instant, eventType, eventData, eventReferences },
  ),
  (input, { engine }) => {
    const { eventTime: at, eventType: type, eventData: data, eventReferences: references } = input;
    const change = Object.entries({ at, type, data, references }).filter(([, value]) => value !== undefined);
    engine.incidents.get(input.incidentRecordArn);
    engine.incidents.timelines.update(input.incidentRecordArn, input.eventId, Object.fromEntries(change));
  },
);

const deleteTimelineEvent = post(
  'DeleteTimelineEvent',
  204,
  structure({ incidentRecordArn: arn, eventId }, {}),
  (input, { engine }) => {
    engine.incidents.timelines.delete(input.incidentRecordArn, input.eventId);
  },
);

/** The timeline of an incident. */
export const timelineOperations: readonly RestOperation[] = [
  createTimelineEvent,
  getTimelineEvent,
  listTimelineEvents,
  updateTimelineEvent,
  deleteTimelineEvent,
];

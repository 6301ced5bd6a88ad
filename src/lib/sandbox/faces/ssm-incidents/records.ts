import { Failure } from '../../world/incident-manager/failure.ts';
import type { Incident } from '../../world/incident-manager/incidents.ts';
import { listing, seconds } from '../aws/listing.ts';
import { choice, instant, list, structure, text } from '../aws/shape.ts';
import { filtered } from './filter.ts';
import { type Call, operation, post, type RestOperation } from './rest.ts';
import {
  arn,
  chatChannel,
  clientToken,
  filters,
  impact,
  maxResults,
  nextToken,
  notificationTargets,
  relatedItem,
  summary,
  title,
} from './shapes.ts';

const triggerDetails = structure(
  { source: text({ max: 50 }), timestamp: instant },
  { triggerArn: arn, rawData: text({ max: 10_000 }) },
);

const startIncident = post(
  'StartIncident',
  200,
  structure(
    { responsePlanArn: arn },
    { clientToken, title, impact, relatedItems: list(relatedItem, { max: 100 }), triggerDetails },
  ),
  (input, { engine, caller }) => {
    const { responsePlanArn: plan, relatedItems, triggerDetails: trigger } = input;
    // https://docs.aws.amazon.com/incident-manager/latest/APIReference/API_TriggerDetails.html
    if (trigger?.source.startsWith('aws.')) {
      throw new Failure('ValidationException', 'The source of a customer cannot begin with "aws."');
    }
    const source = {
      createdBy: caller,
      invokedBy: caller,
      source: trigger?.source ?? 'aws.ssm-incidents.custom',
      resourceArn: trigger?.triggerArn ?? null,
    };
    const { arn: incidentRecordArn } = engine.incidents.start({
      plan,
      title: input.title,
      impact: input.impact,
      relatedItems,
      dedupe: trigger?.triggerArn,
      trigger: { source, triggerArn: trigger?.triggerArn ?? null, rawData: trigger?.rawData ?? null },
    });
    return { incidentRecordArn };
  },
);

/** AWS answers absent members as null rather than leaving them out. */
function summaryOf(incident: Incident) {
  return {
    arn: incident.arn,
    title: incident.title,
    status: incident.status,
    impact: incident.impact,
    creationTime: seconds(incident.createdAt),
    resolvedTime: incident.resolvedAt === null ? null : seconds(incident.resolvedAt),
    incidentRecordSource: incident.source,
  };
}

function recordOf(incident: Incident) {
  return {
    ...summaryOf(incident),
    summary: incident.summary,
    lastModifiedTime: seconds(incident.modifiedAt),
    lastModifiedBy: incident.modifiedBy,
    dedupeString: incident.dedupe,
    chatChannel: incident.chatChannel,
    notificationTargets: incident.notificationTargets,
    automationExecutions: [],
  };
}

const getIncidentRecord = operation({
  name: 'GetIncidentRecord',
  method: 'GET',
  path: '/getIncidentRecord',
  status: 200,
  input: structure({ arn }, {}),
  run: (input, { engine }) => ({ incidentRecord: recordOf(engine.incidents.get(input.arn)) }),
});

const listIncidentRecords = post(
  'ListIncidentRecords',
  200,
  structure({}, { filters, maxResults, nextToken }),
  (input, { engine }) => {
    const found = filtered(engine.enabled ? engine.incidents.list() : [], input.filters, {
      creationTime: ({ createdAt }) => ({ instant: createdAt }),
      impact: (incident) => ({ number: incident.impact }),
      status: ({ status }) => ({ text: status }),
      createdBy: ({ source }) => ({ text: [source.createdBy, source.invokedBy] }),
    });
    const { items, next } = listing(found, input, {
      of: 'ListIncidentRecords',
      usual: 100,
      key: (incident) => incident.arn,
    });
    return { incidentRecordSummaries: items.map(summaryOf), nextToken: next };
  },
);

const updateIncidentRecord = post(
  'UpdateIncidentRecord',
  204,
  structure(
    { arn },
    { clientToken, title, summary, impact, status: choice('OPEN', 'RESOLVED'), chatChannel, notificationTargets },
  ),
  ({ arn: incident, clientToken: _token, ...change }, { engine, caller }: Call) =>
    engine.incidents.update(incident, change, { by: caller }),
);

const deleteIncidentRecord = post('DeleteIncidentRecord', 204, structure({ arn }, {}), (input, { engine }) => {
  engine.incidents.delete(input.arn);
});

/** Incident records. */
export const recordOperations: readonly RestOperation[] = [
  startIncident,
  getIncidentRecord,
  listIncidentRecords,
  updateIncidentRecord,
  deleteIncidentRecord,
];

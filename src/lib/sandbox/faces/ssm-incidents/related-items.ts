import { listing } from '../aws/listing.ts';
import { list, structure, text, union, whole } from '../aws/shape.ts';
import { post, type RestOperation } from './rest.ts';
import { arn, clientToken, itemIdentifier, maxResults, nextToken, relatedItem } from './shapes.ts';

const listRelatedItems = post(
  'ListRelatedItems',
  200,
  structure({ incidentRecordArn: arn }, { maxResults, nextToken }),
  (input, { engine }) => {
    const { items, next } = listing(engine.incidents.find(input.incidentRecordArn)?.items ?? [], input, {
      of: 'ListRelatedItems',
      usual: 100,
      key: (item) => item.generatedId ?? '',
    });
    return { relatedItems: items, nextToken: next };
  },
);

const updateRelatedItems = post(
  'UpdateRelatedItems',
  204,
  structure(
    {
      incidentRecordArn: arn,
      relatedItemsUpdate: union({ itemToAdd: relatedItem, itemToRemove: itemIdentifier }),
    },
    { clientToken },
  ),
  (input, { engine, caller }) =>
    engine.incidents.updateItems(input.incidentRecordArn, input.relatedItemsUpdate, caller),
);

/** Findings come from CloudFormation and CodeDeploy, which are no part of this world: there are never any. */
const listIncidentFindings = post(
  'ListIncidentFindings',
  200,
  structure({ incidentRecordArn: arn }, { maxResults: whole({ min: 1, max: 20 }), nextToken }),
  (input, { engine }) => {
    engine.incidents.get(input.incidentRecordArn);
    const { items, next } = listing([], input, { of: 'ListIncidentFindings', usual: 20, key: String });
    return { findings: items, nextToken: next };
  },
);

const batchGetIncidentFindings = post(
  'BatchGetIncidentFindings',
  200,
  structure({ incidentRecordArn: arn, findingIds: list(text({ max: 128 }), { max: 20 }) }, {}),
  (input, { engine }) => {
    engine.incidents.get(input.incidentRecordArn);
    const message = 'The finding does not exist';
    const errors = input.findingIds.map((findingId) => ({ findingId, code: 'ResourceNotFoundException', message }));
    return { findings: [], errors };
  },
);

/** What is related to an incident, and what AWS found out about it. */
export const relatedItemOperations: readonly RestOperation[] = [
  listRelatedItems,
  updateRelatedItems,
  listIncidentFindings,
  batchGetIncidentFindings,
];

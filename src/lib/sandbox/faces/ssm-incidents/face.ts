import type { Face } from '../../face.ts';
import type { IncidentManager } from '../../world/incident-manager/incident-manager.ts';
import { accountOperations } from './account.ts';
import { policyOperations } from './policies.ts';
import { recordOperations } from './records.ts';
import { relatedItemOperations } from './related-items.ts';
import { responsePlanOperations } from './response-plans.ts';
import { type AwsFaceOptions, restFace } from './rest.ts';
import { timelineOperations } from './timeline.ts';

/**
 * `ssm-incidents` as its clients see it: all 31 operations of the model of 2018-05-10.
 * https://docs.aws.amazon.com/incident-manager/latest/APIReference/Welcome.html
 */
export function incidentsFace(engine: IncidentManager, options: AwsFaceOptions = {}): Face {
  const operations = [
    ...recordOperations,
    ...timelineOperations,
    ...relatedItemOperations,
    ...responsePlanOperations,
    ...accountOperations,
    ...policyOperations,
  ];
  return restFace('ssm-incidents', engine, operations, options);
}

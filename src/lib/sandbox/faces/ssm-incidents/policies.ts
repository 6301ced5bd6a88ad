import { noIncidentResource } from '../../world/incident-manager/failure.ts';
import { listing } from '../aws/listing.ts';
import { checkPolicy } from '../aws/policy-document.ts';
import { structure, text } from '../aws/shape.ts';
import { operation, post, type RestOperation } from './rest.ts';
import { arn, maxResults, nextToken } from './shapes.ts';

const policyId = text({ max: 256 });

/** Policies share response plans with other accounts. There are none here, so they are kept and mean nothing. */
const putResourcePolicy = post(
  'PutResourcePolicy',
  200,
  structure({ resourceArn: arn, policy: text({ max: 4000 }) }, {}),
  (input, { engine }) => {
    checkPolicy(input.policy);
    return { policyId: engine.plans.putPolicy(input.resourceArn, input.policy) };
  },
);

const getResourcePolicies = operation({
  name: 'GetResourcePolicies',
  method: 'POST',
  path: '/getResourcePolicies',
  status: 200,
  query: ['resourceArn'],
  input: structure({ resourceArn: arn }, { maxResults, nextToken }),
  run: (input, { engine }) => {
    const { items, next } = listing(engine.plans.policiesOf(input.resourceArn), input, {
      of: 'GetResourcePolicies',
      usual: 100,
      key: ({ id }) => id,
    });
    const resourcePolicies = items.map(({ id, document }) => ({
      policyId: id,
      policyDocument: document,
      ramResourceShareRegion: engine.region,
    }));
    return { resourcePolicies, nextToken: next };
  },
});

const deleteResourcePolicy = post(
  'DeleteResourcePolicy',
  200,
  structure({ resourceArn: arn, policyId }, {}),
  (input, { engine }) => {
    if (!engine.plans.deletePolicy(input.resourceArn, input.policyId)) {
      throw noIncidentResource(input.policyId, 'RESOURCE_POLICY');
    }
  },
);

/** Resource policies of response plans. */
export const policyOperations: readonly RestOperation[] = [
  putResourcePolicy,
  getResourcePolicies,
  deleteResourcePolicy,
];

import { Failure, noIncidentResource } from '../../world/incident-manager/failure.ts';
import type { IncidentManager } from '../../world/incident-manager/incident-manager.ts';
import type { ReplicationSet } from '../../world/incident-manager/replication.ts';
import { listing, seconds } from '../aws/listing.ts';
import { flag, list, map, structure, text, union } from '../aws/shape.ts';
import { operation, post, type RestOperation } from './rest.ts';
import { arn, clientToken, maxResults, nextToken, tagKeys, tags } from './shapes.ts';

const region = text({ max: 20 });
const keyId = text({ max: 2048 });

const listReplicationSets = post(
  'ListReplicationSets',
  200,
  structure({}, { maxResults, nextToken }),
  (input, { engine }) => {
    const { items, next } = listing(engine.enabled ? engine.replication.list() : [], input, {
      of: 'ListReplicationSets',
      usual: 100,
      key: (set) => set.arn,
    });
    return { replicationSetArns: items.map((set) => set.arn), nextToken: next };
  },
);

function replicationSetOf(set: ReplicationSet) {
  const regionMap = [...set.regions].map(([name, facts]) => [
    name,
    { status: facts.status, sseKmsKeyId: facts.keyId, statusUpdateDateTime: seconds(facts.updatedAt) },
  ]);
  return {
    arn: set.arn,
    status: set.status,
    regionMap: Object.fromEntries(regionMap),
    deletionProtected: set.deletionProtected,
    createdTime: seconds(set.createdAt),
    createdBy: set.createdBy,
    lastModifiedTime: seconds(set.modifiedAt),
    lastModifiedBy: set.modifiedBy,
  };
}

const getReplicationSet = operation({
  name: 'GetReplicationSet',
  method: 'GET',
  path: '/getReplicationSet',
  status: 200,
  input: structure({ arn }, {}),
  run: (input, { engine }) => ({ replicationSet: replicationSetOf(engine.replication.get(input.arn)) }),
});

const createReplicationSet = post(
  'CreateReplicationSet',
  201,
  structure({ regions: map(region, structure({}, { sseKmsKeyId: keyId }), { min: 1, max: 3 }) }, { clientToken, tags }),
  (input, { engine, caller }) => {
    const regions = Object.entries(input.regions).map(([name, { sseKmsKeyId }]) => ({ name, keyId: sseKmsKeyId }));
    const set = engine.replication.create(regions, { by: caller, customer: engine.customer });
    if (input.tags) engine.tags.add(set.arn, input.tags);
    return { arn: set.arn };
  },
);

const updateReplicationSet = post(
  'UpdateReplicationSet',
  204,
  structure(
    {
      arn,
      actions: list(
        union({
          addRegionAction: structure({ regionName: region }, { sseKmsKeyId: keyId }),
          deleteRegionAction: structure({ regionName: region }, {}),
        }),
        { min: 1, max: 1 },
      ),
    },
    { clientToken },
  ),
  (input, { engine, caller }) => {
    for (const { addRegionAction: add, deleteRegionAction: remove } of input.actions) {
      if (add) engine.replication.addRegion(input.arn, add.regionName, { keyId: add.sseKmsKeyId, by: caller });
      else if (remove) engine.replication.removeRegion(input.arn, remove.regionName, caller);
    }
  },
);

const updateDeletionProtection = post(
  'UpdateDeletionProtection',
  204,
  structure({ arn, deletionProtected: flag }, { clientToken }),
  (input, { engine, caller }) => engine.replication.protect(input.arn, input.deletionProtected, caller),
);

const deleteReplicationSet = operation({
  name: 'DeleteReplicationSet',
  method: 'POST',
  path: '/deleteReplicationSet',
  status: 204,
  query: ['arn'],
  input: structure({ arn }, {}),
  run: (input, { engine }) => engine.deleteReplicationSet(input.arn),
});

/** Refuses the tags of something that does not exist. */
function taggable(engine: IncidentManager, resource: string): string {
  const exists =
    engine.plans.has(resource) ||
    engine.incidents.find(resource) ||
    engine.replication.list().some((set) => set.arn === resource);
  if (!exists) throw noIncidentResource(resource, typeOf(resource));
  return resource;
}

function typeOf(resource: string): string {
  if (resource.includes(':incident-record/')) return 'INCIDENT_RECORD';
  return resource.includes(':replication-set/') ? 'REPLICATION_SET' : 'RESPONSE_PLAN';
}

const tagPath = { path: '/tags/:resourceArn' } as const;
/** The model puts no bounds to it: what is no ARN of ours is not found. */
const resourceArn = text();

const listTagsForResource = operation({
  ...tagPath,
  name: 'ListTagsForResource',
  method: 'GET',
  status: 200,
  input: structure({ resourceArn }, {}),
  run: (input, { engine }) => ({ tags: engine.tags.of(taggable(engine, input.resourceArn)) }),
});

const tagResource = operation({
  ...tagPath,
  name: 'TagResource',
  method: 'POST',
  status: 204,
  input: structure({ resourceArn, tags }, {}),
  run: (input, { engine }) => {
    if (engine.tags.wouldExceed(taggable(engine, input.resourceArn), input.tags)) {
      throw new Failure('ServiceQuotaExceededException', 'A resource can have at most 50 tags', {
        resourceIdentifier: input.resourceArn,
        ...{ quotaCode: 'TagsPerResource', serviceCode: 'ssm-incidents' },
      });
    }
    engine.tags.add(input.resourceArn, input.tags);
  },
});

const untagResource = operation({
  ...tagPath,
  name: 'UntagResource',
  method: 'DELETE',
  status: 204,
  query: ['tagKeys'],
  input: structure({ resourceArn, tagKeys }, {}),
  run: (input, { engine }) => engine.tags.remove(taggable(engine, input.resourceArn), input.tagKeys),
});

/** The account's replication set, and the tags of everything. */
export const accountOperations: readonly RestOperation[] = [
  listReplicationSets,
  getReplicationSet,
  createReplicationSet,
  updateReplicationSet,
  updateDeletionProtection,
  deleteReplicationSet,
  listTagsForResource,
  tagResource,
  untagResource,
];

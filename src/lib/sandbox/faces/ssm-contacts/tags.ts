import { Failure, noContactResource } from '../../world/incident-manager/failure.ts';
import type { IncidentManager } from '../../world/incident-manager/incident-manager.ts';
import { checkPolicy } from '../aws/policy-document.ts';
import { structure, text } from '../aws/shape.ts';
import { operation, type RpcOperation } from './rpc.ts';
import { arn, tagKeys, tags } from './shapes.ts';

const resource = text({ min: 1, max: 1011 });

/** Tags are a list of pairs here, and a map in `ssm-incidents`. */
export function tagMap(pairs: readonly { Key?: string; Value?: string }[] = []): Record<string, string> {
  return Object.fromEntries(pairs.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])));
}

function taggable(engine: IncidentManager, id: string): string {
  if (!engine.contacts.find(id) && !engine.rotations.find(id)) throw noContactResource(id, 'CONTACT');
  return id;
}

const listTagsForResource = operation(
  'ListTagsForResource',
  structure({ ResourceARN: resource }, {}),
  ({ ResourceARN }, engine) => {
    const pairs = Object.entries(engine.tags.of(taggable(engine, ResourceARN)));
    return { Tags: pairs.map(([Key, Value]) => ({ Key, Value })) };
  },
);

const tagResource = operation(
  'TagResource',
  structure({ ResourceARN: resource, Tags: tags }, {}),
  ({ ResourceARN, Tags }, engine) => {
    const more = tagMap(Tags);
    if (engine.tags.wouldExceed(taggable(engine, ResourceARN), more)) {
      throw new Failure('ServiceQuotaExceededException', 'A resource can have at most 50 tags', {
        ResourceId: ResourceARN,
        ResourceType: 'TAG',
        ...{ QuotaCode: 'TagsPerResource', ServiceCode: 'ssm-contacts' },
      });
    }
    engine.tags.add(ResourceARN, more);
  },
);

const untagResource = operation(
  'UntagResource',
  structure({ ResourceARN: resource, TagKeys: tagKeys }, {}),
  ({ ResourceARN, TagKeys }, engine) => engine.tags.remove(taggable(engine, ResourceARN), TagKeys),
);

/** Policies share contacts with other accounts. There are none here, so they are kept and mean nothing. */
const putContactPolicy = operation(
  'PutContactPolicy',
  structure({ ContactArn: arn, Policy: text({ min: 1, max: 395_000, pattern: /\S/ }) }, {}),
  ({ ContactArn, Policy }, engine) => {
    checkPolicy(Policy);
    engine.contacts.get(ContactArn).policy = Policy;
  },
);

const getContactPolicy = operation('GetContactPolicy', structure({ ContactArn: arn }, {}), ({ ContactArn }, engine) => {
  const { policy } = engine.contacts.get(ContactArn);
  return { ContactArn, Policy: policy };
});

/** Tags and policies. */
export const tagOperations: readonly RpcOperation[] = [
  listTagsForResource,
  tagResource,
  untagResource,
  putContactPolicy,
  getContactPolicy,
];

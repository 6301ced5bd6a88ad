import type { Face } from '../../face.ts';
import type { IncidentManager } from '../../world/incident-manager/incident-manager.ts';
import { contactOperations } from './contacts.ts';
import { engagementOperations } from './engagements.ts';
import { rotationOperations } from './rotations.ts';
import { type RpcFaceOptions, rpcFace } from './rpc.ts';
import { shiftOperations } from './shifts.ts';
import { tagOperations } from './tags.ts';

/**
 * `ssm-contacts` as its clients see it: all 39 operations of the model of 2021-05-03.
 * https://docs.aws.amazon.com/incident-manager/latest/APIReference/Welcome.html
 */
export function contactsFace(engine: IncidentManager, options: RpcFaceOptions = {}): Face {
  const operations = [
    ...contactOperations,
    ...engagementOperations,
    ...rotationOperations,
    ...shiftOperations,
    ...tagOperations,
  ];
  return rpcFace({ name: 'ssm-contacts', target: 'SSMContacts' }, engine, operations, options);
}

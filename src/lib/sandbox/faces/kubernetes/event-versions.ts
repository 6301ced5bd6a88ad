import type { EventObject, KubeObject } from '../../world/cluster/objects.ts';
import type { Resource } from './resources.ts';

/** Events have two forms, the old one of the core group and that of `events.k8s.io`. */
export function inVersion(object: KubeObject, resource: Resource): KubeObject {
  if (resource.group !== 'events.k8s.io') return object;
  const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, ...rest } = object as EventObject;
  return {
    ...rest,
    apiVersion: 'events.k8s.io/v1',
    regarding: involvedObject,
    note: message,
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedCount: count,
  } as KubeObject;
}

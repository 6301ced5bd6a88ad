import type { KubeObject } from '../../world/cluster/objects.ts';
import { inVersion } from './event-versions.ts';
import type { Resource } from './resources.ts';
import { type Column, columnsOf } from './table-columns.ts';

export interface TableOptions {
  /** Milliseconds since 1970, for ages. */
  now: number;
  /** `None`, `Metadata` or `Object`. */
  includeObject: string;
  /** Without the columns' definitions, as in all events of a watch but the first. */
  headless?: boolean | undefined;
}

/**
 * Objects as the meta/v1 Table that `kubectl get` prints.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
export function tableOf(resource: Resource, objects: readonly KubeObject[], options: TableOptions): object {
  const columns = columnsOf(resource);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    columnDefinitions: options.headless ? null : columns.map(definition),
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, options.now)),
      ...(options.includeObject === 'None' ? {} : { object: beside(object, resource, options.includeObject) }),
    })),
  };
}

function definition({ name, type, wide }: Column): object {
  const format = name === 'Name' ? 'name' : '';
  return { name, type: type ?? 'string', format, description: name, priority: wide ? 1 : 0 };
}

function beside(object: KubeObject, resource: Resource, includeObject: string): unknown {
  if (includeObject === 'Object') return inVersion(object, resource);
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

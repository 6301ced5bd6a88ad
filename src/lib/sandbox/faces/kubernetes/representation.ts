import type { Exchange } from '../../exchange.ts';
import type { KubeObject } from '../../world/cluster/objects.ts';
import { inVersion } from './event-versions.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import { ApiFailure } from './status.ts';
import { tableOf } from './table.ts';

/** How a client wants objects: as they are, as a Table for people, or only their metadata. */
export interface Representation {
  as: 'object' | 'table' | 'metadata';
  /** For tables: what to put beside each row's cells. */
  includeObject: string;
}

/**
 * Reads the Accept header; the first form that can be given wins.
 * @throws 406 when there is none
 */
export function representationOf(exchange: Exchange): Representation {
  const includeObject = exchange.query.get('includeObject') ?? 'Metadata';
  const accepted = (exchange.header('accept') ?? '*/*').split(',');
  for (const clause of accepted) {
    const [type = '', ...parameters] = clause.split(';').map((part) => part.trim());
    if (!['application/json', 'application/*', '*/*'].includes(type)) continue;
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3);
    if (as === 'Table' && parameters.includes('v=v1')) return { as: 'table', includeObject };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { as: 'metadata', includeObject };
    if (as === undefined) return { as: 'object', includeObject };
  }
  const message = 'only the following media types are accepted: application/json';
  throw new ApiFailure('NotAcceptable', message, {});
}

export interface Page {
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

interface Shown {
  resource: Resource;
  representation: Representation;
  /** Milliseconds since 1970. */
  now: number;
  /** A table without the definitions of its columns. */
  headless?: boolean;
}

/** One object in the form asked for. */
export function showOne(object: KubeObject, { resource, representation, now, headless }: Shown): unknown {
  const shown = inVersion(object, resource);
  if (representation.as === 'metadata') return metadataOnly(shown);
  if (representation.as === 'object') return shown;
  const { includeObject } = representation;
  return { ...tableOf(resource, [object], { now, includeObject, headless }), metadata: versionOnly(object) };
}

/** A list in the form asked for. */
export function showList(
  objects: readonly KubeObject[],
  page: Page,
  { resource, representation, now }: Shown,
): unknown {
  if (representation.as === 'table') {
    const { includeObject } = representation;
    return { ...tableOf(resource, objects, { now, includeObject }), metadata: page };
  }
  const shown = objects.map((object) => inVersion(object, resource));
  if (representation.as === 'metadata') {
    const items = shown.map(metadataOnly);
    return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: page, items };
  }
  const items = shown.map(({ kind: _kind, apiVersion: _apiVersion, ...rest }) => rest);
  return { kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata: page, items };
}

/** An object without its content. */
export function metadataOnly({ metadata }: KubeObject): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

function versionOnly({ metadata }: KubeObject): { resourceVersion: string } {
  return { resourceVersion: metadata.resourceVersion };
}

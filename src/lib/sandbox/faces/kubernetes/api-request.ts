import type { Exchange } from '../../exchange.ts';
import { findResource, type Resource } from './resources.ts';
import { ApiFailure, noSuchPath } from './status.ts';

/** What a request wants, in the terms that RBAC uses too. */
export interface ApiRequest {
  resource: Resource;
  verb: string;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
}

const VERBS: Readonly<Record<string, [named: string, unnamed: string]>> = {
  GET: ['get', 'list'],
  HEAD: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
};

/** Reads the resource path of a request: `/api/v1/namespaces/prod/pods/api-1/log`. Undefined for any other path. */
export function readRequest(exchange: Exchange): ApiRequest | undefined {
  const [root, ...rest] = exchange.path.split('/').slice(1).map(decode);
  const core = root === 'api';
  if (!core && root !== 'apis') return undefined;
  const group = core ? '' : rest.shift();
  const version = rest.shift();
  if (group === undefined || version === undefined || rest.length === 0) return undefined;
  // Below a namespace, except for the namespace itself.
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest.splice(0, 2)[1] : undefined;
  const [plural = '', name, subresource, ...tooMuch] = rest;
  const resource = findResource(group, version, plural);
  if (!resource || tooMuch.length > 0 || (namespace !== undefined && !resource.namespaced)) throw noSuchPath();
  if (subresource !== undefined && !resource.subresources.some((known) => known.name === subresource)) {
    throw noSuchPath();
  }
  if (name !== undefined && resource.namespaced && namespace === undefined) throw noSuchPath();
  const verbs = VERBS[exchange.method];
  if (!verbs)
    throw new ApiFailure('MethodNotAllowed', 'the server does not allow this method on the requested resource');
  const watching = exchange.query.get('watch');
  const verb = verbs[name === undefined ? 1 : 0];
  return {
    resource,
    verb: verb === 'list' && (watching === '1' || watching === 'true') ? 'watch' : verb,
    namespace,
    name,
    subresource,
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ApiFailure('BadRequest', `invalid URL escape "${part}"`);
  }
}

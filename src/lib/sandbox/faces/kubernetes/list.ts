import type { Exchange } from '../../exchange.ts';
import type { Cluster } from '../../world/cluster/cluster.ts';
import type { KubeObject } from '../../world/cluster/objects.ts';
import type { ApiRequest } from './api-request.ts';
import { computed } from './computed.ts';
import { checkListOptions } from './list-options.ts';
import { type Page, representationOf, showList } from './representation.ts';
import type { Resource } from './resources.ts';
import { fieldMatcher, labelMatcher, type Matcher } from './selectors.ts';
import { ApiFailure } from './status.ts';

/** What both `labelSelector` and `fieldSelector` let through. */
export function matcherOf(exchange: Exchange, resource: Resource): Matcher {
  const labels = labelMatcher(exchange.query.get('labelSelector') ?? '');
  const fields = fieldMatcher(exchange.query.get('fieldSelector') ?? '', resource);
  return (object) => labels(object) && fields(object);
}

/** Answers a list request: selected, in pages, at a version. */
export function list(exchange: Exchange, request: ApiRequest, cluster: Cluster): void {
  const { resource } = request;
  const representation = representationOf(exchange);
  checkListOptions(exchange);
  const matches = matcherOf(exchange, resource);
  const limit = wholeNumber(exchange, 'limit') ?? 0;
  const from = continuation(exchange, cluster);
  const version = from?.version ?? exactVersion(exchange, cluster) ?? cluster.store.version;
  const all = objectsAt(cluster, request, { version, after: from?.after ?? null });
  const selected = all.filter((object) => matches(object) && (from === null || keyOf(object) > from.after));
  const shown = limit > 0 ? selected.slice(0, limit) : selected;
  const last = shown.at(-1);
  const remaining = selected.length - shown.length;
  const page: Page = { resourceVersion: String(version) };
  if (remaining > 0 && last) {
    page.continue = continueToken(version, keyOf(last));
    // The API server cannot count what a selector would let through.
    if (!exchange.query.get('labelSelector') && !exchange.query.get('fieldSelector')) {
      page.remainingItemCount = remaining;
    }
  }
  exchange.json(200, showList(shown, page, { resource, representation, now: cluster.clock.now() }));
}

const VERSION_EXPIRED = 'The resourceVersion for the provided list is too old.';
const CONTINUE_EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
  'deleted between the time the first chunk was returned and now may show up in the list.';
/** In a token: go on with what there is now, consistent or not. */
const WHATEVER = -1;

/** Where a list that was cut goes on: opaque to clients, and in the API server's own form. */
function continueToken(version: number, after: string): string {
  const token = { v: 'meta.k8s.io/v1', rv: version, start: `${after}\0` };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function objectsAt(
  cluster: Cluster,
  request: ApiRequest,
  { version, after }: { version: number; after: string | null },
): readonly KubeObject[] {
  const { resource, namespace } = request;
  if (resource.kept === null)
    return computed(resource, cluster).filter(
      ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
    );
  const objects = cluster.store.listAt(resource.kept, version, namespace);
  if (objects) return objects;
  const failure = new ApiFailure('Expired', after === null ? VERSION_EXPIRED : CONTINUE_EXPIRED);
  if (after !== null) failure.continue = continueToken(WHATEVER, after);
  throw failure;
}

/** The version that must be listed exactly; null when the newest state will do. */
function exactVersion(exchange: Exchange, cluster: Cluster): number | null {
  const version = versionAsked(exchange);
  const match = exchange.query.get('resourceVersionMatch');
  if (version !== null && version > cluster.store.version) {
    throw new ApiFailure('Timeout', `Too large resource version: ${version}, current: ${cluster.store.version}`, {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version', field: '' }],
      retryAfterSeconds: 1,
    });
  }
  const limited = (wholeNumber(exchange, 'limit') ?? 0) > 0;
  // A version together with a limit and no match rule means exactly that version; otherwise "at least that new".
  const exact = match === 'Exact' || (match === null && limited);
  return exact && version !== null && version !== 0 ? version : null;
}

function continuation(exchange: Exchange, cluster: Cluster): { version: number; after: string } | null {
  const token = exchange.query.get('continue');
  if (!token) return null;
  try {
    const { rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Record<string, unknown>;
    const { version } = cluster.store;
    if (typeof rv === 'number' && typeof start === 'string' && rv <= version)
      return { version: rv === WHATEVER ? version : rv, after: start.replace(/\0$/, '') };
  } catch {
    // Falls through: a token that is not ours.
  }
  throw new ApiFailure('BadRequest', 'continue key is not valid: illegal base64 or content');
}

/** The `resourceVersion` of a request; null when there is none. */
export function versionAsked(exchange: Exchange): number | null {
  const text = exchange.query.get('resourceVersion');
  if (text === null || text === '') return null;
  if (/^\d+$/.test(text)) return Number(text);
  const message = `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
  throw new ApiFailure('BadRequest', message);
}

/**
 * A whole number in the query; undefined when it is absent.
 * @throws 400 when it is something else
 */
export function wholeNumber(exchange: Exchange, name: string): number | undefined {
  const text = exchange.query.get(name);
  if (text === null || text === '') return undefined;
  if (/^-?\d{1,18}$/.test(text)) return Number(text);
  throw new ApiFailure('BadRequest', `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

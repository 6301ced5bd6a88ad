import type { Exchange } from '../../exchange.ts';
import type { Cluster } from '../../world/cluster/cluster.ts';
import type { KubeObject } from '../../world/cluster/objects.ts';
import type { ApiRequest } from './api-request.ts';
import { type Page, representationOf, showList } from './representation.ts';
import { fieldMatcher, labelMatcher, type Matcher } from './selectors.ts';
import { ApiFailure } from './status.ts';

/** What both `labelSelector` and `fieldSelector` let through. */
export function matcherOf(exchange: Exchange, resource: string): Matcher {
  const labels = labelMatcher(exchange.query.get('labelSelector') ?? '');
  const fields = fieldMatcher(exchange.query.get('fieldSelector') ?? '', resource);
  return (object) => labels(object) && fields(object);
}

/** Answers a list request: selected, in pages, at a version. */
export function list(exchange: Exchange, request: ApiRequest, cluster: Cluster): void {
  const { resource } = request;
  const representation = representationOf(exchange);
  const matches = matcherOf(exchange, resource.name);
  const limit = wholeNumber(exchange, 'limit') ?? 0;
  const from = continuation(exchange, cluster);
  const version = from?.version ?? exactVersion(exchange, cluster) ?? cluster.store.version;
  const all = objectsAt(cluster, request, version, from !== null);
  const selected = all.filter((object) => matches(object) && (from === null || keyOf(object) > from.after));
  const shown = limit > 0 ? selected.slice(0, limit) : selected;
  const last = shown.at(-1);
  const remaining = selected.length - shown.length;
  const page: Page = { resourceVersion: String(version) };
  if (remaining > 0 && last) {
    page.continue = Buffer.from(JSON.stringify({ v: version, k: keyOf(last) })).toString('base64url');
    // The API server cannot count what a selector would let through.
    if (!exchange.query.get('labelSelector') && !exchange.query.get('fieldSelector')) {
      page.remainingItemCount = remaining;
    }
  }
  exchange.json(200, showList(shown, page, { resource, representation, now: cluster.clock.now() }));
}

function objectsAt(cluster: Cluster, request: ApiRequest, version: number, continued: boolean): readonly KubeObject[] {
  const { kept } = request.resource;
  if (kept === null) return [];
  const objects = cluster.store.listAt(kept, version, request.namespace);
  if (objects) return objects;
  const message = continued
    ? 'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.'
    : `too old resource version: ${version} (${cluster.store.version})`;
  throw new ApiFailure('Expired', message);
}

/** The version that must be listed exactly; null when the newest state will do. */
function exactVersion(exchange: Exchange, cluster: Cluster): number | null {
  const version = versionAsked(exchange);
  const match = exchange.query.get('resourceVersionMatch');
  if (match !== null && version === null) {
    const message = 'resourceVersionMatch is forbidden unless resourceVersion is provided';
    throw new ApiFailure(
      'Invalid',
      `ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: ${message}`,
    );
  }
  if (version !== null && version > cluster.store.version) {
    throw new ApiFailure('Timeout', `Too large resource version: ${version}, current: ${cluster.store.version}`, {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version', field: '' }],
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
    const { v, k } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as { v: unknown; k: unknown };
    if (typeof v === 'number' && typeof k === 'string' && v <= cluster.store.version) return { version: v, after: k };
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

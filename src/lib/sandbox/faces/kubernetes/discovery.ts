import type { Exchange } from '../../exchange.ts';
import type { Cluster } from '../../world/cluster/cluster.ts';
import { KUBERNETES_VERSION } from '../../world/cluster/manifests.ts';
import { openApiAt } from './openapi.ts';
import { apiVersionOf, RESOURCES, type Resource } from './resources.ts';

/** What may be asked without saying who one is, as on a real API server. */
const OPEN_PATHS = new Set(['/version', '/healthz', '/livez', '/readyz']);

/** Answers `/version` and the health checks. @returns whether the request was one of them */
export function answerOpenly(exchange: Exchange): boolean {
  const path = exchange.path.replace(/(?<=.)\/$/, '');
  if (exchange.method !== 'GET' || !OPEN_PATHS.has(path)) return false;
  exchange.operation = `get ${path}`;
  if (path === '/version') exchange.json(200, version());
  else exchange.text(200, 'ok', { 'content-type': 'text/plain; charset=utf-8' });
  return true;
}

/**
 * Answers the requests by which a client learns what there is. Of OpenAPI there is version 3 only, which `explain` wants.
 * @returns whether the request was one of them
 */
export function discover(exchange: Exchange, cluster: Cluster): boolean {
  const path = exchange.path.replace(/(?<=.)\/$/, '');
  const found = exchange.method === 'GET' ? (documentAt(path) ?? openApiAt(path, cluster)) : undefined;
  if (!found) return false;
  exchange.operation = `get ${path}`;
  exchange.json(200, found);
  return true;
}

function documentAt(path: string): object | undefined {
  if (path === '/')
    return { paths: ['/api', '/api/v1', '/apis', ...groups().map(({ name }) => `/apis/${name}`), ...OPEN_PATHS] };
  if (path === '/api') {
    const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: '10.0.0.10:443' }];
    return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
  }
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups() };
  const [, root, ...rest] = path.split('/');
  const [group, version] = root === 'api' ? ['', rest[0]] : rest;
  if ((root !== 'api' && root !== 'apis') || rest.length > (root === 'api' ? 1 : 2)) return undefined;
  if (version === undefined) {
    const known = groups().find(({ name }) => name === group);
    return known && { kind: 'APIGroup', apiVersion: 'v1', ...known };
  }
  const resources = RESOURCES.filter((resource) => resource.group === group && resource.version === version);
  const [first] = resources;
  if (!first) return undefined;
  return {
    kind: 'APIResourceList',
    ...(root === 'api' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersionOf(first),
    resources: resources.flatMap(entries),
  };
}

interface Group {
  name: string;
  versions: { groupVersion: string; version: string }[];
  preferredVersion: { groupVersion: string; version: string };
}

function groups(): Group[] {
  const names = [...new Set(RESOURCES.map(({ group }) => group))].filter((name) => name !== '');
  return names.map((name) => {
    const { version = 'v1' } = RESOURCES.find(({ group }) => group === name) ?? {};
    const only = { groupVersion: `${name}/${version}`, version };
    return { name, versions: [only], preferredVersion: only };
  });
}

function entries(resource: Resource): object[] {
  const { name, singular, kind, namespaced, verbs, shortNames, categories } = resource;
  const own = {
    name,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
  };
  const below = resource.subresources.map((sub) => ({
    name: `${name}/${sub.name}`,
    singularName: '',
    namespaced,
    kind: sub.kind,
    verbs: sub.verbs,
    ...(sub.group ? { group: sub.group, version: sub.version } : {}),
  }));
  return [own, ...below];
}

function version(): object {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(KUBERNETES_VERSION) ?? [];
  return {
    major,
    minor,
    gitVersion: KUBERNETES_VERSION,
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '2025-04-22T16:06:40Z',
    goVersion: 'go1.23.6',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}

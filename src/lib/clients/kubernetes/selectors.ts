import { OncallError } from '../../errors.ts';
import { didYouMean } from '../../text/nearest.ts';
import type { Cluster } from './cluster.ts';
import type { Metadata } from './wire.ts';

interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

interface Selecting {
  metadata: Metadata;
  spec?: { selector?: LabelSelector | Record<string, string> };
}

/** Kinds that select pods, under the names by which kubectl knows them. */
const KINDS: readonly { names: readonly string[]; path: string; resource: string; plain?: boolean }[] = [
  { names: ['deployment', 'deployments', 'deploy'], path: '/apis/apps/v1', resource: 'deployments' },
  { names: ['statefulset', 'statefulsets', 'sts'], path: '/apis/apps/v1', resource: 'statefulsets' },
  { names: ['daemonset', 'daemonsets', 'ds'], path: '/apis/apps/v1', resource: 'daemonsets' },
  { names: ['replicaset', 'replicasets', 'rs'], path: '/apis/apps/v1', resource: 'replicasets' },
  { names: ['job', 'jobs'], path: '/apis/batch/v1', resource: 'jobs' },
  { names: ['service', 'services', 'svc'], path: '/api/v1', resource: 'services', plain: true },
  { names: ['pod', 'pods', 'po'], path: '/api/v1', resource: 'pods' },
];

/** See `Kubernetes.selectorOf`. A pod is found by all of its own labels, which no selector could be narrower than. */
export async function selectorOf(
  cluster: Cluster,
  { namespace, kind, name }: { namespace: string; kind: string; name: string },
): Promise<string> {
  const found = KINDS.find(({ names }) => names.includes(kind.toLowerCase()));
  if (!found) {
    const names = KINDS.map(({ names: [first] }) => first ?? '');
    throw new OncallError(`Pods cannot be found by a ${kind}.${didYouMean(kind, names)}`, {
      code: 'USAGE',
      hint: `Use one of: ${names.join(', ')}.`,
    });
  }
  const path = `${found.path}/namespaces/${encodeURIComponent(namespace)}/${found.resource}/${encodeURIComponent(name)}`;
  const object = await cluster.get<Selecting>(path, { resource: found.resource, namespace, name });
  if (found.resource === 'pods') return pairs(object.metadata.labels ?? {});
  const selector = object.spec?.selector ?? {};
  const text = found.plain ? pairs(selector as Record<string, string>) : selectorText(selector as LabelSelector);
  if (text) return text;
  throw new OncallError(`${found.resource}/${name} selects no pods: it has no selector.`, { code: 'NOT_FOUND' });
}

/** Whether a job is complete or has failed for good. https://kubernetes.io/docs/concepts/workloads/controllers/job/ */
export async function jobIsOver(
  cluster: Cluster,
  { namespace, name }: { namespace: string; name: string },
): Promise<boolean> {
  const path = `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs/${encodeURIComponent(name)}`;
  const errand = { resource: 'jobs', namespace, name };
  const { status } = await cluster.get<{ status?: { conditions?: { type: string; status: string }[] } }>(path, errand);
  return (status?.conditions ?? []).some(
    ({ type, status: holds }) => (type === 'Complete' || type === 'Failed') && holds === 'True',
  );
}

/** As a query takes it: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api */
function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const parts = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [pairs(matchLabels), ...parts].filter(Boolean).join(',');
}

function pairs(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

import type { Secret } from '../../world/cluster/furniture.ts';
import type { EventObject, KubeObject, PlainObject, Pod } from '../../world/cluster/objects.ts';
import type { Resource } from './resources.ts';
import { ApiFailure } from './status.ts';

export type Matcher = (object: KubeObject) => boolean;

const KEY = '[A-Za-z0-9]([A-Za-z0-9_./-]*[A-Za-z0-9])?';
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EQUAL = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*([A-Za-z0-9_.-]*)$`);
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`);

/**
 * A `labelSelector`: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. A label that is absent passes `!=` and `notin`.
 * @throws 400 when it cannot be read
 */
export function labelMatcher(selector: string): Matcher {
  const requirements = splitOutsideParentheses(selector).map((part) => requirement(part, selector));
  return ({ metadata }) => requirements.every((holds) => holds(metadata.labels ?? {}));
}

function requirement(part: string, whole: string): (labels: Record<string, string>) => boolean {
  const set = SET.exec(part);
  if (set) {
    const [, key = '', , operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (labels) => (operator === 'in') === (labels[key] !== undefined && values.includes(labels[key]));
  }
  const equal = EQUAL.exec(part);
  if (equal) {
    const [, key = '', , operator, value] = equal;
    return (labels) => (operator !== '!=') === (labels[key] === value);
  }
  const exists = EXISTS.exec(part);
  if (!exists) throw new ApiFailure('BadRequest', `unable to parse requirement: found '${part}' in "${whole}"`);
  const [, not, key = ''] = exists;
  return (labels) => (labels[key] !== undefined) === (not !== '!');
}

function splitOutsideParentheses(text: string): string[] {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  return parts.length === 1 && parts[0] === '' ? [] : parts;
}

type FieldReader = (object: KubeObject) => string;

const COMMON_FIELDS: Record<string, FieldReader> = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
};

const about =
  (field: keyof EventObject['involvedObject']): FieldReader =>
  (object) =>
    (object as EventObject).involvedObject[field] ?? '';

/** What can be selected by, of each resource; the API server knows no other fields either. */
const FIELDS: Record<string, Record<string, FieldReader>> = {
  pods: {
    'spec.nodeName': (pod) => (pod as Pod).spec.nodeName ?? '',
    'spec.restartPolicy': (pod) => String((pod as Pod).spec['restartPolicy'] ?? ''),
    'spec.schedulerName': (pod) => String((pod as Pod).spec['schedulerName'] ?? ''),
    'spec.serviceAccountName': (pod) => String((pod as Pod).spec['serviceAccountName'] ?? ''),
    'status.phase': (pod) => (pod as Pod).status.phase,
    'status.podIP': (pod) => (pod as Pod).status.podIP ?? '',
    'status.nominatedNodeName': () => '',
  },
  events: {
    'involvedObject.kind': about('kind'),
    'involvedObject.namespace': about('namespace'),
    'involvedObject.name': about('name'),
    'involvedObject.uid': about('uid'),
    'involvedObject.apiVersion': about('apiVersion'),
    'involvedObject.resourceVersion': about('resourceVersion'),
    'involvedObject.fieldPath': about('fieldPath'),
    'regarding.kind': about('kind'),
    'regarding.namespace': about('namespace'),
    'regarding.name': about('name'),
    'regarding.uid': about('uid'),
    reason: (event) => (event as EventObject).reason,
    type: (event) => (event as EventObject).type,
    source: (event) => (event as EventObject).source.component,
    reportingComponent: (event) => (event as EventObject).reportingComponent,
  },
  replicasets: {
    'status.replicas': (set) => String((set as unknown as { status: { replicas: number } }).status.replicas),
  },
  secrets: { type: (secret) => (secret as Secret).type },
  services: {
    'spec.clusterIP': (service) => String((service as PlainObject).spec['clusterIP']),
    'spec.type': (service) => String((service as PlainObject).spec['type']),
  },
  nodes: { 'spec.unschedulable': () => 'false' },
  namespaces: { 'status.phase': () => 'Active' },
};

/** A type with fields of its own says it in other words than one that can only be selected by name. */
function unknownField(field: string, hasOwn: boolean): string {
  if (hasOwn) return `field label not supported: ${field}`;
  return `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

/**
 * A `fieldSelector` of a resource: `metadata.name=x,status.phase!=Running`.
 * @throws 400 for a field that the resource cannot be selected by
 */
export function fieldMatcher(selector: string, { name, group }: Pick<Resource, 'name' | 'group'>): Matcher {
  const own = group === 'metrics.k8s.io' ? undefined : FIELDS[name];
  const fields = { ...COMMON_FIELDS, ...own };
  const parts = selector.split(',').filter((part) => part.trim() !== '');
  const checks = parts.map((part) => {
    const [, field, operator, value] = /^\s*([^=!]+?)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part) ?? [];
    if (field === undefined) {
      throw new ApiFailure('BadRequest', `invalid selector: '${selector}'; can't understand '${part}'`);
    }
    const read = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (!read) throw new ApiFailure('BadRequest', unknownField(field, own !== undefined));
    return (object: KubeObject) => (operator !== '!=') === (read(object) === value);
  });
  return (object) => checks.every((holds) => holds(object));
}

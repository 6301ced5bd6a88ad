import { OncallError } from '../../errors.ts';
import { didYouMean } from '../../text/nearest.ts';
import { utcStamp } from '../utc-stamp.ts';
import type { Cluster, Listing } from './cluster.ts';
import type { Revision, Target, Workload } from './kubernetes.ts';
import { demandedValues, matcher } from './label-selector.ts';
import { wirePods } from './pods.ts';
import { rolledBack } from './roll-back-mark.ts';
import { imageOf, revisionOf } from './running-revision.ts';
import type { WireControllerRevision, WireReplicaSet, WireWorkload } from './wire.ts';

const KINDS = ['deployments', 'statefulsets', 'daemonsets'] as const;

/** A workload and its kind. */
export interface Found {
  kind: (typeof KINDS)[number];
  object: WireWorkload;
}

/** The workload that the target's selector finds. @throws NOT_FOUND with near names, AMBIGUOUS */
export async function workload(cluster: Cluster, target: Target): Promise<Workload> {
  const { object } = await findWorkload(cluster, target);
  const { spec, status = {} } = object;
  return {
    name: object.metadata.name,
    image: imageOf(spec.template),
    revision: revisionOf(spec.template, object.metadata),
    desired: status.desiredNumberScheduled ?? spec.replicas ?? 1,
    ready: status.numberReady ?? status.readyReplicas ?? 0,
    updated: status.updatedNumberScheduled ?? status.updatedReplicas ?? 0,
    rolledBack: rolledBack(object),
  };
}

/**
 * The workload's revisions, newest first: a Deployment's from its ReplicaSets, others' from their
 * ControllerRevisions. Going back to an old revision gives it a new, highest number and keeps its age.
 */
export async function revisions(cluster: Cluster, target: Target): Promise<Revision[]> {
  const found = await findWorkload(cluster, target);
  const { namespace } = target;
  const all =
    found.kind === 'deployments'
      ? (await replicaSetsOf(cluster, namespace, found.object)).map(fromReplicaSet)
      : await fromControllerRevisions(cluster, target, {
          kept: await ownedBy<WireControllerRevision>(cluster, found.object, {
            resource: 'controllerrevisions',
            namespace,
          }),
        });
  return all.sort((a, b) => b.number - a.number);
}

/** The ReplicaSets of a Deployment: one for each revision that the cluster still keeps. */
export function replicaSetsOf(cluster: Cluster, namespace: string, object: WireWorkload): Promise<WireReplicaSet[]> {
  return ownedBy<WireReplicaSet>(cluster, object, { resource: 'replicasets', namespace });
}

async function ownedBy<T extends { metadata: WireWorkload['metadata'] }>(
  cluster: Cluster,
  { metadata, spec }: WireWorkload,
  listing: Pick<Listing, 'resource' | 'namespace'>,
): Promise<T[]> {
  const labels = Object.entries(spec.selector?.matchLabels ?? {});
  const query = { labelSelector: labels.map(([key, value]) => `${key}=${value}`).join(',') };
  const all = await cluster.list<T>({ ...listing, query });
  return all.filter((one) => (one.metadata.ownerReferences ?? []).some(({ uid }) => uid === metadata.uid));
}

/** The number that the controller gave a ReplicaSet's template when it was last put out. */
export function revisionNumber({ metadata }: WireReplicaSet): number {
  return Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}

function fromReplicaSet(set: WireReplicaSet): Revision {
  const { metadata, spec, status } = set;
  return {
    number: revisionNumber(set),
    image: imageOf(spec.template),
    revision: revisionOf(spec.template, metadata),
    createdAt: utcStamp(metadata.creationTimestamp ?? ''),
    replicas: status?.replicas ?? spec.replicas ?? 0,
  };
}

async function fromControllerRevisions(
  cluster: Cluster,
  target: Target,
  { kept }: { kept: WireControllerRevision[] },
): Promise<Revision[]> {
  // A StatefulSet's pods carry the revision's whole name, a DaemonSet's only its hash.
  const hashes = (await wirePods(cluster, target)).map(
    ({ metadata }) => metadata.labels?.['controller-revision-hash'] ?? '',
  );
  return kept.flatMap(({ metadata, revision, data }) => {
    const template = data?.spec?.template;
    if (!template) return [];
    const runs = (hash: string) => hash !== '' && (metadata.name === hash || metadata.name.endsWith(`-${hash}`));
    return {
      number: revision,
      image: imageOf(template),
      revision: revisionOf(template, metadata),
      createdAt: utcStamp(metadata.creationTimestamp ?? ''),
      replicas: hashes.filter(runs).length,
    };
  });
}

/**
 * A selector is written for pods. A workload usually carries the same labels itself, so those are asked for first;
 * otherwise all workloads are looked through for one whose pods would match.
 */
export async function findWorkload(cluster: Cluster, target: Target): Promise<Found> {
  const matches = matcher(target.selector) ?? (() => false);
  const ofMatchingPods = ({ object }: Found) => matches(object.spec.template.metadata?.labels ?? {});
  const labelled = await list(cluster, target.namespace, { labelSelector: target.selector });
  if (labelled.found.length > 0) {
    const exact = labelled.found.filter(ofMatchingPods);
    return theOne(exact.length > 0 ? exact : labelled.found, target);
  }
  const all = await list(cluster, target.namespace, {});
  const found = all.found.filter(ofMatchingPods);
  if (found.length > 0) return theOne(found, target);
  if (all.forbidden) throw all.forbidden;
  const names = all.found.map(({ object }) => object.metadata.name);
  const wanted = demandedValues(target.selector)[0] ?? target.selector;
  throw new OncallError(
    `No workload in namespace ${target.namespace} matches ${target.selector} (context ${cluster.context}).${didYouMean(wanted, names)}`,
    {
      code: 'NOT_FOUND',
      hint: `Check \`selector\` and \`namespace\` in oncall.yaml: \`kubectl --context ${cluster.context} -n ${target.namespace} get deployments --show-labels\``,
    },
  );
}

/** Of several, the one whose very name the selector demands. */
function theOne(found: readonly Found[], target: Target): Found {
  const demanded = demandedValues(target.selector);
  const named = found.filter(({ object }) => demanded.includes(object.metadata.name));
  const [first, second] = named.length === 1 ? named : found;
  if (first && !second) return first;
  const names = found.map(({ object }) => object.metadata.name).sort();
  throw new OncallError(`${target.selector} matches ${found.length} workloads: ${names.join(', ')}.`, {
    code: 'AMBIGUOUS',
    hint: 'Narrow `selector` in oncall.yaml to one of them.',
  });
}

/** All kinds of workload at once. Not being allowed to see one kind matters only if nothing else is found. */
async function list(
  cluster: Cluster,
  namespace: string,
  query: Record<string, string>,
): Promise<{ found: Found[]; forbidden: OncallError | null }> {
  let forbidden: OncallError | null = null;
  const lists = KINDS.map(async (kind): Promise<Found[]> => {
    try {
      const objects = await cluster.list<WireWorkload>({ resource: kind, namespace, query });
      return objects.map((object) => ({ kind, object }));
    } catch (error) {
      if (!(error instanceof OncallError) || error.code !== 'AUTH') throw error;
      forbidden ??= error;
      return [];
    }
  });
  return { found: (await Promise.all(lists)).flat(), forbidden };
}

import { OncallError } from '../../errors.ts';
import type { Cluster } from './cluster.ts';
import type { PreparedChange, RollBack, RollBackMark, Target } from './kubernetes.ts';
import { MARK } from './roll-back-mark.ts';
import { imageOf } from './running-revision.ts';
import type { PodTemplate, WireReplicaSet, WireWorkload } from './wire.ts';
import { findWorkload, replicaSetsOf, revisionNumber } from './workloads.ts';

const CHANGE_CAUSE = 'kubernetes.io/change-cause';
/** The controller's own label, which a Deployment's template must not carry. */
const HASH_LABEL = 'pod-template-hash';

/**
 * The patch by which `kubectl rollout undo --to-revision` puts a ReplicaSet's pod template back, and two annotations that
 * say who did it. It begins with a test, so that a deploy that went out meanwhile is not overwritten.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment
 */
export async function prepareRollBack(cluster: Cluster, target: Target, wanted: RollBack): Promise<PreparedChange> {
  const found = await findWorkload(cluster, target);
  const { object } = found;
  const { name } = object.metadata;
  const { namespace } = target;
  const byHand = `kubectl --context ${cluster.context} -n ${namespace} rollout undo ${found.kind.replace(/s$/, '')}/${name}`;
  if (found.kind !== 'deployments')
    throw refused(`${name} is no Deployment, which is all that can be put back here.`, byHand);
  if (object.spec.paused)
    throw refused(`The rollout of ${name} is paused, so a change of it would not go out.`, byHand);
  const set = (await replicaSetsOf(cluster, namespace, object)).find((one) => revisionNumber(one) === wanted.revision);
  if (!set) {
    throw new OncallError(`The cluster keeps no revision ${wanted.revision} of ${name} any more.`, {
      code: 'NOT_FOUND',
      hint: `See what it keeps: \`${byHand.replace('undo', 'history')}\``,
    });
  }
  const path = cluster.pathOf({ resource: 'deployments', namespace, name });
  return { context: cluster.context, namespace, path, patch: patchFor(object, set, wanted) };
}

export function changeIt(cluster: Cluster, { path, patch, namespace }: PreparedChange): Promise<void> {
  return cluster.patch(path, { body: patch, resource: 'deployments', namespace });
}

function patchFor(object: WireWorkload, set: WireReplicaSet, { from, mark }: RollBack): Record<string, unknown>[] {
  const { template } = set.spec;
  const image = imageOf(template);
  const told: RollBackMark = { ...mark, image };
  const cause = `oncall: put back to revision ${revisionNumber(set)} by ${mark.by}: ${mark.reason}`;
  const pointer = (key: string) => `/metadata/annotations/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const annotations = object.metadata.annotations
    ? [
        { op: 'add', path: pointer(CHANGE_CAUSE), value: cause },
        { op: 'add', path: pointer(MARK), value: JSON.stringify(told) },
      ]
    : [{ op: 'add', path: '/metadata/annotations', value: { [CHANGE_CAUSE]: cause, [MARK]: JSON.stringify(told) } }];
  return [
    { op: 'test', path: '/spec/template/spec/containers/0/image', value: from },
    { op: 'replace', path: '/spec/template', value: withoutHash(template) },
    ...annotations,
  ];
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

function refused(message: string, byHand: string): OncallError {
  return new OncallError(message, { code: 'REFUSED', hint: `Do it by hand: \`${byHand}\`` });
}

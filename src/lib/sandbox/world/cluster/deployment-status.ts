import { type Condition, type Deployment, kubeTime, type ReplicaSet } from './objects.ts';
import { limits } from './rollout.ts';

export interface RolloutFacts {
  sets: ReplicaSet[];
  newest: ReplicaSet | undefined;
  /** Whether the rollout has stood still for longer than its deadline. */
  late: boolean;
  /** Milliseconds since 1970. */
  now: number;
}

type Verdict = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/** What a deployment's status says of its replica sets. */
export function deploymentStatus(deployment: Deployment, facts: RolloutFacts): Deployment['status'] {
  const total = (of: (set: ReplicaSet) => number | undefined) =>
    facts.sets.reduce((sum, set) => sum + (of(set) ?? 0), 0);
  const replicas = total(({ status }) => status.replicas);
  const available = total(({ status }) => status.availableReplicas);
  const ready = total(({ status }) => status.readyReplicas);
  const updated = facts.newest?.status.replicas ?? 0;
  const unavailable = Math.max(0, total(({ spec }) => spec.replicas) - available);
  const verdicts = [availability(deployment, available), progress(deployment, facts, { replicas, available, updated })];
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    // Zeroes are left out, as the API server leaves them out.
    ...(replicas ? { replicas } : {}),
    ...(updated ? { updatedReplicas: updated } : {}),
    ...(ready ? { readyReplicas: ready } : {}),
    ...(available ? { availableReplicas: available } : {}),
    ...(unavailable ? { unavailableReplicas: unavailable } : {}),
    conditions: verdicts.map((verdict) => dated(verdict, deployment.status.conditions, facts.now)),
  };
}

function availability(deployment: Deployment, available: number): Verdict {
  const { replicas, strategy } = deployment.spec;
  const enough = available >= replicas - (strategy.type === 'Recreate' ? 0 : limits(deployment).unavailable);
  return enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

/**
 * A rollout that was complete once stays so: pods that die later are a matter of availability. This is why a bad
 * deploy whose pods were ready for a second counts as rolled out.
 */
function progress(
  { spec, status, metadata }: Deployment,
  { newest, late }: RolloutFacts,
  counts: { replicas: number; available: number; updated: number },
): Verdict {
  const before = status.conditions?.find(({ type }) => type === 'Progressing');
  const name = newest?.metadata.name ?? '';
  const { replicas, available, updated } = counts;
  const complete = updated === spec.replicas && replicas === spec.replicas && available >= spec.replicas;
  const done = `ReplicaSet "${name}" has successfully progressed.`;
  const wasComplete = before?.reason === 'NewReplicaSetAvailable' && before.message === done;
  const sameSpec = status.observedGeneration === metadata.generation;
  if (complete || (wasComplete && sameSpec)) {
    return { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message: done };
  }
  if (spec.paused) {
    return { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' };
  }
  if (late) {
    const message = `ReplicaSet "${name}" has timed out progressing.`;
    return { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message };
  }
  const message = `ReplicaSet "${name}" is progressing.`;
  return { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message };
}

function dated(verdict: Verdict, before: Condition[] | undefined, now: number): Condition {
  const old = before?.find(({ type }) => type === verdict.type);
  const unchanged = old?.status === verdict.status && old.reason === verdict.reason && old.message === verdict.message;
  return {
    ...verdict,
    lastUpdateTime: unchanged ? (old.lastUpdateTime ?? kubeTime(now)) : kubeTime(now),
    lastTransitionTime: old?.status === verdict.status ? old.lastTransitionTime : kubeTime(now),
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterIdentity, Kubernetes, Target, Workload } from '../clients/kubernetes/kubernetes.ts';
import { requireSources, type SourceChoice } from './sources.ts';
import type { TargetLogs } from './target-logs.ts';
import { noPods } from './view.ts';

/** What a header says of a target besides its pods. What could not be learnt in time is null. */
export interface About {
  identity: ClusterIdentity | null;
  workload: Workload | null;
}

/** What only adds to the answer may not keep anybody waiting longer. */
const PATIENCE = 3000;

/** Who is asked and as whom, and which workload the pods belong to: asked while the pods are listed. */
export async function about(kubernetes: Kubernetes, target: Target): Promise<About> {
  const [identity, workload] = await Promise.all([inTime(kubernetes.whoAmI()), inTime(kubernetes.workload(target))]);
  return { identity, workload };
}

/**
 * @throws NOT_FOUND when the target has no pod, with what its workload wants, or none that the choice means
 */
export async function requirePods(
  logs: TargetLogs,
  facts: {
    kubernetes: Kubernetes;
    service: string;
    target: Target;
    choice: SourceChoice;
    workload: Workload | null;
    now: number;
  },
): Promise<void> {
  const { kubernetes, service, target, choice, workload, now } = facts;
  if (logs.pods.length > 0) return requireSources(logs.pods, choice);
  const events = (await inTime(kubernetes.events(target))) ?? [];
  throw noPods({ service, workload, events, target, now });
}

/** Null for an answer that fails or comes too late: what is wrong with the cluster, the pods' own call tells. */
async function inTime<T>(answer: Promise<T>): Promise<T | null> {
  const done = new AbortController();
  const late = sleep(PATIENCE, null, { signal: done.signal }).catch(() => null);
  return Promise.race([answer.catch(() => null), late]).finally(() => done.abort());
}

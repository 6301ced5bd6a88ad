import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterIdentity, Kubernetes, Pod, Target, Workload } from '../clients/kubernetes/kubernetes.ts';
import { requireSources, type SourceChoice } from './sources.ts';
import { noPods } from './view.ts';

export interface Found {
  pods: Pod[];
  /** Null when it was not told in time. */
  identity: ClusterIdentity | null;
  workload: Workload | null;
}

/** What only adds to the answer may not keep anybody waiting longer. */
const PATIENCE = 3000;

/**
 * The pods of a service, with what the header says of them.
 * @throws NOT_FOUND when there is none, with what its workload wants, or none that the choice means; AUTH, UNAVAILABLE
 */
export async function findPods(request: {
  kubernetes: Kubernetes;
  service: { name: string; target: Target };
  choice: SourceChoice;
  now: () => number;
}): Promise<Found> {
  const { kubernetes, service, choice, now } = request;
  const { target } = service;
  const identity = inTime(kubernetes.whoAmI());
  const workload = inTime(kubernetes.workload(target));
  const pods = await kubernetes.pods(target);
  if (pods.length > 0) requireSources(pods, choice);
  if (pods.length > 0) return { pods, identity: await identity, workload: await workload };
  const events = (await inTime(kubernetes.events(target))) ?? [];
  throw noPods({ service: service.name, workload: await workload, events, target, now: now() });
}

/** Null for an answer that fails or comes too late: what is wrong with the cluster, the pods' own call tells. */
async function inTime<T>(answer: Promise<T>): Promise<T | null> {
  const done = new AbortController();
  const late = sleep(PATIENCE, null, { signal: done.signal }).catch(() => null);
  return Promise.race([answer.catch(() => null), late]).finally(() => done.abort());
}

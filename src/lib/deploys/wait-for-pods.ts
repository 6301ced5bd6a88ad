import type { Kubernetes, Target, Workload } from '../clients/kubernetes/kubernetes.ts';
import { OncallError } from '../errors.ts';
import { isCommit, sameCommit } from './deploy.ts';
import type { Clock } from './start-run.ts';

/** What the cluster runs of a service. */
export interface Standing {
  ready: number;
  desired: number;
  sha: string | null;
  /** It runs the commit that was wanted, with all its pods. */
  serving: boolean;
}

export interface PodsRequest {
  kubernetes: Kubernetes;
  target: Target;
  /** The commit that must be running. */
  sha: string;
  /** When to stop waiting, in milliseconds since 1970. */
  deadline: number;
  clock: Clock;
  onPods: (workload: Workload) => void;
}

/**
 * Waits until the cluster runs a commit with all its pods ready, or until the deadline.
 * @param cautions gets what could not be asked, in words
 * @returns null when the cluster did not answer
 * @throws INTERRUPTED
 */
export async function waitForPods(request: PodsRequest, cautions: string[]): Promise<Standing | null> {
  const { kubernetes, target, sha, clock, deadline, onPods } = request;
  const start = clock.now();
  for (;;) {
    let trouble: string | null = null;
    let pods: Standing | null = null;
    try {
      const workload = await kubernetes.workload(target);
      onPods(workload);
      pods = standing(workload, sha);
      if (pods.serving) return pods;
    } catch (error) {
      const mayPass = error instanceof OncallError && ['UNAVAILABLE', 'RATE_LIMITED'].includes(error.code);
      if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
      trouble = `The cluster does not say what it runs: ${error.message}`;
      if (!mayPass) {
        cautions.push(trouble);
        return null;
      }
    }
    if (clock.now() >= deadline) {
      if (trouble) cautions.push(trouble);
      return pods;
    }
    await clock.wait(clock.now() - start < 15_000 ? 1000 : 3000);
  }
}

/** Where the image's tag names no commit, that all pods are ready is all that can be seen. */
function standing({ revision, ready, desired, updated }: Workload, sha: string): Standing {
  const isTarget = revision === null || !isCommit(revision) || sameCommit(revision, sha);
  return { ready, desired, sha: revision, serving: isTarget && ready >= desired && updated >= desired };
}

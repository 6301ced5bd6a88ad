import type { Workload } from '../clients/kubernetes/kubernetes.ts';
import { type DeployRecord, isCommit, sameCommit } from './deploy.ts';

/** The cluster runs something else than what GitHub last recorded as deployed. Times are ISO 8601 UTC; absent is null. */
export interface Drift {
  runs: string;
  recorded: string;
  recordedAt: string;
  /** Set when it was put back with `oncall revert --via rollout`; otherwise somebody changed the cluster by hand. */
  rolledBack: { by: string; at: string; reason: string } | null;
}

/**
 * Whether the cluster has gone another way than the record. A deploy that is going out, or that failed on the way, explains
 * the difference by itself.
 * @param records newest first, as GitHub tells them
 * @param runs the commit that the cluster runs
 */
export function findDrift(
  records: readonly Pick<DeployRecord, 'sha' | 'state' | 'succeededAt'>[],
  runs: string | null,
  workload: Workload | null,
): Drift | null {
  if (!workload || !runs || !isCommit(runs)) return null;
  const [latest] = records;
  const recorded = records.find(({ state }) => state === 'succeeded');
  if (!latest || !recorded?.succeededAt || latest.state === 'running') return null;
  if (sameCommit(latest.sha, runs) || sameCommit(recorded.sha, runs)) return null;
  const { rolledBack } = workload;
  return {
    runs,
    recorded: recorded.sha,
    recordedAt: recorded.succeededAt,
    rolledBack: rolledBack && { by: rolledBack.by, at: rolledBack.at, reason: rolledBack.reason },
  };
}

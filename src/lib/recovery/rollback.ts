import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes, Workload } from '../clients/kubernetes/kubernetes.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';
import { type Hold, readHold, setHold } from '../deploys/hold.ts';
import type { Clock } from '../deploys/start-run.ts';
import { OncallError } from '../errors.ts';
import { inTime } from '../store/fallback.ts';
import { type Proof, proveRecovery } from './revert-proof.ts';
import type { RollbackPlan } from './rollback-plan.ts';
import type { AlertSample } from './watch-alert.ts';

/** How long GitHub, which is likely to be away, is waited for. */
const HOLD_PATIENCE = 5000;

export interface RollbackTools {
  service: Service;
  github: GitHub;
  kubernetes: Kubernetes;
  prometheus: Prometheus | null;
  alert: { expr: string; rule: string } | null;
  clock: Clock;
  signal: AbortSignal;
  /** Watch the recovery; otherwise it ends once the cluster has taken the change. */
  follow: boolean;
  /** How long to wait for the recovery, in milliseconds. */
  verifyFor: number;
  onEvent: (event: RollbackEvent) => void | Promise<void>;
}

export type RollbackEvent =
  | { kind: 'put back' }
  | { kind: 'held'; hold: Hold }
  | { kind: 'not held'; why: string }
  | { kind: 'pods'; workload: Workload }
  | { kind: 'alert'; sample: AlertSample };

/** What became of it. */
export interface RollbackOutcome {
  hold: Hold | null;
  /** Null when nobody waited. */
  proof: Proof | null;
}

/**
 * Puts the revision back in the cluster, once; holds deploys if GitHub answers; and watches the service recover.
 * @throws NOT_VERIFIED when it is not known whether the cluster took it; INTERRUPTED; what the cluster says
 */
export async function carryOutRollback(plan: RollbackPlan, tools: RollbackTools): Promise<RollbackOutcome> {
  const { clock, onEvent } = tools;
  const startedAt = clock.now();
  await putBack(plan, tools);
  try {
    await onEvent({ kind: 'put back' });
    const hold = await holdDeploys(plan, tools);
    if (!tools.follow) return { hold, proof: null };
    const proof = await proveRecovery({
      ...tools,
      sha: plan.goal ?? '',
      startedAt,
      deadline: clock.now() + tools.verifyFor,
      onPods: (workload) => void onEvent({ kind: 'pods', workload }),
      onSample: (sample) => void onEvent({ kind: 'alert', sample }),
    });
    return { hold, proof };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code !== 'INTERRUPTED') throw error;
    throw new OncallError('You stopped watching. The cluster has taken the earlier revision.', {
      code: 'INTERRUPTED',
      hint: 'See whether it helped with `oncall now`.',
    });
  }
}

async function putBack({ prepared, to, service }: RollbackPlan, tools: RollbackTools): Promise<void> {
  const { kubernetes } = tools;
  if (!prepared || !to) throw new OncallError('This plan has nothing to carry out.', { code: 'BUG' });
  try {
    await kubernetes.change(prepared);
  } catch (error) {
    if (!(error instanceof OncallError)) throw error;
    if (error.code === 'FAILED' && /testing value|test failed|testing/.test(error.message)) {
      throw new OncallError(`Something else was deployed to ${service} meanwhile, so nothing was put back.`, {
        code: 'REFUSED',
        hint: `Look what runs now: \`oncall deploys ${service}\``,
      });
    }
    if (error.code !== 'UNAVAILABLE') throw error;
    const now = await kubernetes.workload(tools.service.target).catch(() => null);
    if (now?.image === to.image) return;
    throw new OncallError(`It is not known whether the cluster took the change: ${error.message}`, {
      code: 'NOT_VERIFIED',
      hint: `Look before you try again: \`oncall deploys ${service}\``,
      cause: error.cause,
    });
  }
}

/** A hold that cannot be set is said, and is no surprise: GitHub is away. */
async function holdDeploys(
  { hold, repository }: RollbackPlan,
  { github, onEvent }: RollbackTools,
): Promise<Hold | null> {
  if (!hold || !repository) return null;
  try {
    const existing = await inTime(readHold(github, repository), HOLD_PATIENCE);
    if (!existing) await inTime(setHold(github, repository, hold), HOLD_PATIENCE);
    await onEvent({ kind: 'held', hold: existing ?? hold });
    return existing ?? hold;
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    await onEvent({ kind: 'not held', why: error.message });
    return null;
  }
}

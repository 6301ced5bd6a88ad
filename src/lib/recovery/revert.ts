import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes, Workload } from '../clients/kubernetes/kubernetes.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';
import { type FollowEvent, type Following, followRun } from '../deploys/follow-run.ts';
import { type Hold, setHold } from '../deploys/hold.ts';
import { type Clock, type StartedRun, startRun } from '../deploys/start-run.ts';
import type { FinishedRun } from '../deploys/watch-run.ts';
import { OncallError } from '../errors.ts';
import type { RevertPlan } from './revert-plan.ts';
import { type Proof, proveRecovery } from './revert-proof.ts';
import type { AlertSample } from './watch-alert.ts';

export interface RevertTools {
  service: Service;
  github: GitHub;
  kubernetes: Kubernetes | null;
  prometheus: Prometheus | null;
  alert: { expr: string; rule: string } | null;
  clock: Clock;
  signal: AbortSignal;
  /** Follow the run and prove the recovery; otherwise it ends once the run is started. */
  follow: boolean;
  /** How long to wait for the recovery after the run, in milliseconds. */
  verifyFor: number;
  /** Asked once for the environments that I may approve. Gives the comment, or null to leave it to others. */
  approval: Following['approval'];
  /** Told everything as it happens, so that nothing is lost when the user leaves; awaited. */
  onEvent: (event: RevertEvent) => void | Promise<void>;
}

export type RevertEvent =
  | { kind: 'started'; run: StartedRun; attached: boolean }
  | { kind: 'held'; hold: Hold }
  | { kind: 'not held'; why: string }
  | FollowEvent
  | { kind: 'ran'; seconds: number }
  | { kind: 'pods'; workload: Workload }
  | { kind: 'alert'; sample: AlertSample };

/** What became of a revert. */
export interface RevertOutcome {
  run: { id: number; url: string; conclusion: string | null; failedStep: string | null };
  /** True when a run was followed that was under way already, and nothing was started. */
  attached: boolean;
  hold: Hold | null;
  /** Null when nobody waited, or the run failed. */
  proof: Proof | null;
}

/**
 * Carries a plan out: starts its run (once, ever), sets the hold, follows the run to its end and watches the service
 * recover. Whoever leaves with Ctrl-C leaves the run alone.
 * @throws INTERRUPTED naming the run that goes on; NOT_VERIFIED when it is not known whether a run was started
 */
export async function carryOutRevert(plan: RevertPlan, tools: RevertTools): Promise<RevertOutcome> {
  const { github, clock, onEvent } = tools;
  const attached = plan.underWay !== null;
  const startedAt = plan.underWay ? Date.parse(plan.underWay.createdAt) : clock.now();
  const run = plan.underWay ?? (plan.run && (await startRun(github, plan.run, clock)));
  if (!run) throw new OncallError('This plan has nothing to carry out.', { code: 'BUG' });
  const started = { id: run.id, url: run.url };
  let phase: Phase = 'started';
  try {
    await onEvent({ kind: 'started', run: started, attached });
    const hold = await holdDeploys(plan, tools);
    const outcome = { run: { ...started, conclusion: null, failedStep: null }, attached, hold, proof: null };
    if (!tools.follow) return outcome;
    const finished = await follow(plan, tools, started);
    const told = { ...started, conclusion: finished.run.conclusion, failedStep: finished.failedStep };
    if (finished.run.conclusion !== 'success') return { ...outcome, run: told };
    phase = 'done';
    await onEvent({ kind: 'ran', seconds: Math.round((clock.now() - startedAt) / 1000) });
    return { ...outcome, run: told, proof: await prove(plan, tools, startedAt) };
  } catch (error) {
    throw leftAlone(error, { plan, url: run.url, phase });
  }
}

type Phase = 'started' | 'done';

/** A hold that cannot be set is said, and does not stop the revert. */
async function holdDeploys({ hold, repository }: RevertPlan, { github, onEvent }: RevertTools): Promise<Hold | null> {
  if (!hold.set) return hold.existing;
  try {
    await setHold(github, repository, hold.set);
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    await onEvent({ kind: 'not held', why: error.message });
    return null;
  }
  await onEvent({ kind: 'held', hold: hold.set });
  return hold.set;
}

function follow({ repository }: RevertPlan, tools: RevertTools, run: StartedRun): Promise<FinishedRun> {
  const { github, clock, approval, onEvent } = tools;
  return followRun(github, { repository, run, approval, onEvent }, clock);
}

function prove(plan: RevertPlan, tools: RevertTools, startedAt: number): Promise<Proof> {
  const { onEvent, clock } = tools;
  return proveRecovery({
    ...tools,
    sha: plan.goal ?? '',
    startedAt,
    deadline: clock.now() + tools.verifyFor,
    onPods: (workload) => void onEvent({ kind: 'pods', workload }),
    onSample: (sample) => void onEvent({ kind: 'alert', sample }),
  });
}

/** Whatever stops us from watching does not stop the run, and the user has to know where it goes on. */
function leftAlone(error: unknown, at: { plan: RevertPlan; url: string; phase: Phase }): unknown {
  if (!(error instanceof OncallError)) return error;
  const { plan, url, phase } = at;
  if (error.code === 'INTERRUPTED') {
    return phase === 'started'
      ? new OncallError(`You stopped watching; the revert goes on by itself: ${url}`, {
          code: 'INTERRUPTED',
          hint: `Watch it again with \`oncall revert ${plan.service}\`.`,
        })
      : new OncallError(`You stopped watching. The revert itself is done: ${url}`, {
          code: 'INTERRUPTED',
          hint: 'See whether it helped with `oncall now`.',
        });
  }
  return new OncallError(`The revert was started, and could not be followed to its end: ${url}. ${error.message}`, {
    code: 'NOT_VERIFIED',
    hint: `Watch it again with \`oncall revert ${plan.service}\`.`,
    cause: error.cause,
  });
}

import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes, Target, Workload } from '../clients/kubernetes/kubernetes.ts';
import { OncallError } from '../errors.ts';
import { formatDuration } from '../text/time.ts';
import { shortSha } from './deploy.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { type FollowEvent, type Following, followRun } from './follow-run.ts';
import { type Clock, type StartedRun, startRun } from './start-run.ts';
import { type Standing, waitForPods } from './wait-for-pods.ts';

export interface DeployTools {
  github: GitHub;
  kubernetes: Kubernetes | null;
  target: Target;
  clock: Clock;
  /** Follow the run and look what the cluster runs; otherwise it ends once the run is started. */
  follow: boolean;
  /** How long to wait for the cluster after the run, in milliseconds. */
  verifyFor: number;
  approval: Following['approval'];
  onEvent: (event: DeployEvent) => void | Promise<void>;
}

export type DeployEvent =
  | { kind: 'started'; run: StartedRun; attached: boolean }
  | FollowEvent
  | { kind: 'ran'; seconds: number }
  | { kind: 'pods'; workload: Workload };

/** What became of a deploy. */
export interface DeployOutcome {
  run: StartedRun & { conclusion: string | null; failedStep: string | null };
  attached: boolean;
  /** What the cluster runs; null when nobody waited, the run failed, or the cluster did not answer. */
  pods: Standing | null;
  cautions: string[];
}

/**
 * Carries a plan out: starts its run (once, ever), follows it to its end and looks that the cluster runs the commit.
 * Whoever leaves with Ctrl-C leaves the run alone.
 * @throws INTERRUPTED naming the run that goes on; NOT_VERIFIED when it is not known whether a run was started
 */
export async function carryOutDeploy(plan: DeployPlan, tools: DeployTools): Promise<DeployOutcome> {
  const { github, clock, onEvent } = tools;
  const startedAt = plan.underWay ? Date.parse(plan.underWay.createdAt) : clock.now();
  const started = plan.underWay ?? (plan.run && (await startRun(github, plan.run, clock)));
  if (!started) throw new OncallError('This plan has nothing to carry out.', { code: 'BUG' });
  const run = { id: started.id, url: started.url };
  try {
    await onEvent({ kind: 'started', run, attached: plan.underWay !== null });
    const outcome = { run: { ...run, conclusion: null, failedStep: null }, attached: plan.underWay !== null };
    if (!tools.follow) return { ...outcome, pods: null, cautions: [] };
    const { approval } = tools;
    const finished = await followRun(github, { repository: plan.repository, run, approval, onEvent }, clock);
    const told = { ...run, conclusion: finished.run.conclusion, failedStep: finished.failedStep };
    if (told.conclusion !== 'success') return { ...outcome, run: told, pods: null, cautions: [] };
    await onEvent({ kind: 'ran', seconds: Math.round((clock.now() - startedAt) / 1000) });
    return { ...outcome, run: told, ...(await look(plan, tools)) };
  } catch (error) {
    throw leftAlone(error, plan, run);
  }
}

async function look(plan: DeployPlan, tools: DeployTools): Promise<Pick<DeployOutcome, 'pods' | 'cautions'>> {
  const { kubernetes, target, clock, onEvent } = tools;
  const cautions: string[] = [];
  if (!kubernetes) return { pods: null, cautions: ['No cluster is configured, so what it runs could not be seen.'] };
  const deadline = clock.now() + tools.verifyFor;
  const onPods = (workload: Workload) => void onEvent({ kind: 'pods', workload });
  const pods = await waitForPods({ kubernetes, target, sha: plan.to.sha, deadline, clock, onPods }, cautions);
  return { pods, cautions };
}

function leftAlone(error: unknown, { service, to }: DeployPlan, { url }: StartedRun): unknown {
  if (!(error instanceof OncallError)) return error;
  const hint = `Watch it again with \`oncall deploy ${service} --ref ${shortSha(to.sha)}\`.`;
  if (error.code === 'INTERRUPTED')
    return new OncallError(`You stopped watching; the deploy goes on by itself: ${url}`, { code: 'INTERRUPTED', hint });
  return new OncallError(`The deploy was started, and could not be followed to its end: ${url}. ${error.message}`, {
    code: 'NOT_VERIFIED',
    hint,
    cause: error.cause,
  });
}

/**
 * The error that an outcome stands for; null when all is well.
 * FAILED: the run did not succeed. NOT_VERIFIED: it did, and the cluster does not run the commit.
 */
export function deployFailure(plan: DeployPlan, outcome: DeployOutcome, verifyFor: number): OncallError | null {
  const { service, repository, hold } = plan;
  const { run, pods } = outcome;
  if (run.conclusion === null) return null;
  if (run.conclusion !== 'success') {
    const what =
      run.conclusion === 'cancelled'
        ? 'was cancelled (a newer run in its queue does that, too)'
        : `ended with ${run.conclusion}`;
    const step = run.failedStep ? ` at "${run.failedStep}"` : '';
    const held = hold ? ` Deploys are on hold, which may be why: \`oncall release ${service}\` ends that.` : '';
    return new OncallError(`The deploy of ${service} did not go through: its run ${what}${step}. ${run.url}`, {
      code: 'FAILED',
      hint: `Read why with \`gh run view ${run.id} -R ${repository} --log-failed\`.${held}`,
    });
  }
  if (pods?.serving) return null;
  const seen = pods
    ? `the cluster does not run it fully: ${pods.ready} of ${pods.desired} pods ready${pods.sha ? `, on ${shortSha(pods.sha)}` : ''}`
    : 'what the cluster runs could not be seen';
  return new OncallError(`The run succeeded, but after ${formatDuration(verifyFor)} ${seen}.`, {
    code: 'NOT_VERIFIED',
    hint: `Look at it with \`oncall logs ${service}\`, or go back with \`oncall revert ${service}\`.`,
  });
}

import type { Commit, CommitChecks, Comparison, GitHub, WorkflowRun } from '../clients/github/github.ts';
import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import { plain } from '../text/plain.ts';
import type { ApiCall } from './api-call.ts';
import { type Deploy, type Disturbance, isCommit, sameCommit, shortSha } from './deploy.ts';
import { type DeployWarning, deployWarnings } from './deploy-warnings.ts';
import { type DeployHistory, type RunningNow, readHistory } from './history.ts';
import { HOLD_VARIABLE, type Hold, readHold } from './hold.ts';
import { openRuns, runUnderWay } from './open-runs.ts';
import { OVERRIDE_INPUT, OVERRIDE_YES } from './override.ts';
import { commitOfRun } from './records.ts';
import { repositoryOf } from './repository.ts';
import { type RunRequest, startRunCall } from './start-run.ts';

const LOOKED_BACK = 20;
const LONGEST_REASON = 200;

export interface DeployRequest {
  service: Service;
  github: GitHub;
  kubernetes: Kubernetes | null;
  /** Branch, tag or commit; null for the default branch. */
  ref: string | null;
  reason: string | null;
  /** Pass a hold on purpose. */
  override: boolean;
  /** Title of the open incident that this is part of. */
  incident: string | null;
  onset: number | null;
  disturbances: readonly Disturbance[] | null;
  /** Who does it. */
  by: string;
  randomId: () => string;
  /** The run that this machine started last for the service: GitHub's lists may not show it yet. */
  lastRun: number | null;
  now: number;
}

/** What a deploy would do. Times are ISO 8601 UTC; absent is null. */
export interface DeployPlan {
  service: string;
  repository: string;
  workflow: string;
  /** What runs now, and the deploy that brought it. */
  from: { now: RunningNow; deploy: Deploy | null } | null;
  /** The commit that goes out, and the branch, tag or commit that was named. */
  to: Commit & { ref: string };
  /** Why there is nothing to deploy. */
  nothing: string | null;
  /** What goes out; null when GitHub did not tell. */
  between: Pick<Comparison, 'status' | 'pulls' | 'commits' | 'url' | 'truncated'> | null;
  checks: CommitChecks;
  warnings: DeployWarning[];
  /** A deploy of this commit that runs already: it is followed, and nothing is started. */
  underWay: WorkflowRun | null;
  hold: Hold | null;
  /** Why the hold cannot be passed even on purpose. */
  stuck: string | null;
  reason: string;
  run: RunRequest | null;
  cautions: string[];
}

/**
 * Looks at everything that a deploy depends on, and changes nothing.
 * @throws CONFIG without a repository; NOT_FOUND for the ref; what GitHub says
 */
export async function planDeploy(request: DeployRequest): Promise<DeployPlan> {
  const { service, github, lastRun, now } = request;
  const repository = repositoryOf(service);
  const branch = await github.defaultBranch(repository);
  const { workflows } = service;
  const [to, history, deployRuns, revertRuns, hold] = await Promise.all([
    github.commit(repository, request.ref ?? branch),
    readPast(request),
    openRuns(github, { repository, workflow: workflows.deploy, known: lastRun }),
    openRuns(github, { repository, workflow: workflows.revert }),
    readHold(github, repository),
  ]);
  const from = history.now && { now: history.now, deploy: history.deploys.find(({ current }) => current) ?? null };
  const underWay = runUnderWay(
    deployRuns.filter((run) => sameCommit(commitOfRun(run), to.sha)),
    now,
  );
  const runsNow = sameCommit(history.now?.sha ?? null, to.sha) && history.now?.from === 'cluster';
  const nothing = runsNow && !underWay ? `${service.name} already runs ${shortSha(to.sha)}.` : null;
  const [comparison, checks] = await Promise.all([
    compare(github, { repository, from: history.now?.sha ?? null, to: to.sha }),
    github.checks(repository, to.sha),
  ]);
  const reason = plain(request.reason ?? `Deployed by ${request.by}`).slice(0, LONGEST_REASON);
  const pass = hold && request.override ? await mayPass(github, repository, workflows.deploy) : null;
  const starts = !underWay && nothing === null;
  return {
    service: service.name,
    repository,
    workflow: workflows.deploy,
    from,
    to: { ...to, ref: request.ref ?? branch },
    nothing,
    between: comparison,
    checks,
    warnings: starts
      ? deployWarnings({
          target: to,
          history,
          comparison,
          checks,
          runsAhead: [...deployRuns, ...revertRuns],
          passing: hold && request.override ? passedHold(hold) : null,
          incident: request.incident,
          now,
        })
      : [],
    underWay,
    hold,
    stuck: pass?.stuck ?? null,
    reason,
    run: starts ? runRequest(request, { repository, branch, sha: to.sha, reason, more: pass?.input ?? {} }) : null,
    cautions: history.cautions,
  };
}

function runRequest(
  { service: { workflows }, randomId }: DeployRequest,
  to: { repository: string; branch: string; sha: string; reason: string; more: Record<string, string> },
): RunRequest {
  const nonce = `oncall-${randomId()}`;
  const { shaInput, reasonInput, nonceInput } = workflows;
  return {
    repository: to.repository,
    workflow: workflows.deploy,
    ref: workflows.ref ?? to.branch,
    inputs: { [shaInput]: to.sha, [reasonInput]: to.reason, [nonceInput]: nonce, ...to.more },
    nonce,
  };
}

/** The very calls that carrying out the plan makes, for `--dry-run`. */
export function deployCalls({ run }: DeployPlan): ApiCall[] {
  return run ? [startRunCall(run)] : [];
}

/**
 * Refuses what the hold forbids. `--yes` is no answer to it; only `--override-hold` with a reason is.
 * @param holdWords who holds, why and until when
 * @throws REFUSED naming the hold and the command that releases it; USAGE for an override without a reason
 */
export function respectHold(plan: DeployPlan, asked: { override: boolean; reason: boolean; holdWords: string }): void {
  const { service, hold, stuck, nothing, underWay } = plan;
  if (!hold || underWay || nothing !== null) return;
  const release = `\`oncall release ${service}\``;
  if (!asked.override) {
    throw new OncallError(`Deploys of ${service} are on hold, ${asked.holdWords}`, {
      code: 'REFUSED',
      hint: `Ask them, then end it with ${release}. To deploy all the same: \`oncall deploy ${service} --ref ${plan.to.ref} --override-hold --reason "…"\``,
    });
  }
  if (!asked.reason) {
    throw new OncallError('Passing a hold needs a reason, which the incident’s timeline will show.', {
      code: 'USAGE',
      hint: `Say it: \`oncall deploy ${service} --override-hold --reason "…"\``,
    });
  }
  if (stuck) throw new OncallError(stuck, { code: 'REFUSED', hint: `End the hold first: ${release}` });
}

function passedHold({ by, reason }: Hold): string {
  return `by ${plain(by ?? 'somebody')}${reason ? ` (${plain(reason)})` : ''}`;
}

/** How a hold is passed: the workflow reads it too, and only an input of its own lets a deploy through. */
async function mayPass(
  github: GitHub,
  repository: string,
  workflow: string,
): Promise<{ stuck: string | null; input: Record<string, string> }> {
  const text = await github.file(repository, `.github/workflows/${workflow}`);
  if (text === null) return { stuck: null, input: {} };
  const { holdGate, takesOverride } = await import('./hold-gate.ts');
  if (takesOverride(text)) return { stuck: null, input: { [OVERRIDE_INPUT]: OVERRIDE_YES } };
  if (holdGate(text, HOLD_VARIABLE).stops === false) return { stuck: null, input: {} };
  return {
    stuck: `${workflow} stops by itself while deploys are on hold, and has no input \`${OVERRIDE_INPUT}\`.`,
    input: {},
  };
}

function readPast({ service, github, kubernetes, disturbances, onset, now }: DeployRequest): Promise<DeployHistory> {
  return readHistory({ service, github, kubernetes, limit: LOOKED_BACK, disturbances, onset, now, patience: null });
}

async function compare(
  github: GitHub,
  { repository, from, to }: { repository: string; from: string | null; to: string },
): Promise<Comparison | null> {
  if (!from || !isCommit(from)) return null;
  return github.compare(repository, { base: from, head: to }).catch((error: unknown) => {
    if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
    throw error;
  });
}

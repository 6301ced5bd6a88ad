import type { Comparison, GitHub, WorkflowRun } from '../clients/github/github.ts';
import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Service } from '../config/config.ts';
import type { ApiCall } from '../deploys/api-call.ts';
import { type Deploy, isCommit, sameCommit, shortSha } from '../deploys/deploy.ts';
import { type DeployHistory, type RunningNow, readHistory } from '../deploys/history.ts';
import { type Hold, holdIsRead, readHold, setHoldCall } from '../deploys/hold.ts';
import { openRuns, runUnderWay } from '../deploys/open-runs.ts';
import { commitOfRun } from '../deploys/records.ts';
import { repositoryOf } from '../deploys/repository.ts';
import { type RunRequest, startRunCall } from '../deploys/start-run.ts';
import { effectiveAt } from '../deploys/suspects.ts';
import { OncallError } from '../errors.ts';
import { shortId } from '../incidents/choose-incident.ts';
import { plain } from '../text/plain.ts';
import type { Scope } from './revert-scope.ts';
import { candidates, chooseTarget } from './revert-target.ts';
import { type RevertWarning, revertWarnings } from './revert-warnings.ts';

const FIRST_LOOK = 20;
const DEEP_LOOK = 100;
const LONGEST_REASON = 200;

export interface PlanRequest {
  scope: Scope & { service: Service };
  github: GitHub;
  kubernetes: Kubernetes | null;
  /** Beginning of the commit to go back to; null for the last good one. */
  to: string | null;
  reason: string | null;
  /** How long to hold deploys afterwards, in milliseconds; null for no hold. */
  holdFor: number | null;
  /** Who does it, as the hold will say. */
  by: string;
  randomId: () => string;
  /** The run that this machine started last in the service's repository: GitHub's lists may not show it yet. */
  lastRun: number | null;
  now: number;
}

/** What a revert would do. Times are ISO 8601 UTC; absent is null. */
export interface RevertPlan {
  service: string;
  repository: string;
  workflow: string;
  /** What runs now, and the deploy that brought it; null where that is not known. */
  from: { now: RunningNow; deploy: Deploy | null } | null;
  /** The deploy to go back to; null when there is nothing to revert, or no deploy is known of the run that is under way. */
  to: Deploy | null;
  /** The commit to go back to; null when there is nothing to revert. */
  goal: string | null;
  /** Why there is nothing to revert. */
  nothing: string | null;
  /** What the revert takes out; null when GitHub did not tell. */
  between: Pick<Comparison, 'pulls' | 'commits' | 'url' | 'truncated'> | null;
  warnings: RevertWarning[];
  /** A revert that already runs: it is followed, and nothing is started. */
  underWay: WorkflowRun | null;
  /** When the trouble began; null without an incident. */
  onset: string | null;
  reason: string;
  /** The run to start; null when none is. */
  run: RunRequest | null;
  hold: PlannedHold;
  /** The next commit to go back to, should this one not help. */
  further: string | null;
  cautions: string[];
}

export interface PlannedHold {
  /** What will be set; null when no hold is wanted or one is there already. */
  set: Hold | null;
  /** What is set now. */
  existing: Hold | null;
  /** Whether the deploy workflow reads it; null when that could not be seen. */
  isRead: boolean | null;
}

/**
 * Looks at everything a revert depends on, and changes nothing.
 * @throws CONFIG without a repository; REFUSED, AMBIGUOUS, NOT_FOUND for the target; what GitHub says
 */
export async function planRevert(request: PlanRequest): Promise<RevertPlan> {
  const { scope, github, to } = request;
  const { service } = scope;
  const repository = repositoryOf(service);
  const [history, deployRuns, revertRuns, hold, ref] = await Promise.all([
    readPast(request),
    openRuns(github, { repository, workflow: service.workflows.deploy }),
    openRuns(github, { repository, workflow: service.workflows.revert, known: request.lastRun }),
    lookAtHold(github, service, repository),
    service.workflows.ref ?? github.defaultBranch(repository),
  ]);
  const reason = request.reason ?? defaultReason(request);
  const underWay = runUnderWay(revertRuns, request.now);
  const fromDeploy = history.deploys.find(({ current }) => current) ?? null;
  const base = {
    service: service.name,
    repository,
    workflow: service.workflows.revert,
    from: history.now && { now: history.now, deploy: fromDeploy },
    onset: scope.onset === null ? null : new Date(scope.onset).toISOString(),
    reason,
    underWay,
    cautions: [...scope.cautions, ...history.cautions],
  };
  const none = { between: null, warnings: [], run: null, hold: { ...hold, set: null }, further: null };
  if (underWay) return { ...base, ...none, ...goalOf(underWay, history, to) };
  const target = chooseTarget(history, to);
  if (!target.deploy) return { ...base, ...none, to: null, goal: null, nothing: target.nothing };
  const comparison = await compare(github, { repository, from: history.now?.sha ?? null, to: target.deploy.sha });
  return {
    ...base,
    to: target.deploy,
    goal: target.deploy.sha,
    nothing: null,
    between: comparison,
    warnings: revertWarnings({
      history,
      comparison,
      targetAt: effectiveAt(target.deploy),
      currentAt: fromDeploy && effectiveAt(fromDeploy),
      onset: scope.onset,
      hasAlert: scope.alert !== null,
      runsAhead: deployRuns,
      now: request.now,
    }),
    run: runRequest(service, {
      repository,
      ref,
      sha: target.deploy.sha,
      reason,
      nonce: `oncall-${request.randomId()}`,
    }),
    hold: { ...hold, set: hold.existing ? null : newHold(request, reason) },
    further: furtherBack(history, target.deploy),
  };
}

/** The very calls that carrying out the plan makes, for `--dry-run`. */
export function plannedCalls({ run, hold, repository }: RevertPlan): ApiCall[] {
  const calls = run ? [startRunCall(run)] : [];
  return hold.set ? [...calls, setHoldCall(repository, hold.set, hold.existing)] : calls;
}

function readPast({ scope, github, kubernetes, to, now }: PlanRequest): Promise<DeployHistory> {
  const { service, disturbances, onset } = scope;
  const limit = to ? DEEP_LOOK : FIRST_LOOK;
  return readHistory({ service, github, kubernetes, limit, disturbances, onset, now, patience: null });
}

function orInterruption(error: unknown): null {
  if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
  throw error;
}

async function lookAtHold(github: GitHub, service: Service, repository: string): Promise<Omit<PlannedHold, 'set'>> {
  const [existing, isRead] = await Promise.all([
    readHold(github, repository).catch(orInterruption),
    holdIsRead(github, repository, service.workflows.deploy),
  ]);
  return { existing, isRead };
}

/** Where the run that is under way leads. @throws REFUSED when that is not where the user wants to go */
function goalOf(
  run: WorkflowRun,
  history: DeployHistory,
  to: string | null,
): Pick<RevertPlan, 'to' | 'goal' | 'nothing'> {
  const sha = commitOfRun(run);
  const deploy = history.deploys.find((one) => sameCommit(one.sha, sha)) ?? null;
  if (to && !sha.startsWith(to.toLowerCase())) {
    throw new OncallError(`Another revert, to ${shortSha(sha)}, is already under way: ${run.url}`, {
      code: 'REFUSED',
      hint: `Wait for it with \`oncall revert ${history.service}\`, or stop it first: \`gh run cancel ${run.id} -R ${history.repository}\``,
    });
  }
  return { to: deploy, goal: deploy?.sha ?? sha, nothing: null };
}

async function compare(
  github: GitHub,
  { repository, from, to }: { repository: string; from: string | null; to: string },
): Promise<Comparison | null> {
  if (!from || !isCommit(from)) return null;
  return github.compare(repository, { base: to, head: from }).catch(orInterruption);
}

/** @throws FAILED when only a part of the commit's name is known: a workflow's checkout takes that for a branch */
function runRequest(
  { workflows }: Service,
  {
    repository,
    ref,
    sha,
    reason,
    nonce,
  }: { repository: string; ref: string; sha: string; reason: string; nonce: string },
): RunRequest {
  if (sha.length !== 40 || !isCommit(sha)) {
    throw new OncallError(`The full name of commit ${sha} could not be found, and the workflow needs it.`, {
      code: 'FAILED',
      hint: `Look for it with \`gh browse ${sha} -R ${repository}\`, then name it with --to.`,
    });
  }
  const inputs = { [workflows.shaInput]: sha, [workflows.reasonInput]: reason, [workflows.nonceInput]: nonce };
  return { repository, workflow: workflows.revert, ref, inputs, nonce };
}

function defaultReason({ scope: { incident }, by }: PlanRequest): string {
  const reason = incident ? `${incident.title} (${shortId(incident.id)})` : `Reverted by ${by}`;
  return plain(reason).slice(0, LONGEST_REASON);
}

function newHold({ holdFor, scope, by, now }: PlanRequest, reason: string): Hold | null {
  if (holdFor === null) return null;
  const [since, until] = [now, now + holdFor].map((at) => new Date(at).toISOString()) as [string, string];
  return { service: scope.service.name, reason, by, since, until };
}

function furtherBack(history: DeployHistory, target: Deploy): string | null {
  const older = candidates(history).filter(
    (one) => effectiveAt(one) < effectiveAt(target) && !sameCommit(one.sha, target.sha),
  );
  return older[0] ? shortSha(older[0].sha) : null;
}

import type { RevisionSpec } from '../catalog.ts';
import { ACTIONS_BOT } from './accounts.ts';
import { runPage } from './commands.ts';
import type { DeploymentState } from './deployments.ts';
import type { Commit } from './history.ts';
import type { Repository } from './repository.ts';
import type { Job, Run } from './run.ts';
import { readWorkflow, type Workflow } from './workflow.ts';
import { CI_WORKFLOW, DEPLOY_WORKFLOW } from './workflow-files.ts';

const SECOND = 1_000;
/** How long before its success a deploy's run was created, began, announced its deployment and set the image. */
const CREATED = 31 * SECOND;
const STARTED = 26 * SECOND;
const ANNOUNCED = 20 * SECOND;
const GOING_OUT = 17 * SECOND;
const CI_TAKES = 148 * SECOND;

/** Steps that an ordinary run skips. */
const SKIPPED = new Set(['Read the hold', 'Report failure']);

function finish(job: Job, times: { names: readonly string[]; from: number; until: number }): void {
  const { names, from, until } = times;
  job.steps = names.map((name, i) => ({
    number: i + 1,
    name,
    status: 'completed',
    conclusion: SKIPPED.has(name) ? 'skipped' : 'success',
    startedAt: from + ((until - from) * i) / names.length,
    completedAt: from + ((until - from) * (i + 1)) / names.length,
  }));
  Object.assign(job, { status: 'completed', conclusion: 'success', startedAt: from, completedAt: until });
}

function conclude(repository: Repository, run: Run, times: { from: number; until: number }): void {
  const [definition] = readWorkflow(repository.files.get(run.workflow.path) ?? '').jobs;
  if (!definition) return;
  const job = repository.runs.newJob(run, definition, run.createdAt);
  const { steps } = definition;
  const posts = steps.filter((step) => step.uses).map((step) => `Post ${step.name}`);
  finish(job, { ...times, names: ['Set up job', ...steps.map((step) => step.name), ...posts, 'Complete job'] });
  Object.assign(run, { status: 'completed', conclusion: 'success', updatedAt: times.until });
}

function workflow(repository: Repository, path: string): Workflow {
  return repository.workflows.find((one) => one.path === path) as Workflow;
}

/** Writes the CI run of a commit's push into the past. */
export function recordCi(repository: Repository, commit: Commit): void {
  const from = commit.at + 6 * SECOND;
  const request = { workflow: workflow(repository, CI_WORKFLOW), event: 'push', inputs: {} } as const;
  const run = repository.runs.enlist({ ...request, actor: commit.author, headSha: commit.sha }, commit.at + SECOND);
  conclude(repository, run, { from, until: from + CI_TAKES });
}

/** Writes a deploy that went well into the past: the run of deploy.yml, and the deployment with its statuses. */
export function recordDeploy(
  repository: Repository,
  commit: Commit,
  spec: RevisionSpec & { deployedAt: number },
): void {
  const done = spec.deployedAt;
  const inputs = { sha: commit.sha, reason: '', nonce: '' };
  const request = { workflow: workflow(repository, DEPLOY_WORKFLOW), event: 'workflow_dispatch', inputs } as const;
  const head = repository.history.head;
  const run = repository.runs.enlist({ ...request, actor: commit.author, headSha: head.sha }, done - CREATED);
  conclude(repository, run, { from: done - STARTED, until: done + 3 * SECOND });
  const deployment = repository.deployments.create({
    ref: commit.sha,
    creator: ACTIONS_BOT,
    description: '',
    autoMerge: false,
    at: done - ANNOUNCED,
  });
  const logUrl = runPage(repository.service, run.id);
  const told: [DeploymentState, number][] = [
    ['queued', done - ANNOUNCED + SECOND],
    ['in_progress', done - GOING_OUT],
    ['success', done],
  ];
  for (const [state, at] of told)
    repository.deployments.report(deployment, { state, creator: ACTIONS_BOT, logUrl, at });
}

import type { Repository } from '../../../world/repositories/repository.ts';
import { type Job, jobsOf, type Run } from '../../../world/repositories/run.ts';
import type { Workflow } from '../../../world/repositories/workflow.ts';
import { type Addresses, addressesOf, nodeId, timeOrNull, timeText } from '../addresses.ts';
import { gitCommitBody } from './commit-body.ts';
import { minimalRepositoryBody } from './repository-body.ts';
import { userBody } from './user-body.ts';

/** A workflow, as lists and its own page show it. */
export function workflowBody(repository: Repository, workflow: Workflow, at: Addresses) {
  const here = addressesOf(repository, at);
  return {
    id: workflow.id,
    node_id: nodeId('W', repository.id, workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: workflow.state,
    created_at: timeText(workflow.createdAt),
    updated_at: timeText(workflow.updatedAt),
    url: `${here.api}/actions/workflows/${workflow.id}`,
    html_url: `${here.html}/blob/main/${workflow.path}`,
    badge_url: `${here.html}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  };
}

/** Where a run is found: what a dispatch with `return_run_details` answers. */
export function dispatchBody(repository: Repository, run: Run, at: Addresses) {
  const here = addressesOf(repository, at);
  return {
    workflow_run_id: run.id,
    run_url: `${here.api}/actions/runs/${run.id}`,
    html_url: `${here.html}/actions/runs/${run.id}`,
  };
}

function headCommitBody(repository: Repository, run: Run, here: Addresses) {
  const head = repository.history.resolve(run.headSha);
  if (!head) return null;
  const { author, committer } = gitCommitBody(head, here);
  return {
    id: head.sha,
    tree_id: head.tree,
    message: head.message,
    timestamp: timeText(head.at),
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
  };
}

/** A run of a workflow. */
export function runBody(repository: Repository, run: Run, at: Addresses) {
  const here = addressesOf(repository, at);
  const url = `${here.api}/actions/runs/${run.id}`;
  const suite = `${here.api}/check-suites/${run.suite}`;
  const inside = minimalRepositoryBody(repository, at);
  return {
    id: run.id,
    name: run.workflow.name,
    node_id: nodeId('WFR', repository.id, run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.workflow.path,
    display_title: run.title,
    run_number: run.number,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflow.id,
    check_suite_id: run.suite,
    check_suite_node_id: nodeId('CS', repository.id, run.suite),
    url,
    html_url: `${here.html}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: timeText(run.createdAt),
    updated_at: timeText(run.updatedAt),
    actor: userBody(run.actor, at),
    run_attempt: run.attempt,
    referenced_workflows: [],
    run_started_at: timeText(run.startedAt),
    triggering_actor: userBody(run.triggeringActor, at),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: suite,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${here.api}/actions/workflows/${run.workflow.id}`,
    head_commit: headCommitBody(repository, run, here),
    repository: inside,
    head_repository: inside,
  };
}

/** A job of a run. The numbers that say which runner took it are null until one has. */
export function jobBody(repository: Repository, about: { run: Run; job: Job }, at: Addresses) {
  const { run, job } = about;
  const here = addressesOf(repository, at);
  const url = `${here.api}/actions/jobs/${job.id}`;
  const isPicked = job.steps.length > 0;
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.workflow.name,
    head_branch: run.headBranch,
    run_url: `${here.api}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: nodeId('CR', repository.id, job.id),
    head_sha: run.headSha,
    url,
    html_url: `${here.html}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: timeText(job.createdAt),
    started_at: timeText(job.startedAt),
    completed_at: timeOrNull(job.completedAt),
    name: job.name,
    steps: job.steps.map((step) => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: step.number,
      started_at: timeOrNull(step.startedAt),
      completed_at: timeOrNull(step.completedAt),
    })),
    check_run_url: `${here.api}/check-runs/${job.id}`,
    labels: ['ubuntu-latest'],
    runner_id: isPicked ? (job.id % 900) + 1 : null,
    runner_name: isPicked ? `GitHub Actions ${(job.id % 900) + 1}` : null,
    runner_group_id: isPicked ? 0 : null,
    runner_group_name: isPicked ? 'GitHub Actions' : null,
  };
}

/** The jobs that a list shows: those of the latest attempt, or of all. */
export function jobsShown(run: Run, filter: string | null): Job[] {
  return filter === 'all' ? [...run.jobs].reverse() : jobsOf(run, run.attempt);
}

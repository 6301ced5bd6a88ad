import { notFound, Refusal } from '../../../world/repositories/refusal.ts';
import { type Job, jobsOf, type Run } from '../../../world/repositories/run.ts';
import { deploymentBody, environmentReference, reviewerBodies } from '../bodies/deployment-body.ts';
import { jobBody, jobsShown, runBody } from '../bodies/run-body.ts';
import type { RepositoryCall } from '../call.ts';
import type { RepositoryOperation } from '../operation.ts';
import { readBody, textOf } from '../request-body.ts';
import type { Need } from '../tokens.ts';
import { listRuns } from './run-listing.ts';

const READ: Need = { permission: 'actions', level: 'read' };
const WRITE: Need = { permission: 'actions', level: 'write' };
const APPROVE: Need = { permission: 'deployments', level: 'write' };
const PAGE = 'actions/workflow-runs';
const ONE = '/actions/runs/:run_id';

/** Runs an operation on the run that the path names. */
function onRun(act: (about: RepositoryCall, run: Run) => void): RepositoryOperation['run'] {
  return (about) => {
    const run = about.repository.runs.find(Number(about.call.param('run_id')));
    if (run) act(about, run);
    else throw notFound();
  };
}

function jobs(about: RepositoryCall, run: Run, shown: readonly Job[]): void {
  const { call, repository } = about;
  call.counted(shown, (job) => jobBody(repository, { run, job }, call.at), { key: 'jobs', repository });
}

function getJob({ call, repository }: RepositoryCall): void {
  const id = Number(call.param('job_id'));
  for (const run of repository.runs.listed) {
    const job = run.jobs.find((one) => one.id === id);
    if (!job) continue;
    call.json(200, jobBody(repository, { run, job }, call.at));
    return;
  }
  throw notFound();
}

function pending({ call, repository, caller }: RepositoryCall, run: Run): void {
  const bodies = repository.runs.pendingApprovals(run).map((approval) => ({
    environment: environmentReference(repository, approval.environment, call.at),
    wait_timer: 0,
    wait_timer_started_at: null,
    current_user_can_approve: approval.canApprove(caller.account.login),
    reviewers: reviewerBodies(approval.environment, call.at),
  }));
  call.json(200, bodies);
}

function review({ call, repository, caller }: RepositoryCall, run: Run): void {
  const shape = { environment_ids: 'array!', state: 'string!', comment: 'string!' } as const;
  const body = readBody(call.exchange, shape);
  const state = textOf(body, 'state');
  if (state !== 'approved' && state !== 'rejected') {
    throw new Refusal('invalid', `Invalid request.\n\nstate is not a member of ["approved", "rejected"].`);
  }
  const environmentIds = (body['environment_ids'] as unknown[]).map(Number);
  const comment = textOf(body, 'comment') ?? '';
  const approval = repository.runs.review(run, { environmentIds, state, comment, reviewer: caller.account });
  call.json(200, [deploymentBody(repository, approval.deployment, call.at)]);
}

const cancel = onRun(({ call, repository }, run) => {
  repository.runs.cancel(run);
  call.json(202, {});
});

const rerun = onRun(({ call, repository, caller }, run) => {
  repository.runs.rerun(run, caller.account);
  call.json(201, {});
});

/** Workflow runs and their jobs: to follow, to stop, to repeat and to approve. */
export const runOperations: readonly RepositoryOperation[] = [
  {
    method: 'GET',
    path: '/actions/runs',
    docs: `${PAGE}#list-workflow-runs-for-a-repository`,
    needs: READ,
    run: (about) => listRuns(about, () => true),
  },
  {
    method: 'GET',
    path: ONE,
    docs: `${PAGE}#get-a-workflow-run`,
    needs: READ,
    run: onRun(({ call, repository }, run) => call.json(200, runBody(repository, run, call.at))),
  },
  {
    method: 'GET',
    path: `${ONE}/jobs`,
    docs: 'actions/workflow-jobs#list-jobs-for-a-workflow-run',
    needs: READ,
    run: onRun((about, run) => jobs(about, run, jobsShown(run, about.call.query('filter')))),
  },
  {
    method: 'GET',
    path: `${ONE}/attempts/:attempt/jobs`,
    docs: 'actions/workflow-jobs#list-jobs-for-a-workflow-run-attempt',
    needs: READ,
    run: onRun((about, run) => jobs(about, run, jobsOf(run, Number(about.call.param('attempt'))))),
  },
  {
    method: 'GET',
    path: '/actions/jobs/:job_id',
    docs: 'actions/workflow-jobs#get-a-job-for-a-workflow-run',
    needs: READ,
    run: getJob,
  },
  { method: 'POST', path: `${ONE}/cancel`, docs: `${PAGE}#cancel-a-workflow-run`, needs: WRITE, run: cancel },
  { method: 'POST', path: `${ONE}/rerun`, docs: `${PAGE}#re-run-a-workflow`, needs: WRITE, run: rerun },
  {
    method: 'GET',
    path: `${ONE}/artifacts`,
    docs: 'actions/artifacts#list-workflow-run-artifacts',
    needs: READ,
    run: onRun(({ call, repository }) => call.counted([], () => ({}), { key: 'artifacts', repository })),
  },
  {
    method: 'GET',
    path: `${ONE}/pending_deployments`,
    docs: `${PAGE}#get-pending-deployments-for-a-workflow-run`,
    needs: READ,
    run: onRun(pending),
  },
  {
    method: 'POST',
    path: `${ONE}/pending_deployments`,
    docs: `${PAGE}#review-pending-deployments-for-a-workflow-run`,
    needs: APPROVE,
    run: onRun(review),
  },
];

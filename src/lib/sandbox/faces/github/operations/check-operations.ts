import type { Commit } from '../../../world/repositories/history.ts';
import { notFound, Refusal } from '../../../world/repositories/refusal.ts';
import { type Job, jobsOf, type Run } from '../../../world/repositories/run.ts';
import { addressesOf, nodeId, timeOrNull, timeText } from '../addresses.ts';
import { minimalRepositoryBody } from '../bodies/repository-body.ts';
import type { RepositoryCall } from '../call.ts';
import type { RepositoryOperation } from '../operation.ts';
import type { Need } from '../tokens.ts';

const CHECKS: Need = { permission: 'checks', level: 'read' };
const STATUSES: Need = { permission: 'statuses', level: 'read' };

interface Check {
  run: Run;
  job: Job;
}

function commitNamed({ call, repository }: RepositoryCall): Commit {
  const commit = repository.history.resolve(call.param('ref'));
  if (!commit) throw new Refusal('invalid', `No commit found for SHA: ${call.param('ref')}`);
  return commit;
}

/** Every job of a workflow run is a check of the run's own commit, also that of a deploy. */
function checksOf({ repository }: RepositoryCall, commit: Commit): Check[] {
  const runs = repository.runs.listed.filter(({ headSha }) => headSha === commit.sha);
  return runs.flatMap((run) => jobsOf(run, run.attempt).map((job) => ({ run, job })));
}

function checkBody({ call, repository }: RepositoryCall, { run, job }: Check) {
  const here = addressesOf(repository, call.at);
  const url = `${here.api}/check-runs/${job.id}`;
  const page = `${here.html}/actions/runs/${run.id}/job/${job.id}`;
  const isDone = job.status === 'completed';
  return {
    id: job.id,
    name: job.name,
    node_id: nodeId('CR', repository.id, job.id),
    head_sha: run.headSha,
    external_id: String(job.id),
    url,
    html_url: page,
    details_url: page,
    status: isDone || job.status === 'in_progress' ? job.status : 'queued',
    conclusion: job.conclusion,
    started_at: timeText(job.startedAt),
    completed_at: timeOrNull(job.completedAt),
    output: { title: null, summary: null, text: null, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: run.suite },
    app: { id: 15_368, slug: 'github-actions', name: 'GitHub Actions' },
    pull_requests: [],
  };
}

function listChecks(about: RepositoryCall): void {
  const { call, repository } = about;
  const name = call.query('check_name');
  const found = checksOf(about, commitNamed(about)).filter(({ job }) => name === null || job.name === name);
  call.counted(found, (check) => checkBody(about, check), { key: 'check_runs', repository });
}

function findCheck(about: RepositoryCall): Check {
  const id = Number(about.call.param('check_run_id'));
  for (const run of about.repository.runs.listed) {
    const job = run.jobs.find((one) => one.id === id);
    if (job) return { run, job };
  }
  throw notFound();
}

// Nothing here reports commit statuses, only checks; without any, the combined state is `pending`.
// https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
function combined(about: RepositoryCall): void {
  const { call, repository } = about;
  const { sha } = commitNamed(about);
  const url = `${addressesOf(repository, call.at).api}/commits/${sha}`;
  call.json(200, {
    state: 'pending',
    statuses: [],
    sha,
    total_count: 0,
    repository: minimalRepositoryBody(repository, call.at),
    commit_url: url,
    url: `${url}/status`,
  });
}

/** Checks and statuses of commits. */
export const checkOperations: readonly RepositoryOperation[] = [
  {
    method: 'GET',
    path: '/commits/:ref/check-runs',
    docs: 'checks/runs#list-check-runs-for-a-git-reference',
    needs: CHECKS,
    run: listChecks,
  },
  {
    method: 'GET',
    path: '/commits/:ref/status',
    docs: 'commits/statuses#get-the-combined-status-for-a-specific-reference',
    needs: STATUSES,
    run: combined,
  },
  {
    method: 'GET',
    path: '/commits/:ref/statuses',
    docs: 'commits/statuses#list-commit-statuses-for-a-reference',
    needs: STATUSES,
    run: (about) => {
      commitNamed(about);
      about.call.list([], () => ({}), { repository: about.repository });
    },
  },
  {
    method: 'GET',
    path: '/check-runs/:check_run_id',
    docs: 'checks/runs#get-a-check-run',
    needs: CHECKS,
    run: (about) => about.call.json(200, checkBody(about, findCheck(about))),
  },
  {
    method: 'GET',
    path: '/check-runs/:check_run_id/annotations',
    docs: 'checks/runs#list-check-run-annotations',
    needs: CHECKS,
    run: (about) => {
      findCheck(about);
      about.call.list([], () => ({}), { repository: about.repository });
    },
  },
];

import type { RestEndpointMethodTypes } from '@octokit/rest';
import { OncallError } from '../../errors.ts';
import { utcStamp } from '../utc-stamp.ts';
import { type Api, ownerAndRepo } from './api.ts';
import type { DispatchRequest, RunStep, WorkflowRun } from './github.ts';

type WireRun = RestEndpointMethodTypes['actions']['getWorkflowRun']['response']['data'];
type WireJob = RestEndpointMethodTypes['actions']['listJobsForWorkflowRun']['response']['data']['jobs'][number];

const PAGE = 100;
const STATUSES = ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'] as const;
/** How far our clock and GitHub's may be apart, in milliseconds. */
const CLOCK_SKEW = 5 * 60_000;

/** Runs of a workflow, newest first. */
export async function runs(
  api: Api,
  repository: string,
  query: { workflow: string; limit: number; createdAfter?: string; event?: string },
): Promise<WorkflowRun[]> {
  const found: WorkflowRun[] = [];
  for (let page = 1; found.length < query.limit; page++) {
    const per_page = Math.min(PAGE, query.limit);
    const more = await api.call(
      workflowErrand(repository, query.workflow),
      () =>
        api.octokit.rest.actions.listWorkflowRuns({
          ...ownerAndRepo(repository),
          workflow_id: query.workflow,
          per_page,
          page,
          ...(query.event ? { event: query.event } : {}),
          ...(query.createdAfter ? { created: `>=${toSeconds(query.createdAfter)}` } : {}),
        }),
      ({ data }) => data.workflow_runs.map(readRun),
    );
    found.push(...more);
    if (more.length < per_page) break;
  }
  return found.slice(0, query.limit);
}

export function run(api: Api, repository: string, id: number): Promise<WorkflowRun> {
  return api.call(
    { what: `run ${id} of ${repository}`, look: `gh run view ${id} -R ${repository}` },
    () => api.octokit.rest.actions.getWorkflowRun({ ...ownerAndRepo(repository), run_id: id }),
    ({ data }) => readRun(data),
  );
}

/** The steps of a run's jobs, in order. A job that has no steps yet is one step of its own name. */
export function steps(api: Api, repository: string, runId: number): Promise<RunStep[]> {
  return api.call(
    { what: `the jobs of run ${runId} of ${repository}`, look: `gh run view ${runId} -R ${repository}` },
    () =>
      api.octokit.rest.actions.listJobsForWorkflowRun({
        ...ownerAndRepo(repository),
        run_id: runId,
        per_page: PAGE,
      }),
    ({ data }) => data.jobs.flatMap(readSteps),
  );
}

/**
 * Starts a workflow, once. A second request goes out in one case only: an older GitHub Enterprise Server refuses
 * the field that asks for the run's id, and so has started nothing.
 * https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
 * @returns null when GitHub accepts without naming the run
 * @throws UNAVAILABLE when it does not say whether it did
 */
export async function dispatch(
  api: Api,
  repository: string,
  request: DispatchRequest,
): Promise<{ runId: number; url: string } | null> {
  const { workflow, ref, inputs } = request;
  const send = (details: { return_run_details?: boolean }) =>
    api.call(
      { ...workflowErrand(repository, workflow), done: `started ${workflow}` },
      async () => {
        const answer = await api.octokit.rest.actions.createWorkflowDispatch({
          ...ownerAndRepo(repository),
          workflow_id: workflow,
          ref,
          inputs,
          ...details,
        });
        // Accepted is accepted, even if the rest cannot be read: the run can be found by its nonce.
        return { ...answer, data: Object(answer.data) as { workflow_run_id?: number; html_url?: string } };
      },
      ({ data }) => (data.workflow_run_id ? { runId: data.workflow_run_id, url: data.html_url ?? '' } : null),
    );
  try {
    return await send({ return_run_details: true });
  } catch (error) {
    const unknownField =
      error instanceof OncallError && error.code === 'FAILED' && /return_run_details/.test(error.message);
    if (!unknownField) throw error;
    return send({});
  }
}

/** The run whose title carries the nonce; null while there is none. */
export async function findRun(
  api: Api,
  repository: string,
  query: { workflow: string; nonce: string; createdAfter: string },
): Promise<WorkflowRun | null> {
  // The nonce is never used twice, so looking further back finds nothing wrong.
  const createdAfter = new Date(Date.parse(query.createdAfter) - CLOCK_SKEW).toISOString();
  const found = await runs(api, repository, {
    workflow: query.workflow,
    limit: PAGE,
    createdAfter,
    event: 'workflow_dispatch',
  });
  return found.find(({ title }) => title.includes(query.nonce)) ?? null;
}

function workflowErrand(repository: string, workflow: string): { what: string; look: string } {
  return { what: `workflow ${workflow} of ${repository}`, look: `gh run list -R ${repository} --workflow ${workflow}` };
}

function readRun(wire: WireRun): WorkflowRun {
  return {
    id: wire.id,
    url: wire.html_url,
    title: wire.display_title,
    workflow: wire.path.replace(/@.*$/, '').replace(/^.*\//, ''),
    sha: wire.head_sha,
    branch: wire.head_branch,
    event: wire.event,
    actor: wire.triggering_actor?.login ?? wire.actor?.login ?? null,
    status: STATUSES.find((status) => status === wire.status) ?? 'pending',
    conclusion: wire.conclusion,
    createdAt: utcStamp(wire.created_at),
    updatedAt: utcStamp(wire.updated_at),
  };
}

function readSteps(job: WireJob): RunStep[] {
  const all = job.steps?.length ? job.steps : [job];
  return all.map(({ name, status, conclusion }) => ({ job: job.name, name, status, conclusion }));
}

/** GitHub's search dates have no fraction. */
function toSeconds(stamp: string): string {
  return `${new Date(stamp).toISOString().slice(0, 19)}Z`;
}

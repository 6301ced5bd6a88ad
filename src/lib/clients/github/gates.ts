import { type Api, ownerAndRepo } from './api.ts';
import type { Gate } from './github.ts';

/** The approvals that a run waits for. */
export function gates(api: Api, repository: string, runId: number): Promise<Gate[]> {
  return api.call(
    gateErrand(repository, runId),
    () => api.octokit.rest.actions.getPendingDeploymentsForRun({ ...ownerAndRepo(repository), run_id: runId }),
    ({ data }) =>
      data.map(({ environment, current_user_can_approve, reviewers, wait_timer }) => ({
        environmentId: environment.id ?? 0,
        environment: environment.name ?? '',
        mine: current_user_can_approve,
        reviewers: reviewers.flatMap(({ reviewer }) => nameOf(reviewer) ?? []),
        waitMinutes: wait_timer,
      })),
  );
}

/**
 * Approves a run's environments. The comment is mandatory there.
 * https://docs.github.com/en/rest/actions/workflow-runs#review-pending-deployments-for-a-workflow-run
 * @throws UNAVAILABLE when GitHub does not say whether it did
 */
export function approve(
  api: Api,
  repository: string,
  review: { runId: number; environments: number[]; comment: string },
): Promise<void> {
  const { runId, environments, comment } = review;
  return api.call(
    { ...gateErrand(repository, runId), done: `approved run ${runId}` },
    () =>
      api.octokit.rest.actions.reviewPendingDeploymentsForRun({
        ...ownerAndRepo(repository),
        run_id: runId,
        environment_ids: environments,
        state: 'approved',
        comment,
      }),
    () => undefined,
  );
}

function gateErrand(repository: string, runId: number): { what: string; look: string } {
  return {
    what: `the approvals of run ${runId} of ${repository}`,
    look: `gh api repos/${repository}/actions/runs/${runId}/pending_deployments`,
  };
}

function nameOf(reviewer: unknown): string | null {
  const { login, name, slug } = (reviewer ?? {}) as { login?: string; name?: string; slug?: string };
  return login ?? (slug ? `team ${slug}` : (name ?? null));
}

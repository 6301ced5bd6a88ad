import type { RestEndpointMethodTypes } from '@octokit/rest';
import { utcStamp } from '../utc-stamp.ts';
import { type Api, ownerAndRepo } from './api.ts';
import type { Deployment } from './github.ts';
import { inParallel } from './in-parallel.ts';

type WireDeployment = RestEndpointMethodTypes['repos']['listDeployments']['response']['data'][number];
type WireStatus = RestEndpointMethodTypes['repos']['listDeploymentStatuses']['response']['data'][number];

const PAGE = 100;

/** Deployments to an environment, newest first, each with its whole status history reduced to what matters. */
export async function deployments(
  api: Api,
  repository: string,
  query: { environment: string; limit: number },
): Promise<Deployment[]> {
  const where = ownerAndRepo(repository);
  const errand = { what: `the deployments of ${repository}`, look: `gh api repos/${repository}/deployments` };
  const found: WireDeployment[] = [];
  for (let page = 1; found.length < query.limit; page++) {
    const per_page = Math.min(PAGE, query.limit);
    const parameters = { ...where, environment: query.environment, per_page, page };
    const more = await api.call(
      errand,
      () => api.octokit.rest.repos.listDeployments(parameters),
      ({ data }) => data.slice(0),
    );
    found.push(...more);
    if (more.length < per_page) break;
  }
  return inParallel(found.slice(0, query.limit), (deployment) =>
    api.call(
      errand,
      () => api.octokit.rest.repos.listDeploymentStatuses({ ...where, deployment_id: deployment.id, per_page: PAGE }),
      ({ data }) => readDeployment(deployment, data),
    ),
  );
}

function readDeployment(wire: WireDeployment, statuses: readonly WireStatus[]): Deployment {
  const newestFirst = statuses.toSorted((a, b) => b.created_at.localeCompare(a.created_at) || b.id - a.id);
  const success = newestFirst.findLast(({ state }) => state === 'success');
  const link = [success, ...newestFirst].find((status) => status?.log_url || status?.target_url);
  return {
    id: wire.id,
    sha: wire.sha,
    ref: wire.ref,
    environment: wire.environment,
    createdAt: utcStamp(wire.created_at),
    creator: wire.creator?.login ?? null,
    state: success ? 'succeeded' : stateOf(newestFirst),
    succeededAt: success ? utcStamp(success.created_at) : null,
    runUrl: link?.log_url || link?.target_url || null,
  };
}

/**
 * The state of a deployment that never succeeded. `inactive` says nothing by itself: GitHub sets it on older
 * deployments whatever became of them.
 * https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status
 */
function stateOf(newestFirst: readonly WireStatus[]): Deployment['state'] {
  switch (newestFirst.find(({ state }) => state !== 'inactive')?.state) {
    case 'failure':
    case 'error':
      return 'failed';
    case 'queued':
    case 'pending':
    case 'in_progress':
      return newestFirst[0]?.state === 'inactive' ? 'unknown' : 'running';
    default:
      return 'unknown';
  }
}

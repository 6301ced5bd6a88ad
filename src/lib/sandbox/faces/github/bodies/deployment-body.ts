import type { Deployment, DeploymentStatus } from '../../../world/repositories/deployments.ts';
import type { Environment } from '../../../world/repositories/environments.ts';
import type { Repository } from '../../../world/repositories/repository.ts';
import { type Addresses, addressesOf, nodeId, timeText } from '../addresses.ts';
import { userBody } from './user-body.ts';

/** A deployment. How it went is told by its statuses alone. */
export function deploymentBody(repository: Repository, deployment: Deployment, at: Addresses) {
  const here = addressesOf(repository, at);
  const url = `${here.api}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('DE', repository.id, deployment.id),
    task: deployment.task,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: timeText(deployment.createdAt),
    updated_at: timeText(deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: here.api,
    creator: userBody(deployment.creator, at),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: null,
  };
}

/** One status of a deployment. */
export function statusBody(
  repository: Repository,
  about: { deployment: Deployment; status: DeploymentStatus },
  at: Addresses,
) {
  const { deployment, status } = about;
  const here = addressesOf(repository, at);
  const deploymentUrl = `${here.api}/deployments/${deployment.id}`;
  const time = timeText(status.at);
  return {
    url: `${deploymentUrl}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', repository.id, status.id),
    state: status.state,
    creator: userBody(status.creator, at),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: time,
    updated_at: time,
    deployment_url: deploymentUrl,
    repository_url: here.api,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: null,
  };
}

/** The few facts about an environment that other bodies carry. */
export function environmentReference(repository: Repository, environment: Environment, at: Addresses) {
  const here = addressesOf(repository, at);
  return {
    id: environment.id,
    node_id: nodeId('EN', repository.id, environment.id),
    name: environment.name,
    url: `${here.api}/environments/${encodeURIComponent(environment.name)}`,
    html_url: `${here.html}/deployments/activity_log?environments_filter=${encodeURIComponent(environment.name)}`,
  };
}

/** Who must agree, in the form that reviews and protection rules share. */
export function reviewerBodies(environment: Environment, at: Addresses) {
  return environment.reviewers.map((reviewer) => ({ type: 'User' as const, reviewer: userBody(reviewer, at) }));
}

/** An environment with its protection rules. */
export function environmentBody(repository: Repository, environment: Environment, at: Addresses) {
  const rule = {
    id: environment.id + 1,
    node_id: nodeId('GA', repository.id, environment.id + 1),
    type: 'required_reviewers',
    prevent_self_review: false,
    reviewers: reviewerBodies(environment, at),
  };
  return {
    ...environmentReference(repository, environment, at),
    created_at: timeText(environment.createdAt),
    updated_at: timeText(environment.createdAt),
    can_admins_bypass: true,
    protection_rules: environment.reviewers.length > 0 ? [rule] : [],
    deployment_branch_policy: null,
  };
}

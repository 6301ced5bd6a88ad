import {
  DEPLOYMENT_STATES,
  type Deployment,
  type DeploymentState,
  type DeploymentStatus,
} from '../../../world/repositories/deployments.ts';
import { notFound, Refusal } from '../../../world/repositories/refusal.ts';
import { deploymentBody, statusBody } from '../bodies/deployment-body.ts';
import type { RepositoryCall } from '../call.ts';
import type { RepositoryOperation } from '../operation.ts';
import { flagOf, readBody, textOf } from '../request-body.ts';
import type { Need } from '../tokens.ts';

const READ: Need = { permission: 'deployments', level: 'read' };
const WRITE: Need = { permission: 'deployments', level: 'write' };
const PAGE = 'deployments/deployments';
const STATUS_PAGE = 'deployments/statuses';
const ONE = '/deployments/:deployment_id';

const DEPLOYMENT_SHAPE = {
  ref: 'string!',
  task: 'string',
  auto_merge: 'boolean',
  required_contexts: 'array',
  payload: 'string or object',
  environment: 'string',
  description: 'string',
  transient_environment: 'boolean',
  production_environment: 'boolean',
} as const;

const STATUS_SHAPE = {
  state: 'string!',
  target_url: 'string',
  log_url: 'string',
  description: 'string',
  environment: 'string',
  environment_url: 'string',
  auto_inactive: 'boolean',
} as const;

/** Runs an operation on the deployment that the path names. */
function onDeployment(act: (about: RepositoryCall, deployment: Deployment) => void): RepositoryOperation['run'] {
  return (about) => {
    const deployment = about.repository.deployments.find(Number(about.call.param('deployment_id')));
    if (deployment) act(about, deployment);
    else throw notFound();
  };
}

function list({ call, repository }: RepositoryCall): void {
  const matches = (name: string, value: string): boolean => (call.query(name) || value) === value;
  const deployments = repository.deployments.all.filter(
    (deployment) =>
      matches('environment', deployment.environment) &&
      matches('sha', deployment.sha) &&
      matches('ref', deployment.ref) &&
      matches('task', deployment.task),
  );
  call.list(deployments, (deployment) => deploymentBody(repository, deployment, call.at), { repository });
}

function create({ call, repository, caller }: RepositoryCall): void {
  const body = readBody(call.exchange, DEPLOYMENT_SHAPE);
  const deployment = repository.deployments.create({
    ref: textOf(body, 'ref') ?? '',
    creator: caller.account,
    task: textOf(body, 'task'),
    environment: textOf(body, 'environment'),
    description: textOf(body, 'description'),
    payload: (body['payload'] ?? undefined) as Deployment['payload'] | undefined,
    transient: flagOf(body, 'transient_environment'),
    production: flagOf(body, 'production_environment'),
    autoMerge: flagOf(body, 'auto_merge'),
    requiredContexts: (body['required_contexts'] ?? undefined) as string[] | undefined,
  });
  repository.environments.ensure(deployment.environment);
  const made = deploymentBody(repository, deployment, call.at);
  call.json(201, made, { location: made.url });
}

function createStatus({ call, repository, caller }: RepositoryCall, deployment: Deployment): void {
  const body = readBody(call.exchange, STATUS_SHAPE);
  const state = textOf(body, 'state') ?? '';
  if (!(DEPLOYMENT_STATES as readonly string[]).includes(state)) {
    throw new Refusal('invalid', 'Validation Failed', [
      { resource: 'DeploymentStatus', code: 'custom', field: 'state', message: 'state is not included in the list' },
    ]);
  }
  const status = repository.deployments.report(deployment, {
    state: state as DeploymentState,
    creator: caller.account,
    description: textOf(body, 'description'),
    logUrl: textOf(body, 'log_url') ?? textOf(body, 'target_url'),
    environmentUrl: textOf(body, 'environment_url'),
    environment: textOf(body, 'environment'),
    autoInactive: flagOf(body, 'auto_inactive'),
  });
  const made = statusBody(repository, { deployment, status }, call.at);
  call.json(201, made, { location: made.url });
}

/** Deployments and their statuses. */
export const deploymentOperations: readonly RepositoryOperation[] = [
  { method: 'GET', path: '/deployments', docs: `${PAGE}#list-deployments`, needs: READ, run: list },
  { method: 'POST', path: '/deployments', docs: `${PAGE}#create-a-deployment`, needs: WRITE, run: create },
  {
    method: 'GET',
    path: ONE,
    docs: `${PAGE}#get-a-deployment`,
    needs: READ,
    run: onDeployment(({ call, repository }, deployment) => {
      call.json(200, deploymentBody(repository, deployment, call.at));
    }),
  },
  {
    method: 'GET',
    path: `${ONE}/statuses`,
    docs: `${STATUS_PAGE}#list-deployment-statuses`,
    needs: READ,
    run: onDeployment(({ call, repository }, deployment) => {
      const body = (status: DeploymentStatus) => statusBody(repository, { deployment, status }, call.at);
      call.list([...deployment.statuses].reverse(), body, { repository });
    }),
  },
  {
    method: 'POST',
    path: `${ONE}/statuses`,
    docs: `${STATUS_PAGE}#create-a-deployment-status`,
    needs: WRITE,
    run: onDeployment(createStatus),
  },
];

import type { Environment } from '../../../world/repositories/environments.ts';
import { notFound } from '../../../world/repositories/refusal.ts';
import { environmentBody } from '../bodies/deployment-body.ts';
import type { RepositoryOperation } from '../operation.ts';
import type { Need } from '../tokens.ts';

const READ: Need = { permission: 'actions', level: 'read' };

/** Deployment environments and who guards them. */
export const environmentOperations: readonly RepositoryOperation[] = [
  {
    method: 'GET',
    path: '/environments',
    docs: 'deployments/environments#list-environments',
    needs: READ,
    run: ({ call, repository }) => {
      const body = (environment: Environment) => environmentBody(repository, environment, call.at);
      call.counted(repository.environments.all, body, { key: 'environments', repository });
    },
  },
  {
    method: 'GET',
    path: '/environments/:environment_name',
    docs: 'deployments/environments#get-an-environment',
    needs: READ,
    run: ({ call, repository }) => {
      const environment = repository.environments.get(call.param('environment_name'));
      if (environment) call.json(200, environmentBody(repository, environment, call.at));
      else throw notFound();
    },
  },
];

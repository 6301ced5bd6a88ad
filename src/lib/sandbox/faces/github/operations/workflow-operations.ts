import { notFound } from '../../../world/repositories/refusal.ts';
import type { Workflow } from '../../../world/repositories/workflow.ts';
import { dispatchBody, workflowBody } from '../bodies/run-body.ts';
import type { RepositoryCall } from '../call.ts';
import type { RepositoryOperation } from '../operation.ts';
import { readBody, textOf } from '../request-body.ts';
import type { Need } from '../tokens.ts';
import { listRuns } from './run-listing.ts';

const READ: Need = { permission: 'actions', level: 'read' };
const WRITE: Need = { permission: 'actions', level: 'write' };
const PAGE = 'actions/workflows';

/** Runs an operation on the workflow that the path names, by id or by file name. */
function onWorkflow(run: (about: RepositoryCall, workflow: Workflow) => void): RepositoryOperation['run'] {
  return (about) => {
    const workflow = about.repository.workflow(about.call.param('workflow_id'));
    if (workflow) run(about, workflow);
    else throw notFound();
  };
}

function list({ call, repository }: RepositoryCall): void {
  const body = (workflow: Workflow) => workflowBody(repository, workflow, call.at);
  call.counted(repository.workflows, body, { key: 'workflows', repository });
}

function setState(state: Workflow['state']): RepositoryOperation['run'] {
  return onWorkflow(({ call, repository }, workflow) => {
    repository.setWorkflowState(workflow, state);
    call.empty(204);
  });
}

function dispatch(knowsRunDetails: boolean): RepositoryOperation['run'] {
  return onWorkflow(({ call, repository, caller }, workflow) => {
    const shape = { ref: 'string!', inputs: 'object' } as const;
    const body = readBody(call.exchange, knowsRunDetails ? { ...shape, return_run_details: 'boolean' } : shape, true);
    const ref = textOf(body, 'ref') ?? '';
    const run = repository.dispatch({ workflow, ref, inputs: body['inputs'], actor: caller.account });
    if (body['return_run_details'] === true) call.json(200, dispatchBody(repository, run, call.at));
    else call.empty(204);
  });
}

/** Workflows: to list, to switch on and off, and to start. */
export function workflowOperations(options: { knowsRunDetails: boolean }): RepositoryOperation[] {
  const one = '/actions/workflows/:workflow_id';
  return [
    {
      method: 'GET',
      path: '/actions/workflows',
      docs: `${PAGE}#list-repository-workflows`,
      needs: READ,
      run: list,
    },
    {
      method: 'GET',
      path: one,
      docs: `${PAGE}#get-a-workflow`,
      needs: READ,
      run: onWorkflow(({ call, repository }, workflow) => {
        call.json(200, workflowBody(repository, workflow, call.at));
      }),
    },
    {
      method: 'GET',
      path: `${one}/runs`,
      docs: 'actions/workflow-runs#list-workflow-runs-for-a-workflow',
      needs: READ,
      run: onWorkflow((about, workflow) => listRuns(about, (run) => run.workflow === workflow)),
    },
    {
      method: 'POST',
      path: `${one}/dispatches`,
      docs: `${PAGE}#create-a-workflow-dispatch-event`,
      needs: WRITE,
      run: dispatch(options.knowsRunDetails),
    },
    {
      method: 'PUT',
      path: `${one}/enable`,
      docs: `${PAGE}#enable-a-workflow`,
      needs: WRITE,
      run: setState('active'),
    },
    {
      method: 'PUT',
      path: `${one}/disable`,
      docs: `${PAGE}#disable-a-workflow`,
      needs: WRITE,
      run: setState('disabled_manually'),
    },
  ];
}

import type { Exchange } from '../../exchange.ts';
import { type Face, faceByPath, type Operation } from '../../face.ts';
import type { Repositories } from '../../world/repositories/repositories.ts';
import { Admission } from './admission.ts';
import { operationName } from './operation.ts';
import { accountOperations } from './operations/account-operations.ts';
import { checkOperations } from './operations/check-operations.ts';
import { commitOperations } from './operations/commit-operations.ts';
import { contentOperations } from './operations/content-operations.ts';
import { deploymentOperations } from './operations/deployment-operations.ts';
import { environmentOperations } from './operations/environment-operations.ts';
import { gitOperations } from './operations/git-operations.ts';
import { graphqlOperation } from './operations/graphql-operation.ts';
import { pullOperations } from './operations/pull-operations.ts';
import { runOperations } from './operations/run-operations.ts';
import { variableOperations } from './operations/variable-operations.ts';
import { workflowOperations } from './operations/workflow-operations.ts';
import type { GithubToken } from './tokens.ts';

export interface GithubFaceOptions {
  tokens: readonly GithubToken[];
  /** What stands before the face's own paths in a caller's URL, such as `/github`; needed for the links in answers. */
  prefix?: string;
  /** The whole base of the links in answers, where it cannot be taken from the Host header and the prefix. */
  baseUrl?: string;
  /** False for an older GitHub Enterprise Server, which refuses `return_run_details` as an unknown key. */
  knowsRunDetails?: boolean;
}

const ENTERPRISE_PREFIX = '/api/v3';

/** The part of GitHub's REST API that shows and steers `repositories`. Both `/…` and `/api/v3/…` reach it. */
export function githubFace(repositories: Repositories, options: GithubFaceOptions): Face {
  const admission = new Admission(repositories, options);
  const perRepository = [
    // Before the commits, whose paths would swallow those of their checks.
    ...checkOperations,
    ...commitOperations,
    ...gitOperations,
    ...pullOperations,
    ...contentOperations,
    ...workflowOperations({ knowsRunDetails: options.knowsRunDetails ?? true }),
    ...runOperations,
    ...variableOperations,
    ...environmentOperations,
    ...deploymentOperations,
  ];
  const operations: Operation[] = [...accountOperations, graphqlOperation(repositories)].map((operation) => ({
    name: operationName(operation.method, operation.path),
    method: operation.method,
    path: operation.path,
    run: (exchange, params) => admission.admit(exchange, { params, operation }, (call) => operation.run(call)),
  }));
  for (const operation of perRepository) {
    const path = `/repos/:owner/:repo${operation.path}`;
    operations.push({
      name: operationName(operation.method, path),
      method: operation.method,
      path,
      run: (exchange, params) => admission.admitTo(exchange, { params, operation }, (about) => operation.run(about)),
    });
  }
  const byPath = faceByPath('github', operations, (exchange) => admission.refuseUnknown(exchange));
  return {
    name: 'github',
    answer(exchange) {
      admission.remember(exchange, exchange.path.startsWith(`${ENTERPRISE_PREFIX}/`) ? ENTERPRISE_PREFIX : '');
      exchange.path = plainPath(exchange, repositories);
      if (!isDecodable(exchange.path)) return admission.refuseUnknown(exchange);
      return byPath.answer(exchange);
    },
  };
}

/** The path without the Enterprise prefix, and with a repository named by its id under its name. */
function plainPath(exchange: Exchange, repositories: Repositories): string {
  const path = exchange.path.startsWith(`${ENTERPRISE_PREFIX}/`)
    ? exchange.path.slice(ENTERPRISE_PREFIX.length)
    : exchange.path;
  return path.replace(/^\/repositories\/(\d+)/, (whole, id: string) => {
    const repository = repositories.all.find((one) => one.id === Number(id));
    return repository ? `/repos/${repository.owner.login}/${repository.name}` : whole;
  });
}

function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}

import type { WorldClock } from '../clock.ts';
import type { Account } from './accounts.ts';
import type { History } from './history.ts';
import type { Ids } from './ids.ts';
import { Refusal } from './refusal.ts';

export const DEPLOYMENT_STATES = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
] as const;
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];

/** Times are wall-clock milliseconds since 1970. */
export interface DeploymentStatus {
  id: number;
  state: DeploymentState;
  description: string;
  environment: string;
  logUrl: string;
  environmentUrl: string;
  creator: Account;
  at: number;
}

export interface Deployment {
  id: number;
  sha: string;
  ref: string;
  task: string;
  environment: string;
  /** The one it was created for; a status may move it to another. */
  originalEnvironment: string;
  description: string | null;
  payload: Record<string, unknown> | string;
  transient: boolean;
  production: boolean;
  creator: Account;
  createdAt: number;
  updatedAt: number;
  /** Oldest first. */
  statuses: DeploymentStatus[];
}

export interface DeploymentRequest {
  ref: string;
  creator: Account;
  task?: string | undefined;
  environment?: string | undefined;
  description?: string | null | undefined;
  payload?: Record<string, unknown> | string | undefined;
  transient?: boolean | undefined;
  production?: boolean | undefined;
  /** GitHub's own default is true, which is seldom wanted. */
  autoMerge?: boolean | undefined;
  /** Null stands for all the checks that there are. */
  requiredContexts?: readonly string[] | null | undefined;
  at?: number | undefined;
}

export interface StatusRequest {
  state: DeploymentState;
  creator: Account;
  description?: string | undefined;
  logUrl?: string | undefined;
  environmentUrl?: string | undefined;
  environment?: string | undefined;
  autoInactive?: boolean | undefined;
  at?: number | undefined;
}

/** The checks that the CI workflow reports on every commit. */
const CHECKS = ['Test'];

/** The deployments of one repository. */
export class Deployments {
  readonly #all: Deployment[] = [];
  readonly #clock: WorldClock;
  readonly #ids: Ids;
  readonly #history: History;

  constructor(options: { clock: WorldClock; ids: Ids; history: History }) {
    this.#clock = options.clock;
    this.#ids = options.ids;
    this.#history = options.history;
  }

  /** All of them, newest first. */
  get all(): Deployment[] {
    return [...this.#all].sort((a, b) => b.createdAt - a.createdAt || b.id - a.id);
  }

  find(id: number): Deployment | undefined {
    return this.#all.find((deployment) => deployment.id === id);
  }

  /**
   * Records the intent to deploy; it deploys nothing by itself.
   * @throws Refusal when the ref is unknown, a required check is missing, or the default branch would have to be merged
   *   into a commit that is not a branch (what `auto_merge`, on by default, does to every rollback by sha).
   */
  create(request: DeploymentRequest): Deployment {
    const commit = this.#history.resolve(request.ref);
    if (!commit) throw new Refusal('invalid', `No ref found for: ${request.ref}`);
    if ((request.autoMerge ?? true) && commit !== this.#history.head) {
      throw new Refusal('conflict', `Conflict merging main into ${request.ref}`);
    }
    const missing = (request.requiredContexts ?? []).filter((check) => !CHECKS.includes(check));
    if (missing.length > 0) {
      const contexts = missing.map((context) => ({ context, state: 'pending' }));
      throw new Refusal('conflict', `Conflict: Commit status checks failed for ${request.ref}.`, [
        { contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' },
      ]);
    }
    const environment = request.environment ?? 'production';
    const at = request.at ?? this.#clock.stamp();
    const deployment: Deployment = {
      id: this.#ids.next('deployment'),
      sha: commit.sha,
      ref: request.ref,
      task: request.task ?? 'deploy',
      environment,
      originalEnvironment: environment,
      description: request.description ?? null,
      payload: request.payload ?? {},
      transient: request.transient ?? false,
      production: request.production ?? environment === 'production',
      creator: request.creator,
      createdAt: at,
      updatedAt: at,
      statuses: [],
    };
    this.#all.push(deployment);
    return deployment;
  }

  /**
   * Adds a status. A success also marks the environment's earlier successes inactive, but only where the environment is
   * neither production nor transient: in production several deployments stay `success` for ever.
   * https://docs.github.com/rest/deployments/statuses#create-a-deployment-status
   */
  report(deployment: Deployment, request: StatusRequest): DeploymentStatus {
    if (request.environment) deployment.environment = request.environment;
    const status = this.#append(deployment, request);
    if (request.state === 'success' && (request.autoInactive ?? true)) this.#retire(deployment, request);
    return status;
  }

  #append(deployment: Deployment, request: StatusRequest): DeploymentStatus {
    const at = request.at ?? this.#clock.stamp();
    const status: DeploymentStatus = {
      id: this.#ids.next('status'),
      state: request.state,
      description: request.description ?? '',
      environment: deployment.environment,
      logUrl: request.logUrl ?? '',
      environmentUrl: request.environmentUrl ?? '',
      creator: request.creator,
      at,
    };
    deployment.statuses.push(status);
    deployment.updatedAt = at;
    return status;
  }

  #retire(newest: Deployment, request: StatusRequest): void {
    for (const earlier of this.#all) {
      if (earlier === newest || earlier.environment !== newest.environment || earlier.id > newest.id) continue;
      if (earlier.production || earlier.transient || earlier.statuses.at(-1)?.state !== 'success') continue;
      this.#append(earlier, { state: 'inactive', creator: request.creator, ...(request.at ? { at: request.at } : {}) });
    }
  }
}

import { ACTIONS_BOT, type Account } from './accounts.ts';
import { type Ground, runPage } from './commands.ts';
import type { Deployment, DeploymentState } from './deployments.ts';
import type { Environment } from './environments.ts';
import { Refusal } from './refusal.ts';
import type { Run } from './run.ts';

/** What GitHub does by itself for a job that names an environment: its own deployment, and the wait for a reviewer. */
export class Approval {
  readonly environment: Environment;
  readonly deployment: Deployment;
  readonly #ground: Ground;
  readonly #run: Run;

  constructor(run: Run, environment: Environment, ground: Ground) {
    this.environment = environment;
    this.#ground = ground;
    this.#run = run;
    // Always the workflow's own commit, whatever its inputs say.
    this.deployment = ground.deployments.create({
      ref: run.headSha,
      environment: environment.name,
      creator: ACTIONS_BOT,
      autoMerge: false,
    });
    this.deployment.ref = run.headBranch;
    this.report('queued');
  }

  get needed(): boolean {
    return this.environment.reviewers.length > 0;
  }

  canApprove(login: string): boolean {
    return this.environment.reviewers.some((reviewer) => reviewer.login === login);
  }

  report(state: DeploymentState): void {
    const logUrl = runPage(this.#ground.service, this.#run.id);
    this.#ground.deployments.report(this.deployment, { state, creator: ACTIONS_BOT, logUrl });
  }
}

export interface Review {
  environmentIds: readonly number[];
  state: 'approved' | 'rejected';
  comment: string;
  reviewer: Account;
}

/** @throws Refusal unless this review decides the approval that a run waits for. */
export function checkReview(review: Review, approval: Approval | undefined): asserts approval is Approval {
  if (!approval || !review.environmentIds.includes(approval.environment.id)) {
    throw new Refusal('invalid', 'There are no pending deployment requests to approve or reject');
  }
  if (!approval.canApprove(review.reviewer.login)) {
    throw new Refusal('invalid', `${review.reviewer.login} is not allowed to review deployments to this environment`);
  }
}

import type { Account } from './accounts.ts';
import { Approval, checkReview, type Review } from './approvals.ts';
import { Attempt } from './attempt.ts';
import { Commands, type Ground } from './commands.ts';
import { Concurrency, type Contender } from './concurrency.ts';
import type { Environments } from './environments.ts';
import { interpolate } from './expression.ts';
import { DEFAULT_BRANCH } from './history.ts';
import type { Ids } from './ids.ts';
import { Refusal } from './refusal.ts';
import type { Conclusion, Job, Run } from './run.ts';
import { readWorkflow, type Workflow, type WorkflowDefinition } from './workflow.ts';

/** A dispatched run can be found by id at once, but lists show it only after a while, as its callers there know well. */
const LISTING_LAG_MS = 2_000;
const MONTH_MS = 30 * 24 * 60 * 60_000;
const MOST_ATTEMPTS = 50;

export interface RunGround extends Ground {
  ids: Ids;
  files: ReadonlyMap<string, string>;
  variables: ReadonlyMap<string, { value: string }>;
  environments: Environments;
  /** Whether this step has been told to fail; asked once for each step that runs. */
  mustFail(run: Run, step: string): boolean;
}

export interface RunRequest {
  workflow: Workflow;
  event: Run['event'];
  actor: Account;
  headSha: string;
  inputs: Readonly<Record<string, string>>;
}

interface Live {
  contender: Contender;
  attempt: Attempt;
  group: string | null;
  approval: Approval | undefined;
}

/** The workflow runs of one repository. */
export class Runs {
  readonly #all: Run[] = [];
  readonly #live = new Map<Run, Live>();
  readonly #numbers = new Map<Workflow, number>();
  readonly #concurrency = new Concurrency();
  readonly #ground: RunGround;

  constructor(ground: RunGround) {
    this.#ground = ground;
  }

  /** What a list shows: newest first, without the runs that it does not know of yet. */
  get listed(): Run[] {
    const now = this.#ground.clock.waited();
    return this.#all.filter((run) => run.listedFrom <= now).sort((a, b) => b.createdAt - a.createdAt || b.id - a.id);
  }

  find(id: number): Run | undefined {
    return this.#all.find((run) => run.id === id);
  }

  /** The approval that a run waits for now. */
  pendingApproval(run: Run): Approval | undefined {
    return run.status === 'waiting' ? this.#live.get(run)?.approval : undefined;
  }

  /** Queues a new run, or lets it wait for its concurrency group. */
  start(request: RunRequest): Run {
    const definition = this.#definition(request.workflow);
    const run = this.enlist(request, this.#ground.clock.stamp());
    run.listedFrom = this.#ground.clock.waited() + (request.event === 'workflow_dispatch' ? LISTING_LAG_MS : 0);
    this.#enter(run, definition);
    return run;
  }

  /** Adds a run without setting it going: the past is written this way. `at` is wall-clock milliseconds. */
  enlist(request: RunRequest, at: number): Run {
    const { workflow, actor } = request;
    const number = (this.#numbers.get(workflow) ?? 0) + 1;
    this.#numbers.set(workflow, number);
    const run: Run = {
      ...request,
      id: this.#ground.ids.next('run'),
      suite: this.#ground.ids.next('suite'),
      number,
      attempt: 1,
      title: this.#title(request),
      headBranch: DEFAULT_BRANCH,
      triggeringActor: actor,
      status: 'queued',
      conclusion: null,
      createdAt: at,
      startedAt: at,
      updatedAt: at,
      jobs: [],
      listedFrom: Number.NEGATIVE_INFINITY,
    };
    this.#all.push(run);
    return run;
  }

  /** @throws Refusal for a run that is over. */
  cancel(run: Run): void {
    const live = this.#live.get(run);
    if (!live) throw new Refusal('conflict', 'Cannot cancel a workflow run that is completed.');
    live.contender.cancel();
  }

  /** Runs the same commit with the same inputs again; the privileges stay those of the first actor. */
  rerun(run: Run, by: Account): void {
    if (run.status !== 'completed') throw new Refusal('forbidden', 'This workflow is already running');
    if (this.#ground.clock.now() - run.createdAt > MONTH_MS) {
      throw new Refusal('forbidden', 'Unable to retry this workflow run because it was created over a month ago');
    }
    if (run.attempt >= MOST_ATTEMPTS) {
      throw new Refusal('forbidden', 'Unable to retry this workflow run because it has been retried too many times');
    }
    run.attempt++;
    run.triggeringActor = by;
    run.conclusion = null;
    run.startedAt = this.#ground.clock.stamp();
    this.#enter(run, this.#definition(run.workflow));
  }

  /** @throws Refusal when the run waits for nothing, or not for this reviewer. */
  review(run: Run, review: Review): Approval {
    const live = this.#live.get(run);
    const approval = this.pendingApproval(run);
    checkReview(review, approval);
    if (live && review.state === 'approved') this.#queue(live);
    else live?.attempt.refuse('failure');
    return approval;
  }

  /** A job of a run's present attempt, not yet picked up. */
  newJob(run: Run, definition: WorkflowDefinition, at: number): Job {
    const job: Job = {
      id: this.#ground.ids.next('job'),
      attempt: run.attempt,
      name: interpolate(definition.job.name, this.#scopeOf(run.inputs, run.headSha)),
      status: 'queued',
      conclusion: null,
      createdAt: at,
      startedAt: at,
      completedAt: null,
      steps: [],
    };
    run.jobs.push(job);
    return job;
  }

  #enter(run: Run, definition: WorkflowDefinition): void {
    const group = definition.concurrency?.group ?? null;
    const contender: Contender = {
      begin: () => this.#begin(run, definition),
      pend: () => this.#become(run, 'pending'),
      cancel: () => this.#cancelled(run),
    };
    const job = this.newJob(run, definition, this.#ground.clock.stamp());
    const attempt = this.#attempt(run, { job, definition });
    this.#live.set(run, { contender, attempt, group, approval: undefined });
    this.#concurrency.enter(group, contender, definition.concurrency?.cancelInProgress ?? false);
  }

  #begin(run: Run, definition: WorkflowDefinition): void {
    const live = this.#live.get(run);
    const { environment } = definition.job;
    if (!live) return;
    if (environment !== null) {
      live.approval = new Approval(run, this.#ground.environments.ensure(environment), this.#ground);
    }
    if (live.approval?.needed) live.attempt.hold();
    else this.#queue(live);
  }

  #queue(live: Live): void {
    live.approval?.report('in_progress');
    live.attempt.queue();
  }

  #attempt(run: Run, parts: { job: Job; definition: WorkflowDefinition }): Attempt {
    const variables = [...this.#ground.variables].map(([name, { value }]) => [name, value]);
    return new Attempt({
      ...parts,
      run,
      variables: Object.fromEntries(variables),
      clock: this.#ground.clock,
      commands: new Commands(run, this.#ground),
      mustFail: (step) => this.#ground.mustFail(run, step),
      ended: (conclusion) => this.#ended(run, conclusion),
    });
  }

  #cancelled(run: Run): void {
    const live = this.#live.get(run);
    if (run.status === 'in_progress') live?.attempt.cancel();
    else live?.attempt.refuse('cancelled');
  }

  #ended(run: Run, conclusion: Conclusion): void {
    const live = this.#live.get(run);
    this.#live.delete(run);
    live?.approval?.report(conclusion === 'success' ? 'success' : 'failure');
    if (live) this.#concurrency.leave(live.group, live.contender);
  }

  #become(run: Run, status: 'pending'): void {
    run.status = status;
    for (const job of run.jobs) if (job.attempt === run.attempt) job.status = status;
    run.updatedAt = this.#ground.clock.stamp();
  }

  #definition(workflow: Workflow): WorkflowDefinition {
    return readWorkflow(this.#ground.files.get(workflow.path) ?? '');
  }

  #title(request: RunRequest): string {
    const { runName, name } = this.#definition(request.workflow);
    if (request.event === 'push') return this.#ground.history.resolve(request.headSha)?.message.split('\n')[0] ?? name;
    return runName === null ? name : interpolate(runName, this.#scopeOf(request.inputs, request.headSha)).trim();
  }

  #scopeOf(inputs: Readonly<Record<string, string>>, sha: string) {
    return { values: { inputs, github: { sha } }, outcome: 'success' } as const;
  }
}

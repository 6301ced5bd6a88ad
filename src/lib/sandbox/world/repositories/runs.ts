import type { Account } from './accounts.ts';
import type { Approval, Review } from './approvals.ts';
import type { Ground } from './commands.ts';
import { Concurrency, type Contender } from './concurrency.ts';
import type { Environments } from './environments.ts';
import { interpolate } from './expression.ts';
import { DEFAULT_BRANCH } from './history.ts';
import type { Ids } from './ids.ts';
import { Refusal } from './refusal.ts';
import { Round } from './round.ts';
import type { Job, Run } from './run.ts';
import { type JobDefinition, readWorkflow, type Workflow, type WorkflowDefinition } from './workflow.ts';

/** A dispatched run can be found by id at once, but lists show it only after a while, as its callers there know well. */
const LISTING_LAG_MS = 2_000;
const MONTH_MS = 30 * 24 * 60 * 60_000;
const MOST_ATTEMPTS = 50;

export interface RunGround extends Ground {
  ids: Ids;
  /** A file as it stands at a commit; undefined where that has none. */
  fileAt(path: string, sha: string): string | undefined;
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
  /** The default branch unless told. */
  headBranch?: string;
  inputs: Readonly<Record<string, string>>;
}

interface Live {
  contender: Contender;
  round: Round;
  group: string | null;
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

  /** The approvals that a run waits for now. */
  pendingApprovals(run: Run): Approval[] {
    return this.#live.get(run)?.round.approvals ?? [];
  }

  /** Queues a new run, or lets it wait for its concurrency group. */
  start(request: RunRequest): Run {
    const definition = this.#definition(request);
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
      headBranch: request.headBranch ?? DEFAULT_BRANCH,
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
    this.#enter(run, this.#definition(run));
  }

  /** @throws Refusal when the run waits for nothing, or not for this reviewer. */
  review(run: Run, review: Review): Approval {
    const live = this.#live.get(run);
    if (live) return live.round.review(review);
    throw new Refusal('invalid', 'There are no pending deployment requests to approve or reject');
  }

  /** A job of a run's present attempt, not yet picked up. */
  newJob(run: Run, definition: JobDefinition, at: number): Job {
    const job: Job = {
      id: this.#ground.ids.next('job'),
      attempt: run.attempt,
      name: interpolate(definition.name, this.#scopeOf(run.inputs, run.headSha)),
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
    run.status = 'queued';
    const round = new Round({
      run,
      definition,
      ground: this.#ground,
      newJob: (job) => this.newJob(run, job, this.#ground.clock.stamp()),
      ended: () => this.#ended(run),
    });
    const contender: Contender = {
      begin: () => round.begin(),
      pend: () => round.pend(),
      cancel: () => round.cancel(),
    };
    this.#live.set(run, { contender, round, group });
    this.#concurrency.enter(group, contender, definition.concurrency ?? { cancelInProgress: false, queue: 'single' });
  }

  #ended(run: Run): void {
    const live = this.#live.get(run);
    this.#live.delete(run);
    if (live) this.#concurrency.leave(live.group, live.contender);
  }

  #definition({ workflow, headSha }: Pick<Run, 'workflow' | 'headSha'>): WorkflowDefinition {
    return readWorkflow(this.#ground.fileAt(workflow.path, headSha) ?? '');
  }

  #title(request: RunRequest): string {
    const { runName, name } = this.#definition(request);
    if (request.event !== 'workflow_dispatch') {
      return this.#ground.history.resolve(request.headSha)?.message.split('\n')[0] ?? name;
    }
    return runName === null ? name : interpolate(runName, this.#scopeOf(request.inputs, request.headSha)).trim();
  }

  #scopeOf(inputs: Readonly<Record<string, string>>, sha: string) {
    return { values: { inputs, github: { sha } }, outcome: 'success' } as const;
  }
}

import type { WorldClock } from '../clock.ts';
import { Approval, checkReview, type Review } from './approvals.ts';
import { Attempt } from './attempt.ts';
import { Commands, type Ground } from './commands.ts';
import type { Environments } from './environments.ts';
import { isMet, type Scope } from './expression.ts';
import type { Conclusion, Job, Run } from './run.ts';
import type { JobDefinition, WorkflowDefinition } from './workflow.ts';

export interface RoundOptions {
  run: Run;
  definition: WorkflowDefinition;
  ground: Ground & {
    clock: WorldClock;
    variables: ReadonlyMap<string, { value: string }>;
    environments: Environments;
    mustFail(run: Run, step: string): boolean;
  };
  newJob(definition: JobDefinition): Job;
  ended(): void;
}

interface Place {
  definition: JobDefinition;
  variables: Readonly<Record<string, string>>;
  /** Null until what it needs is over. */
  job: Job | null;
  attempt: Attempt | null;
  approval: Approval | null;
  result: Conclusion | null;
}

/** All jobs of one attempt of a run, each begun when what it needs is over. */
export class Round {
  readonly #options: RoundOptions;
  readonly #places: Place[];
  #cancelled = false;
  #over = false;

  constructor(options: RoundOptions) {
    this.#options = options;
    this.#places = options.definition.jobs.map((definition) => ({
      definition,
      variables: this.#variables(),
      job: definition.needs.length === 0 ? options.newJob(definition) : null,
      attempt: null,
      approval: null,
      result: null,
    }));
  }

  /** The approvals that jobs wait for now. */
  get approvals(): Approval[] {
    return this.#places.flatMap(({ approval, job }) => (approval && job?.status === 'waiting' ? [approval] : []));
  }

  /** It waits for its concurrency group. */
  pend(): void {
    for (const { job } of this.#places) if (job) job.status = 'pending';
    this.#options.run.status = 'pending';
    this.#options.run.updatedAt = this.#options.ground.clock.stamp();
  }

  begin(): void {
    for (const place of this.#places) if (this.#isNext(place)) this.#open(place);
    this.#settle();
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    for (const place of this.#places) {
      if (place.result !== null) continue;
      if (place.attempt && place.job?.status === 'in_progress') place.attempt.cancel();
      else if (place.attempt) place.attempt.refuse('cancelled');
      else this.#close(place, 'cancelled');
    }
    this.#settle();
  }

  /** @throws Refusal when no job waits for this review, or not for this reviewer */
  review(review: Review): Approval {
    const place = this.#places.find(
      ({ approval, job }) => job?.status === 'waiting' && review.environmentIds.includes(approval?.environment.id ?? 0),
    );
    const approval = place?.approval ?? undefined;
    checkReview(review, approval);
    if (review.state === 'approved') this.#queue(place as Place);
    else place?.attempt?.refuse('failure');
    return approval;
  }

  #isNext({ definition, attempt, result }: Place): boolean {
    return attempt === null && result === null && definition.needs.every((key) => this.#place(key)?.result !== null);
  }

  #open(place: Place): void {
    const { definition } = place;
    const { ground, run } = this.#options;
    place.variables = place.job ? place.variables : this.#variables();
    if (!isMet(definition.condition, this.#scope(place))) {
      this.#close(place, 'skipped');
      return;
    }
    place.job ??= this.#options.newJob(definition);
    place.attempt = this.#attempt(place, place.job);
    if (definition.environment !== null)
      place.approval = new Approval(run, ground.environments.ensure(definition.environment), ground);
    if (place.approval?.needed) place.attempt.hold();
    else this.#queue(place);
  }

  #queue(place: Place): void {
    place.approval?.report('in_progress');
    place.attempt?.queue();
  }

  #attempt(place: Place, job: Job): Attempt {
    const { run, ground } = this.#options;
    return new Attempt({
      run,
      job,
      definition: place.definition,
      variables: place.variables,
      clock: ground.clock,
      commands: new Commands(run, ground),
      mustFail: (step) => ground.mustFail(run, step),
      moved: (at) => this.#move(at),
      ended: (conclusion) => this.#ended(place, conclusion),
    });
  }

  /** Ends a job that never began. */
  #close(place: Place, result: Conclusion): void {
    place.job ??= this.#options.newJob(place.definition);
    const at = this.#options.ground.clock.stamp();
    Object.assign(place.job, { status: 'completed', conclusion: result, completedAt: at });
    place.result = result;
  }

  #ended(place: Place, conclusion: Conclusion): void {
    place.result = conclusion;
    place.approval?.report(conclusion === 'success' ? 'success' : 'failure');
    if (!this.#cancelled) this.begin();
    this.#settle();
  }

  /** The run as a whole: it is over with its last job. */
  #settle(): void {
    const results = this.#places.map(({ result }) => result);
    if (this.#over) return;
    if (results.includes(null)) {
      if (!this.#cancelled && this.#places.some((place) => this.#isNext(place))) this.begin();
      return;
    }
    this.#over = true;
    const { run, ground, ended } = this.#options;
    run.status = 'completed';
    run.conclusion = conclusionOf(results as Conclusion[]);
    run.updatedAt = ground.clock.stamp();
    ended();
  }

  #move(at: number): void {
    const { run } = this.#options;
    const statuses = this.#places.flatMap(({ job, result }) => (job && result === null ? [job.status] : []));
    const some = (status: Job['status']) => statuses.includes(status);
    const begun = this.#places.some(({ result }) => result !== null);
    run.updatedAt = at;
    if (some('in_progress')) run.status = 'in_progress';
    else if (some('queued')) run.status = begun ? 'in_progress' : 'queued';
    else if (some('waiting')) run.status = 'waiting';
  }

  #place(key: string): Place | undefined {
    return this.#places.find(({ definition }) => definition.key === key);
  }

  #scope({ definition, variables }: Place): Scope {
    const { run } = this.#options;
    const results = definition.needs.map((key) => [key, this.#place(key)?.result ?? 'skipped'] as const);
    const worst = (['cancelled', 'failure', 'skipped'] as const).find((one) => results.some(([, r]) => r === one));
    const needs = Object.fromEntries(results.map(([key, result]) => [`${key}.result`, result]));
    const github = { sha: run.headSha, actor: run.actor.login, event_name: run.event, run_id: String(run.id) };
    return { values: { inputs: run.inputs, vars: variables, github, needs }, outcome: worst ?? 'success' };
  }

  #variables(): Record<string, string> {
    const { variables } = this.#options.ground;
    return Object.fromEntries([...variables].map(([name, { value }]) => [name, value]));
  }
}

function conclusionOf(results: readonly Conclusion[]): Conclusion {
  const worst = (['failure', 'cancelled', 'success'] as const).find((one) => results.includes(one));
  return worst ?? 'skipped';
}

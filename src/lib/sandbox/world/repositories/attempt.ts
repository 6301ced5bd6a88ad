import type { Wait, WorldClock } from '../clock.ts';
import { type Commands, type StepOutcome, stepDuration } from './commands.ts';
import { interpolate, isMet, type Scope } from './expression.ts';
import type { Conclusion, Job, Run, Step } from './run.ts';
import type { JobDefinition, StepDefinition } from './workflow.ts';

const PICK_UP_MS = 4_000;
const SET_UP_MS = 2_000;
const TIDY_UP_MS = 500;
const POLL_MS = 1_000;

interface Planned {
  definition: StepDefinition;
  /** Of the runner's own steps, which happen whatever came before; null for the workflow's. */
  ownMs: number | null;
}

export interface AttemptOptions {
  run: Run;
  job: Job;
  definition: JobDefinition;
  /** Variables as they were when the job was queued: a hold that is set later does not stop it. */
  variables: Readonly<Record<string, string>>;
  clock: WorldClock;
  commands: Commands;
  /** Whether the step of this name has been told to fail. Asked once for each step that runs. */
  mustFail(step: string): boolean;
  /** Told whenever the job stands differently, with the time. */
  moved(at: number): void;
  ended(conclusion: Conclusion): void;
}

function own(name: string, ownMs: number): Planned {
  return { definition: { name, uses: null, run: null, condition: null, with: {}, env: {} }, ownMs };
}

/** One job from queued to completed, step by step, on the world's clock. */
export class Attempt {
  readonly #options: AttemptOptions;
  readonly #plan: Planned[];
  #outcome: Scope['outcome'] = 'success';
  #wait: Wait | null = null;
  #at = -1;
  #over = false;

  constructor(options: AttemptOptions) {
    this.#options = options;
    const { steps } = options.definition;
    const after = steps.filter((step) => step.uses).map((step) => own(`Post ${step.name}`, TIDY_UP_MS));
    this.#plan = [
      own('Set up job', SET_UP_MS),
      ...steps.map((definition): Planned => ({ definition, ownMs: null })),
      ...after.reverse(),
      own('Complete job', TIDY_UP_MS),
    ];
  }

  /** Queues the job; a runner picks it up after a few seconds of life. */
  queue(): void {
    this.#mark('queued');
    this.#wait = this.#options.clock.after(PICK_UP_MS, () => this.#pickUp());
  }

  /** Someone must agree first. */
  hold(): void {
    this.#mark('waiting');
  }

  /** Ends what runs now. Steps that ask for it (`always()`, `cancelled()`) still get their turn. */
  cancel(): void {
    if (this.#over || this.#outcome === 'cancelled') return;
    this.#wait?.cancel();
    this.#outcome = 'cancelled';
    const step = this.#step();
    this.#wait = this.#options.clock.after(POLL_MS, () => {
      if (!step) this.#end('cancelled');
      else this.#finish(step, 'cancelled');
    });
  }

  /** Ends an attempt that never got to run. */
  refuse(conclusion: Conclusion): void {
    this.#wait?.cancel();
    this.#end(conclusion);
  }

  #pickUp(): void {
    const { job } = this.#options;
    job.steps = this.#plan.map(
      ({ definition: { name } }, i): Step => ({
        number: i + 1,
        name,
        status: 'queued',
        conclusion: null,
        startedAt: null,
        completedAt: null,
      }),
    );
    job.startedAt = this.#mark('in_progress');
    this.#next();
  }

  #next(): void {
    this.#at++;
    const step = this.#step();
    const planned = this.#plan[this.#at];
    if (!step || !planned) {
      this.#end(this.#outcome);
      return;
    }
    const { clock } = this.#options;
    step.startedAt = clock.stamp();
    if (planned.ownMs === null && !isMet(planned.definition.condition, this.#scope())) {
      this.#finish(step, 'skipped');
      return;
    }
    step.status = 'in_progress';
    const ms = planned.ownMs ?? stepDuration(planned.definition);
    this.#wait = clock.after(ms, () => this.#look(step, planned));
  }

  #look(step: Step, planned: Planned): void {
    const outcome = this.#outcomeOf(step, planned);
    if (outcome === 'again') this.#wait = this.#options.clock.after(POLL_MS, () => this.#look(step, planned));
    else this.#finish(step, outcome);
  }

  #outcomeOf(step: Step, planned: Planned): StepOutcome {
    const { commands, mustFail } = this.#options;
    if (planned.ownMs !== null) return 'success';
    if (mustFail(step.name)) return 'failure';
    const scope = this.#scope();
    const filled = (texts: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, interpolate(value, scope)]));
    const { definition } = planned;
    const env = filled({ ...this.#options.definition.env, ...definition.env });
    return commands.carryOut(definition, { parameters: filled(definition.with), env });
  }

  #finish(step: Step, conclusion: Conclusion): void {
    step.status = 'completed';
    step.conclusion = conclusion;
    step.completedAt = this.#options.clock.stamp();
    this.#options.moved(step.completedAt);
    if (conclusion === 'failure' && this.#outcome === 'success') this.#outcome = 'failure';
    this.#next();
  }

  #end(conclusion: Conclusion): void {
    if (this.#over) return;
    this.#over = true;
    const { job, ended } = this.#options;
    job.conclusion = conclusion;
    job.completedAt = this.#mark('completed');
    ended(conclusion);
  }

  #mark(status: 'queued' | 'waiting' | 'in_progress' | 'completed'): number {
    const { job, clock, moved } = this.#options;
    const now = clock.stamp();
    job.status = status;
    moved(now);
    return now;
  }

  #step(): Step | undefined {
    return this.#options.job.steps[this.#at];
  }

  #scope(): Scope {
    const { run, variables, commands } = this.#options;
    const github = { sha: run.headSha, actor: run.actor.login, event_name: run.event, run_id: String(run.id) };
    return { values: { inputs: run.inputs, vars: variables, github, env: commands.env }, outcome: this.#outcome };
  }
}

import type { Directory, EscalationPlan, Reached } from '../../../paging/contact.ts';
import { attemptsOf, endsPlan, MINUTE, reachedByStage, reachedDirectly } from '../../../paging/reach.ts';
import type { Wait, WorldClock } from '../clock.ts';

/** Someone whose own plan is running, and the rings that are still to come from it. */
interface Run {
  reached: Reached;
  waits: Wait[];
  answered: boolean;
}

export interface StageClockOptions {
  clock: WorldClock;
  /** The contacts as they are now: a plan edited while it runs runs on as edited. */
  directory: () => Directory;
  contact: string;
  ring: (reached: Reached, channel: string) => void;
}

/** Plays one engagement on the world's clock: stage after stage, and each person's own plan within them. */
export class StageClock {
  readonly #options: StageClockOptions;
  readonly #runs: Run[] = [];
  #nextStage: Wait | undefined;
  #over = false;

  constructor(options: StageClockOptions) {
    this.#options = options;
  }

  /** Rings whoever is first, and sets the clock for the rest. `lag` is what the service takes to begin, in ms of life. */
  start(lag: number): void {
    this.#nextStage = this.#options.clock.after(lag, () => {
      const directory = this.#options.directory();
      const engaged = directory(this.#options.contact);
      if (engaged?.kind === 'plan') this.#beginStage(engaged, 0);
      else if (engaged) this.#runAll(directory, reachedDirectly(directory, engaged, this.#options.clock.now()));
    });
  }

  /** That person's own plan ends; whether the stages end with it is the paging arithmetic's rule. */
  acknowledge(person: string): void {
    for (const run of this.#runs.filter(({ reached }) => reached.person === person)) {
      run.answered = true;
      for (const wait of run.waits) wait.cancel();
    }
    const answered = this.#runs.filter((run) => run.answered).map(({ reached }) => reached);
    if (endsPlan(answered)) this.#endStages();
  }

  stop(): void {
    this.#endStages();
    for (const { waits } of this.#runs) for (const wait of waits) wait.cancel();
  }

  #endStages(): void {
    this.#over = true;
    this.#nextStage?.cancel();
  }

  #beginStage(plan: EscalationPlan, stage: number): void {
    const { clock, directory: current } = this.#options;
    const minutes = plan.stages[stage]?.minutes;
    if (this.#over || minutes === undefined) return;
    this.#nextStage = clock.after(minutes * MINUTE, () => {
      const edited = current()(plan.id);
      if (edited?.kind === 'plan') this.#beginStage(edited, stage + 1);
    });
    const directory = current();
    this.#runAll(directory, reachedByStage(directory, plan, { stage, at: clock.now() }));
  }

  #runAll(directory: Directory, people: readonly Reached[]): void {
    for (const reached of people) {
      const person = directory(reached.person);
      if (person?.kind !== 'person') continue;
      const run: Run = { reached, waits: [], answered: false };
      this.#runs.push(run);
      for (const { offset, channel } of attemptsOf(person)) {
        if (offset === 0) this.#options.ring(reached, channel);
        else run.waits.push(this.#options.clock.after(offset, () => this.#options.ring(reached, channel)));
      }
    }
  }
}

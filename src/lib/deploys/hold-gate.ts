import { parse } from 'yaml';
import { OVERRIDE_INPUT } from './override.ts';
import {
  and,
  FREE,
  interpolated,
  type Known,
  mayRun,
  UNKNOWN,
  type Value,
  type Verdict,
} from './workflow-expression.ts';
import { deploysIt, looksAtIt, stopsIt } from './workflow-step.ts';

/** Whether a deploy workflow stops while the hold is set, and what that is known by. */
export interface HoldGate {
  /** Null when it cannot be decided. */
  stops: boolean | null;
  /** The job that deploys all the same, or of which it is not known. */
  job: string | null;
  /** In words, to follow "because"; empty when it stops. */
  why: string;
}

/** A value that no workflow compares with by name: the hold is a JSON text. */
const HELD = '{"reason":"held"}';
const MOST_NESTING = 50;

type Fields = Record<string, unknown>;

interface JobView {
  /** Whether it begins at all. */
  runs: Verdict;
  /** Whether it ends well; false blocks the jobs that need it. */
  succeeds: Verdict;
  /** Whether something in it deploys; null when that cannot be seen. */
  deploys: boolean | null;
}

/**
 * Goes through a workflow as if the hold were set: which jobs begin, where each of them ends, and whether anything
 * deploys on the way. A condition that has nothing to do with the hold (a branch, an input) is met by some runs, and
 * those count. What cannot be worked out makes the answer unknown only where it matters.
 * @param hold name of the Actions variable, e.g. `DEPLOY_HOLD`
 */
export function holdGate(text: string, hold: string): HoldGate {
  let file: Fields;
  try {
    file = fields(parse(text));
  } catch {
    return { stops: null, job: null, why: 'its YAML cannot be read' };
  }
  const jobs = fields(file['jobs']);
  const names = Object.keys(jobs);
  if (names.length === 0) return { stops: null, job: null, why: 'it has no jobs' };
  const walk = new Walk({ file, jobs, hold: `vars.${hold.toLowerCase()}` });
  const views = names.map((name) => ({ name, ...walk.job(name) }));
  const open = views.find(({ deploys }) => deploys === true);
  if (open) return { stops: false, job: open.name, why: `job ${open.name} deploys without asking for ${hold}` };
  const unclear = views.find(({ deploys }) => deploys === null);
  if (unclear) return { stops: null, job: unclear.name, why: `job ${unclear.name} cannot be followed to its end` };
  const running = views.find(({ runs, succeeds }) => runs !== false && succeeds !== false);
  if (running && !walk.sawDeploy) {
    const why = `no step is known as the one that deploys, and job ${running.name} runs in spite of ${hold}`;
    return { stops: null, job: running.name, why };
  }
  return { stops: true, job: null, why: '' };
}

/** Whether a workflow can be told, by an input, to pass the hold. */
export function takesOverride(text: string): boolean {
  try {
    const on = fields(fields(parse(text))['on']);
    return OVERRIDE_INPUT in fields(fields(on['workflow_dispatch'])['inputs']);
  } catch {
    return false;
  }
}

class Walk {
  readonly #file: Fields;
  readonly #jobs: Fields;
  readonly #hold: string;
  readonly #views = new Map<string, JobView>();
  #depth = 0;
  /** Whether any step was recognised as one that deploys, reached or not. */
  sawDeploy = false;

  constructor(options: { file: Fields; jobs: Fields; hold: string }) {
    this.#file = options.file;
    this.#jobs = options.jobs;
    this.#hold = options.hold;
  }

  job(name: string): JobView {
    const known = this.#views.get(name);
    if (known) return known;
    if (++this.#depth > MOST_NESTING) return { runs: null, succeeds: null, deploys: null };
    const view = this.#look(fields(this.#jobs[name]));
    this.#depth--;
    this.#views.set(name, view);
    return view;
  }

  #look(job: Fields): JobView {
    const needs = [job['needs'] ?? []].flat().map(String);
    const success = needs.reduce<Verdict>((so, need) => and(so, this.#endsWell(need)), true);
    const env = [this.#file['env'], job['env']];
    const runs = mayRun(text(job['if']), this.#known(success, env));
    const steps = Array.isArray(job['steps']) ? job['steps'].map(fields) : [];
    const isForeign = typeof job['uses'] === 'string';
    if (isForeign) this.sawDeploy = true;
    const inside = this.#steps(steps, env);
    if (runs === false) return { runs, succeeds: false, deploys: false };
    if (isForeign) return { runs, succeeds: null, deploys: null };
    const deploys = inside.deploys === true && runs === null ? null : inside.deploys;
    return { runs, succeeds: and(runs, inside.succeeds), deploys };
  }

  #endsWell(need: string): Verdict {
    const { runs, succeeds } = this.job(need);
    return and(runs, succeeds);
  }

  /** From the first step to the last: what comes after one that fails is passed over, unless it asks to run. */
  #steps(steps: readonly Fields[], env: readonly unknown[]): { succeeds: Verdict; deploys: boolean | null } {
    let success: Verdict = true;
    let deploys: boolean | null = false;
    for (const step of steps) {
      const around = [...env, step['env']];
      const runs = mayRun(text(step['if']), this.#known(success, around));
      if (deploysIt(step)) {
        this.sawDeploy = true;
        if (runs === true || runs === 'free') deploys = true;
        else if (runs === null && deploys === false) deploys = null;
      }
      success = this.#after(step, { success, runs, around });
    }
    return { succeeds: success, deploys };
  }

  /** How the job stands after a step. */
  #after(step: Fields, at: { success: Verdict; runs: Verdict; around: readonly unknown[] }): Verdict {
    const { success, runs, around } = at;
    const told = { hold: this.#hold, env: this.#names(around) };
    const fails = and(runs, stopsIt(step, told));
    if (fails === true) return false;
    if (success === false || fails === false) return success;
    if (fails === null) return null;
    // It fails in some runs: is it a gate that not every run comes to, or has it nothing to do with the hold?
    const without = mayRun(text(step['if']), this.#known(success, around, ''));
    return without !== runs || looksAtIt(step, told) ? null : success;
  }

  /** Names of the environment variables that carry the hold. */
  #names(env: readonly unknown[]): string[] {
    const known = this.#known(true, env);
    const all = Object.entries(Object.assign({}, ...env.map(fields)) as Fields);
    return all.filter(([, value]) => interpolated(String(value), known) === HELD).map(([name]) => name);
  }

  #known(success: Verdict, env: readonly unknown[], hold: string = HELD): Known {
    const variables = Object.assign({}, ...env.map(fields)) as Fields;
    const lower = new Map(Object.entries(variables).map(([name, value]) => [name.toLowerCase(), String(value)]));
    const isHeld = (value: Value) => value === HELD;
    const outside = (path: string): Value => {
      if (path === this.#hold) return hold;
      if (path === `inputs.${OVERRIDE_INPUT}` || path === `github.event.inputs.${OVERRIDE_INPUT}`) return 'no';
      // What jobs and steps hand on may have been made of the hold.
      return /^(needs|steps|env|jobs)\b/.test(path) ? UNKNOWN : FREE;
    };
    const value = (path: string): Value => {
      const [, name] = /^env\.([\w-]+)$/.exec(path) ?? [];
      const set = name === undefined ? undefined : lower.get(name);
      return set === undefined ? outside(path) : interpolated(set, { success, value: outside, isHeld });
    };
    return { success, value, isHeld };
  }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function text(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}

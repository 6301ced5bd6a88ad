import type { ServiceSpec } from '../catalog.ts';
import type { WorldClock } from '../clock.ts';
import { ACTIONS_BOT } from './accounts.ts';
import type { Deployment, DeploymentState, Deployments } from './deployments.ts';
import type { History } from './history.ts';
import type { Run } from './run.ts';
import type { StepDefinition } from './workflow.ts';

export const HTML_ROOT = 'https://github.test';

/** What a workflow can reach outside of GitHub. */
export interface Cluster {
  deploy(service: string, sha: string, actor: string): void;
  isServing(service: string, sha: string): boolean;
}

/** Where the commands of a run are carried out. */
export interface Ground {
  clock: WorldClock;
  service: ServiceSpec;
  history: History;
  deployments: Deployments;
  cluster: Cluster;
}

/** How a step stands after a look at it: `again` asks to be looked at once more in a second. */
export type StepOutcome = 'success' | 'failure' | 'again';

const POLL_MS = 1_000;

/** How long a step takes before its effect, in milliseconds of life. */
export function stepDuration(step: StepDefinition): number {
  const script = step.run ?? '';
  if (step.uses) return 2_500;
  if (script.includes('set image')) return 4_000;
  if (script.includes('rollout status')) return 3 * POLL_MS;
  if (/\btest\b/.test(script)) return 90_000;
  return POLL_MS;
}

type Texts = Readonly<Record<string, string>>;

/** Puts in the variables as a shell would: `$NAME`, `${NAME}`, `${NAME:0:7}`. */
function expand(line: string, env: Texts): string {
  return line.replace(
    /\$(?:\{(\w+)(?::(\d+):(\d+))?\}|(\w+))/g,
    (_, braced?: string, from = '0', length?: string, bare?: string) => {
      const value = env[braced ?? bare ?? ''] ?? '';
      return length === undefined ? value : value.slice(Number(from), Number(from) + Number(length));
    },
  );
}

/** The page of a run. */
export function runPage(service: ServiceSpec, runId: number): string {
  return `${HTML_ROOT}/${service.repository.owner}/${service.repository.name}/actions/runs/${runId}`;
}

/**
 * Carries out the steps of one attempt of a run. It understands the few commands that the sandbox's workflows consist
 * of, and takes every other command to succeed without an effect.
 */
export class Commands {
  readonly #ground: Ground;
  readonly #run: Run;
  readonly #inputs: Readonly<Record<string, string>>;
  #checkedOut: string;
  #deployment: Deployment | null = null;
  #rolloutEnds: number | null = null;

  constructor(run: Run, ground: Ground) {
    this.#ground = ground;
    this.#run = run;
    this.#inputs = run.inputs;
    this.#checkedOut = run.headSha;
  }

  /** What steps have left in `$GITHUB_ENV`. */
  get env(): Readonly<Record<string, string>> {
    return this.#deployment ? { DEPLOYMENT: String(this.#deployment.id) } : {};
  }

  /** @param given the step's `with:` and the variables around it, already interpolated. */
  carryOut(step: StepDefinition, given: { parameters: Texts; env: Texts }): StepOutcome {
    const { parameters, env } = given;
    if (step.uses?.startsWith('actions/checkout@')) return this.#checkOut(parameters['ref'] || this.#run.headSha);
    for (const line of (step.run ?? '').split('\n')) {
      const outcome = this.#line(line, env);
      if (outcome !== 'success') return outcome;
    }
    return 'success';
  }

  // A short sha is taken for a branch name there, and fails: https://github.com/actions/checkout (input `ref`)
  #checkOut(ref: string): StepOutcome {
    const { history } = this.#ground;
    const commit = /^[0-9a-f]{40}$/.test(ref) || history.isBranchOrTag(ref) ? history.resolve(ref) : undefined;
    if (!commit) return 'failure';
    this.#checkedOut = commit.sha;
    return 'success';
  }

  #line(line: string, env: Texts): StepOutcome {
    const state = /-f state=(\w+)/.exec(line)?.[1];
    if (/^\s*exit [1-9]/.test(line)) return 'failure';
    if (line.includes('/deployments" --input')) this.#announce();
    else if (state) this.#report(state as DeploymentState);
    else if (line.includes(' set image ')) return this.#setImage(expand(line, env));
    else if (line.includes(' rollout status ')) return this.#rollout(line);
    return 'success';
  }

  /** The image's tag names the commit, and with it what will run; a tag that no build made is pulled in vain. */
  #setImage(line: string): StepOutcome {
    const { cluster, history, service } = this.#ground;
    const found = /\s-n (\S+) set image deployment\/(\S+) "?([^"=\s]+)=([^"\s]+)"?/.exec(line);
    const [, namespace, deployment, container, image = ''] = found ?? [];
    if (namespace !== service.namespace || deployment !== service.name || container !== service.name) return 'failure';
    const tag = image.split(':').at(-1) ?? '';
    cluster.deploy(service.name, history.resolve(tag)?.sha ?? tag, this.#run.triggeringActor.login);
    return 'success';
  }

  #announce(): void {
    this.#deployment = this.#ground.deployments.create({
      ref: this.#checkedOut,
      creator: ACTIONS_BOT,
      description: this.#inputs['reason'] ?? '',
      autoMerge: false,
      requiredContexts: [],
    });
  }

  #report(state: DeploymentState): void {
    if (!this.#deployment) return;
    const logUrl = runPage(this.#ground.service, this.#run.id);
    this.#ground.deployments.report(this.#deployment, { state, creator: ACTIONS_BOT, logUrl });
  }

  #rollout(line: string): StepOutcome {
    const { clock, cluster, service } = this.#ground;
    const minutes = Number(/--timeout=(\d+)m/.exec(line)?.[1] ?? 10);
    this.#rolloutEnds ??= clock.waited() + minutes * 60_000;
    if (cluster.isServing(service.name, this.#checkedOut)) return 'success';
    return clock.waited() >= this.#rolloutEnds ? 'failure' : 'again';
  }
}

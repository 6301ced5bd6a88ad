import { parse } from 'yaml';
import { Refusal } from './refusal.ts';

/** One input of a manual run. */
export interface WorkflowInput {
  required: boolean;
  type: 'string' | 'boolean' | 'choice' | 'number' | 'environment';
  fallback: string | null;
  options: readonly string[];
}

export interface StepDefinition {
  name: string;
  /** The action, e.g. `actions/checkout@v5`; null for a step that runs commands. */
  uses: string | null;
  run: string | null;
  condition: string | null;
  with: Readonly<Record<string, string>>;
  env: Readonly<Record<string, string>>;
}

export interface JobDefinition {
  key: string;
  name: string;
  environment: string | null;
  condition: string | null;
  /** Keys of the jobs that have to be over before this one begins. */
  needs: readonly string[];
  /** The workflow's variables and its own. */
  env: Readonly<Record<string, string>>;
  steps: readonly StepDefinition[];
}

/** What a workflow file says, as far as the sandbox acts on it. */
export interface WorkflowDefinition {
  name: string;
  runName: string | null;
  events: ReadonlySet<string>;
  inputs: ReadonlyMap<string, WorkflowInput>;
  concurrency: ConcurrencyDefinition | null;
  jobs: readonly JobDefinition[];
}

export interface ConcurrencyDefinition {
  group: string;
  cancelInProgress: boolean;
  /** How many may wait: `single` (the default) lets the newest one wait, `max` up to a hundred. */
  queue: 'single' | 'max';
}

/** A workflow as GitHub lists it; what it does is read from its file each time it runs. */
export interface Workflow {
  readonly id: number;
  name: string;
  path: string;
  state: 'active' | 'disabled_manually';
  createdAt: number;
  updatedAt: number;
}

const MOST_INPUTS = 25;
const LONGEST_PAYLOAD = 65_535;

type Fields = Record<string, unknown>;

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}

/** Reads a workflow file. A matrix, a container, a service or a reusable workflow is not understood, and passed over. */
export function readWorkflow(source: string): WorkflowDefinition {
  const file = fields(parse(source));
  const on = file['on'];
  const triggers = typeof on === 'string' ? { [on]: null } : Array.isArray(on) ? arrayKeys(on) : fields(on);
  return {
    name: text(file['name']) ?? '',
    runName: text(file['run-name']),
    events: new Set(Object.keys(triggers)),
    inputs: readInputs(fields(fields(triggers['workflow_dispatch'])['inputs'])),
    concurrency: readConcurrency(file['concurrency']),
    jobs: Object.entries(fields(file['jobs'])).map(([key, job]) => readJob(key, fields(job), textsOf(file['env']))),
  };
}

function readConcurrency(value: unknown): ConcurrencyDefinition | null {
  const concurrency = typeof value === 'string' ? { group: value } : fields(value);
  const group = text(concurrency['group']);
  if (group === null) return null;
  const cancelInProgress = concurrency['cancel-in-progress'] === true;
  return { group, cancelInProgress, queue: concurrency['queue'] === 'max' ? 'max' : 'single' };
}

function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(fields(value)).map(([name, one]) => [name, String(one)]));
}

function arrayKeys(names: readonly unknown[]): Fields {
  return Object.fromEntries(names.map((name) => [String(name), null]));
}

function readInputs(inputs: Fields): Map<string, WorkflowInput> {
  return new Map(
    Object.entries(inputs).map(([name, value]) => {
      const input = fields(value);
      return [
        name,
        {
          required: input['required'] === true,
          type: (text(input['type']) ?? 'string') as WorkflowInput['type'],
          fallback: text(input['default']),
          options: Array.isArray(input['options']) ? input['options'].map(String) : [],
        },
      ];
    }),
  );
}

function readJob(key: string, job: Fields, env: Record<string, string>): JobDefinition {
  const environment = job['environment'];
  const steps = Array.isArray(job['steps']) ? job['steps'] : [];
  const needs = job['needs'];
  return {
    key,
    name: text(job['name']) ?? key,
    environment: text(typeof environment === 'object' ? fields(environment)['name'] : environment),
    condition: text(job['if']),
    needs: Array.isArray(needs) ? needs.map(String) : needs === undefined ? [] : [String(needs)],
    env: { ...env, ...textsOf(job['env']) },
    steps: steps.map((step) => readStep(fields(step))),
  };
}

function readStep(step: Fields): StepDefinition {
  const run = text(step['run']);
  const uses = text(step['uses']);
  return {
    name: text(step['name']) ?? `Run ${uses ?? run?.split('\n')[0] ?? ''}`,
    uses,
    run,
    condition: text(step['if']),
    with: textsOf(step['with']),
    env: textsOf(step['env']),
  };
}

/**
 * The inputs of a manual run, defaults filled in.
 * @throws Refusal with GitHub's own words for an unknown, a missing or an impossible input.
 */
export function acceptInputs(definition: WorkflowDefinition, given: unknown): Record<string, string> {
  if (!definition.events.has('workflow_dispatch')) {
    throw new Refusal('invalid', "Workflow does not have 'workflow_dispatch' trigger");
  }
  const sent = Object.entries(fields(given));
  if (sent.length > MOST_INPUTS) {
    throw new Refusal(
      'invalid',
      `Invalid request.\n\nNo more than ${MOST_INPUTS} properties are allowed; ${sent.length} were supplied.`,
    );
  }
  if (JSON.stringify(given ?? {}).length > LONGEST_PAYLOAD) throw new Refusal('invalid', 'inputs are too large.');
  const unexpected = sent.map(([name]) => name).filter((name) => !definition.inputs.has(name));
  if (unexpected.length > 0) {
    throw new Refusal('invalid', `Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  }
  const values = new Map(sent.map(([name, value]) => [name, String(value)]));
  for (const [name, input] of definition.inputs) {
    const value = values.get(name) ?? input.fallback;
    if (input.required && !value) throw new Refusal('invalid', `Required input '${name}' not provided`);
    if (input.type === 'choice' && value !== null && !input.options.includes(value)) {
      throw new Refusal('invalid', `Provided value '${value}' for input '${name}' not in the list of allowed values`);
    }
    values.set(name, value ?? '');
  }
  return Object.fromEntries(values);
}

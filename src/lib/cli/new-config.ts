import { dirname, join, resolve } from 'node:path';
import type { Answers } from '../config/draft.ts';
import { CONFIG_FILE } from '../config/load.ts';
import { OncallError } from '../errors.ts';
import { readText, writeText } from '../store/files.ts';
import type { Context } from './context.ts';

/** What this machine and this directory tell of a team's set-up; null where they do not. */
export interface Surroundings {
  /** `owner/name` of the repository that we stand in. */
  repository: string | null;
  context: string | null;
  namespace: string | null;
  region: string | null;
  /** Addresses that the shell names. */
  prometheus: string | null;
  alertmanager: string | null;
  githubApi: string | null;
  /** Whether it is a practice world that all this is about; then also where its AWS and its kubeconfig are. */
  practice: boolean;
  endpoint: string | null;
  kubeconfig: string | null;
}

/** Longest that `git` may take, in milliseconds. */
const PATIENCE = 3000;

/** Where a new configuration goes: the named file, else `oncall.yaml` right here. */
export function newConfigPath(context: Context): string {
  return resolve(context.invocation.shell.cwd, context.flags.config ?? CONFIG_FILE);
}

/** @throws REFUSED when there is a file already */
export async function refuseToOverwrite(path: string): Promise<void> {
  if ((await readText(path)) === null) return;
  throw new OncallError(`There is a configuration already: ${path}. It was left as it is.`, {
    code: 'REFUSED',
    hint: 'See what it says with `oncall config show`, or replace it with --force.',
  });
}

const NOTHING: Omit<Surroundings, 'repository'> = {
  context: null,
  namespace: null,
  region: null,
  prometheus: null,
  alertmanager: null,
  githubApi: null,
  practice: false,
  endpoint: null,
  kubeconfig: null,
};

/**
 * Looks around, without a question to any server. What cannot be had is null.
 * @param practice whether the practice world of this shell is meant, and not the team's own set-up
 * @throws USAGE when it is meant, and the shell points at none
 */
export async function lookForSettings(context: Context, practice: boolean): Promise<Surroundings> {
  const { env } = context.invocation.shell;
  // A shell that points at a practice world says nothing about the team's own cluster and account.
  if (env.ONCALL_SANDBOX && !practice) return { ...NOTHING, repository: await gitRepository(context) };
  if (practice && !env.ONCALL_SANDBOX) {
    throw new OncallError('This shell points at no practice world.', {
      code: 'USAGE',
      hint: 'Start one and enter it first: `oncall sandbox start --detach`, then eval "$(oncall sandbox env)"',
    });
  }
  const [repository, place] = await Promise.all([gitRepository(context), kubernetesPlace(context)]);
  return {
    repository,
    ...place,
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || null,
    prometheus: env.ONCALL_PROMETHEUS_URL || env.PROMETHEUS_URL || null,
    alertmanager: env.ONCALL_ALERTMANAGER_URL || env.ALERTMANAGER_URL || null,
    githubApi: env.GITHUB_API_URL || null,
    practice,
    endpoint: practice ? (env.AWS_ENDPOINT_URL ?? null) : null,
    kubeconfig: practice ? (env.KUBECONFIG ?? null) : null,
  };
}

/** What was found, with what a flag says in its place. */
export function withFlags(
  around: Surroundings,
  flags: { [key in 'region' | 'context' | 'namespace' | 'prometheus']?: string | undefined } & {
    repository?: string[] | undefined;
  },
): Surroundings {
  const { region, context, namespace, prometheus, repository } = flags;
  return {
    ...around,
    repository: repository?.[0] ?? around.repository,
    region: region ?? around.region,
    context: context ?? around.context,
    namespace: namespace ?? around.namespace,
    prometheus: prometheus ?? around.prometheus,
  };
}

async function gitRepository(context: Context): Promise<string | null> {
  const { env, cwd } = context.invocation.shell;
  const { run } = await context.processes();
  const argv = ['git', 'config', '--get', 'remote.origin.url'] as const;
  const answer = await run(argv, { env, cwd, timeout: PATIENCE, signal: context.signal }).catch((error: unknown) => {
    if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
    throw error;
  });
  return answer?.code === 0 ? repositoryOf(answer.stdout) : null;
}

/** `owner/name` out of a remote's address, in any of git's forms; null when it is not GitHub-like. */
export function repositoryOf(remote: string): string | null {
  const [, owner, name] = /[/:]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(remote.trim()) ?? [];
  return owner && name && /^(\w+:\/\/|[\w.-]+@)/.test(remote.trim()) ? `${owner}/${name}` : null;
}

async function kubernetesPlace(context: Context): Promise<Pick<Surroundings, 'context' | 'namespace'>> {
  try {
    const { readKubeconfig } = await import('../clients/kubernetes/kubeconfig.ts');
    const settings = { world: 'production', kubernetes: { kubeconfig: null, context: null } } as const;
    const { currentContext, contexts } = readKubeconfig(settings, context.invocation.shell.env);
    const current = contexts.find(({ name }) => name === currentContext);
    return { context: current?.name ?? null, namespace: current?.namespace ?? null };
  } catch (error) {
    if (error instanceof OncallError) return { context: null, namespace: null };
    throw error;
  }
}

/**
 * Each service with its repository: those given, in order, or one for all. One that was only found is taken for the
 * service of its name, or for the only one.
 * @throws USAGE when their numbers do not fit
 */
export function withRepositories(
  names: readonly string[],
  given: readonly string[] | undefined,
  repository: string | null,
): Answers['services'] {
  if (given && given.length > 1 && given.length !== names.length) {
    throw new OncallError(`There are ${given.length} repositories for ${names.length} services.`, {
      code: 'USAGE',
      hint: 'Give --repository once for all services, or once for each.',
    });
  }
  const guess = (name: string) => (names.length === 1 || repository?.split('/')[1] === name ? repository : null);
  return names.map((name, i) => ({ name, repository: given ? (given[i] ?? given[0] ?? null) : guess(name) }));
}

/** What to say where the shell points at a practice world that was left alone; nothing elsewhere. */
export function practiceRemarks(context: Context, { practice }: Pick<Surroundings, 'practice'>): string[] {
  if (practice || !context.invocation.shell.env.ONCALL_SANDBOX) return [];
  return [
    'This shell points at a practice world, which says nothing about your team: nothing was looked up there. To write a file for it: --practice',
  ];
}

/** The text of the new file, checked as it would be when read. @throws USAGE naming the answers that are not valid */
export async function draft(answers: Answers, path: string): Promise<string> {
  const { draftConfig } = await import('../config/draft.ts');
  try {
    return draftConfig(answers, path);
  } catch (error) {
    if (!(error instanceof OncallError) || error.code !== 'CONFIG') throw error;
    const [, ...problems] = error.message.split('\n');
    const words = problems.map((problem) => problem.slice(path.length).replace(/^:\d+:\d+: /, ''));
    throw new OncallError(`Nothing was written, since it would not be valid: ${words.join('; ')}.`, {
      code: 'USAGE',
      hint: 'Correct that flag; see `oncall config init --help`.',
    });
  }
}

/** Everybody on the machine may read it, as everybody who clones the repository will. */
export async function saveConfig(path: string, text: string): Promise<void> {
  await writeText(path, text, { mode: 0o644 });
}

/** The file that commands here read unless they are told otherwise; null when they find none. */
export async function configInForce(context: Context): Promise<string | null> {
  const { findConfig } = await import('../config/load.ts');
  const { shell } = context.invocation;
  return findConfig({ shell, path: null, environment: null, userDirectory: context.places.config });
}

/** A file below the directory that the new configuration goes to; null when it is not there. */
export function textInDirectory(context: Context, file: string): Promise<string | null> {
  return readText(join(dirname(newConfigPath(context)), file));
}

/**
 * Which services the file is about: those of the flags, else those found, else those that are typed.
 * @throws USAGE where nobody can be asked
 */
export async function servicesToName(
  { prompts }: Pick<Context, 'prompts'>,
  given: readonly string[] | undefined,
  { repository, found }: Pick<Surroundings, 'repository'> & { found: readonly { name: string }[] },
): Promise<string[]> {
  const guess = repository?.split('/')[1];
  const known = given ?? (found.length > 0 ? found.map(({ name }) => name) : null);
  const typed =
    known ?? (prompts.possible ? (await prompts.input('Services, separated by spaces:', guess)).split(/[\s,]+/) : []);
  const names = [...new Set(typed.map((name) => name.trim()).filter(Boolean))];
  if (names.length > 0) return names;
  throw new OncallError('It is not clear which services the team runs: none was found, and none was named.', {
    code: 'USAGE',
    hint: `Name each with --service, for example: oncall config init --service ${guess ?? 'api'}`,
  });
}

export async function askForPrometheus(prompts: Context['prompts']): Promise<string | null> {
  if (!prompts.possible) return null;
  return (await prompts.input('Address of Prometheus (Enter for none):')).trim() || null;
}

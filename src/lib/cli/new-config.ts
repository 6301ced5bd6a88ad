import { resolve } from 'node:path';
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

/** Looks around, without a question to any server. What cannot be had is null. */
export async function lookForSettings(context: Context): Promise<Surroundings> {
  const { env } = context.invocation.shell;
  // A shell that points at a practice world says nothing about the team's own cluster and account.
  if (env.ONCALL_SANDBOX)
    return { repository: await gitRepository(context), context: null, namespace: null, region: null };
  const [repository, place] = await Promise.all([gitRepository(context), kubernetesPlace(context)]);
  return {
    repository,
    ...place,
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || null,
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

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { type Cluster as ConfigCluster, type Context, KubeConfig, type User } from '@kubernetes/client-node';
import type { ConnectionSettings, KubernetesSettings } from '../../config/settings.ts';
import { OncallError } from '../../errors.ts';
import { didYouMean } from '../../text/nearest.ts';
import { unreachable } from '../outbound.ts';
import type { Environment } from '../processes.ts';

/** One context of a kubeconfig, with the cluster and the user that it names. */
export interface Place {
  context: string;
  cluster: ConfigCluster;
  user: User;
}

/** Everything that the kubeconfig files say together. */
export interface KubeconfigContents {
  contexts: Context[];
  clusters: ConfigCluster[];
  users: User[];
  currentContext: string | null;
  files: string[];
}

/**
 * Reads the kubeconfig as kubectl does: the configured file, else those that `KUBECONFIG` lists, else
 * `~/.kube/config`. Where two files name the same thing, the first wins, and a listed file may be missing.
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
 * @throws CONFIG; UNAVAILABLE when it is a sandbox's, and has gone with it
 */
export function readKubeconfig(
  settings: Pick<ConnectionSettings, 'kubernetes' | 'world'>,
  env: Environment,
): KubeconfigContents {
  const files = kubeconfigFiles(settings.kubernetes, env);
  const present = files.filter((file) => existsSync(file));
  // The sandbox takes its kubeconfig away when it stops.
  if (present.length === 0 && settings.world === 'sandbox') {
    const nothing = Object.assign(new Error('no such file'), { code: 'ECONNREFUSED' });
    throw unreachable('kubeconfig', { url: files.join(' or '), world: settings.world }, nothing);
  }
  if (present.length === 0) {
    throw new OncallError(
      `There is no kubeconfig: ${files.join(' and ')} ${files.length > 1 ? 'do' : 'does'} not exist.`,
      {
        code: 'CONFIG',
        hint: 'Set `kubernetes.kubeconfig` in oncall.yaml or KUBECONFIG to the file that your cluster gave you.',
      },
    );
  }
  const read = present.map(readFile);
  return {
    contexts: firstOfEach(read.flatMap(({ contexts }) => contexts)),
    clusters: firstOfEach(read.flatMap(({ clusters }) => clusters)),
    users: firstOfEach(read.flatMap(({ users }) => users)),
    currentContext: read.map(({ currentContext }) => currentContext).find(Boolean) ?? null,
    files: present,
  };
}

/** The place that a context's name stands for. @throws CONFIG, with near names */
export function placeOf(contents: KubeconfigContents, wanted: string | null): Place {
  const name = wanted ?? contents.currentContext;
  const names = contents.contexts.map((context) => context.name);
  const where = contents.files.join(', ');
  const choose = names.length > 0 ? `Choose one of: ${names.join(', ')}.` : `Add a context to ${where}.`;
  if (!name) {
    throw new OncallError(`The kubeconfig ${where} has no current context.`, {
      code: 'CONFIG',
      hint: `Set \`context\` in oncall.yaml, or use \`kubectl config use-context\`. ${choose}`,
    });
  }
  const context = contents.contexts.find((one) => one.name === name);
  if (!context) {
    throw new OncallError(`The kubeconfig ${where} has no context "${name}".${didYouMean(name, names)}`, {
      code: 'CONFIG',
      hint: choose,
    });
  }
  const cluster = contents.clusters.find((one) => one.name === context.cluster);
  if (!cluster || !URL.canParse(cluster.server)) {
    throw new OncallError(
      `Context "${name}" of ${where} names cluster "${context.cluster}", which has no address there.`,
      {
        code: 'CONFIG',
        hint: `Correct it: \`kubectl config view --context ${name} --minify\``,
      },
    );
  }
  const user = contents.users.find((one) => one.name === context.user);
  return { context: name, cluster, user: user ?? { name: '' } };
}

function kubeconfigFiles({ kubeconfig }: KubernetesSettings, env: Environment): string[] {
  if (kubeconfig) return [kubeconfig];
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter(Boolean);
  if (listed.length > 0) return listed;
  return [join(env['HOME'] || env['USERPROFILE'] || homedir(), '.kube', 'config')];
}

function readFile(file: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (error) {
    throw new OncallError(`The kubeconfig ${file} cannot be read: ${reason(error)}.`, {
      code: 'CONFIG',
      hint: `Check it: \`kubectl config view --kubeconfig ${file}\``,
      cause: error,
    });
  }
  const folder = dirname(file);
  for (const { exec } of config.users) {
    // Like kubectl: a plugin with a path is looked for beside the file, one without on the PATH.
    if (exec?.command?.includes('/') && !isAbsolute(exec.command)) exec.command = join(folder, exec.command);
  }
  return config;
}

/** Why, without the piece of the file that a YAML error quotes: it may hold a token. */
function reason(error: unknown): string {
  const { code, reason: yaml, mark } = error as { code?: unknown; reason?: unknown; mark?: { line?: unknown } };
  if (typeof code === 'string') return code === 'EACCES' ? 'permission denied' : code;
  if (typeof yaml === 'string') return `${yaml}${typeof mark?.line === 'number' ? `, line ${mark.line + 1}` : ''}`;
  const words = error instanceof Error && /^\w+\[\d+\]\S* is missing$/.test(error.message) ? error.message : null;
  return words ?? 'it is not a kubeconfig';
}

function firstOfEach<T extends { name: string }>(items: readonly T[]): T[] {
  return items.filter((item, index) => items.findIndex(({ name }) => name === item.name) === index);
}

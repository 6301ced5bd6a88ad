import type { ClusterIdentity } from '../clients/kubernetes/kubernetes.ts';
import type { KubernetesSettings } from '../config/settings.ts';
import type { Aim } from './refusals.ts';

type Argv = readonly [program: string, ...args: string[]];
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The command that is really run. What holds it to the service stands first, where no `--` of the user's can end the
 * flags before it.
 * @param at.identity null for what asks no cluster
 */
export function kubectlArgv(
  words: readonly string[],
  at: { aim: Aim; identity: Pick<ClusterIdentity, 'context'> | null; settings: KubernetesSettings },
): Argv {
  const { aim, identity, settings } = at;
  const context = identity?.context ?? settings.context;
  return [
    'kubectl',
    ...(settings.kubeconfig ? [`--kubeconfig=${settings.kubeconfig}`] : []),
    ...(context ? [`--context=${context}`] : []),
    `--namespace=${aim.namespace}`,
    ...words,
  ];
}

/**
 * kubectl's environment: the shell's, without what could make `get` mean something else. A kuberc file may redefine
 * commands and add flags to them (https://kubernetes.io/docs/reference/kubectl/kuberc/); the rest points at another
 * server, runs a program, or allows plugins in kubectl's own commands.
 */
export function kubectlEnvironment(env: Environment): Environment {
  const {
    KUBERNETES_MASTER: _server,
    KUBECTL_EXTERNAL_DIFF: _program,
    KUBECTL_ENABLE_CMD_SHADOW: _plugins,
    ...rest
  } = env;
  return { ...rest, KUBERC: 'off', KUBECTL_KUBERC: 'false' };
}

/** A command as it could be typed. */
export function shellText(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

import type { User } from '@kubernetes/client-node';
import { shellLine } from '../../text/shell-line.ts';
import type { Argv, Environment } from '../processes.ts';
import type { SignInWay } from '../sign-in.ts';
import type { Place } from './kubeconfig.ts';

/** A credential plugin, as a kubeconfig names it. https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
export interface ExecPlugin {
  apiVersion?: string;
  command: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  installHint?: string;
  provideClusterInfo?: boolean;
}

/** The plugin of a user, if its credentials come from one. */
export function execPlugin(user: User): ExecPlugin | null {
  const exec: unknown = user.exec ?? user.authProvider?.config?.exec;
  return exec && typeof exec === 'object' && 'command' in exec ? (exec as ExecPlugin) : null;
}

/** What to do to get fresh credentials, as a hint: the command of whoever hands them out. */
export function signInHint(place: Place, env: Environment): string {
  const command = signInCommand(place, env);
  if (command) return `Sign in again: \`${shellLine(command)}\``;
  return `Renew your credentials, and check them with \`kubectl --context ${place.context} get pods\`.`;
}

/** The program that signs in to a place. A plugin that no one knows is let ask its questions through kubectl. */
export function signInWayOf(place: Place, env: Environment): SignInWay {
  const command = signInCommand(place, env);
  if (command) return { command, hint: null };
  if (execPlugin(place.user)) return { command: throughKubectl(place), hint: null };
  return {
    command: null,
    hint: `The credentials of context ${place.context} stand in the kubeconfig: get a new one where you got that one.`,
  };
}

function signInCommand({ user, ...place }: Place, env: Environment): Argv | null {
  const plugin = execPlugin(user);
  const name = plugin?.command.replace(/^.*[/\\]/, '').replace(/\.exe$/i, '') ?? user.authProvider?.name;
  const args = plugin?.args ?? [];
  if (args.some((arg) => arg === 'oidc-login' || arg.startsWith('--oidc-issuer-url'))) {
    return throughKubectl({ ...place, user });
  }
  switch (name) {
    case 'aws':
    case 'aws-iam-authenticator': {
      const given = plugin?.env?.find((one) => one.name === 'AWS_PROFILE')?.value;
      const profile = optionOf(args, '--profile') ?? given ?? env['AWS_PROFILE'];
      return profile ? ['aws', 'sso', 'login', '--profile', profile] : ['aws', 'sso', 'login'];
    }
    case 'gke-gcloud-auth-plugin':
    case 'gcloud':
    case 'gcp':
      return ['gcloud', 'auth', 'login'];
    case 'kubelogin':
    case 'az':
    case 'azure':
      return ['az', 'login'];
    case 'doctl':
      return ['doctl', 'auth', 'init'];
    case 'tsh':
      return ['tsh', 'login'];
    default:
      return null;
  }
}

/** Any question to the cluster starts the plugin; this one needs no right there, and prints no credential. */
function throughKubectl({ context }: Place): Argv {
  return ['kubectl', '--context', context, 'auth', 'whoami'];
}

function optionOf(args: readonly string[], option: string): string | undefined {
  const joined = args.find((arg) => arg.startsWith(`${option}=`))?.slice(option.length + 1);
  const at = args.indexOf(option);
  return joined ?? (at < 0 ? undefined : args[at + 1]);
}

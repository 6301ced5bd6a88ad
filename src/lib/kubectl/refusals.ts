import { OncallError } from '../errors.ts';
import { plain } from '../text/plain.ts';

/** The service that kubectl is pointed at. */
export interface Aim {
  service: string;
  namespace: string;
}

/** For a flag that would lead away from the service's cluster or to another identity, whether to read or to write. */
export function leavesTarget(flag: string, { service }: Aim): OncallError {
  return new OncallError(`${flag} is refused: the context and the identity are those of ${service} in oncall.yaml.`, {
    code: 'REFUSED',
    hint: 'Leave it out. For another cluster or identity use --env, or plain `kubectl`.',
  });
}

/** For a changing command that would reach into another namespace. */
export function leavesNamespace({ service, namespace }: Aim): OncallError {
  return new OncallError(`With --write kubectl stays in namespace ${namespace}, that of ${service}.`, {
    code: 'REFUSED',
    hint: 'Leave the namespace out, or name the service that lives in the other one.',
  });
}

/** For what is not known only to read. */
export function needsWrite(why: string, verb: string, { service }: Aim): OncallError {
  return new OncallError(`Not run without --write: ${why}.`, {
    code: 'REFUSED',
    hint: `Go ahead, if that is what you want: oncall kubectl ${service} --write -- ${plain(verb)} …`,
  });
}

const EXAMPLES: Readonly<Record<string, string>> = {
  '': 'get pods',
  rollout: 'rollout status deployment',
  top: 'top pods',
  auth: 'auth whoami',
  config: 'config current-context',
};

/** For a command that lacks a word; `group` is empty when it lacks all. */
export function incomplete(group: string, { service }: Aim): OncallError {
  return new OncallError(group ? `\`kubectl ${group}\` wants one more word.` : 'Say what kubectl shall do.', {
    code: 'USAGE',
    hint: `For example: oncall kubectl ${service} -- ${EXAMPLES[group] ?? `${group} --help`}`,
  });
}

/** For a plugin, and for whatever kubectl has learnt since. */
export function notBuiltIn(name: string, { service }: Aim): OncallError {
  const shown = plain(name).slice(0, 40);
  return new OncallError(`"${shown}" is not one of kubectl's own commands.`, {
    code: 'USAGE',
    hint: `A plugin cannot be held to ${service}; if it is one, run it yourself: kubectl ${shown} …`,
  });
}

/** For a flag before the verb that kubectl may take for one with a value. */
export function hidesVerb(flag: string, { service }: Aim): OncallError {
  return new OncallError(`${plain(flag)} stands before kubectl's command, where it could hide what is done.`, {
    code: 'USAGE',
    hint: `Put it after the command, as in: oncall kubectl ${service} -- get pods ${plain(flag)}`,
  });
}

/** For a flag of ours that was typed among kubectl's. */
export function ownFlag(flag: string, { service }: Aim): OncallError {
  return new OncallError(`${flag} is a flag of oncall; kubectl does not know it.`, {
    code: 'USAGE',
    hint: `Put it before the command: oncall kubectl ${service} ${flag} -- …`,
  });
}

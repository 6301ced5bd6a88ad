import { OncallError } from '../../errors.ts';
import type { Environment } from '../processes.ts';
import type { Place } from './kubeconfig.ts';
import { signInHint } from './sign-in.ts';

/** What was asked of a cluster, in the words of its access rules. */
export interface Errand {
  verb: 'get' | 'list' | 'watch' | 'create' | 'patch';
  /** E.g. `pods`, `pods/log`. */
  resource: string;
  namespace: string | null;
  name?: string;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
interface Status {
  kind: 'Status';
  message?: string;
}

/** The error for an answer by which a cluster, or something before it, said no. */
export function refusal(
  answer: { status: number; body: string; headers: Readonly<Record<string, unknown>> },
  facts: { errand: Errand; place: Place; env: Environment },
): OncallError {
  const { status } = answer;
  const { errand, place, env } = facts;
  const told = statusOf(answer.body);
  const words = told?.message?.trim() ?? '';
  const where = `context ${place.context}`;
  if (status === 401 || /"system:anonymous"/.test(words)) {
    return new OncallError(`The cluster does not accept your credentials (${where}).`, {
      code: 'AUTH',
      hint: signInHint(place, env),
    });
  }
  if (status === 403 && told) return forbidden(words, errand, place);
  if (!told && (status === 403 || (status >= 300 && status < 400) || status === 200)) {
    return new OncallError(`Something before the cluster wants you to sign in (${where}, ${status}).`, {
      code: 'AUTH',
      hint: signInHint(place, env),
    });
  }
  if (status === 404) return notThere(words, errand, place);
  if (errand.resource === 'pods/log' && status < 500) return noLog(words || `status ${status}`, errand);
  if (status === 429) {
    const after = answer.headers['retry-after'];
    return new OncallError(`The cluster is too busy to answer (${where}).`, {
      code: 'RATE_LIMITED',
      hint: `Try again ${after ? `in ${after} s` : 'in a minute'}.`,
    });
  }
  if (status >= 500) {
    return new OncallError(`The cluster cannot answer right now (${where}, ${status})${words ? `: ${words}` : '.'}`, {
      code: 'UNAVAILABLE',
      hint: `Try again, or look: \`kubectl --context ${place.context} get --raw /readyz?verbose\``,
    });
  }
  return new OncallError(`The cluster refuses (${where}, ${status})${words ? `: ${words}` : '.'}`, {
    code: 'FAILED',
    hint: 'Check `selector`, `namespace` and `context` in oncall.yaml.',
  });
}

/** The error for an answer that is cut, or no answer of a Kubernetes API. */
export function unreadable(place: Place): OncallError {
  return new OncallError(`${new URL(place.cluster.server).host} gave an answer that cannot be read.`, {
    code: 'UNAVAILABLE',
    hint: `Check the cluster's address: \`kubectl config view --context ${place.context} --minify\``,
  });
}

function forbidden(words: string, { verb, resource, namespace }: Errand, { context }: Place): OncallError {
  const user = /User "([^"]+)"/.exec(words)?.[1];
  const scope = namespace ? ` in namespace ${namespace}` : '';
  return new OncallError(`${user ? `User ${user}` : 'You'} may not ${verb} ${resource}${scope} (context ${context}).`, {
    code: 'AUTH',
    hint: `Ask for that right; \`kubectl auth can-i ${verb} ${resource} --context ${context}${namespace ? ` -n ${namespace}` : ''}\` tells when you have it.`,
  });
}

function notThere(words: string, { resource, namespace, name }: Errand, { context }: Place): OncallError {
  const kind = resource === 'pods/log' ? 'pods' : resource;
  const scope = namespace ? ` -n ${namespace}` : '';
  const what = name ? `${kind.replace(/s$/, '')} ${name}` : kind;
  return new OncallError(
    `The cluster has no ${what}${namespace ? ` in namespace ${namespace}` : ''} (context ${context}).`,
    {
      code: 'NOT_FOUND',
      hint: `See what there is: \`kubectl --context ${context}${scope} get ${kind}\``,
      cause: words,
    },
  );
}

/** A log that cannot be had says why in words only. */
function noLog(words: string, { name }: Errand): OncallError {
  if (/waiting to start|PodInitializing|ContainerCreating/.test(words)) {
    return new OncallError(`There is no log yet: ${words}.`, {
      code: 'UNAVAILABLE',
      hint: 'Try again when it has started.',
    });
  }
  if (/not found|is not valid for pod/.test(words)) {
    return new OncallError(`There is no such log: ${words}.`, {
      code: 'NOT_FOUND',
      hint: `Check the name of the container in pod ${name}.`,
    });
  }
  return new OncallError(`The log of pod ${name} cannot be read: ${words}.`, { code: 'FAILED' });
}

function statusOf(body: string): Status | null {
  try {
    const parsed = JSON.parse(body) as Status | null;
    return parsed?.kind === 'Status' ? parsed : null;
  } catch {
    return null;
  }
}

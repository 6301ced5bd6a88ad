import type { Processes } from '../cli/github-token.ts';
import type { ClusterIdentity, Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Config, Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import type { Judgement } from './judge.ts';
import { kubectlArgv, kubectlEnvironment, shellText } from './kubectl-call.ts';
import type { Aim } from './refusals.ts';

/** For who reads the output of another program: `kubectl wait` may take its time. Milliseconds. */
const LONGEST = 600_000;

export interface KubectlResult {
  service: string;
  /** Null where no cluster was asked. */
  context: string | null;
  namespace: string;
  /** kubectl's command without its arguments, e.g. `rollout status`. */
  command: string;
  writes: boolean;
  /** kubectl's own; null when it was not run. */
  exitCode: number | null;
  /** What it wrote; null when it wrote to the terminal, or was not run. */
  stdout: string | null;
  stderr: string | null;
}

/** A call of kubectl that has been judged. */
export interface Call {
  aim: Aim;
  /** Null where no cluster is asked. */
  identity: ClusterIdentity | null;
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string | undefined>>;
  /** As it could be typed. */
  text: string;
  /** Whether its output is to be given back, and not shown. */
  captured: boolean;
  result: KubectlResult;
}

interface Desk {
  config(): Promise<Config>;
  kubernetes(): Promise<Kubernetes>;
  invocation: { shell: { env: Readonly<Record<string, string | undefined>> } };
}

/**
 * Signs in and points kubectl at the service. Whether the credentials still count is asked before kubectl runs, whose own
 * words for it tell nobody what to do.
 * @throws USAGE for an endless stream whose end somebody waits for; AUTH, UNAVAILABLE, CONFIG
 */
export async function prepareCall(
  words: readonly string[],
  facts: { context: Desk; service: Service; judgement: Judgement; json: boolean },
): Promise<Call> {
  const { context: desk, service, judgement, json } = facts;
  if (json && judgement.endless) {
    throw new OncallError('What goes on until it is stopped cannot be given as one JSON document.', {
      code: 'USAGE',
      hint: 'Leave out --json, or leave out -f and -w.',
    });
  }
  const { connection } = await desk.config();
  const { env } = desk.invocation.shell;
  const identity = judgement.asksCluster ? await (await desk.kubernetes()).whoAmI(service.target.context) : null;
  const aim = { service: service.name, namespace: service.target.namespace };
  const argv = kubectlArgv(words, { aim, identity, settings: connection.kubernetes });
  return {
    ...{ aim, identity, argv, env: kubectlEnvironment(env), text: shellText(argv), captured: json },
    result: {
      ...aim,
      context: identity?.context ?? null,
      command: judgement.verb,
      writes: judgement.writes,
      ...{ exitCode: null, stdout: null, stderr: null },
    },
  };
}

/** Runs it, on the user's terminal unless its output is wanted. @throws NOT_FOUND when kubectl is not installed, INTERRUPTED */
export async function runCall(
  { argv, env, captured, result }: Call,
  { processes, signal }: { processes: Pick<Processes, 'attach' | 'run'>; signal: AbortSignal },
): Promise<KubectlResult> {
  if (!captured) return { ...result, exitCode: await processes.attach(argv, { env, signal }) };
  const { code, stdout, stderr } = await processes.run(argv, { env, timeout: LONGEST, signal });
  return { ...result, exitCode: code, stdout, stderr };
}

import type { User } from '@kubernetes/client-node';
import { OncallError } from '../../errors.ts';
import { plain } from '../../text/plain.ts';
import { Redactor } from '../../text/redact.ts';
import { type Environment, type RunResult, run } from '../processes.ts';
import type { Place } from './kubeconfig.ts';
import { type ExecPlugin, signInHint } from './sign-in.ts';

/** Long enough for a plugin that refreshes a session over a slow line. */
const TIMEOUT = 30_000;
const MOST_WORDS = 400;

interface ExecCredential {
  kind?: string;
  status?: { token?: string; clientCertificateData?: string; clientKeyData?: string; expirationTimestamp?: string };
}

/** The user that a plugin vouches for, and until when; null where it does not say. */
export interface Vouched {
  user: User;
  /** ISO 8601 UTC. */
  until: string | null;
}

/**
 * Runs a credential plugin and gives the user that it vouches for. Not left to client-node: that would start one
 * process per request, tell the plugin nothing, and lose what it complains of.
 * @throws AUTH with the plugin's own words and the command that signs in, INTERRUPTED
 */
export async function runPlugin(
  plugin: ExecPlugin,
  facts: { place: Place; env: Environment; signal: AbortSignal },
): Promise<Vouched> {
  const { place, env, signal } = facts;
  const given = Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value]));
  const result = await run([plugin.command, ...(plugin.args ?? [])], {
    env: { ...env, ...given, KUBERNETES_EXEC_INFO: execInfo(plugin, place) },
    timeout: TIMEOUT,
    signal,
  }).catch((error: unknown) => {
    throw notRun(error, plugin, { place, env });
  });
  const credential = result.code === 0 ? parse(result.stdout) : null;
  if (!credential?.token && !credential?.clientCertificateData) throw noCredential(result, plugin, { place, env });
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = credential;
  const user = {
    name: place.user.name,
    ...(token ? { token } : {}),
    // A plugin gives PEM, a kubeconfig holds it in base64.
    ...(cert ? { certData: Buffer.from(cert).toString('base64') } : {}),
    ...(key ? { keyData: Buffer.from(key).toString('base64') } : {}),
    ...(place.user.impersonateUser ? { impersonateUser: place.user.impersonateUser } : {}),
  };
  return { user, until: Number.isNaN(Date.parse(expirationTimestamp ?? '')) ? null : (expirationTimestamp ?? null) };
}

/** What kubectl tells a plugin. It may not ask questions: our terminal shows something else meanwhile. */
function execInfo(plugin: ExecPlugin, { cluster }: Place): string {
  const about = {
    server: cluster.server,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.skipTLSVerify || undefined,
    'certificate-authority-data': cluster.caData,
    'proxy-url': cluster.proxyUrl,
  };
  return JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: plugin.apiVersion ?? 'client.authentication.k8s.io/v1',
    spec: { interactive: false, ...(plugin.provideClusterInfo ? { cluster: about } : {}) },
  });
}

function parse(stdout: string): ExecCredential['status'] | null {
  try {
    const credential = JSON.parse(stdout) as ExecCredential | null;
    return credential?.kind === 'ExecCredential' ? (credential.status ?? null) : null;
  } catch {
    return null;
  }
}

function notRun(error: unknown, plugin: ExecPlugin, facts: { place: Place; env: Environment }): unknown {
  if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') return error;
  const missing = error.code === 'NOT_FOUND';
  const installHint = plugin.installHint ? plain(plugin.installHint).trim() : null;
  return new OncallError(
    `Kubernetes needs the credential plugin \`${plugin.command}\` (context ${facts.place.context}): ${error.message}`,
    {
      code: 'AUTH',
      hint: missing ? (installHint ?? error.hint ?? undefined) : signInHint(facts.place, facts.env),
      cause: error,
    },
  );
}

function noCredential(
  { code, stderr }: RunResult,
  plugin: ExecPlugin,
  facts: { place: Place; env: Environment },
): OncallError {
  const how = code === 0 ? 'gave no credential' : `failed (exit code ${code})`;
  const all = new Redactor().clean(plain(stderr)).trim();
  const words = all.length > MOST_WORDS ? `…${all.slice(-MOST_WORDS)}` : all;
  return new OncallError(
    `The credential plugin \`${plugin.command}\` ${how} for context ${facts.place.context}${words ? `: ${words}` : '.'}`,
    { code: 'AUTH', hint: signInHint(facts.place, facts.env) },
  );
}

import type { Agent } from 'node:http';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { World } from '../../config/settings.ts';
import { OncallError } from '../../errors.ts';
import { plain } from '../../text/plain.ts';
import { Redactor } from '../../text/redact.ts';
import { assertAddressAllowed, guardedAgents } from '../outbound.ts';
import type { Environment } from '../processes.ts';
import type { End } from '../sign-in.ts';
import { credentialEnds } from './credential-ends.ts';
import { runPlugin } from './exec-credential.ts';
import type { Place } from './kubeconfig.ts';
import { execPlugin, signInHint } from './sign-in.ts';

/** How requests to one cluster are made: certificates, authorization, and the agent that keeps its connections. */
export type Access = Pick<
  RequestOptions,
  'agent' | 'auth' | 'ca' | 'cert' | 'headers' | 'key' | 'rejectUnauthorized' | 'servername'
>;

export interface AccessKeeper {
  /** The present credentials; asked for once, however many requests want them at the same time. */
  current(): Promise<Access>;
  /**
   * Credentials newer than ones that were refused, or null where there can be none: only a plugin hands out new ones.
   */
  renewed(refused: Access): Promise<Access | null>;
  /** What of the present credentials runs out. */
  ends(): Promise<End[]>;
}

/**
 * Keeps the credentials for one place.
 * @throws REFUSED when the server or its proxy lies outside a practice world, before any credential is asked for; AUTH; CONFIG
 */
export function accessTo(place: Place, options: { world: World; env: Environment; signal: AbortSignal }): AccessKeeper {
  const agents = guardedAgents(options.world);
  let access: Promise<Access> | undefined;
  let until: string | null = null;
  const obtain = async (): Promise<Access> => {
    assertAddressAllowed(options.world, new URL(place.cluster.server).hostname);
    const proxy = place.cluster.proxyUrl;
    if (proxy) assertAddressAllowed(options.world, URL.canParse(proxy) ? new URL(proxy).hostname : proxy);
    const plugin = execPlugin(place.user);
    const vouched = plugin ? await runPlugin(plugin, { place, ...options }) : null;
    until = vouched?.until ?? null;
    const user = vouched?.user ?? place.user;
    return prepare({ ...place, user }, { env: options.env, agents });
  };
  const current = (): Promise<Access> => {
    access ??= obtain();
    return access;
  };
  return {
    current,
    ends: async () => credentialEnds(await current(), { until, plugin: execPlugin(place.user) !== null }),
    async renewed(refused) {
      if (!execPlugin(place.user)) return null;
      if ((await access) === refused) access = obtain();
      return current();
    },
  };
}

async function prepare(
  place: Place,
  facts: { env: Environment; agents: ReturnType<typeof guardedAgents> },
): Promise<Access> {
  const secure = place.cluster.server.startsWith('https:');
  const config = new KubeConfig();
  // Over plain HTTP, which only `kubectl proxy` and the like speak, no credential is ever sent.
  const user = secure ? place.user : { name: place.user.name };
  config.loadFromClusterAndUser({ ...place.cluster, skipTLSVerify: place.cluster.skipTLSVerify || !secure }, user);
  const access: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(access);
  } catch (error) {
    throw unusable(error, place, facts.env);
  }
  const { auth, ca, cert, headers, key, rejectUnauthorized, servername } = access;
  const own: Agent = secure ? facts.agents.https : facts.agents.http;
  return {
    // Without a proxy the agent is ours, which keeps its connections and looks at each address.
    agent: place.cluster.proxyUrl ? access.agent : own,
    headers: headers ?? {},
    ...(auth === undefined ? {} : { auth }),
    ...(secure ? given({ ca, cert, key, rejectUnauthorized, servername }) : {}),
  };
}

function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function unusable(error: unknown, place: Place, env: Environment): OncallError {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code && path) {
    return new OncallError(`The kubeconfig names a file that cannot be read: ${path} (context ${place.context}).`, {
      code: 'CONFIG',
      hint: `Check it: \`kubectl config view --context ${place.context} --minify\``,
      cause: error,
    });
  }
  const words = new Redactor().clean(plain(error instanceof Error ? error.message : '')).trim();
  return new OncallError(`The credentials of context ${place.context} cannot be used${words ? `: ${words}` : '.'}`, {
    code: 'AUTH',
    hint: signInHint(place, env),
    cause: error,
  });
}

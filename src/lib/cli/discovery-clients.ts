import type { ConnectionSettings } from '../config/settings.ts';
import * as connections from './connections.ts';
import type { Context } from './context.ts';
import { findGithubToken } from './github-token.ts';
import type { Surroundings } from './new-config.ts';

/** The token of every practice world. */
const PRACTICE_TOKEN = 'sandbox';

/**
 * Clients before there is a configuration: by what this shell, or a flag, says. Where it says nothing, null.
 * @param signal ends what is still asked when nobody waits for it any longer
 */
export function discoveryClients(
  context: Context,
  found: Surroundings,
  { signal, profile }: { signal: AbortSignal; profile: string | null },
) {
  const { env } = context.invocation.shell;
  const settings: ConnectionSettings = {
    world: found.practice ? 'sandbox' : 'production',
    environment: 'production',
    aws: {
      region: found.region ?? 'us-east-1',
      profile: found.practice ? null : (profile ?? env.AWS_PROFILE ?? null),
      endpoint: found.endpoint,
    },
    kubernetes: { kubeconfig: found.kubeconfig, context: found.context },
    prometheus: found.prometheus ? { url: found.prometheus } : null,
    alertmanager: null,
    github: { apiUrl: found.githubApi ?? 'https://api.github.com' },
    discord: { responders: null, customers: null, mentionRole: null, file: '', problem: null, exposed: false },
  };
  const wiring = {
    settings: async () => settings,
    githubToken: async () => {
      if (found.practice) return PRACTICE_TOKEN;
      const token = await findGithubToken(context.invocation, await context.processes());
      context.redactor.add(token);
      return token;
    },
    signal: AbortSignal.any([context.signal, signal]),
    env,
  };
  return {
    kubernetes: found.context ? () => connections.kubernetes(wiring) : null,
    prometheus: found.prometheus ? () => connections.prometheus(wiring) : null,
    pager: found.region ? () => connections.pager(wiring) : null,
    github: () => connections.github(wiring),
  };
}

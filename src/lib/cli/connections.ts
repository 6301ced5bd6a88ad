import type { Alertmanager } from '../clients/alertmanager/alertmanager.ts';
import type { DeadWebhooks, Discord } from '../clients/discord/discord.ts';
import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { ConnectionSettings } from '../config/settings.ts';

/** What a client needs to know before it can be connected. */
export interface Wiring {
  settings: () => Promise<ConnectionSettings>;
  githubToken: () => Promise<string | null>;
  signal: AbortSignal;
  env: Readonly<Record<string, string | undefined>>;
}

/** What only Discord needs. */
export interface DiscordWiring {
  dead: DeadWebhooks;
  wait(ms: number): Promise<void>;
  now(): number;
}

// Each loads its adapter, and with it the SDK, only now, while the settings are read.

export async function pager({ settings, signal, env }: Wiring): Promise<Pager> {
  const [known, { connectIncidentManager }] = await Promise.all([
    settings(),
    import('../clients/pager/incident-manager/connect.ts'),
  ]);
  return connectIncidentManager({ settings: known, signal, env });
}

export async function kubernetes({ settings, signal, env }: Wiring): Promise<Kubernetes> {
  const [known, { connectKubernetes }] = await Promise.all([settings(), import('../clients/kubernetes/connect.ts')]);
  return connectKubernetes({ settings: known, signal, env });
}

export async function github({ settings, signal, githubToken }: Wiring): Promise<GitHub> {
  const [known, { connectGitHub }] = await Promise.all([settings(), import('../clients/github/rest.ts')]);
  return connectGitHub({ settings: known, token: githubToken, signal });
}

export async function prometheus({ settings, signal }: Wiring): Promise<Prometheus> {
  const [known, { connectPrometheus }] = await Promise.all([settings(), import('../clients/prometheus/http-api.ts')]);
  return connectPrometheus({ settings: known, signal });
}

export async function alertmanager({ settings, signal }: Wiring): Promise<Alertmanager> {
  const [known, { connectAlertmanager }] = await Promise.all([
    settings(),
    import('../clients/alertmanager/http-api.ts'),
  ]);
  return connectAlertmanager({ settings: known, signal });
}

export async function discord({ settings, signal }: Wiring, own: DiscordWiring): Promise<Discord> {
  const [known, { connectDiscord }] = await Promise.all([settings(), import('../clients/discord/webhooks.ts')]);
  return connectDiscord({ settings: known, signal, ...own });
}

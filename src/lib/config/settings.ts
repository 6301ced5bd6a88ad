/**
 * The effective settings that the hands connect by: what the team's file, the chosen environment and the shell
 * together say. Only types, so that every room may name them.
 */
export type World = 'production' | 'sandbox';

export interface AwsSettings {
  region: string;
  profile: string | null;
  /** Overrides where AWS calls go; set in the sandbox. */
  endpoint: string | null;
}

export interface KubernetesSettings {
  /** Path of the kubeconfig; null means `KUBECONFIG`, then `~/.kube/config`. */
  kubeconfig: string | null;
  context: string | null;
}

/** One webhook: its address is a secret, and whoever has it can post. */
export interface DiscordWebhook {
  url: string;
  /** The shell's variable, or the file, that it stands in. */
  source: string;
}

/** Never throws while it is read: that chat is set up wrongly must fail no command but those that chat. */
export interface DiscordSettings {
  responders: DiscordWebhook | null;
  customers: DiscordWebhook | null;
  /** Role that a question to the team pings. */
  mentionRole: string | null;
  /** The user's own file in which webhooks belong. */
  file: string;
  /** What is wrong with that file, in words; null when it is well, or not there. */
  problem: string | null;
  /** Whether others on this machine can read that file. */
  exposed: boolean;
}

export interface ConnectionSettings {
  world: World;
  /** The environment's name: `production` unless another was chosen. */
  environment: string;
  aws: AwsSettings;
  kubernetes: KubernetesSettings;
  prometheus: { url: string } | null;
  alertmanager: { url: string } | null;
  github: { apiUrl: string };
  discord: DiscordSettings;
}

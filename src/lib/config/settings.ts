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

export interface ConnectionSettings {
  world: World;
  /** The environment's name: `production` unless another was chosen. */
  environment: string;
  aws: AwsSettings;
  kubernetes: KubernetesSettings;
  prometheus: { url: string } | null;
  alertmanager: { url: string } | null;
  github: { apiUrl: string };
}

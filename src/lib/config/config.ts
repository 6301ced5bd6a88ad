import type { ConnectionSettings } from './settings.ts';
import type { Shell } from './shell.ts';

/** A named query of a service. */
export interface Query {
  name: string;
  expr: string;
  unit: string | null;
  limit: number | null;
  description: string | null;
}

/** One of the team's services, with every default filled in. */
export interface Service {
  name: string;
  description: string | null;
  target: { context: string | null; namespace: string; selector: string };
  repository: string | null;
  githubEnvironment: string;
  workflows: {
    deploy: string;
    revert: string;
    ref: string | null;
    shaInput: string;
    nonceInput: string;
    reasonInput: string;
  };
  queries: Query[];
  runbook: string | null;
  responsePlan: string;
  dependsOn: string[];
}

/** One effective value and where it came from. */
export interface Origin {
  key: string;
  value: unknown;
  source: string;
}

export interface Config {
  /** The file it was read from. */
  path: string;
  team: string | null;
  escalation: { plan: string | null; schedule: string | null };
  connection: ConnectionSettings;
  services: Service[];
  /** Who I am, where the user's own file or the shell says so; null when it must be asked of AWS. */
  me: { alias: string; source: string } | null;
  origins: Origin[];
  /** Values out of the user's own files that must never be shown. */
  secrets: string[];
}

export interface LoadRequest {
  shell: Shell;
  /** `--config`. */
  path: string | null;
  /** `--env`. */
  environment: string | null;
  /** The user's configuration directory. */
  userDirectory: string;
}

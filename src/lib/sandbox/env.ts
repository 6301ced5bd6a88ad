import { stringify } from 'yaml';
import { AWS_REGION, CLUSTER_NAME, ESCALATION_PLAN, NAMESPACE, PRIMARY_SCHEDULE, SERVICES } from './world/catalog.ts';
import { ONCALL_ROLE, webhookUrl } from './world/discord/company-server.ts';

/** Where a running sandbox is, as its state directory records it. */
export interface SandboxAddress {
  /** Plain-HTTP port: AWS, GitHub, Prometheus, Alertmanager, controls. */
  port: number;
  /** TLS port of the Kubernetes API. */
  kubernetesPort: number;
  /** Process that serves it. */
  pid: number;
  /** Token of the control calls. */
  token: string;
  directory: string;
  scenario: string;
  speed: number;
  seed: number;
  startedAt: string;
}

/** Files of the state directory. */
export const FILES = {
  address: 'sandbox.json',
  config: 'oncall.yaml',
  kubeconfig: 'kubeconfig',
  discord: 'discord.yaml',
  log: 'sandbox.log',
  /** Where `gh` finds GitHub, and its settings, which lead there and nowhere else. */
  socket: 'github.sock',
  gh: 'gh',
} as const;

/** The one host that `gh` speaks plain HTTP to. */
const GH_HOST = 'github.localhost';

/** The longest path that a socket file can have everywhere. */
const LONGEST_SOCKET = 103;

/** The socket file for `gh`; null where the directory's name is too long for one. */
export function socketOf(directory: string): string | null {
  const path = `${directory}/${FILES.socket}`;
  return Buffer.byteLength(path) <= LONGEST_SOCKET ? path : null;
}

/** The files by which `gh` reaches the sandbox and never anything else, by their names. */
export function ghFiles(directory: string, login: string): Record<string, string> {
  const host = { [GH_HOST]: { user: login, oauth_token: DUMMY.githubToken, git_protocol: 'https' } };
  return {
    'config.yml': stringify({
      git_protocol: 'https',
      prompt: 'disabled',
      http_unix_socket: `${directory}/${FILES.socket}`,
    }),
    'hosts.yml': stringify(host),
  };
}

/** Fixed and worthless on purpose: whoever finds them has found nothing. */
export const DUMMY = { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox', githubToken: 'sandbox' } as const;

/**
 * What points `oncall`, and just as well stock `aws`, `kubectl`, `curl` and Octokit, at a sandbox.
 * A null value means that the variable must be removed, since it would outrank the others.
 */
export function environmentOf(address: Pick<SandboxAddress, 'port' | 'directory'>): Record<string, string | null> {
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    ONCALL_SANDBOX: address.directory,
    ONCALL_CONFIG: `${address.directory}/${FILES.config}`,
    ONCALL_STATE_DIR: `${address.directory}/state`,
    KUBECONFIG: `${address.directory}/${FILES.kubeconfig}`,
    AWS_ENDPOINT_URL: origin,
    AWS_REGION,
    AWS_DEFAULT_REGION: AWS_REGION,
    AWS_ACCESS_KEY_ID: DUMMY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: DUMMY.secretAccessKey,
    AWS_PROFILE: null,
    AWS_SESSION_TOKEN: null,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: null,
    GITHUB_API_URL: `${origin}/github`,
    GITHUB_TOKEN: DUMMY.githubToken,
    GH_HOST,
    GH_CONFIG_DIR: `${address.directory}/${FILES.gh}`,
    GH_TOKEN: null,
    GH_ENTERPRISE_TOKEN: null,
    GH_REPO: null,
    PROMETHEUS_URL: `${origin}/prometheus`,
    ALERTMANAGER_URL: `${origin}/alertmanager`,
    ONCALL_DISCORD_RESPONDERS: webhookUrl(origin, 'responders'),
    ONCALL_DISCORD_CUSTOMERS: webhookUrl(origin, 'customers'),
    ONCALL_ENV: null,
    ONCALL_ME: null,
  };
}

/** The variables that `environmentOf` speaks of, wherever the sandbox is. */
export function environmentNames(): string[] {
  return Object.keys(environmentOf({ port: 0, directory: '' }));
}

/** The team's configuration in the practice world, written as a team would write it. */
export function configText(address: SandboxAddress): string {
  const origin = `http://127.0.0.1:${address.port}`;
  const services = Object.fromEntries(
    SERVICES.map(({ name, description, repository, dependsOn }) => [
      name,
      {
        description,
        repository: `${repository.owner}/${repository.name}`,
        workflows: { deploy: 'deploy.yml', revert: 'revert.yml' },
        queries: queriesOf(name),
        runbook: `runbooks/${name}.md`,
        ...(dependsOn.length > 0 ? { dependsOn: [...dependsOn] } : {}),
      },
    ]),
  );
  const content = {
    version: 1,
    world: 'sandbox',
    team: 'engineering',
    escalation: { plan: ESCALATION_PLAN, schedule: PRIMARY_SCHEDULE },
    aws: { region: AWS_REGION, endpoint: origin },
    kubernetes: { kubeconfig: FILES.kubeconfig, context: CLUSTER_NAME, namespace: NAMESPACE },
    prometheus: { url: `${origin}/prometheus` },
    alertmanager: { url: `${origin}/alertmanager` },
    github: { apiUrl: `${origin}/github` },
    discord: { webhooks: FILES.discord, mentionRole: ONCALL_ROLE },
    services,
  };
  return `# Written by \`oncall sandbox start\`. It points at the practice world of ${address.directory} and at nothing else.\n${stringify(content, { lineWidth: 0 })}`;
}

/** The user's own file with the webhooks, which a team's configuration never holds. */
export function discordText({ port }: Pick<SandboxAddress, 'port'>): string {
  const origin = `http://127.0.0.1:${port}`;
  return stringify(
    { responders: webhookUrl(origin, 'responders'), customers: webhookUrl(origin, 'customers') },
    { lineWidth: 0 },
  );
}

function queriesOf(service: string): Record<string, object> {
  const requests = `http_requests_total{app="${service}"`;
  return {
    instances: { expr: `sum(up{app="${service}"})`, description: 'Live instances' },
    errors: {
      expr: `100 * (sum(rate(${requests},code=~"5.."}[5m])) or vector(0)) / sum(rate(${requests}}[5m]))`,
      unit: '%',
      limit: 5,
      description: 'Requests that fail',
    },
    requests: { expr: `sum(rate(${requests}}[5m]))`, unit: '/s', description: 'Requests' },
    latency: {
      expr: `histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{app="${service}"}[5m])))`,
      unit: 's',
      description: '99th percentile of the latency',
    },
  };
}

export type ShellKind = 'sh' | 'fish' | 'json';

/**
 * The lines to `eval`. What a variable held before is kept beside it by the shell itself, so that leaving the practice
 * world gives it back, and no secret of the user's is ever printed here. With `unset`, the lines that lead back.
 * @param options `programs` is a directory to put first on the path, for a shell that does not have `oncall` there
 */
export function environmentLines(
  environment: Record<string, string | null>,
  { shell, unset, programs = null }: { shell: ShellKind; unset: boolean; programs?: string | null },
): string {
  if (shell === 'json') {
    const values = Object.entries(environment).map(([name, value]) => [name, unset ? null : value]);
    return JSON.stringify(Object.fromEntries(values), null, 2);
  }
  const words = shell === 'fish' ? FISH : SH;
  const names = [...Object.keys(environment), 'PATH'];
  if (unset) return words.whenInside(names.map((name) => words.giveBack(name)));
  return [
    words.whenOutside(names.map((name) => words.keep(name))),
    ...Object.entries(environment).map(([name, value]) =>
      value === null ? words.remove(name) : words.set(name, value),
    ),
    ...(programs === null ? [] : [words.prepend(programs)]),
  ].join('\n');
}

/** How a shell says the few things that are needed. */
interface ShellWords {
  set(name: string, value: string): string;
  remove(name: string): string;
  prepend(directory: string): string;
  keep(name: string): string;
  giveBack(name: string): string;
  whenInside(lines: string[]): string;
  whenOutside(lines: string[]): string;
}

const MARK = 'ONCALL_SANDBOX';
const KEPT = 'ONCALL_BEFORE_';

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

const SH: ShellWords = {
  set: (name, value) => `export ${name}=${quoted(value)}`,
  remove: (name) => `unset ${name}`,
  prepend: (directory) =>
    `case ":$PATH:" in *:${quoted(directory)}:*) ;; *) export PATH=${quoted(directory)}:"$PATH" ;; esac`,
  keep: (name) => `  if [ -n "\${${name}+x}" ]; then export ${KEPT}${name}="$${name}"; fi`,
  giveBack: (name) =>
    `  if [ -n "\${${KEPT}${name}+x}" ]; then export ${name}="$${KEPT}${name}"; unset ${KEPT}${name}; else unset ${name}; fi`,
  whenInside: (lines) => [`if [ -n "\${${MARK}+x}" ]; then`, ...lines, 'fi'].join('\n'),
  whenOutside: (lines) => [`if [ -z "\${${MARK}+x}" ]; then`, ...lines, 'fi'].join('\n'),
};

function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

const FISH: ShellWords = {
  set: (name, value) => `set -gx ${name} ${fishQuoted(value)}`,
  remove: (name) => `set -e ${name}`,
  prepend: (directory) => `contains -- ${fishQuoted(directory)} $PATH; or set -gx PATH ${fishQuoted(directory)} $PATH`,
  keep: (name) => `  set -q ${name}; and set -gx ${KEPT}${name} $${name}`,
  giveBack: (name) =>
    `  if set -q ${KEPT}${name}; set -gx ${name} $${KEPT}${name}; set -e ${KEPT}${name}; else; set -e ${name}; end`,
  whenInside: (lines) => [`if set -q ${MARK}`, ...lines, 'end'].join('\n'),
  whenOutside: (lines) => [`if not set -q ${MARK}`, ...lines, 'end'].join('\n'),
};

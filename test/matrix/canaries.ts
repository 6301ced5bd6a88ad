import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { startWorld, type TestWorld } from '../support/world.ts';

/** Each secret of a user, by the place in which it is kept. */
export const CANARIES = {
  awsKeyId: 'CANARYKEYID7Q2W9',
  awsSecret: 'canaryAwsSecret/51f0c2e7d9',
  awsSession: 'canaryAwsSession+77aa01bc2d',
  github: 'canaryGithubToken4d5e6f7081',
  kubePassword: 'canaryKubePassword9182ab',
  webhook: 'canaryWebhookToken_66ff00aa',
  proxy: 'canaryProxyPassword31cafe',
  prometheus: 'canaryPromPassword84beef',
  alertmanager: 'canaryAlertPassword19dead',
} as const;

/** Where the user's credentials are: in the shell, or in the files of each tool. */
export type Home = 'shell' | 'files';

/** A world as production would be: real sign-ins, each of them a canary that the services take for good. */
export interface Aviary {
  world: TestWorld;
  env: Record<string, string>;
  home: string;
  /** Every value that must never be seen, with the name of its place. */
  secrets: [name: string, value: string][];
  /** Everything that was written below the user's home, credentials files excepted. */
  writtenFiles(): string;
  close(): Promise<void>;
}

/** Opens such a world. Its own kubeconfig token is a canary as well. */
export async function openAviary(where: Home): Promise<Aviary> {
  const world = await startWorld({ speed: 40, githubToken: CANARIES.github });
  const home = mkdtempSync(join(tmpdir(), 'oncall-canary-'));
  const { directory } = world.sandbox.address;
  const token = kubeToken(directory);
  const kept = join(home, 'kept');
  for (const part of ['.aws', '.config/gh', '.kube', 'bin', 'kept'])
    mkdirSync(join(home, part), { recursive: true, mode: 0o700 });
  const config = join(home, 'oncall.yaml');
  writeFileSync(config, productionConfig(directory));
  writeKubeconfig(directory, home, { where, token });
  if (where === 'files') writeFiles(home);
  const env = {
    PATH: `${join(home, 'bin')}:${process.env.PATH}`,
    HOME: home,
    XDG_STATE_HOME: kept,
    XDG_CACHE_HOME: join(kept, 'cache'),
    ONCALL_CONFIG: config,
    ONCALL_ME: 'sam',
    KUBECONFIG: join(home, '.kube/config'),
    AWS_ENDPOINT_URL: world.env.AWS_ENDPOINT_URL as string,
    ONCALL_PROMETHEUS_URL: withPassword(world.env.PROMETHEUS_URL, CANARIES.prometheus),
    ONCALL_ALERTMANAGER_URL: withPassword(world.env.ALERTMANAGER_URL, CANARIES.alertmanager),
    AWS_EC2_METADATA_DISABLED: 'true',
    HTTPS_PROXY: `http://someone:${CANARIES.proxy}@127.0.0.1:9`,
    ...(where === 'shell' ? shellSecrets() : {}),
  };
  return {
    world,
    env,
    home,
    secrets: [...Object.entries(CANARIES), ['kubeToken', token]],
    writtenFiles: () => readAll(kept),
    async close() {
      await world.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function shellSecrets(): Record<string, string> {
  const webhook = `https://discord.com/api/webhooks/112233/${CANARIES.webhook}`;
  return {
    AWS_ACCESS_KEY_ID: CANARIES.awsKeyId,
    AWS_SECRET_ACCESS_KEY: CANARIES.awsSecret,
    AWS_SESSION_TOKEN: CANARIES.awsSession,
    ONCALL_GITHUB_TOKEN: CANARIES.github,
    GITHUB_TOKEN: CANARIES.github,
    DISCORD_WEBHOOK_URL: webhook,
    ONCALL_DISCORD_WEBHOOK: webhook,
  };
}

/** `~/.aws`, gh's own file with a `gh` that reads it, and Discord's webhooks. */
function writeFiles(home: string): void {
  const { awsKeyId, awsSecret, awsSession, github, webhook } = CANARIES;
  writeFileSync(
    join(home, '.aws/credentials'),
    `[default]\naws_access_key_id = ${awsKeyId}\naws_secret_access_key = ${awsSecret}\naws_session_token = ${awsSession}\n`,
  );
  writeFileSync(join(home, '.aws/config'), '[default]\nregion = us-west-2\n');
  writeFileSync(join(home, '.config/gh/hosts.yml'), `github.com:\n    oauth_token: ${github}\n    user: sam\n`);
  const gh = join(home, 'bin/gh');
  writeFileSync(gh, `#!/bin/sh\nsed -n 's/.*oauth_token: //p' "$HOME/.config/gh/hosts.yml"\n`);
  chmodSync(gh, 0o755);
  mkdirSync(join(home, '.config/oncall'), { recursive: true, mode: 0o700 });
  const address = `https://discord.com/api/webhooks/112233/${webhook}`;
  writeFileSync(join(home, '.config/oncall/discord.yaml'), stringify({ responders: address, customers: address }), {
    mode: 0o600,
  });
}

/** The team's file holds no secrets: it is refused with any. Addresses with a password come from the shell. */
function productionConfig(directory: string): string {
  const team = parse(readFileSync(join(directory, 'oncall.yaml'), 'utf8')) as Record<string, object>;
  const { prometheus: _1, alertmanager: _2, ...rest } = team;
  return stringify({ ...rest, world: 'production', kubernetes: { ...team.kubernetes, kubeconfig: '.kube/config' } });
}

function withPassword(url: string | undefined, password: string): string {
  return (url ?? '').replace('//', `//oncall:${password}@`);
}

interface Kubeconfig {
  users: { name: string; user: Record<string, unknown> }[];
}

function kubeToken(directory: string): string {
  const { users } = parse(readFileSync(join(directory, 'kubeconfig'), 'utf8')) as Kubeconfig;
  return String(users[0]?.user.token);
}

/** The token stands in the file, with a password that nobody asks for; or a plugin gives it. */
function writeKubeconfig(directory: string, home: string, { where, token }: { where: Home; token: string }): void {
  const kubeconfig = parse(readFileSync(join(directory, 'kubeconfig'), 'utf8')) as Kubeconfig;
  const [first] = kubeconfig.users;
  if (first && where === 'files') {
    const plugin = join(home, 'bin/cluster-login');
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token },
    };
    writeFileSync(
      plugin,
      `#!/bin/sh\necho 'signed in with ${CANARIES.kubePassword}' >&2\necho '${JSON.stringify(credential)}'\n`,
    );
    chmodSync(plugin, 0o755);
    first.user = {
      exec: { apiVersion: credential.apiVersion, command: plugin, interactiveMode: 'Never' },
    };
  }
  kubeconfig.users.push({ name: 'other', user: { username: 'x', password: CANARIES.kubePassword } });
  writeFileSync(join(home, '.kube/config'), stringify(kubeconfig), { mode: 0o600 });
}

function readAll(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

/** The secrets that a text holds, in any of the forms in which one could be read out of it again. */
export function secretsIn(text: string, secrets: Aviary['secrets']): string[] {
  return secrets
    .filter(([, value]) =>
      [value, encodeURIComponent(value), Buffer.from(value).toString('base64').replace(/=+$/, '')].some((form) =>
        text.includes(form),
      ),
    )
    .map(([name]) => name);
}

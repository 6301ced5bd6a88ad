import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { atTerminal, type Done, piped, withOncall } from './terminal.ts';
import type { TestWorld } from './world.ts';

/** When the single sign-on session of a laptop ends, once it has signed in. */
export const SESSION_END = '2099-01-02T03:04:05Z';

/** A laptop whose sign-ins to a "production" (the practice world, by its addresses) have all run out. */
export class Laptop {
  readonly home: string;
  /** Where its GitHub is; nothing here may look for the real one. */
  readonly #github: string;

  constructor(home: string, github: string) {
    this.home = home;
    this.#github = github;
  }

  static async create(world: TestWorld): Promise<Laptop> {
    const github = `http://127.0.0.1:${world.sandbox.address.port}/github`;
    const laptop = new Laptop(await mkdtemp(join(tmpdir(), 'oncall-laptop-')), github);
    await withOncall(laptop.path('bin'));
    const { directory } = world.sandbox.address;
    const config = parse(readFileSync(join(directory, 'oncall.yaml'), 'utf8')) as Record<string, object>;
    const { world: _, ...rest } = config;
    const kubeconfig = parse(readFileSync(join(directory, 'kubeconfig'), 'utf8')) as {
      users: { name: string; user: object }[];
    };
    const [user] = kubeconfig.users;
    assert.ok(user);
    const { token } = user.user as { token: string };
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'aws',
      args: ['eks', 'get-token', '--cluster-name', 'live', '--profile', 'oncall'],
      interactiveMode: 'IfAvailable',
    };
    user.user = { exec };
    const credential = {
      kind: 'ExecCredential',
      apiVersion: exec.apiVersion,
      status: { token, expirationTimestamp: new Date(Date.now() + 840_000).toISOString() },
    };
    await laptop.write('oncall.yaml', stringify({ ...rest, aws: { ...rest['aws'], profile: 'oncall' } }));
    await laptop.write('kubeconfig', stringify(kubeconfig));
    await laptop.write(
      '.aws/config',
      `[profile oncall]\nregion = us-west-2\nsso_session = work\nsso_account_id = 000000000000\nsso_role_name = oncall\ncredential_process = ${laptop.path('bin/give-keys')}\n\n[sso-session work]\nsso_start_url = https://work.awsapps.test/start\nsso_region = us-west-2\n`,
    );
    await laptop.program(
      'give-keys',
      `[ -f "$HOME/session" ] || { echo 'Token has expired' >&2; exit 255; }
echo '{"Version":1,"AccessKeyId":"SANDBOX","SecretAccessKey":"sandbox"}'`,
    );
    const cache = `${createHash('sha1').update('work').digest('hex')}.json`;
    await laptop.program(
      'aws',
      `case "$1 $2" in
'sso login')
  echo "aws $*" >> "$HOME/ran"
  [ -t 0 ] && [ -t 1 ] || exit 9
  mkdir -p "$HOME/.aws/sso/cache"
  echo '{"startUrl":"https://work.awsapps.test/start","accessToken":"canary-token","expiresAt":"${SESSION_END}"}' > "$HOME/.aws/sso/cache/${cache}"
  touch "$HOME/session" ;;
'eks get-token')
  [ -f "$HOME/session" ] || { echo 'Error loading SSO Token: Token for oncall has expired' >&2; exit 255; }
  echo '${JSON.stringify(credential)}' ;;
*) exit 252 ;;
esac`,
    );
    await laptop.program(
      'gh',
      `case "$1 $2" in
'auth token') cat "$HOME/gh-token" 2>/dev/null || exit 1 ;;
'auth login') echo "gh $*" >> "$HOME/ran"; [ -t 0 ] || exit 9; echo sandbox > "$HOME/gh-token" ;;
*) exit 1 ;;
esac`,
    );
    return laptop;
  }

  path(name: string): string {
    return join(this.home, name);
  }

  async write(name: string, text: string): Promise<void> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), text);
  }

  async program(name: string, body: string): Promise<void> {
    await this.write(`bin/${name}`, `#!/bin/sh\n${body}\n`);
    await chmod(this.path(`bin/${name}`), 0o755);
  }

  /** What the programs were called with, in order. */
  ran(): string[] {
    return existsSync(this.path('ran')) ? readFileSync(this.path('ran'), 'utf8').trim().split('\n') : [];
  }

  get env() {
    return {
      PATH: `${this.path('bin')}:${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: this.home,
      LANG: 'C.UTF-8',
      TERM: 'xterm',
      NO_COLOR: '1',
      DISPLAY: ':0',
      ONCALL_CONFIG: this.path('oncall.yaml'),
      KUBECONFIG: this.path('kubeconfig'),
      GITHUB_API_URL: this.#github,
    };
  }

  /** `oncall` with its output piped. */
  piped(argv: readonly string[], env: Record<string, string | undefined> = {}): Promise<Done> {
    return piped(['oncall', ...argv], { env: { ...this.env, ...env }, cwd: this.home });
  }

  /** A line pasted into a shell at a terminal. */
  paste(line: string, env: Record<string, string | undefined> = {}): Promise<Done> {
    return atTerminal(line, { env: { ...this.env, ...env }, cwd: this.home });
  }

  /** `oncall` at a terminal. */
  atTerminal(argv: readonly string[]): Promise<Done> {
    return this.paste(['oncall', ...argv].join(' '));
  }

  async close(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }
}

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type RunOptions, runOncall } from '../../support/run-oncall.ts';

describe('oncall config init', () => {
  let cwd: string;
  const path = () => join(cwd, 'oncall.yaml');
  const written = () => parse(readFileSync(path(), 'utf8')) as Record<string, unknown>;
  const init = (argv: string[], options: RunOptions = {}) =>
    runOncall(['config', 'init', '--offline', ...argv], {
      cwd,
      ...options,
      env: { PATH: process.env.PATH, HOME: cwd, ...options.env },
    });

  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'oncall-init-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  it('writes what the flags say, and the next command finds it', async () => {
    const ran = await init([
      ...['--no-input', '--service', 'api', '--service', 'web', '--repository', 'acme/mono', '--team', 'Platform'],
      ...['--plan', 'engineering', '--schedule', 'first', '--region', 'us-west-2', '--context', 'prod'],
      ...['--namespace', 'apps', '--prometheus', 'https://prometheus.example.com'],
      ...['--alertmanager', 'https://alertmanager.example.com', '--profile', 'oncall'],
    ]);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /✔ Wrote .*oncall\.yaml, for api, web\./);
    assert.match(ran.stdout, /next: oncall doctor$/m);
    assert.deepEqual(written(), {
      version: 1,
      team: 'Platform',
      escalation: { plan: 'engineering', schedule: 'first' },
      aws: { region: 'us-west-2', profile: 'oncall' },
      kubernetes: { context: 'prod', namespace: 'apps' },
      prometheus: { url: 'https://prometheus.example.com' },
      alertmanager: { url: 'https://alertmanager.example.com' },
      services: { api: { repository: 'acme/mono' }, web: { repository: 'acme/mono' } },
    });
    assert.equal((statSync(path()).mode & 0o777).toString(8), '644', 'it is checked in, so anybody may read it');
    const shown = await runOncall(['config', 'show'], { cwd });
    assert.equal(shown.code, 0, shown.stderr);
  });

  it('finds the repository, the kube context and the region by itself', async () => {
    execFileSync('git', ['init', '-q'], { cwd });
    execFileSync('git', ['remote', 'add', 'origin', 'git@github.com:acme/api.git'], { cwd });
    writeFileSync(
      join(cwd, 'kubeconfig'),
      'apiVersion: v1\nkind: Config\ncurrent-context: prod\nclusters: [{name: c, cluster: {server: "https://c.example"}}]\nusers: [{name: u, user: {token: very-secret-token}}]\ncontexts: [{name: prod, context: {cluster: c, user: u, namespace: apps}}]\n',
    );
    const ran = await init(['--service', 'api', '--json'], {
      env: { KUBECONFIG: join(cwd, 'kubeconfig'), AWS_REGION: 'eu-central-1' },
    });
    assert.equal(ran.code, 0, ran.stdout);
    assert.deepEqual(written(), {
      version: 1,
      aws: { region: 'eu-central-1' },
      kubernetes: { context: 'prod', namespace: 'apps' },
      services: { api: { repository: 'acme/api' } },
    });
    assert.doesNotMatch(ran.stdout + readFileSync(path(), 'utf8'), /very-secret/);
    assert.equal(ran.json<{ result: { written: boolean } }>().result.written, true);
  });

  it('takes nothing of a practice world for the team’s own', async () => {
    const ran = await init(['--service', 'api'], { env: { ONCALL_SANDBOX: cwd, AWS_REGION: 'us-west-2' } });
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(written(), { version: 1, services: { api: {} } });
    assert.match(ran.stderr, /practice world, which says nothing about your team.*--practice/);
  });

  it('looks into a practice world only from a shell that points at one', async () => {
    const ran = await init(['--practice', '--service', 'api']);
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /This shell points at no practice world/);
    assert.equal(existsSync(path()), false);
  });

  it('never overwrites, unless told to', async () => {
    writeFileSync(path(), 'version: 1\nteam: old\n');
    const refused = await init(['--service', 'api']);
    assert.equal(refused.code, 8);
    assert.match(refused.stderr, /There is a configuration already/);
    assert.match(refused.stderr, /--force/);
    assert.equal(readFileSync(path(), 'utf8'), 'version: 1\nteam: old\n');
    assert.equal((await init(['--service', 'api', '--force'])).code, 0);
    assert.deepEqual(written(), { version: 1, services: { api: {} } });
  });

  it('names the flag that is missing where nobody can be asked', async () => {
    const ran = await init(['--no-input', '--json']);
    assert.equal(ran.code, 2);
    const { error } = ran.json<{ error: { code: string; hint: string } }>();
    assert.equal(error.code, 'USAGE');
    assert.match(error.hint, /--service/);
    assert.equal(existsSync(path()), false);
  });

  it('writes nothing that would not be valid', async () => {
    for (const [flag, value, words] of [
      ['--prometheus', 'here', /prometheus\.url: must be an address/],
      ['--region', 'Oregon', /must be an AWS region/],
      ['--repository', 'api', /must be owner\/name/],
      ['--team', 'ghp_0123456789abcdefghij', /looks like a secret/],
    ] as const) {
      const ran = await init(['--service', 'api', flag, value]);
      assert.equal(ran.code, 2, flag);
      assert.match(ran.stderr, words);
      assert.equal(existsSync(path()), false, flag);
    }
  });

  it('shows what it would write with --dry-run, and writes nothing', async () => {
    const ran = await init(['--service', 'api', '--dry-run']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(parse(ran.stdout), { version: 1, services: { api: {} } });
    assert.equal(existsSync(path()), false);
  });

  it('says so when commands here read another file', async () => {
    const ran = await init(['--service', 'api'], { env: { ONCALL_CONFIG: '/etc/other.yaml' } });
    assert.equal(ran.code, 0);
    assert.match(ran.stderr, /read \/etc\/other\.yaml unless you pass --config/);
  });

  it('writes where --config says', async () => {
    const ran = await init(['--service', 'api', '--config', 'team.yaml']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.ok(existsSync(join(cwd, 'team.yaml')));
    assert.match(ran.stdout, /next: oncall doctor --config .*team\.yaml/);
  });
});

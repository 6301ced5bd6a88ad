import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentLines } from '../../../src/lib/sandbox/env.ts';
import { startWorld, type TestWorld } from '../../support/world.ts';

/** Runs lines in a plain shell that begins with these variables, and gives what variables it then has. */
function inShell(env: Record<string, string>, ...lines: string[]): Record<string, string> {
  const text = execFileSync('/bin/sh', ['-c', `${lines.join('\n')}\nenv`], {
    env: { PATH: '/usr/bin:/bin', ...env },
    encoding: 'utf8',
  });
  return Object.fromEntries(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

describe('oncall sandbox env', () => {
  let world: TestWorld;
  before(async () => {
    world = await startWorld({ scenario: 'quiet' });
  });
  after(() => world.close());
  const lines = async (...more: string[]) =>
    (await world.oncall(['sandbox', 'env', '--dir', world.sandbox.address.directory, ...more])).stdout;

  it('points a shell at the sandbox, and gives back what was there before', async () => {
    const mine = { AWS_PROFILE: "my 'own'", GITHUB_TOKEN: 'ghp_mine', KUBECONFIG: '/home/me/.kube/config' };
    const enter = await lines();
    const inside = inShell(mine, enter);
    assert.equal(inside.AWS_PROFILE, undefined);
    assert.equal(inside.GITHUB_TOKEN, 'sandbox');
    assert.equal(inside.KUBECONFIG, `${world.sandbox.address.directory}/kubeconfig`);
    assert.equal(inside.AWS_ENDPOINT_URL, `http://127.0.0.1:${world.sandbox.address.port}`);
    const back = inShell(mine, enter, enter, await lines('--unset'));
    for (const [name, value] of Object.entries(mine)) assert.equal(back[name], value, name);
    assert.deepEqual(
      Object.keys(back).filter((name) => /ONCALL|AWS_ENDPOINT/.test(name)),
      [],
    );
  });

  it('leaves a shell that was never inside alone', async () => {
    const mine = { AWS_PROFILE: 'mine', GITHUB_TOKEN: 'ghp_mine' };
    const after = inShell(mine, await lines('--unset'));
    assert.equal(after.AWS_PROFILE, 'mine');
    assert.equal(after.GITHUB_TOKEN, 'ghp_mine');
  });

  it('prints no secret of the shell it is run in', async () => {
    const ran = await world.oncall(['sandbox', 'env', '--dir', world.sandbox.address.directory], {
      env: { GITHUB_TOKEN: 'ghp_0123456789abcdef0123', AWS_SECRET_ACCESS_KEY: 'very/secret/key' },
    });
    assert.doesNotMatch(ran.stdout + ran.stderr, /ghp_0123|very\/secret/);
  });

  it('puts oncall on the path of a shell that does not have it, once, and takes it away again', async () => {
    const enter = await lines();
    const own = `${world.sandbox.address.directory}/bin`;
    const inside = inShell({}, enter, enter);
    assert.deepEqual(
      inside.PATH?.split(':').filter((directory) => directory === own),
      [own],
    );
    assert.equal(inShell({}, enter, await lines('--unset')).PATH, '/usr/bin:/bin');
  });

  it('does not take what npx puts on the path for lasting', async () => {
    const npx = join(world.sandbox.address.directory, 'node_modules', '.bin');
    mkdirSync(npx, { recursive: true });
    writeFileSync(join(npx, 'oncall'), '');
    const enter = (env: Record<string, string>) =>
      world.oncall(['sandbox', 'env', '--dir', world.sandbox.address.directory], { env });
    assert.match((await enter({ PATH: npx })).stdout, /export PATH=/);
    const installed = join(world.sandbox.address.directory, 'installed');
    mkdirSync(installed);
    writeFileSync(join(installed, 'oncall'), '');
    assert.doesNotMatch((await enter({ PATH: `${npx}:${installed}` })).stdout, /export PATH=/);
  });

  it('speaks fish and JSON', async () => {
    assert.match(await lines('--shell', 'fish'), /^set -gx ONCALL_SANDBOX '/m);
    const json = JSON.parse(await lines('--shell', 'json')) as Record<string, string | null>;
    assert.equal(json.AWS_PROFILE, null);
    assert.equal(json.GITHUB_TOKEN, 'sandbox');
    assert.match(environmentLines({ A: "it's" }, { shell: 'fish', unset: false }), /set -gx A 'it\\'s'/);
  });

  it('leads back even when the sandbox has gone', async () => {
    const ran = await world.oncall(['sandbox', 'env', '--unset', '--dir', '/nonexistent']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /unset/);
  });
});

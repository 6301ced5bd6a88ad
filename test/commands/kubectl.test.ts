import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../bin/registry.ts';
import { runProgram } from '../support/run-program.ts';
import { hasKubectl } from '../support/serve-kubernetes.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Answer {
  ok: boolean;
  result: { command: string; exitCode: number | null; stdout: string | null; stderr: string | null; writes: boolean };
  error?: { code: string; message: string; hint: string | null };
}

describe('oncall kubectl', function () {
  this.timeout(60_000);
  let world: TestWorld;
  let home: string;

  before(function () {
    if (!hasKubectl()) this.skip();
    // What the terminal shows is tried with the built program.
    if (existsSync(join(ROOT, 'dist/oncall.cjs'))) return;
    execFileSync(process.execPath, ['--import', 'tsx', join(ROOT, 'bin/build.ts')], { cwd: ROOT, stdio: 'ignore' });
  });
  beforeEach(async () => {
    world = await startWorld();
    home = world.env.ONCALL_SANDBOX ?? '';
  });
  afterEach(() => world.close());

  const env = () => ({ ...world.env, PATH: process.env.PATH, HOME: home });
  const oncall = (...argv: string[]) => world.oncall(argv, { env: { PATH: process.env.PATH } });
  const asked = () => world.received('kubernetes').filter(({ operation }) => operation !== 'create selfsubjectreviews');
  const journal = async () =>
    (await readFile(join(world.env.ONCALL_STATE_DIR ?? '', 'journal.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { command: string; timeline: string | null; outcome: string });

  it('runs the real kubectl in the service’s context and namespace, and gives its output as data', async () => {
    const ran = await oncall(
      'kubectl',
      '--json',
      'dolthubapi',
      '--',
      'get',
      'pods',
      '-l',
      'app=dolthubapi',
      '-o',
      'name',
    );
    assert.equal(ran.code, 0, ran.stdout);
    const { result } = ran.json<Answer>();
    assert.match(result.stdout ?? '', /^(pod\/dolthubapi-\S+\n){3}$/);
    assert.equal(result.command, 'get');
    const paths = asked().map(({ path }) => path);
    assert.ok(paths.includes('/api/v1/namespaces/production/pods'), paths.join());
  });

  it('needs no -- and no service where an incident says it, but a service goes before a command', async () => {
    for (const argv of [
      ['--json', 'dolthubapi', 'get', 'deploy', 'dolthubapi', '-o', 'name'],
      ['--json', 'get', 'deploy', 'dolthubapi', '-o', 'name'],
      ['--json', '--', 'get', 'deploy', 'dolthubapi', '-o', 'name'],
      ['dolthubapi', '--json', '--', 'get', 'deploy', 'dolthubapi', '-o', 'name'],
    ]) {
      const ran = await oncall('kubectl', ...argv);
      assert.equal(ran.json<Answer>().result?.stdout, 'deployment.apps/dolthubapi\n', argv.join(' '));
    }
    const typo = await oncall('kubectl', 'dolthubap', 'get', 'pods');
    assert.equal(typo.code, 5);
    assert.match(typo.stderr, /Did you mean "dolthubapi"\?/);
    const nothing = await oncall('kubectl', 'dolthubapi');
    assert.equal(nothing.code, 2);
    assert.match(nothing.stderr, /oncall kubectl dolthubapi -- get pods/);
  });

  it('gives kubectl the terminal: its output goes where ours would, unlabelled', async () => {
    const ran = await runProgram(['kubectl', 'dolthubapi', '--', 'get', 'deploy', 'dolthubapi'], { env: env() });
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^NAME +READY .*\ndolthubapi +0\/3 /);
    assert.equal(ran.stderr, '');
  });

  it('fails when kubectl does, with its words and ours', async () => {
    const ran = await runProgram(['kubectl', 'dolthubapi', '--', 'get', 'pod', 'nope'], { env: env() });
    assert.equal(ran.code, 1);
    assert.match(ran.stderr, /Error from server \(NotFound\): pods "nope" not found\n.*kubectl ended with exit code 1/);
    const json = (await oncall('kubectl', '--json', 'dolthubapi', '--', 'get', 'pod', 'nope')).json<Answer>();
    assert.equal(json.ok, false);
    assert.equal(json.result.exitCode, 1);
    assert.match(json.result.stderr ?? '', /not found/);
  });

  it('asks the cluster nothing for what it refuses', async () => {
    world.forget();
    for (const words of [
      'get secrets',
      'delete pod x',
      'exec x -- sh',
      'get pods --as=root',
      'get pods -s https://x',
    ]) {
      const ran = await oncall('kubectl', 'dolthubapi', '--', ...words.split(' '));
      assert.equal(ran.code, 8, words);
      assert.match(ran.stderr, /--write|is refused/);
    }
    assert.deepEqual(world.received('kubernetes'), []);
  });

  it('says where it is pointed before it changes something, and changes nothing unless told', async () => {
    const words = ['rollout', 'restart', 'deployment/dolthubapi'];
    const ran = await oncall('kubectl', 'dolthubapi', '--write', '--', ...words);
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /dolthubapi · practice \(127\.0\.0\.1:\d+\) · namespace production · as sam/);
    assert.match(ran.stderr, /may change production: kubectl rollout restart deployment\/dolthubapi/);
    const dry = await oncall('kubectl', 'dolthubapi', '--write', '--dry-run', '--', ...words);
    assert.equal(dry.code, 0);
    assert.match(dry.stdout, /kubectl --kubeconfig=\S+ --context=practice --namespace=production rollout restart dep/);
    assert.deepEqual(asked(), []);
    const done = await oncall('kubectl', 'dolthubapi', '--write', '--yes', '--json', '--', ...words);
    assert.equal(done.json<Answer>().result.stdout, 'deployment.apps/dolthubapi restarted\n');
    assert.equal(asked().filter(({ method }) => method === 'PATCH').length, 1);
  });

  it('keeps the arguments out of the journal and the timeline', async () => {
    assert.equal((await oncall('ack')).code, 0);
    await oncall('kubectl', 'dolthubapi', '--json', '--', 'get', 'pods', '-l', 'app=hunter2');
    await oncall('kubectl', 'dolthubapi', '--', 'get', 'pods', '--token=hunter2');
    await oncall('kubectl', 'hunter2', '--', 'get', 'pods');
    await oncall('kubectl', 'dolthubapi', '--', 'hunter2', 'pods');
    await oncall(
      'kubectl',
      'dolthubapi',
      '--write',
      '-y',
      '--json',
      '--',
      'annotate',
      'deploy',
      'dolthubapi',
      'a=hunter2',
    );
    const entries = await journal();
    const commands = entries.map(({ command }) => command).filter((command) => command.includes('kubectl'));
    assert.ok(commands.includes('oncall kubectl --json dolthubapi -- get …'), commands.join('\n'));
    assert.ok(
      commands.includes('oncall kubectl --write -y --json dolthubapi -- annotate deployments …'),
      commands.join('\n'),
    );
    assert.doesNotMatch(JSON.stringify(entries).replaceAll('oncall kubectl hunter2', ''), /hunter2/);
    const notes = entries.flatMap(({ timeline }) => timeline ?? []);
    assert.ok(notes.includes('kubectl annotate of deployments for dolthubapi, namespace production'), notes.join('\n'));
  });

  it('says that the sign-in has run out before kubectl does, with exit code 4', async () => {
    world.sandbox.faults.add({ face: 'kubernetes', kind: '401' });
    const ran = await oncall('kubectl', 'dolthubapi', '--', 'get', 'pods');
    assert.equal(ran.code, 4);
    assert.match(ran.stderr, /does not accept your credentials/);
  });

  it('says how to get kubectl where there is none, with exit code 5', async () => {
    const ran = await world.oncall(['kubectl', 'dolthubapi', '--', 'get', 'pods'], { env: { PATH: '/nonexistent' } });
    assert.equal(ran.code, 5);
    assert.match(ran.stderr, /Install kubectl: https:/);
  });

  it('refuses to wait for the end of what has none', async () => {
    const ran = await oncall('kubectl', '--json', 'dolthubapi', '--', 'get', 'pods', '-w');
    assert.equal(ran.code, 2);
    assert.match(ran.json<Answer>().error?.hint ?? '', /-w/);
  });

  it('ends a watch on Ctrl-C, kubectl with it', async () => {
    const ran = await runProgram(['kubectl', 'dolthubapi', '--', 'get', 'pods', '-w'], {
      env: env(),
      onOutput: (text, child) => {
        if (text.split('\n').length > 15) child.kill('SIGINT');
      },
    });
    assert.equal(ran.code, 130, ran.stderr);
  });

  it('does not let a kuberc change what a command means', async () => {
    const lines = [
      'apiVersion: kubectl.config.k8s.io/v1beta1',
      'kind: Preference',
      'aliases:',
      '  - {name: get, command: delete, prependArgs: [pod]}',
      'defaults:',
      '  - {command: get, options: [{name: namespace, default: kube-system}]}',
    ];
    await mkdir(join(home, '.kube'), { recursive: true });
    await writeFile(join(home, '.kube/kuberc'), lines.join('\n'));
    const ran = await world.oncall(['kubectl', '--json', 'dolthubapi', '--', 'get', 'pods', '-o', 'name'], {
      env: { PATH: process.env.PATH, KUBECTL_KUBERC: 'true', KUBERC: join(home, '.kube/kuberc') },
    });
    assert.match(ran.json<Answer>().result.stdout ?? '', /pod\/dolthubapi-/);
  });

  it('hands kubectl each word as it is, and no shell sees it', async () => {
    const bin = join(home, 'fake');
    await mkdir(bin);
    await writeFile(
      join(bin, 'kubectl'),
      '#!/bin/sh\nfor word; do printf "<%s>" "$word"; done; printf "%s" "$KUBERC"\n',
    );
    await chmod(join(bin, 'kubectl'), 0o755);
    const ran = await world.oncall(
      ['kubectl', '--json', 'dolthubapi', '--', 'get', 'pods', '-o', "jsonpath={.x} '$(id)' ;"],
      {
        env: { PATH: `${bin}:/usr/bin:/bin`, KUBERNETES_MASTER: 'https://example.test' },
      },
    );
    const { stdout } = ran.json<Answer>().result;
    assert.match(
      stdout ?? '',
      /<--context=practice><--namespace=production><get><pods><-o><jsonpath=\{\.x\} '\$\(id\)' ;>off$/,
    );
  });
});

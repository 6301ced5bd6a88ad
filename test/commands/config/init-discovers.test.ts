import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startWorld, type TestWorld } from '../../support/world.ts';

interface Service {
  repository?: string;
  namespace?: string;
  selector?: string;
  workflows?: Record<string, string>;
  queries?: Record<string, { expr: string }>;
  runbook?: string;
}
interface FileContent {
  services: Record<string, Service>;
  [key: string]: unknown;
}
interface Answer {
  result: { services: string[]; sources: { source: string; found: boolean; words: string }[] };
}

describe('oncall config init, where there is something to find', function () {
  this.timeout(60_000);
  let world: TestWorld;
  let cwd: string;
  beforeEach(async () => {
    world = await startWorld({ scenario: 'quiet' });
    cwd = mkdtempSync(join(tmpdir(), 'oncall-discover-'));
    execFileSync('git', ['init', '-q'], { cwd });
    execFileSync('git', ['remote', 'add', 'origin', 'git@github.test:dolthub/dolthubapi.git'], { cwd });
  });
  afterEach(async () => {
    rmSync(cwd, { recursive: true, force: true });
    await world.close();
  });

  const file = () => join(cwd, 'oncall.yaml');
  const read = (path: string) => parse(readFileSync(path, 'utf8')) as FileContent;
  const init = (argv: string[] = []) =>
    world.oncall(['config', 'init', '--practice', '--no-input', '--config', file(), ...argv], {
      cwd,
      env: { PATH: process.env.PATH },
    });

  it('finds what the practice team wrote by hand, as far as it can be found', async () => {
    cpSync(join(world.sandbox.address.directory, 'runbooks'), join(cwd, 'runbooks'), { recursive: true });
    const ran = await init();
    assert.equal(ran.code, 0, ran.stderr);
    const theirs = read(join(world.sandbox.address.directory, 'oncall.yaml'));
    const ours = read(file());
    const { services, ...rest } = ours;
    const kubeconfig = join(world.sandbox.address.directory, 'kubeconfig');
    const { team: _, services: wanted, ...common } = theirs;
    assert.deepEqual(rest, { ...common, kubernetes: { ...(common['kubernetes'] as object), kubeconfig } });
    assert.deepEqual(Object.keys(services).sort(), Object.keys(wanted).sort());
    for (const [name, service] of Object.entries(services)) {
      const { repository, queries, runbook } = wanted[name] ?? {};
      assert.deepEqual(service, {
        repository,
        // Their deploy.yml and revert.yml are what is taken where nothing is said.
        queries: { instances: queries?.['instances'] },
        runbook,
      });
    }
    assert.match(readFileSync(file(), 'utf8'), /^# Who is paged, by their aliases/m, 'it explains itself');
  });

  it('writes a file that works, and changed nothing to find it', async () => {
    assert.equal((await init()).code, 0);
    const written = world.sandbox.received().filter(({ method, face }) => method !== 'GET' && !face.startsWith('s'));
    assert.deepEqual(written, []);
    const doctor = await world.oncall(['doctor', '--quick', '--config', file()]);
    assert.equal(doctor.code, 0, doctor.stdout);
    assert.match(doctor.stdout, /6 services/);
  });

  it('shows what was found where, beside the payload', async () => {
    const ran = await init(['--dry-run']);
    assert.equal(existsSync(file()), false);
    assert.equal((parse(ran.stdout) as FileContent)['world'], 'sandbox');
    assert.match(ran.stderr, /✔ Cluster +6 services in 1 namespace/);
    assert.match(ran.stderr, /✔ Incident Manager +plan engineering; schedule engineering-on-call; 12 response plans/);
    assert.match(ran.stderr, /dolthubapi\tproduction\tdolthub\/dolthubapi\tup\{app="dolthubapi"\}\tyes/);
  });

  it('does without a place that is away, and says why', async () => {
    world.sandbox.faults.add({ face: 'prometheus', kind: '503' });
    world.sandbox.faults.add({ face: 'ssm-contacts', kind: '403' });
    world.sandbox.faults.add({ face: 'github', kind: 'slow' });
    const began = Date.now();
    const ran = await init(['--json']);
    assert.equal(ran.code, 0, ran.stdout);
    assert.ok(Date.now() - began < 25_000, 'no place holds it up for long');
    const { sources, services } = ran.json<Answer>().result;
    assert.equal(services.length, 6);
    assert.deepEqual(
      sources.map(({ source, found }) => [source, found]),
      [
        ['Cluster', true],
        ['GitHub', false],
        ['Prometheus', false],
        ['Incident Manager', false],
      ],
    );
    assert.match(sources[1]?.words ?? '', /no answer within 3 s/);
    assert.equal(read(file())['escalation'], undefined);
  });

  it('asks for the services where the cluster tells none, naming the flag', async () => {
    world.sandbox.faults.add({ face: 'kubernetes', kind: '403' });
    const ran = await init();
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /--service/);
    const named = await init(['--service', 'dolthubapi']);
    assert.equal(named.code, 0, named.stderr);
    assert.deepEqual(read(file()).services['dolthubapi']?.repository, 'dolthub/dolthubapi');
  });

  it('lets a flag come before what was found', async () => {
    assert.equal((await init(['--plan', 'other', '--namespace', 'apps', '--service', 'userservice'])).code, 0);
    const content = read(file());
    assert.deepEqual(content['escalation'], { plan: 'other', schedule: 'engineering-on-call' });
    assert.equal((content['kubernetes'] as { namespace: string }).namespace, 'apps');
    assert.equal(content.services['userservice']?.namespace, 'production', 'it still runs where it was found');
  });
});

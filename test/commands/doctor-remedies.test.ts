import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { Laptop } from '../support/laptop.ts';
import { atTerminal, type Done, withOncall, yesToAll } from '../support/terminal.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

/**
 * Each check of the doctor, broken in the way that its title says, seen by the doctor with its exit code, mended by
 * what it says, and seen to be well. What can be pasted is pasted: into a shell, with the stock `aws`. Where only a person
 * can act, the row says what the words must name, and does it in the person's stead.
 */
interface Check {
  title: string;
  outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  found: string;
  remedy: string | null;
}
interface Row {
  title: string;
  broken: string;
  outcome: 'failed' | 'warning';
  code: number;
  break(bench: Bench): unknown;
  /** `paste` runs the remedy as it is printed; otherwise it must match `says`, and `mend` is what a person does. */
  mend: 'paste' | { says: RegExp; mend(bench: Bench): unknown };
  /** Shown what the pasted command prints; what it gives is typed. */
  answer?: (bench: Bench) => (output: string) => string | null;
}

type FileContent = Record<string, Record<string, never>> & { services: Record<string, Record<string, unknown>> };

/** A practice world, and a shell that points at it. */
class Bench {
  readonly world: TestWorld;
  readonly programs: string;
  /** What the next look is made with, besides. */
  now: (() => number) | undefined;
  path: string;

  constructor(world: TestWorld, programs: string) {
    this.world = world;
    this.programs = programs;
    this.path = join(programs, 'quick');
  }

  static async create(): Promise<Bench> {
    const world = await startWorld({ scenario: 'quiet' });
    const programs = await withOncall(await mkdtemp(join(tmpdir(), 'oncall-programs-')));
    // The doctor only looks whether these are there; the stock ones, which take seconds to say so, run what is pasted.
    await mkdir(join(programs, 'quick'));
    for (const name of ['aws', 'kubectl'])
      await writeFile(join(programs, 'quick', name), '#!/bin/sh\n', { mode: 0o755 });
    return new Bench(world, programs);
  }

  get directory(): string {
    return this.world.sandbox.address.directory;
  }

  get incidentManager() {
    return this.world.sandbox.world.incidentManager;
  }

  /** Nothing here is broken by being slow: where something was, this machine is busy, and it is looked at once more. */
  async look(again = 2): Promise<{ code: number; checks: Check[] }> {
    const options = { env: { PATH: this.path }, ...(this.now ? { now: this.now } : {}) };
    const ran = await this.world.oncall(['doctor', '--json'], options);
    const { checks } = ran.json<{ result: { checks: Check[] } }>().result;
    const dawdled = checks.some(({ found }) => found.startsWith('no answer within'));
    return dawdled && again > 0 ? this.look(again - 1) : { code: ran.code, checks };
  }

  paste(line: string, answer?: (output: string) => string | null): Promise<Done> {
    const env = {
      ...this.world.env,
      PATH: `${this.programs}:${process.env.PATH}`,
      HOME: this.directory,
      LANG: 'C.UTF-8',
      TERM: 'xterm',
      // Where this machine keeps the stock `aws`.
      ...(process.env.PYENV_ROOT ? { PYENV_ROOT: process.env.PYENV_ROOT } : {}),
    };
    return atTerminal(line, { env, cwd: this.directory, ...(answer ? { answer } : {}) });
  }

  async edit(change: (config: FileContent) => void): Promise<void> {
    const file = join(this.directory, 'oncall.yaml');
    const config = parse(await readFile(file, 'utf8')) as FileContent;
    change(config);
    await writeFile(file, stringify(config));
  }

  channels() {
    const { contacts } = this.incidentManager;
    const sam = contacts.list().find(({ alias }) => alias === 'sam');
    assert.ok(sam);
    return contacts.channels.list(sam.arn);
  }

  contact(alias: string) {
    const found = this.incidentManager.contacts.list().find((one) => one.alias === alias);
    assert.ok(found);
    return found;
  }

  repository(name = 'dolthubapi') {
    return this.world.sandbox.world.repositories.of(name);
  }

  clear(): void {
    this.world.sandbox.faults.clear();
  }

  async close(): Promise<void> {
    await this.world.close();
    await rm(this.programs, { recursive: true, force: true });
  }
}

/** Types the code that the pager sent to the phone. */
function codeFromThePhone(bench: Bench) {
  let typed = false;
  return (output: string) => {
    if (typed || !output.includes('Code: ')) return null;
    typed = true;
    return `${bench.channels().find(({ code }) => code !== null)?.code}\n`;
  };
}

const api = (config: FileContent) => config.services['dolthubapi'] as Record<string, object>;
const BY_HAND = {
  source: { source: 'aws.ssm-incidents.custom', createdBy: 'sam', invokedBy: 'sam', resourceArn: null },
  triggerArn: null,
  rawData: null,
};
const kept: Record<string, unknown> = {};

const ROWS: Row[] = [
  {
    title: 'Incident Manager',
    broken: 'it was never set up in this account and region',
    ...{ outcome: 'failed', code: 6 },
    break: ({ incidentManager }) => incidentManager.setEnabled(false),
    mend: { says: /`aws\.region` and `aws\.profile`/, mend: ({ incidentManager }) => incidentManager.setEnabled(true) },
  },
  {
    title: 'Your phone',
    broken: 'nothing that rings is activated',
    ...{ outcome: 'failed', code: 1 },
    break: (bench) => {
      // The text stays off: only the voice call is asked for, and that is enough to be well but for a warning.
      for (const { arn, type } of bench.channels()) {
        if (type === 'VOICE') bench.incidentManager.contacts.channels.deactivate(arn);
        if (type === 'SMS') bench.incidentManager.contacts.channels.delete(arn);
      }
    },
    mend: 'paste',
    answer: codeFromThePhone,
  },
  {
    title: 'Your phone',
    broken: 'one of two channels is not activated',
    ...{ outcome: 'warning', code: 0 },
    break: (bench) => {
      const mail = bench.channels().find(({ type }) => type === 'EMAIL');
      bench.incidentManager.contacts.channels.deactivate(mail?.arn ?? '');
    },
    mend: 'paste',
    answer: codeFromThePhone,
  },
  {
    title: 'Your phone',
    broken: 'the own engagement plan names no phone',
    ...{ outcome: 'failed', code: 1 },
    break: (bench) => bench.incidentManager.contacts.update(bench.contact('sam').arn, { plan: { Stages: [] } }),
    mend: 'paste',
  },
  {
    title: 'Escalation plan',
    broken: 'an acknowledgement does not end a stage',
    ...{ outcome: 'warning', code: 0 },
    break: (bench) => {
      for (const { ContactTargetInfo: target } of bench.contact('engineering').plan.Stages?.[1]?.Targets ?? [])
        if (target) target.IsEssential = false;
    },
    mend: 'paste',
  },
  {
    title: 'Escalation plan',
    broken: 'it pages nobody',
    ...{ outcome: 'failed', code: 1 },
    break: (bench) => {
      kept['plan'] = bench.contact('engineering').plan;
      bench.incidentManager.contacts.update(bench.contact('engineering').arn, { plan: { Stages: [] } });
    },
    mend: {
      says: /AWS console: Systems Manager, Incident Manager, Escalation plans, engineering/,
      mend: (bench) =>
        bench.incidentManager.contacts.update(bench.contact('engineering').arn, { plan: kept['plan'] as object }),
    },
  },
  {
    title: 'On call now',
    broken: 'the shift was taken over by nobody',
    ...{ outcome: 'failed', code: 1 },
    break: ({ incidentManager: { rotations } }) => {
      const [rotation] = rotations.list();
      rotations.override(rotation?.arn ?? '', {
        members: [],
        from: Date.now() - 60_000,
        until: Date.now() + 7_200_000,
      });
    },
    mend: 'paste',
  },
  {
    title: 'On call now',
    broken: 'no rotation covers this hour',
    ...{ outcome: 'failed', code: 1 },
    break: ({ incidentManager }) => {
      const [rotation] = incidentManager.rotations.list();
      assert.ok(rotation);
      kept['startsAt'] = rotation.startsAt;
      rotation.startsAt = Date.now() + 20 * 3_600_000;
    },
    mend: {
      says: /Incident Manager, On-call schedules, engineering-on-call/,
      mend: ({ incidentManager }) =>
        Object.assign(incidentManager.rotations.list()[0] ?? {}, { startsAt: kept['startsAt'] }),
    },
  },
  {
    title: 'Response plans',
    broken: 'a service has none',
    ...{ outcome: 'failed', code: 1 },
    break: ({ incidentManager: { plans } }) => {
      for (const { arn, name } of plans.list()) if (name.startsWith('userservice-')) plans.delete(arn);
    },
    mend: 'paste',
  },
  {
    title: 'Response plans',
    broken: 'one engages nobody',
    ...{ outcome: 'failed', code: 1 },
    break: ({ incidentManager: { plans } }) => {
      plans.update(plans.list().find(({ name }) => name.startsWith('dolthubapi-'))?.arn ?? '', { engagements: [] });
    },
    mend: 'paste',
  },
  {
    title: 'Open incidents',
    broken: 'one was forgotten',
    ...{ outcome: 'warning', code: 0 },
    break: ({ incidentManager }) => {
      const plan = incidentManager.plans.list().find(({ name }) => name.startsWith('remotesapi-'));
      const incident = incidentManager.incidents.start({ plan: plan?.arn ?? '', trigger: BY_HAND });
      incident.createdAt -= 40 * 3_600_000;
    },
    mend: 'paste',
    answer: () => yesToAll(),
  },
  {
    title: 'Workloads',
    broken: 'the selector takes nothing',
    ...{ outcome: 'failed', code: 1 },
    break: (bench) => bench.edit((config) => Object.assign(api(config), { selector: 'app=dolthub-api' })),
    mend: {
      says: /Check `selector` and `namespace` in oncall\.yaml: `kubectl .*--show-labels`/,
      mend: (bench) =>
        bench.edit((config) => {
          delete api(config)['selector'];
        }),
    },
  },
  {
    title: 'Workflows',
    broken: 'oncall.yaml names a file that the repository does not have',
    ...{ outcome: 'failed', code: 1 },
    break: (bench) =>
      bench.edit((config) =>
        Object.assign(api(config), { workflows: { deploy: 'release.yml', revert: 'revert.yml' } }),
      ),
    mend: {
      says: /`workflows` of dolthubapi in oncall\.yaml.*has: .*deploy\.yml.*revert\.yml/,
      mend: (bench) => bench.edit((config) => Object.assign(api(config), { workflows: { deploy: 'deploy.yml' } })),
    },
  },
  {
    title: 'Deploy hold',
    broken: 'the deploy workflow does not read it',
    ...{ outcome: 'warning', code: 0 },
    break: (bench) => {
      const { files } = bench.repository();
      kept['deploy'] = files.get('.github/workflows/deploy.yml');
      files.set('.github/workflows/deploy.yml', String(kept['deploy']).replaceAll('DEPLOY_HOLD', 'OTHER'));
    },
    mend: {
      says: /DEPLOY_HOLD|deploys init/,
      mend: (bench) => bench.repository().files.set('.github/workflows/deploy.yml', String(kept['deploy'])),
    },
  },
  {
    title: 'GitHub permissions',
    broken: 'the token may not see variables',
    ...{ outcome: 'failed', code: 4 },
    break: (bench) => bench.world.sandbox.faults.add({ face: 'github', kind: '403', match: 'actions/variables' }),
    mend: { says: /personal-access-tokens: Variables, read and write/, mend: (bench) => bench.clear() },
  },
  {
    title: 'Prometheus',
    broken: 'it is away',
    ...{ outcome: 'failed', code: 6 },
    break: (bench) => bench.world.sandbox.faults.add({ face: 'prometheus', kind: '503' }),
    mend: { says: /Try again shortly/, mend: (bench) => bench.clear() },
  },
  {
    title: 'Prometheus',
    broken: 'oncall.yaml names another address',
    ...{ outcome: 'failed', code: 3 },
    break: (bench) =>
      bench.edit((config) => {
        kept['prometheus'] = config['prometheus']?.['url'];
        Object.assign(config['prometheus'] as object, { url: `${kept['prometheus']}/wrong` });
      }),
    mend: {
      says: /`prometheus\.url` is the base address/,
      mend: (bench) =>
        bench.edit((config) => Object.assign(config['prometheus'] as object, { url: kept['prometheus'] })),
    },
  },
  {
    title: 'Named queries',
    broken: 'one of them is not PromQL',
    ...{ outcome: 'failed', code: 1 },
    break: (bench) => bench.edit((config) => Object.assign(api(config)['queries'] as object, { odd: 'sum(up{' })),
    mend: {
      says: /Check the expression/,
      mend: (bench) =>
        bench.edit((config) => {
          delete (api(config)['queries'] as Record<string, unknown>)['odd'];
        }),
    },
  },
  {
    title: 'Alert rules',
    broken: 'no rule tells that a service is down',
    ...{ outcome: 'warning', code: 0 },
    break: (bench) => {
      for (const group of bench.world.sandbox.world.alerting.groups) {
        const without = group.rules.filter(({ rule }) => rule.labels['service'] !== 'userservice');
        if (without.length < group.rules.length) kept['rules'] = [group, group.rules];
        group.rules = without;
      }
    },
    mend: {
      says: /Add one to Prometheus: sum\(up\{app="userservice"\}\) == 0 or absent/,
      mend: () => {
        const [group, rules] = kept['rules'] as [{ rules: unknown }, unknown];
        group.rules = rules;
      },
    },
  },
  {
    title: 'Alert delivery',
    broken: 'Prometheus sends to no Alertmanager',
    ...{ outcome: 'failed', code: 1 },
    break: (bench) => {
      bench.world.sandbox.world.alertmanager.connected = false;
    },
    mend: {
      says: /`alerting\.alertmanagers` in prometheus\.yml/,
      mend: (bench) => {
        bench.world.sandbox.world.alertmanager.connected = true;
      },
    },
  },
  {
    title: 'Clock',
    broken: 'the laptop’s clock is a minute behind',
    ...{ outcome: 'warning', code: 0 },
    break: (bench) => {
      bench.now = () => Date.now() - 60_000;
    },
    mend: {
      says: /^sudo timedatectl set-ntp true$/,
      mend: (bench) => {
        bench.now = undefined;
      },
    },
  },
  {
    title: 'Alertmanager',
    broken: 'it is away',
    ...{ outcome: 'failed', code: 6 },
    break: (bench) => bench.world.sandbox.faults.add({ face: 'alertmanager', kind: '503' }),
    mend: { says: /Try again shortly/, mend: (bench) => bench.clear() },
  },
  {
    title: 'Runbooks',
    broken: 'a file is gone',
    ...{ outcome: 'failed', code: 3 },
    break: async (bench) => {
      const file = join(bench.directory, 'runbooks/userservice.md');
      kept['runbook'] = await readFile(file, 'utf8');
      await rm(file);
    },
    mend: {
      says: /Write runbooks\/userservice\.md beside oncall\.yaml/,
      mend: (bench) => writeFile(join(bench.directory, 'runbooks/userservice.md'), String(kept['runbook'])),
    },
  },
  {
    title: 'Journal',
    broken: 'notes could not be sent',
    ...{ outcome: 'warning', code: 0 },
    break: async (bench) => {
      const past = bench.incidentManager.incidents.list()[0]?.arn ?? '';
      bench.world.sandbox.faults.add({ face: 'ssm-incidents', kind: '503', match: 'imelineEvent' });
      const ran = await bench.world.oncall(['note', '-i', past, 'it', 'began', 'at', 'three']);
      assert.equal(ran.code, 0, ran.stderr);
      bench.clear();
    },
    mend: 'paste',
  },
  {
    title: 'Tools',
    broken: 'kubectl and aws are not on the PATH',
    ...{ outcome: 'warning', code: 0 },
    break: (bench) => {
      bench.path = '/nonexistent';
    },
    mend: {
      says: /Install kubectl: https:\/\//,
      mend: (bench) => {
        bench.path = join(bench.programs, 'quick');
      },
    },
  },
];

describe('what the doctor prints, pasted', function () {
  this.timeout(120_000);
  let bench: Bench | null = null;
  const fresh = async () => {
    bench ??= await Bench.create();
    return bench;
  };
  const drop = async () => {
    await bench?.close();
    bench = null;
  };
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await drop();
  });
  after(drop);

  for (const row of ROWS) {
    it(`${row.title}: ${row.broken}`, async () => {
      const at = await fresh();
      await row.break(at);
      const ill = await at.look();
      const seen = ill.checks.find(({ title }) => title === row.title);
      assert.equal(seen?.outcome, row.outcome, seen?.found);
      assert.equal(ill.code, row.code);
      const remedy = seen?.remedy ?? '';
      if (row.mend === 'paste') {
        const pasted = await at.paste(remedy, row.answer?.(at));
        assert.equal(pasted.code, 0, `${remedy}\n${pasted.out}`);
      } else {
        assert.match(remedy, row.mend.says);
        await row.mend.mend(at);
      }
      const well = (await at.look()).checks.find(({ title }) => title === row.title);
      assert.equal(well?.outcome, 'ok', `${well?.found}\nafter: ${remedy}`);
    });
  }
});

/** The sign-ins, and what stands in the user's own files: on a laptop of its own, with `oncall` as a process. */
const ON_A_LAPTOP = ['Configuration', 'World', 'AWS sign-in', 'Who you are', 'Kubernetes', 'GitHub'];

describe('what the doctor prints, pasted on a laptop', function () {
  this.timeout(120_000);
  let world: TestWorld;
  let laptop: Laptop;
  before(async () => {
    world = await startWorld({ scenario: 'quiet' });
    laptop = await Laptop.create(world);
  });
  after(async () => {
    await laptop.close();
    await world.close();
  });

  async function look(title: string, argv = ['--quick'], env: Record<string, string | undefined> = {}) {
    const { out, code } = await laptop.piped(['doctor', '--json', ...argv], env);
    const { result } = JSON.parse(out) as { result: { checks: Check[] } };
    return { code, check: result.checks.find((one) => one.title === title) };
  }

  for (const title of ['AWS sign-in', 'Kubernetes', 'GitHub']) {
    it(`${title}: it has run out`, async () => {
      for (const file of ['session', 'gh-token', '.aws/sso'])
        await rm(laptop.path(file), { recursive: true, force: true });
      const ill = await look(title);
      assert.equal(ill.check?.outcome, 'failed');
      assert.equal(ill.code, 4);
      const { out } = await laptop.paste(ill.check?.remedy ?? '');
      const { check } = await look(title);
      assert.equal(check?.outcome, 'ok', `${check?.found}\n${out}`);
    });
  }

  it('Who you are: the own file names somebody whom the pager does not know', async () => {
    for (const [file, text] of [
      ['session', ''],
      ['gh-token', 'sandbox\n'],
      ['.config/oncall/me.yaml', 'me: samm\n'],
    ])
      await laptop.write(file ?? '', text ?? '');
    const ill = await look('Who you are', []);
    assert.equal(ill.check?.outcome, 'failed');
    const pasted = await laptop.paste(ill.check?.remedy ?? '');
    assert.equal(pasted.code, 0, pasted.out);
    assert.equal((await look('Who you are', [])).check?.outcome, 'ok');
  });

  it('World: the shell points at a practice world, the configuration does not', async () => {
    const directory = dirname(world.env['ONCALL_CONFIG'] ?? '');
    const enter = `eval "$(oncall sandbox env --dir ${directory})"`;
    const doctor = 'oncall doctor --quick --json --config oncall.yaml';
    const ill = await laptop.paste(`${enter}; ${doctor} > ill.json; echo "code $?"`);
    assert.match(ill.out, /code 3/, ill.out);
    const { result } = JSON.parse(readFileSync(laptop.path('ill.json'), 'utf8')) as { result: { checks: Check[] } };
    const check = result.checks.find(({ title }) => title === 'World');
    assert.equal(check?.outcome, 'failed');
    await laptop.paste(`${enter}; ${check?.remedy}; ${doctor} > well.json`);
    const well = JSON.parse(readFileSync(laptop.path('well.json'), 'utf8')) as { result: { checks: Check[] } };
    assert.equal(well.result.checks.find(({ title }) => title === 'World')?.outcome, 'ok');
  });

  it('Configuration: there is none', async () => {
    await rm(laptop.path('oncall.yaml'));
    const nowhere = { ONCALL_CONFIG: undefined };
    const ill = await look('Configuration', ['--quick'], nowhere);
    assert.equal(ill.check?.outcome, 'failed');
    assert.equal(ill.code, 3);
    const command = /`([^`]+)`/.exec(ill.check?.remedy ?? '')?.[1] ?? '';
    assert.equal(command, 'oncall config init');
    const pasted = await laptop.paste(`${command} --no-input`, nowhere);
    assert.equal(pasted.code, 0, pasted.out);
    assert.equal((await look('Configuration', ['--quick'], nowhere)).check?.outcome, 'ok');
  });

  it('leaves no check out', async () => {
    const shown = await world.oncall(['doctor', '--json']);
    const titles = shown.json<{ result: { checks: Check[] } }>().result.checks.map(({ title }) => title);
    const known = new Set([...ROWS.map(({ title }) => title), ...ON_A_LAPTOP]);
    assert.deepEqual(
      titles.filter((title) => !known.has(title)),
      [],
    );
  });
});

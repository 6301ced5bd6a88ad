import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ROOT } from '../../bin/registry.ts';
import type { FaultKind } from '../../src/lib/sandbox/faults.ts';
import { type Ran, type RunOptions, runOncall } from '../support/run-oncall.ts';
import { type Program, runProgram } from '../support/run-program.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

/** What a user expects of every failure, however bad the day. */
interface Expected {
  code: number;
  /** In the message. */
  words: RegExp;
  /** In what to do next. */
  hint?: RegExp;
}

interface Failure {
  ok: false;
  error: { code: string; message: string; hint: string | null; retryable: boolean };
  warnings: string[];
}

/** No stack trace, no line of Node's own, no unprintable value. */
function assertCalm({ stdout, stderr }: Pick<Ran, 'stdout' | 'stderr'>): void {
  for (const text of [stdout, stderr]) {
    assert.doesNotMatch(text, /^\s*at .+[(:]\d+:\d+\)?$/m, 'a stack trace');
    assert.doesNotMatch(text, /node:internal|\[object Object\]|\bundefined\b|Warning:/);
  }
}

function assertFailed(ran: Pick<Ran, 'stdout' | 'stderr' | 'code'>, { code, words, hint }: Expected): void {
  assert.equal(ran.code, code, ran.stdout + ran.stderr);
  assertCalm(ran);
  assert.match(ran.stderr, words);
  if (hint) assert.match(ran.stderr, hint);
}

function assertFailedAsJson(ran: Ran, { code, words, hint }: Expected): Failure['error'] {
  assert.equal(ran.code, code, ran.stdout + ran.stderr);
  assertCalm(ran);
  assert.equal(ran.stderr, '', 'nothing beside the envelope');
  const { ok, error, warnings } = ran.json<Failure>();
  assert.equal(ok, false);
  assert.deepEqual(Object.keys(error), ['code', 'message', 'hint', 'retryable']);
  assert.ok(Array.isArray(warnings));
  assert.match(error.message, words);
  if (hint) assert.match(error.hint ?? '', hint);
  return error;
}

/** The same failure to a human and to a program. */
async function fails(run: (argv: string[]) => Promise<Ran>, argv: string[], expected: Expected): Promise<void> {
  assertFailed(await run(argv), expected);
  assertFailedAsJson(await run([...argv, '--json']), expected);
}

before(function () {
  this.timeout(60_000);
  if (!existsSync(join(ROOT, 'dist/oncall.cjs'))) {
    execFileSync(process.execPath, ['--import', 'tsx', join(ROOT, 'bin/build.ts')], { cwd: ROOT, stdio: 'inherit' });
  }
});

describe('on a bad day: what was typed and configured', () => {
  let home: string;
  const run = (argv: string[], more: RunOptions = {}) =>
    runOncall(argv, { cwd: home, ...more, env: { HOME: home, ...more.env } });
  const configure = (text: string) => writeFileSync(join(home, 'oncall.yaml'), text);

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'oncall-bad-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('no configuration: says where it looked, and how to get one', async () => {
    const expected = { code: 3, words: /No oncall\.yaml here/, hint: /oncall config init.*oncall sandbox start/ };
    await fails(run, ['now'], expected);
    const program = await runProgram(['now'], { cwd: home, env: { HOME: home } });
    assertFailed({ ...program, code: program.code ?? -1 }, expected);
  });

  it('broken YAML: file, line and column', async () => {
    configure('version: 1\nteam: "engineering\n');
    await fails(run, ['who'], { code: 3, words: /oncall\.yaml:\d+:\d+: not valid YAML/, hint: /at line \d/ });
  });

  it('an unknown key: file, line, column and the nearest key', async () => {
    configure('version: 1\nservises: {}\n');
    await fails(run, ['who'], {
      code: 3,
      words: /oncall\.yaml:2:1: unknown key "servises"\. Did you mean "services"\?/,
    });
  });

  it('an unknown command: near ones', async () => {
    await fails(run, ['akc'], {
      code: 2,
      words: /no command "akc"\. Did you mean `oncall ack`/,
      hint: /oncall --help/,
    });
  });

  it('an unknown flag: near ones', async () => {
    await fails(run, ['ack', '--nots', 'x'], {
      code: 2,
      words: /no flag --nots\. Did you mean "--note"/,
      hint: /oncall ack --help/,
    });
  });
});

describe('on a bad day: in the incident', () => {
  let world: TestWorld;
  const run = (argv: string[]) => world.oncall(argv);
  const enter = async (options: Parameters<typeof startWorld>[0] = {}) => {
    world = await startWorld(options);
  };
  afterEach(() => world.close());

  it('an unknown service: near ones', async () => {
    await enter();
    for (const argv of [
      ['logs', 'dolthubap'],
      ['deploys', 'dolthubap'],
      ['graph', 'dolthubap'],
      ['revert', 'dolthubap', '--yes'],
    ]) {
      await fails(run, argv, { code: 5, words: /dolthubap".*Did you mean "dolthubapi"/ });
    }
  });

  it('no open incident: nothing to take or to close is no failure, nobody to escalate is', async () => {
    await enter({ scenario: 'quiet' });
    const ack = await run(['ack']);
    assert.equal(ack.code, 0, ack.stderr);
    assert.match(ack.stdout, /no page waits for you/);
    const resolve = await run(['resolve', '--yes']);
    assert.equal(resolve.code, 0, resolve.stderr);
    assert.match(resolve.stdout, /No incident is open: there is nothing to resolve/);
    await fails(run, ['escalate', '--yes'], { code: 5, words: /No incident is open/, hint: /oncall incident list/ });
    const writes = world.sandbox
      .received()
      .filter(({ operation }) => /^(Update|Start|Accept|Stop)/.test(operation ?? ''));
    assert.deepEqual(writes, []);
  });

  it('two open incidents: lists them and asks for one', async () => {
    await enter();
    const elsewhere = { env: { ONCALL_STATE_DIR: join(world.sandbox.address.directory, 'another-laptop') } };
    const second = await world.oncall(['page', 'userservice', 'logins hang', '--yes'], elsewhere);
    assert.equal(second.code, 0, second.stderr);
    world.advance(20);
    for (const verb of ['escalate', 'resolve']) {
      await fails(run, [verb, '--yes'], {
        code: 2,
        words: /2 incidents are open/,
        hint: /-i [0-9a-f]{8}.*dolthubapi is down/,
      });
      const ran = await run([verb, '--yes']);
      assert.match(ran.stderr, /-i [0-9a-f]{8}.*logins hang/);
    }
  });

  it('not on call: takes nobody else’s page, and says who was paged', async () => {
    await enter();
    const ran = await world.oncall(['ack'], { env: { ONCALL_ME: 'mei' } });
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /No page waits for you[\s\S]*sam \(paged\)/);
    assert.equal(world.received('ssm-contacts', 'AcceptPage').length, 0);
  });

  it('a page that was accepted already: says so, and accepts nothing twice', async () => {
    await enter();
    assert.equal((await run(['ack'])).code, 0);
    const again = await run(['ack']);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /already acknowledged/);
    assert.equal(world.received('ssm-contacts', 'AcceptPage').length, 1);
  });

  it('no terminal and no --yes: nothing is done, and the flag is named', async () => {
    await enter();
    for (const argv of [['escalate'], ['resolve'], ['revert'], ['page', 'ana', 'why not']]) {
      await fails(run, argv, { code: 2, words: /nobody can be asked/, hint: /--yes/ });
    }
    const writes = world.sandbox
      .received()
      .filter(
        ({ face, method, operation }) =>
          /^(Update|Start|Stop|Create)/.test(operation ?? '') || (face === 'github' && method !== 'GET'),
      );
    assert.deepEqual(writes, []);
  });
});

describe('on a bad day: out there', () => {
  let world: TestWorld;
  const run = (argv: string[]) => world.oncall(argv);
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  it('expired credentials: first how to stop the phone, then how to sign in', async () => {
    for (const face of ['sts', 'ssm-incidents', 'ssm-contacts']) world.sandbox.faults.add({ face, kind: '401' });
    await fails(run, ['ack'], {
      code: 4,
      words: /To stop the phone now, reply to the text message with its code/,
      hint: /aws sso login/,
    });
    const { stderr } = await run(['ack']);
    assert.match(stderr, /^(sandbox │ )?✖ To stop the phone now/, 'before anything else');
    for (const argv of [
      ['now'],
      ['who'],
      ['escalate', '--yes'],
      ['resolve', '--yes'],
      ['note', 'x'],
      ['incident', 'list'],
    ]) {
      assertFailedAsJson(await run([...argv, '--json']), {
        code: 4,
        words: /sign-in has expired/,
        hint: /aws sso login/,
      });
    }
  });

  /** What one command says when the service that it cannot do without misbehaves. */
  const needs: [face: string, argv: string[]][] = [
    ['sts', ['ack']],
    ['ssm-incidents', ['ack']],
    ['ssm-contacts', ['ack']],
    ['kubernetes', ['logs', 'dolthubgraphql']],
    ['github', ['hold', 'dolthubapi', '--reason', 'x', '--yes']],
    ['prometheus', ['graph', 'dolthubapi']],
  ];
  const days: [what: string, kind: FaultKind, code: number, error: string][] = [
    ['refuses the sign-in (401)', '401', 4, 'AUTH'],
    ['is asked too often (429)', '429', 6, 'RATE_LIMITED'],
    ['fails on its side (500)', '500', 6, 'UNAVAILABLE'],
    ['sends half a JSON body', 'malformed', 6, 'UNAVAILABLE'],
    ['breaks the connection', 'refused', 6, 'UNAVAILABLE'],
  ];
  for (const [what, kind, code, error] of days) {
    it(`a service that ${what}: says which one and what to do, exits ${code}`, async function () {
      this.timeout(40_000);
      for (const [face, argv] of needs) {
        world.sandbox.faults.clear();
        world.sandbox.faults.add({ face, kind });
        const expected = { code, words: /\S/, hint: /^[A-Z]/ };
        const failure = assertFailedAsJson(await run([...argv, '--json']), expected);
        assert.equal(failure.code, error, `${face}: ${failure.message}`);
        assert.equal(failure.retryable, code === 6, face);
        if (argv[0] === 'ack') assert.match(failure.message, /^To stop the phone now/, face);
      }
      const writes = world.sandbox.received().filter(({ operation }) => operation === 'AcceptPage');
      assert.deepEqual(writes, [], 'nothing was done');
    });
  }

  it('a source that only decorates: its part is missing, named, and nothing else', async () => {
    for (const kind of ['401', '500', 'malformed'] as const) {
      for (const [face, part] of [
        ['alertmanager', /Silences: /],
        ['github', /GitHub did not tell|GitHub's history is as of/],
        ['prometheus', /Impact(:| as of)/],
      ] as const) {
        world.sandbox.faults.clear();
        world.sandbox.faults.add({ face, kind });
        const ran = await run(['ack']);
        assert.equal(ran.code, 0, `${face} ${kind}: ${ran.stderr}`);
        assertCalm(ran);
        assert.match(ran.stdout, /cknowledged/);
        assert.match(ran.stdout + ran.stderr, part, `${face} ${kind}`);
      }
    }
    assert.equal(world.received('ssm-contacts', 'AcceptPage').length, 1);
  }).timeout(40_000);

  const lost: [what: string, argv: string[], face: string, match: string, operation: string][] = [
    ['an acknowledgement', ['ack'], 'ssm-contacts', 'AcceptPage', 'AcceptPage'],
    ['an escalation', ['escalate', '--yes'], 'ssm-contacts', 'StartEngagement', 'StartEngagement'],
    ['a resolution', ['resolve', '--yes', '--anyway'], 'ssm-incidents', 'updateIncidentRecord', 'UpdateIncidentRecord'],
    ['a note', ['note', 'looking'], 'ssm-incidents', 'createTimelineEvent', 'CreateTimelineEvent'],
  ];
  for (const [what, argv, face, match, operation] of lost) {
    it(`the answer to ${what} is lost: looks, and does nothing twice`, async () => {
      world.sandbox.faults.add({ face, kind: 'cut', match, count: 1 });
      const ran = await run(argv);
      assertCalm(ran);
      assert.ok(ran.code === 0 || ran.code === 6 || ran.code === 7, `${ran.code}: ${ran.stderr}`);
      const took = world.received(face, operation).filter(({ status }) => status < 400);
      if (operation === 'CreateTimelineEvent') {
        await run(['now']);
        const { stdout } = await run(['incident', 'timeline', '--json']);
        assert.equal(stdout.split('"text":"looking"').length - 1, 1, 'one note on the timeline');
      } else assert.equal(took.length, 1, `${operation} was sent ${took.length} times`);
    });
  }

  it('the timeline is down: a note is kept, said to wait, and delivered once', async () => {
    world.sandbox.faults.add({ face: 'ssm-incidents', kind: '500', match: 'createTimelineEvent' });
    const ran = await run(['note', 'kept in mind']);
    assertCalm(ran);
    assert.match(ran.stdout + ran.stderr, /not (yet )?(on|reached|delivered)|wait/i);
    world.sandbox.faults.clear();
    await run(['note', 'second']);
    await run(['note', 'third']);
    const { stdout } = await run(['incident', 'timeline']);
    for (const words of ['kept in mind', 'second', 'third']) {
      assert.equal(stdout.split(words).length - 1, 1, `${words}: ${stdout}`);
    }
  });

  it('an account that never had Incident Manager: explains it', async () => {
    world.sandbox.world.incidentManager.setEnabled(false);
    for (const argv of [['ack'], ['escalate', '--yes'], ['who']]) {
      await fails(run, argv, {
        code: 6,
        words: /closed it to new customers on 7 November 2025/,
        hint: /oncall sandbox start/,
      });
    }
  });

  it('a credential plugin that fails: its words without its secrets, exit 4', async () => {
    const path = join(world.sandbox.address.directory, 'kubeconfig');
    const kubeconfig = parse(readFileSync(path, 'utf8')) as { users: { user: object }[] };
    const exec = (command: string, ...args: string[]) => {
      for (const one of kubeconfig.users) {
        one.user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, args, interactiveMode: 'Never' } };
      }
      writeFileSync(path, stringify(kubeconfig));
    };
    exec('false');
    await fails(run, ['logs', 'dolthubapi'], {
      code: 4,
      words: /credential plugin `false` failed \(exit code 1\)/,
      hint: /\S/,
    });
    exec('sh', '-c', 'echo "token expired: ghp_0123456789abcdefABCDEF" >&2; exit 3');
    const ran = await run(['logs', 'dolthubapi']);
    assertFailed(ran, { code: 4, words: /exit code 3.*token expired/ });
    assert.doesNotMatch(ran.stderr, /0123456789/);
    exec('no-such-plugin-anywhere');
    await fails(run, ['logs', 'dolthubapi'], { code: 4, words: /no-such-plugin-anywhere.* is not installed/ });
  });

  it('the sandbox has gone: says so, and how to leave it; never that something was acknowledged', async () => {
    await world.sandbox.close();
    for (const argv of [
      ['ack'],
      ['logs', 'dolthubapi'],
      ['graph', 'dolthubapi'],
      ['hold', 'dolthubapi', '--reason', 'x', '--yes'],
    ]) {
      await fails(run, argv, { code: 6, words: /The sandbox has gone/, hint: /oncall sandbox env --unset/ });
    }
    rmSync(world.sandbox.address.directory, { recursive: true });
    await fails(run, ['ack'], { code: 3, words: /The sandbox has gone/, hint: /oncall sandbox env --unset/ });
  });
});

describe('on a bad day: the process', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const program = (argv: string[], onStart?: (child: ChildProcess) => void, env: Record<string, string> = {}) =>
    runProgram(argv, { env: { ...world.env, ...env }, ...(onStart ? { onStart } : {}) });

  /** Presses Ctrl-C once, as soon as the sandbox has seen what is waited for. */
  const pressWhen = (seen: () => boolean) => (child: ChildProcess) => {
    const watch = setInterval(() => {
      if (!seen()) return;
      clearInterval(watch);
      setTimeout(() => child.kill('SIGINT'), 100);
    }, 10);
    child.once('exit', () => clearInterval(watch));
  };
  const interrupted = (ran: Program) => {
    assert.deepEqual([ran.code, ran.signal], [130, null], ran.stdout + ran.stderr);
    // The logs of a service may hold stack traces of their own.
    assertCalm({ stdout: '', stderr: ran.stderr });
    assert.match(ran.stderr, /Interrupted/);
  };

  const waits: [argv: string[], face: string][] = [
    [['ack'], 'ssm-contacts'],
    [['now'], 'ssm-incidents'],
    [['who'], 'ssm-contacts'],
    [['doctor'], 'prometheus'],
    [['logs', 'dolthubapi'], 'kubernetes'],
    [['graph', 'dolthubapi'], 'prometheus'],
    [['deploys', 'dolthubapi'], 'github'],
    [['revert', '--yes'], 'github'],
    [['escalate', '--yes'], 'ssm-contacts'],
    [['resolve', '--yes'], 'ssm-incidents'],
  ];
  it('Ctrl-C while a service is waited for: exit 130, no stack trace, nothing done', async () => {
    for (const [argv, face] of waits) {
      world.sandbox.faults.clear();
      world.forget();
      world.sandbox.faults.add({ face, kind: 'slow' });
      const ran = await program(
        argv,
        pressWhen(() => world.received(face).some(({ fault }) => fault === 'slow')),
      );
      interrupted(ran);
    }
    const writes = world.sandbox
      .received()
      .filter(({ operation }) => /^(Accept|Start|Stop|Update)/.test(operation ?? ''));
    assert.deepEqual(writes, []);
  }).timeout(60_000);

  it('Ctrl-C while logs are followed: exit 130', async () => {
    const ran = await program(
      ['logs', 'dolthubgraphql', '-f'],
      pressWhen(() => world.received('kubernetes').some(({ path }) => path.endsWith('/log'))),
    );
    interrupted(ran);
  });

  it('Ctrl-C while a revert runs: the run goes on, and it was started once', async () => {
    const dispatches = () => world.received('github').filter(({ path }) => path.endsWith('/dispatches'));
    const ran = await program(
      ['revert', '--yes'],
      pressWhen(() => dispatches().some(({ status }) => status > 0)),
    );
    assert.equal(ran.code, 130, ran.stdout + ran.stderr);
    assertCalm(ran);
    assert.equal(dispatches().length, 1);
    const [run] = world.sandbox.world.repositories.of('dolthubapi').runs.listed;
    assert.notEqual(run?.conclusion, 'cancelled');
  }).timeout(30_000);

  it('a reader that has had enough (| head): exit 0 and not a word', async () => {
    for (const command of [
      'now',
      'logs dolthubgraphql --tail 2000',
      'logs dolthubgraphql -f',
      'config show',
      'deploys dolthubapi',
    ]) {
      const shell = spawn(
        'bash',
        [
          '-c',
          `"$0" "$1" ${command} | head -n 1 >/dev/null; exit \${PIPESTATUS[0]}`,
          process.execPath,
          join(ROOT, 'bin/run.js'),
        ],
        {
          env: { PATH: process.env.PATH, HOME: '/nonexistent', ...world.env },
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      );
      let stderr = '';
      shell.stderr.setEncoding('utf8').on('data', (piece: string) => {
        stderr += piece;
      });
      const [code] = (await once(shell, 'exit')) as [number];
      assert.equal(code, 0, `${command}: ${stderr}`);
      assert.doesNotMatch(stderr, /✖|EPIPE/, command);
    }
  }).timeout(30_000);

  it('no colour wanted, or a dumb terminal: no escape byte anywhere', async () => {
    const escapeByte = /\u001b/;
    const coloured = await world.oncall(['now'], { width: 100, env: { NO_COLOR: '' } });
    assert.match(coloured.stdout, escapeByte, 'on a terminal there are colours');
    for (const env of [{ NO_COLOR: '1' }, { NO_COLOR: '', TERM: 'dumb' }]) {
      for (const argv of [
        ['now'],
        ['deploys', 'dolthubapi'],
        ['graph', 'dolthubapi'],
        ['doctor', '--quick'],
        ['akc'],
      ]) {
        const ran = await world.oncall(argv, { width: 100, env });
        assert.doesNotMatch(ran.stdout + ran.stderr, escapeByte, `${argv.join(' ')} with ${JSON.stringify(env)}`);
      }
    }
    const piped = await program(['now']);
    assert.doesNotMatch(piped.stdout + piped.stderr, escapeByte, 'piped');
    assert.equal(piped.code, 0, piped.stderr);
  });

  it('a disk that cannot be written: what is done out there is done and proven, and what is lost is said', async () => {
    const blocked = join(world.sandbox.address.directory, 'blocked');
    writeFileSync(blocked, '');
    const env = { ONCALL_STATE_DIR: join(blocked, 'state') };
    const note = await program(['note', 'lost?'], undefined, env);
    assert.equal(note.code, 1, 'a note that is kept nowhere is a failure');
    assert.match(note.stderr, /Cannot make the directory .*a part of its path is a file/);
    const acts: [argv: string[], words: RegExp, operation: string][] = [
      [['ack'], /Paging has stopped/, 'AcceptPage'],
      [
        ['hold', 'dolthubapi', '--reason', 'x', '--yes'],
        /are on hold until/,
        'POST /repos/{owner}/{repo}/actions/variables',
      ],
      [['resolve', '--yes', '--anyway'], /Resolved: dolthubapi is down/, 'UpdateIncidentRecord'],
    ];
    for (const [argv, words, operation] of acts) {
      const ran = await program(argv, undefined, env);
      assert.equal(ran.code, 0, `${argv.join(' ')}: ${ran.stderr}`);
      assertCalm(ran);
      assert.match(ran.stdout, words);
      assert.match(ran.stderr, /It was done, but it is not on record here/);
      const took = world.sandbox.received().filter((one) => one.operation === operation).length;
      assert.equal(took, 1, `${operation} was sent ${took} times`);
    }
  }).timeout(30_000);

  it('secrets in the shell: never in any output, not even with DEBUG', async () => {
    const secrets = {
      GITHUB_TOKEN: 'ghp_0123456789abcdefABCDEF',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIK7MDENG',
      DEBUG: 'oncall',
    };
    for (const face of ['sts', 'github', 'kubernetes', 'ssm-incidents', 'ssm-contacts'])
      world.sandbox.faults.add({ face, kind: '401' });
    for (const argv of [
      ['ack'],
      ['deploys', 'dolthubapi'],
      ['logs', 'dolthubapi'],
      ['doctor'],
      ['config', 'show'],
      ['doctor', '--json'],
    ]) {
      const ran = await program(argv, undefined, secrets);
      for (const secret of ['0123456789abcdef', 'wJalrXUtn']) {
        assert.ok(!(ran.stdout + ran.stderr).includes(secret), argv.join(' '));
      }
    }
  }).timeout(30_000);
});

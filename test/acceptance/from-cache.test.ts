import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../bin/registry.ts';
import type { FaultKind } from '../../src/lib/sandbox/faults.ts';
import type { Ran } from '../support/run-oncall.ts';
import { runProgram } from '../support/run-program.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

const SOURCES = ['sts', 'ssm-incidents', 'ssm-contacts', 'prometheus', 'alertmanager', 'github', 'kubernetes'];
const HOUR = 3_600_000;
/** A slow source keeps one waiting for 30 s, and the clients give up after 10 s: below this, it was the patience that ended. */
const BEFORE_ANY_DEADLINE = 8_500;

let world: TestWorld;
const later = () => Date.now() + 2 * HOUR;
const run = (...argv: string[]) => world.oncall(argv);
const runLater = (...argv: string[]) => world.oncall(argv, { now: later });
const down = (kind: FaultKind, faces: readonly string[] = SOURCES) => {
  world.sandbox.faults.clear();
  for (const face of faces) world.sandbox.faults.add({ face, kind });
};

/** Everything that these commands show, asked once while all is well. */
async function fill(): Promise<void> {
  for (const argv of [['now'], ['who'], ['deploys'], ['graph'], ['incident', 'show']]) {
    const ran = await run(...argv);
    assert.equal(ran.code, 0, `${argv.join(' ')}: ${ran.stderr}`);
    assert.doesNotMatch(ran.stdout + ran.stderr, /from cache/, argv.join(' '));
  }
}

function assertNothingWritten(): void {
  const writes = world.sandbox
    .received()
    .filter(
      ({ face, method, operation }) =>
        /^(Accept|Start|Stop|Update|Create|Put|Delete)/.test(operation ?? '') ||
        (face === 'github' && method !== 'GET') ||
        ['PUT', 'PATCH', 'DELETE'].includes(method),
    );
  assert.deepEqual(writes, []);
}

/** Milliseconds that something took, with what it gave. */
async function timed<T>(act: Promise<T>): Promise<[T, number]> {
  const begun = performance.now();
  const value = await act;
  return [value, performance.now() - begun];
}

interface Overview {
  incidents: { incident: { title: string } }[] | null;
  alerts: { name: string }[];
  onCall: { cachedAt: string | null; responders: { people: { alias: string }[] }[] } | null;
  cachedAt: Record<string, string | null>;
}

function overviewOf(ran: Ran): Overview {
  const { ok, result, error } = ran.json<{ ok: boolean; result: Overview; error: { code: string } }>();
  assert.deepEqual([ok, error.code], [false, 'UNAVAILABLE']);
  return result;
}

describe('from cache: when every source is down', function () {
  this.timeout(90_000);
  beforeEach(async () => {
    world = await startWorld();
    await fill();
  });
  afterEach(() => world.close());

  const days: [what: string, bring: () => Promise<void> | void][] = [
    ['503', () => down('503')],
    ['refused', () => down('refused')],
    ['slow', () => down('slow')],
    ['gone', () => world.sandbox.close()],
  ];
  for (const [what, bring] of days) {
    it(`${what}: each command shows what it last knew, with the age, within its patience`, async () => {
      await bring();
      const [now, nowTook] = await timed(runLater('now'));
      assert.equal(now.code, 6, now.stdout + now.stderr);
      assert.match(now.stdout, /NOT known whether an incident is open: .*Open as of 2h ago, from cache:/);
      assert.match(now.stdout, /dolthubapi is down .*\(as of 2h ago, from cache\)/);
      assert.match(now.stdout, /alert ServiceDown: .*\(as of 2h ago, from cache\)/);
      assert.match(now.stdout, /on call: Sam Okafor \(you\).*\(as of 2h ago, from cache\)/);
      assert.match(now.stdout, /next: oncall doctor/);
      assert.doesNotMatch(now.stdout, /No incident is open/);
      const json = overviewOf(await runLater('now', '--json'));
      assert.match(json.incidents?.[0]?.incident.title ?? '', /dolthubapi is down/);
      for (const part of ['me', 'incidents', 'alerts']) {
        const age = Date.now() - Date.parse(json.cachedAt[part] ?? '');
        assert.ok(age >= 0 && age < 120_000, `${part}: ${age}`);
      }
      assert.ok(json.onCall?.cachedAt);

      const [who, whoTook] = await timed(runLater('who'));
      assert.equal(who.code, 0, who.stderr);
      assert.match(who.stdout, /This is as of 2h ago, from cache[\s\S]*Sam Okafor \(sam\) is on call now/);
      assert.match(who.stdout, /SMS …/);

      const [deploys, deploysTook] = await timed(runLater('deploys', 'dolthubapi', '--since', '5d'));
      assert.equal(deploys.code, 6, deploys.stderr);
      assert.match(deploys.stdout, /This is as of 2h ago, from cache\. A later deploy may be missing/);
      assert.match(deploys.stdout, /Warm the statistics cache at start-up.*\tcurrent, deployed \d+s before onset/);
      assert.match(deploys.stdout, /last good/);
      assert.match(deploys.stderr, /The incident is as of 2h ago, from cache/);

      const [graph, graphTook] = await timed(runLater('graph', 'dolthubapi'));
      assert.equal(graph.code, 6, graph.stderr);
      assert.match(graph.stdout, /instances .*\(as of 2h ago, from cache\)/);
      assert.match(graph.stdout, /at the end 0 /);
      assert.match(graph.stdout, /http:\/\/127\.0\.0\.1:\d+\/\S+g0\.expr=sum\(up/);
      assert.doesNotMatch(graph.stdout, /within the limit|past the limit/, 'nothing is claimed for now');

      const [show, showTook] = await timed(runLater('incident', 'show'));
      assert.equal(show.code, 6, show.stderr);
      assert.match(show.stdout, /This is as of 2h ago, from cache: who has it by now is not known/);
      assert.match(show.stdout, /Open, nobody has acknowledged it: dolthubapi is down/);
      assert.doesNotMatch(show.stdout, /nobody else is rung/);

      for (const [name, took] of Object.entries({ nowTook, whoTook, deploysTook, graphTook, showTook }))
        assert.ok(took < BEFORE_ANY_DEADLINE, `${name}: ${took} ms`);
      if (what !== 'gone') assertNothingWritten();
    });
  }

  it('slow: the process itself ends as soon as everything is said', async () => {
    if (!existsSync(join(ROOT, 'dist/oncall.cjs')))
      execFileSync(process.execPath, ['--import', 'tsx', join(ROOT, 'bin/build.ts')], { cwd: ROOT, stdio: 'inherit' });
    down('slow');
    const [ran, took] = await timed(runProgram(['now'], { env: world.env }));
    assert.equal(ran.code, 6, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /dolthubapi is down .*from cache/);
    assert.doesNotMatch(ran.stdout + ran.stderr, /Interrupted|Unhandled|\bat .*:\d+:\d+/);
    assert.ok(took < BEFORE_ANY_DEADLINE, `${took} ms`);
  });

  it('tells on Sunday who is on call, out of what was read on Friday; and says where its knowledge ends', async () => {
    const { responders } = (await run('who', '--json')).json<{
      result: { responders: { next: { people: { alias: string }[]; from: string } }[] };
    }>().result;
    const next = responders[0]?.next;
    assert.ok(next);
    down('503');
    const after = () => Date.parse(next.from) + HOUR;
    const ran = await world.oncall(['who', '--json'], { now: after });
    assert.equal(ran.code, 0);
    const then = ran.json<{ result: { cachedAt: string; responders: { people: { alias: string }[] }[] } }>().result;
    assert.deepEqual(
      then.responders[0]?.people.map(({ alias }) => alias),
      next.people.map(({ alias }) => alias),
    );
    assert.ok(then.cachedAt);
    const beyond = await run('who', '--at', new Date(Date.now() + 60 * 24 * HOUR).toISOString());
    assert.equal(beyond.code, 6);
    assert.match(
      beyond.stderr,
      /What is known here \(as of .* ago, from cache\) reaches from .* to .*Z: who is on call at .* is not known/,
    );
    const old = await world.oncall(['who'], { now: () => Date.now() + 40 * 24 * HOUR });
    assert.equal(old.code, 6);
    assert.match(old.stderr, /who is on call at .* is not known/);
    assert.equal(old.stdout, '');
  });
});

describe('from cache: when some sources are down', function () {
  this.timeout(90_000);
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const card = ['prometheus', 'alertmanager', 'github', 'kubernetes'];
  for (const kind of ['503', 'slow'] as const) {
    it(`${kind}: the card of an acknowledgement shows each part as it was, and what was said is not lost`, async () => {
      const first = await run('ack');
      assert.equal(first.code, 0, first.stderr);
      assert.doesNotMatch(first.stdout, /from cache/);
      down(kind, card);
      const [again, took] = await timed(runLater('ack'));
      assert.equal(again.code, 0, again.stderr);
      assert.match(again.stdout, /already acknowledged[\s\S]*Paging has stopped/);
      assert.match(again.stdout, /impact .*\(as of 2h ago, from cache\)/);
      assert.match(again.stdout, /graph +http:\S+g0\.expr=/);
      assert.match(again.stdout, /Warm the statistics cache .* before the onset .*\(as of 2h ago, from cache\)/);
      assert.match(again.stdout, /runbook +Triage: /);
      assert.match(again.stdout, /What the incident is about as of 2h ago, from cache: Prometheus/);
      assert.match(again.stdout, /next: oncall revert/);
      assert.ok(took < BEFORE_ANY_DEADLINE, `${took} ms`);
    });
  }

  it('never calls paging stopped when the pager does not tell: exit 7, and the card all the same', async () => {
    world.sandbox.faults.add({ face: 'ssm-contacts', kind: 'slow', match: 'ListEngagements' });
    const ran = await run('ack', '--json');
    assert.equal(ran.code, 7, ran.stdout);
    const { result, error } = ran.json<{
      result: { stopped: boolean; stillToRing: null; readAt: string; briefing: { service: string } };
      error: { message: string };
    }>();
    assert.deepEqual([result.stopped, result.stillToRing, result.briefing.service], [false, null, 'dolthubapi']);
    assert.match(
      error.message,
      /not known whether somebody else will still be rung: The pager gave no answer within 3 s/,
    );
    assert.equal(world.received('ssm-contacts', 'AcceptPage').length, 1);
  });

  it('what is not known is never called none: no silences, no deploys, no alerts', async () => {
    down('503', card);
    const ran = await run('ack');
    assert.match(ran.stdout, /changed +not known/);
    assert.match(ran.stdout, /silences +not known/);
    assert.match(ran.stdout, /graph +http/);
  });

  it('GitHub down, the cluster up: the kept history, marked by what runs now, with what was rolled out since', async () => {
    await run('deploys', 'dolthubapi');
    down('503', ['github']);
    interface Deploys {
      services: { source: string; cachedAt: string | null; now: { from: string; cachedAt: string | null } }[];
      deploys: { title: string | null; current: boolean; suspect: object | null; lastGood: boolean }[];
    }
    const ran = await run('deploys', 'dolthubapi', '--json');
    assert.equal(ran.code, 0, 'the cluster is live');
    const { result, warnings } = ran.json<{ result: Deploys; warnings: string[] }>();
    const [service] = result.services;
    assert.equal(service?.source, 'deployments');
    assert.ok(service?.cachedAt);
    assert.deepEqual([service.now.from, service.now.cachedAt], ['cluster', null]);
    const [bad] = result.deploys;
    assert.match(bad?.title ?? '', /Warm the statistics cache/);
    assert.ok(bad?.current && bad.suspect);
    assert.ok(result.deploys.some(({ lastGood }) => lastGood));
    assert.match(warnings.join(), /GitHub's history is as of .*from cache: GitHub is not available/);
  });

  it('a runbook that is gone: its first step as it was', async () => {
    await run('ack');
    rmSync(join(world.sandbox.address.directory, 'runbooks'), { recursive: true });
    const ran = await runLater('ack');
    assert.match(ran.stdout, /runbook +Triage: .*\(as of 2h ago, from cache\)/);
    assert.match(ran.stdout, /Runbook as of 2h ago, from cache: .* is not there/);
  });

  it('a link alone needs no server', async () => {
    const live = new URL((await run('graph', 'dolthubapi', '--link-only')).stdout.trim());
    down('refused');
    const ran = await run('graph', 'dolthubapi', '--link-only');
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(new URL(ran.stdout.trim()).searchParams.get('g0.expr'), live.searchParams.get('g0.expr'));
  });
});

describe('from cache: what must never happen', function () {
  this.timeout(90_000);
  afterEach(() => world.close());
  const commands = [['now'], ['deploys'], ['deploys', 'dolthubapi'], ['graph'], ['incident', 'show'], ['ack']];

  it('an old "no incident" is never taken for an answer', async () => {
    world = await startWorld({ scenario: 'quiet' });
    for (const argv of [['now'], ['deploys'], ['ack'], ['incident', 'list']]) await run(...argv);
    down('503', ['sts', 'ssm-incidents', 'ssm-contacts']);
    for (const argv of commands) {
      const ran = await run(...argv);
      assert.doesNotMatch(ran.stdout, /[Nn]o incident is open|no page waits/, argv.join(' '));
      if (argv[0] !== 'deploys') assert.equal(ran.code, 6, argv.join(' '));
      else assert.match(ran.stderr, /The incident is not known, because the pager did not tell/);
    }
    assert.equal(overviewOf(await run('now', '--json')).incidents, null);
  });

  it('an incident that was seen to be over is not shown as open', async () => {
    world = await startWorld();
    await run('now');
    assert.equal((await run('resolve', '--yes', '--anyway')).code, 0);
    await run('now');
    down('503', ['sts', 'ssm-incidents', 'ssm-contacts']);
    const ran = await run('now', '--json');
    assert.equal(overviewOf(ran).incidents, null);
  });

  it('another world, environment or address sees none of it; nobody else can read it; a broken file is no answer', async () => {
    world = await startWorld({ scenario: 'quiet' });
    assert.equal((await run('who')).code, 0);
    const directory = join(world.env['ONCALL_STATE_DIR'] ?? '', 'cache');
    const files = readdirSync(directory).map((name) => join(directory, name));
    assert.ok(files.length > 0);
    for (const file of files) {
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.doesNotMatch(readFileSync(file, 'utf8'), /\+1\d{9}|ghp_|SANDBOX|Bearer/);
    }
    down('503');
    assert.equal((await run('who')).code, 0);
    const config = world.env['ONCALL_CONFIG'] ?? '';
    const text = readFileSync(config, 'utf8');
    assert.match(text, /region: us-west-2/);
    writeFileSync(config, text.replace('region: us-west-2', 'region: eu-west-1'));
    assert.equal((await run('who')).code, 6, 'another region is another account');
    writeFileSync(config, text);
    for (const file of files) writeFileSync(file, readFileSync(file, 'utf8').replace('"sam"', '"ben"'));
    assert.equal((await run('who')).code, 6, 'a file that was changed by hand');
  });
});

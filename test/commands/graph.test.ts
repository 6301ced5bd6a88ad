import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld, type TestWorld } from '../support/world.ts';

const HOUR = 3_600_000;

interface Result {
  service: string | null;
  from: string;
  to: string;
  stepSeconds: number;
  marks: { at: string; kind: string; text: string }[];
  graphs: {
    name: string;
    expr: string;
    drawn: string;
    limit: { op: string; value: number } | null;
    pastLimit: boolean;
    curves: { last: number | null; points: { at: string; value: number | null }[] }[];
    link: string;
  }[];
  link: string;
}

describe('oncall graph', () => {
  let world: TestWorld;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());
  beforeEach(() => world.forget());

  async function json(...argv: string[]): Promise<Result> {
    const ran = await world.oncall(['graph', ...argv, '--json']);
    assert.equal(ran.code, 0, ran.stdout);
    return ran.json<{ result: Result }>().result;
  }

  it('draws without an argument the alert of the open incident, then its service’s queries', async () => {
    const { service, graphs, marks } = await json();
    assert.equal(service, 'dolthubapi');
    assert.deepEqual(
      graphs.map(({ name }) => name),
      ['ServiceDown', 'errors', 'requests', 'latency'],
    );
    const [alert] = graphs;
    assert.equal(alert?.drawn, 'sum(up{app="dolthubapi"})');
    assert.deepEqual(alert?.limit, { op: '==', value: 0 });
    assert.equal(alert?.pastLimit, true);
    assert.equal(alert?.curves[0]?.last, 0);
    assert.ok(
      alert?.curves[0]?.points.some(({ value }) => value === 3),
      'drawn where it did not fire, too',
    );
    assert.deepEqual(
      marks.map(({ kind }) => kind),
      ['deploy', 'onset'],
    );
    assert.ok(Date.parse(marks[0]?.at ?? '') < Date.parse(marks[1]?.at ?? ''));
  });

  it('asks Prometheus for at most one point for each cell', async () => {
    const { from, to, stepSeconds, graphs } = await json('dolthubapi', 'errors');
    assert.equal(Date.parse(to) - Date.parse(from), HOUR);
    const points = graphs[0]?.curves[0]?.points ?? [];
    assert.ok(points.length <= 78 && points.length * stepSeconds * 1000 <= HOUR);
    assert.equal(world.received('prometheus').filter(({ path }) => path.includes('query_range')).length, 1);
  });

  it('links to the same moment in Prometheus, with the expression as the rule has it', async () => {
    const { graphs, to } = await json();
    const url = new URL(graphs[0]?.link ?? '');
    assert.ok(url.href.startsWith(`${world.env['PROMETHEUS_URL']}/graph?`));
    assert.equal(url.searchParams.get('g0.expr'), graphs[0]?.expr);
    assert.match(graphs[0]?.expr ?? '', /== 0 or absent/i);
    assert.equal(url.searchParams.get('g0.tab'), '0');
    assert.equal(url.searchParams.get('g0.range_input'), '1h');
    const end = Date.parse(`${url.searchParams.get('g0.end_input')?.replace(' ', 'T')}Z`);
    assert.ok(end >= Date.parse(to) && end - Date.parse(to) < 1000);
    const page = await fetch(url, { redirect: 'manual' });
    assert.ok(page.status < 400, `Prometheus answers ${page.status}`);
  });

  it('fits the terminal and marks the onset', async () => {
    const ran = await world.oncall(['graph', '--utc'], { width: 70 });
    assert.equal(ran.code, 0, ran.stderr);
    const lines = ran.stdout.split('\n').map((line) => line.replace('sandbox │ ', ''));
    assert.match(lines[0] ?? '', /^dolthubapi · past the limit: ServiceDown · Last 1h, until now \(\d\d:\d\d:\d\dZ\)$/);
    assert.match(lines[1] ?? '', /^┆ deploy [0-9a-f]{7} .* ago\) {3}▲ onset .* ago\)$/);
    assert.equal(lines[3], '✖ ServiceDown  Live instances');
    assert.equal(lines[4], '  now 0   min 0   max 3   alarm at 0');
    assert.match(lines[5] ?? '', /^ {2}█+▁+$/);
    assert.equal((lines[5] ?? '').length <= 70, true);
    assert.match(lines[6] ?? '', /^ +┆▲$/);
    assert.equal(ran.stderr, '');
  });

  it('takes an expression, a span and an end', async () => {
    const { service, graphs, from, to } = await json('count(up)', '--since', '10m', '--end', '20m');
    assert.equal(service, null);
    assert.equal(graphs[0]?.name, 'count(up)');
    assert.equal(Date.parse(to) - Date.parse(from), HOUR / 6);
    assert.ok(Math.abs(Date.now() - Date.parse(to) - HOUR / 3) < 10_000);
  });

  it('prints a table, and a link alone', async () => {
    const table = await world.oncall(['graph', 'dolthubapi', 'instances', '--table', '--since', '5m']);
    assert.match(table.stdout, /^sandbox │ \d{4}-\S+Z\t\d\n/);
    assert.equal(table.stdout.trim().split('\n').length, 30);
    const link = await world.oncall(['graph', 'dolthubapi', '--link-only']);
    const url = new URL(link.stdout.trim());
    assert.equal(url.searchParams.get('g0.expr'), 'sum(up{app="dolthubapi"})');
    assert.ok(url.searchParams.has('g3.expr'), 'one page with all four');
  });

  it('goes on without deploy marks when the cluster does not answer, and says so', async () => {
    world.sandbox.faults.add({ face: 'kubernetes', kind: '403' });
    const ran = await world.oncall(['graph', 'dolthubapi', 'errors']);
    world.sandbox.faults.clear();
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, /⚠ The deploys as of .* ago, from cache: User sam may not list/);
    assert.match(ran.stdout, /limit 5 %/);
  });

  const refused: [argv: string[], code: number, message: RegExp][] = [
    [['dolthubpi'], 5, /There is no service "dolthubpi"\. Did you mean "dolthubapi"/],
    [['dolthubapi', 'errrs'], 5, /dolthubapi has no query "errrs"\. Did you mean "errors"/],
    [['errors'], 2, /"errors" is a query of dolthubapi, /],
    [['sum('], 1, /Prometheus refuses the query: 1:\d+: parse error/],
    [['up', '--end', 'yesterday'], 2, /"yesterday" is not a time/],
    [['up', '--table', '--link-only'], 2, /--link-only|--table/],
  ];
  for (const [argv, code, message] of refused) {
    it(`refuses ${JSON.stringify(argv)} with ${code}`, async () => {
      const ran = await world.oncall(['graph', ...argv]);
      assert.equal(ran.code, code, ran.stderr);
      assert.match(ran.stderr, message);
      assert.equal(ran.stdout, '');
    });
  }

  it('names the trouble when Prometheus does not answer', async () => {
    world.sandbox.faults.add({ face: 'prometheus', kind: '503' });
    const ran = await world.oncall(['graph', 'dolthubapi']);
    world.sandbox.faults.clear();
    assert.equal(ran.code, 6, ran.stderr);
  });

  it('opens the page in the browser', async function () {
    if (process.platform !== 'linux') return this.skip();
    const directory = await mkdtemp(join(tmpdir(), 'oncall-browser-'));
    const opened = join(directory, 'opened');
    await writeFile(join(directory, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > ${opened}\n`, { mode: 0o755 });
    const env = { PATH: `${directory}:/usr/bin:/bin` };
    const ran = await world.oncall(['graph', 'dolthubapi', 'errors', '--open', '--json'], { env });
    assert.equal(ran.code, 0, ran.stdout);
    assert.equal(await readFile(opened, 'utf8'), new URL(ran.json<{ result: Result }>().result.link).href);
    await rm(directory, { recursive: true });
  });

  it('leaves its values and its link in the journal of the incident', async () => {
    const { graphs } = await json();
    const directory = world.env['ONCALL_STATE_DIR'] ?? '';
    const journal = await readFile(join(directory, 'journal.jsonl'), 'utf8');
    const entry = JSON.parse(journal.trim().split('\n').at(-1) ?? '') as { timeline: string; link: string };
    assert.match(entry.timeline, /^Graphs of dolthubapi: ServiceDown 0, max 3 \(alarm at 0\); errors /);
    // The link of the first graph, which is the alert's own: one with all of them would fill the timeline.
    assert.equal(entry.link, graphs[0]?.link);
  });
});

describe('oncall graph without an incident', () => {
  it('says what to name', async () => {
    const world = await startWorld({ scenario: 'quiet' });
    try {
      const ran = await world.oncall(['graph']);
      assert.equal(ran.code, 2, ran.stderr);
      assert.match(ran.stderr, /No incident is open[^\n]*\n[^\n]*oncall graph SERVICE/);
    } finally {
      await world.close();
    }
  });
});

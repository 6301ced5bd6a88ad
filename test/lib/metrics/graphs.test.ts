import assert from 'node:assert/strict';
import { OncallError } from '../../../src/lib/errors.ts';
import { choosePlots } from '../../../src/lib/metrics/choose-plots.ts';
import { type Mark, showGraphs } from '../../../src/lib/metrics/show-graphs.ts';
import { graphsNote, graphsTable, graphsView } from '../../../src/lib/metrics/view.ts';
import { createPaint } from '../../../src/lib/text/paint.ts';
import { prometheusWith, query, service } from './services.ts';

const END = Date.UTC(2026, 0, 2, 3, 0, 0);
const MINUTE = 60_000;
const UP = 'sum(up{app="api"})';
const api = service('api', query('instances', { expr: UP }), query('errors', { unit: '%', limit: 5 }));
const web = service('web', query('errors'));
const services = [api, web, service('bare')];
const incident = { service: api, expression: { expr: `${UP} == 0`, rule: 'Down' } };

function names(words: string[], about: typeof incident | null = null): string[] {
  const [subject = null, one = null] = words;
  return choosePlots({ subject, query: one }, { services, incident: about }).plots.map(({ name }) => name);
}

describe('What to draw', () => {
  it('is all queries of a service, or the one that is named', () => {
    assert.deepEqual(names(['api']), ['instances', 'errors']);
    assert.deepEqual(names(['api', 'errors']), ['errors']);
  });

  it('is during an incident the alert first, and the same curve not twice', () => {
    assert.deepEqual(names([], incident), ['Down', 'errors']);
    assert.deepEqual(names(['api'], incident), ['Down', 'errors']);
    assert.deepEqual(names(['web'], incident), ['errors']);
    assert.deepEqual(names(['instances'], incident), ['instances']);
  });

  it('is an expression where the words are no name', () => {
    assert.deepEqual(names(['rate(x[5m])']), ['rate(x[5m])']);
    assert.deepEqual(names(['node_load1']), ['node_load1']);
    assert.deepEqual(names(['up']), ['up']);
  });

  const refused: [words: string[], code: string, message: RegExp][] = [
    [[], 'USAGE', /No incident is open/],
    [['apii'], 'NOT_FOUND', /Did you mean "api"/],
    [['api', 'errrs'], 'NOT_FOUND', /Did you mean "errors"/],
    [['errors'], 'AMBIGUOUS', /is a query of api, web/],
    [['instances'], 'USAGE', /is a query of api/],
    [['bare'], 'NOT_FOUND', /has no named queries/],
    [['nosuch', 'errors'], 'NOT_FOUND', /no service "nosuch"/],
  ];
  for (const [words, code, message] of refused) {
    it(`refuses ${JSON.stringify(words)}: ${code}`, () => {
      assert.throws(
        () => names(words),
        (error: OncallError) => error.code === code && message.test(error.message),
      );
    });
  }
});

describe('Graphs', () => {
  const marks: Mark[] = [
    { at: new Date(END - 11 * MINUTE - 5000).toISOString(), kind: 'deploy', text: 'deploy abc1234' },
    { at: new Date(END - 11 * MINUTE).toISOString(), kind: 'onset', text: 'onset' },
    { at: new Date(END - 90 * MINUTE).toISOString(), kind: 'deploy', text: 'deploy old' },
  ];
  const draw = async (
    subject: string,
    prometheus = prometheusWith({ [UP]: (at) => (at > END - 10 * MINUTE ? 0 : 3), errors_expr: 1 }),
  ) =>
    (
      await showGraphs({
        prometheus,
        base: 'http://p',
        choice: choosePlots({ subject, query: null }, { services, incident }),
        marks,
        span: 60 * MINUTE,
        end: END,
        cells: 60,
        memory: null,
        patience: 3000,
      })
    ).result;
  const view = {
    paint: createPaint({ colour: false, ascii: false }),
    zone: { utc: true, timeZone: null },
    now: END,
    width: 80,
  };

  it('show the curve of the alert’s left side, its threshold, and the marks below it', async () => {
    const lines = graphsView(await draw('api'), view).split('\n');
    assert.equal(lines[0], 'api · past the limit: Down · Last 1h, until now (03:00:00Z)');
    assert.equal(lines[1], '┆ deploy abc1234 02:48:55Z (11m 5s ago)   ▲ onset 02:49:00Z (11m ago)');
    assert.equal(lines[3], '✖ Down  sum(up{app="api"}) == 0');
    assert.equal(lines[4], '  now 0   min 0   max 3   alarm at 0');
    assert.equal(lines[5], `  ${'█'.repeat(50)}${'▁'.repeat(10)}`);
    assert.equal(lines[6], `  ${' '.repeat(47)}┆▲`);
    assert.match(lines[7] ?? '', /^ {2}02:00:00Z +03:00:00Z$/);
    assert.match(lines[8] ?? '', /^ {2}http:\/\/p\/graph\?g0\.expr=sum\(up.*%20%3D%3D%200&/);
  });

  it('leave out what lies outside the span', async () => {
    assert.equal((await draw('api')).marks.length, 2);
  });

  it('never call a service well that has no value', async () => {
    const [first] = graphsView(await draw('web', prometheusWith({})), view).split('\n');
    assert.equal(first, 'web · no value now · Last 1h, until now (03:00:00Z)');
  });

  it('keep one refused expression from spoiling the others', async () => {
    const good = prometheusWith({ errors_expr: 1 });
    const refusing = {
      ...good,
      queryRange: async (...[expr, range]: Parameters<typeof good.queryRange>) => {
        if (expr === UP) throw new OncallError('Prometheus refuses the query: \u001b[31mno', { code: 'FAILED' });
        return good.queryRange(expr, range);
      },
    };
    const result = await draw('api', refusing);
    assert.deepEqual(
      result.graphs.map(({ error }) => error?.code ?? null),
      ['FAILED', null],
    );
    const text = graphsView(result, view);
    assert.match(text, /⚠ Prometheus refuses the query: no\n/);
    await assert.rejects(draw(`${UP} > 1`, refusing), { code: 'FAILED' });
  });

  it('are also a table, whole numbers and exact times off a terminal', async () => {
    const rows = graphsTable(await draw('api'), { ...view, width: null }).split('\n');
    assert.equal(rows.length, 60);
    assert.equal(rows.at(-1), '2026-01-02T03:00:00.000Z\t0\t1');
  });

  it('leave a sentence for the timeline', async () => {
    assert.equal(
      graphsNote(await draw('api')),
      'Graphs of api: Down 0, max 3 (alarm at 0); errors 1 %, max 1 % (limit 5 %).',
    );
  });

  it('fall back to ASCII', async () => {
    const text = graphsView(await draw('api'), { ...view, paint: createPaint({ colour: false, ascii: true }) });
    assert.match(text, /\n {2}%{50}\.{10}\n {2} {47}\|\^\n/);
  });
});

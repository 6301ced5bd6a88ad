import assert from 'node:assert/strict';
import { PromqlError } from '../../../src/lib/sandbox/promql/promql-error.ts';
import { answer, line, stored } from './stored-series.ts';

const SOURCE = stored(`
{"__name__":"up","app":"a","pod":"1"}    | 1 1 1 0 0
{"__name__":"up","app":"a","pod":"2"}    | 1 1 1 0 0
{"__name__":"up","app":"b","pod":"3"}    | 1 1 1 1 1
{"__name__":"errors","app":"a","pod":"1"} | 2 2 2 2 2
{"__name__":"errors","app":"a","pod":"2"} | 3 3 3 3 3
{"__name__":"errors","app":"b","pod":"3"} | 4 4 4 4 4
{"__name__":"owner","app":"a","team":"core"} | 1 1 1 1 1
{"__name__":"owner","app":"b","team":"web"}  | 1 1 1 1 1
{"__name__":"gone","app":"a"} | 1 1 x _ _
`);

const ROWS: readonly [query: string, at: number, expected: string[]][] = [
  ['sum(up)', 0, ['{} 3']],
  ['sum by (app) (errors)', 0, ['{app="a"} 5', '{app="b"} 4']],
  ['sum(errors) by (app)', 0, ['{app="a"} 5', '{app="b"} 4']],
  ['sum without (pod) (errors)', 0, ['{app="a"} 5', '{app="b"} 4']],
  ['avg(errors)', 0, ['{} 3']],
  ['min(errors)', 0, ['{} 2']],
  ['max(errors)', 0, ['{} 4']],
  ['count(errors > 2)', 0, ['{} 2']],
  ['stddev(errors{app="a"})', 0, ['{} 0.5']],
  ['quantile(0.25, errors)', 0, ['{} 2.5']],
  ['topk(1, errors)', 0, ['{__name__="errors", app="b", pod="3"} 4']],
  [
    'bottomk by (app) (1, errors)',
    0,
    ['{__name__="errors", app="a", pod="1"} 2', '{__name__="errors", app="b", pod="3"} 4'],
  ],
  ['count_values("n", up)', 60, ['{n="0"} 2', '{n="1"} 1']],
  ['sum(nothing)', 0, []],
  // Precedence: signs bind looser than ^, suffixes tighter than anything, ^ groups to the right.
  ['-2 ^ 2', 0, ['-4']],
  ['2 ^ 3 ^ 2', 0, ['512']],
  ['2 * 3 + 4 % 3', 0, ['7']],
  ['1 - 2 - 3', 0, ['-4']],
  ['sum(up) - sum(up offset 30s)', 60, ['{} -2']],
  ['up{pod="1"} - up{pod="1"} offset 1m', 60, ['{app="a", pod="1"} -1']],
  ['up{pod="1"} @ 30 - up{pod="1"}', 60, ['{app="a", pod="1"} 1']],
  ['-7 % 4', 0, ['-3']],
  // Comparison: a filter keeps name and value, bool gives 0 or 1 and drops the name, a scalar on the left changes nothing.
  ['up == 0', 60, ['{__name__="up", app="a", pod="1"} 0', '{__name__="up", app="a", pod="2"} 0']],
  ['up{app="a"} == bool 0', 0, ['{app="a", pod="1"} 0', '{app="a", pod="2"} 0']],
  ['3 < errors', 0, ['{__name__="errors", app="b", pod="3"} 4']],
  ['1 == bool 1', 0, ['1']],
  ['NaN == bool NaN', 0, ['0']],
  ['errors > on(app, pod) up', 0, ['{app="a", pod="1"} 2', '{app="a", pod="2"} 3', '{app="b", pod="3"} 4']],
  // Sets.
  ['up and errors > 3', 0, ['{__name__="up", app="b", pod="3"} 1']],
  ['up unless on(app) errors > 3', 0, ['{__name__="up", app="a", pod="1"} 1', '{__name__="up", app="a", pod="2"} 1']],
  [
    'errors > 3 or up{app="a"}',
    0,
    [
      '{__name__="errors", app="b", pod="3"} 4',
      '{__name__="up", app="a", pod="1"} 1',
      '{__name__="up", app="a", pod="2"} 1',
    ],
  ],
  [
    'up or vector(1)',
    0,
    [
      '{__name__="up", app="a", pod="1"} 1',
      '{__name__="up", app="a", pod="2"} 1',
      '{__name__="up", app="b", pod="3"} 1',
      '{} 1',
    ],
  ],
  // Matching.
  ['sum by (app) (errors) / on(app) owner', 0, ['{app="a"} 5', '{app="b"} 4']],
  [
    'errors * on(app) group_left(team) owner',
    0,
    ['{app="a", pod="1", team="core"} 2', '{app="a", pod="2", team="core"} 3', '{app="b", pod="3", team="web"} 4'],
  ],
  ['owner * on(app) group_right(team) errors{app="b"}', 0, ['{app="b", pod="3", team="web"} 4']],
  ['errors / ignoring(team) owner', 0, []],
  // The two halves of the rule for a service that is down.
  ['sum(up{app="a"}) == 0 OR absent(up{app="a"}) > 0', 0, []],
  ['sum(up{app="a"}) == 0 OR absent(up{app="a"}) > 0', 60, ['{} 0']],
  ['sum(up{app="zz"}) == 0 OR absent(up{app="zz"}) > 0', 60, ['{app="zz"} 1']],
  ['sum(gone{app="a"}) == 0 OR absent(gone{app="a"}) > 0', 60, ['{app="a"} 1']],
  // Selectors: expressions are anchored, a missing label is empty.
  ['count(up{pod=~"1|2"})', 0, ['{} 2']],
  ['count(up{app=~"."})', 0, ['{} 3']],
  ['count(up{app=~""})', 0, []],
  ['count(up{team=""})', 0, ['{} 3']],
  ['count({__name__=~"up|owner", app!~"(?i)A"})', 0, ['{} 2']],
];

describe('PromQL operators and aggregations', () => {
  for (const [query, at, expected] of ROWS) {
    it(`${query} at ${at} s is ${expected.join(' and ') || 'empty'}`, () => {
      assert.deepEqual(answer(SOURCE, query, at), expected);
    });
  }

  it('a range query evaluates at every step, ends included, and leaves out what is not there', () => {
    assert.equal(line(SOURCE, 'sum(up{app="a"}) == 0', [0, 60, 15]), '45:0 60:0');
  });

  it('the ends of the whole query can be named', () => {
    assert.equal(line(SOURCE, 'sum(up @ end())', [0, 60, 30]), '0:1 30:1 60:1');
  });

  const refused = (query: string, message: RegExp) => {
    const refusal = (error: unknown) =>
      error instanceof PromqlError && error.kind === 'execution' && message.test(error.message);
    assert.throws(() => answer(SOURCE, query, 0), refusal);
  };

  it('two series that would become one are refused', () => {
    refused('abs({__name__=~"up|errors"})', /^vector cannot contain metrics with the same labelset$/);
  });

  it('many-to-one matching must be asked for', () => {
    refused('errors * on(app) owner', /^multiple matches for labels: many-to-one matching must be explicit/);
  });

  it('many-to-many matching is refused and names the twins', () => {
    refused(
      'owner * on(app) errors{app="a"}',
      /match group \{app="a"\} on the right hand-side of the operation: \[.*errors.*\];many-to-many/,
    );
  });
});

import assert from 'node:assert/strict';
import { parse } from '../../../src/lib/sandbox/promql/parse.ts';
import { printExpression } from '../../../src/lib/sandbox/promql/print-expression.ts';
import { PromqlError } from '../../../src/lib/sandbox/promql/promql-error.ts';

/** What Prometheus 2.42.0 answered to each of these, recorded from the real one. */
const REFUSED: readonly [query: string, message: string][] = [
  ['', '1:1: parse error: no expression found in input'],
  ['sum(', '1:5: parse error: unclosed left parenthesis'],
  ['foo)', "1:5: parse error: unexpected right parenthesis ')'"],
  ['foo bar', '1:5: parse error: unexpected identifier "bar"'],
  ['sum(foo bar)', '1:9: parse error: unexpected identifier "bar" in aggregation'],
  ['foo{', '1:5: parse error: unexpected end of input inside braces'],
  ['foo{a=}', '1:7: parse error: unexpected "}" in label matching, expected string'],
  ['foo{a="b" c}', '1:11: parse error: unexpected identifier "c" in label matching, expected "," or "}"'],
  ['foo{1}', "1:5: parse error: unexpected character inside braces: '1'"],
  ['foo[5m', '1:7: parse error: unclosed left bracket'],
  ['foo[5]', '1:5: parse error: missing unit character in duration'],
  ['foo[1m1h]', '1:5: parse error: not a valid duration string: "1m1h"'],
  ['foo[0s]', '1:5: parse error: duration must be greater than 0'],
  ['foo offset', '1:11: parse error: unexpected end of input in offset, expected duration'],
  ['foo @ bar', '1:7: parse error: unexpected identifier "bar" in @, expected timestamp'],
  ['sum by a (x)', '1:8: parse error: unexpected identifier "a" in grouping opts, expected "("'],
  ['sum by (1) (x)', '1:9: parse error: unexpected number "1" in grouping opts, expected label'],
  ['rate(foo)', '1:6: parse error: expected type range vector in call to function "rate", got instant vector'],
  ['rate(foo[5m], 1)', '1:1: parse error: expected 1 argument(s) in call to "rate", got 2'],
  ['nosuch(foo)', '1:1: parse error: unknown function with name "nosuch"'],
  ['sum()', '1:1: parse error: no arguments for aggregate expression provided'],
  ['topk(foo)', '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1'],
  ['1 == 2', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
  ['foo + bool bar', '1:5: parse error: bool modifier can only be used on comparison operators'],
  ['1 and foo', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
  ['foo and on(a) group_left b', '1:1: parse error: no grouping allowed for "and" operation'],
  ['(a + b)[5m]', '1:8: parse error: ranges only allowed for vector selectors'],
  ['{}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
  ['foo{__name__="bar"}', '1:1: parse error: metric name must not be set twice: "foo" or "bar"'],
  ['"abc', '1:1: parse error: unterminated quoted string'],
  ['foo{a="\\q"}', "1:7: parse error: unknown escape sequence U+0071 'q'"],
  ['foo =~ bar', "1:5: parse error: unexpected character after '=': '~'"],
  ['foo\n  )', "2:4: parse error: unexpected right parenthesis ')'"],
  ['foo{a=~"("}', '1:5: parse error: error parsing regexp: missing closing ): `^(?:()$`'],
  ['foo{a=~"(?=x)"}', '1:5: parse error: error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
];

/** An expression and the form in which the rules API shows it. */
const PRINTED: readonly [query: string, shown: string][] = [
  ['sum(up{app="X"}) == 0 OR absent(up{app="X"}) > 0', 'sum(up{app="X"}) == 0 or absent(up{app="X"}) > 0'],
  ['sum(rate(x{b="2",a="1"}[90s]))by(app)', 'sum by (app) (rate(x{a="1",b="2"}[1m30s]))'],
  ['a*on(x)group_left(y)b', 'a * on (x) group_left (y) b'],
  ["x{a='q\"'} offset 1d > bool 5e-1", 'x{a="q\\""} offset 1d > bool 0.5'],
  ['x[36h] @ 5', 'x[1d12h] @ 5.000'],
  ['sum_over_time(x[14d] offset -90m)', 'sum_over_time(x[2w] offset -1h30m)'],
];

describe('PromQL that Prometheus refuses', () => {
  for (const [query, message] of REFUSED) {
    it(`${JSON.stringify(query)} gets Prometheus's own words`, () => {
      assert.throws(
        () => parse(query),
        (error) => {
          assert.ok(error instanceof PromqlError);
          assert.equal(error.message, message);
          return true;
        },
      );
    });
  }

  it('functions that only Prometheus 3 knows are unknown', () => {
    assert.throws(() => parse('mad_over_time(x[5m])'), /unknown function with name "mad_over_time"/);
  });
});

describe('PromQL as Prometheus prints it', () => {
  for (const [query, shown] of PRINTED) {
    it(`${query} → ${shown}`, () => {
      assert.equal(printExpression(parse(query)), shown);
    });
  }
});

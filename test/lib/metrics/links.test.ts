import assert from 'node:assert/strict';
import { graphLink, prometheusDuration } from '../../../src/lib/metrics/links.ts';
import { chooseSpan, edgesOf, momentsOf, rangeOf, readEnd } from '../../../src/lib/metrics/range.ts';
import { sparkline } from '../../../src/lib/text/sparkline.ts';

const END = Date.UTC(2026, 0, 2, 3, 4, 5);
const HOUR = 3_600_000;

describe('A link to Prometheus', () => {
  it('has absolute times in UTC and a path that versions 2 and 3 know', () => {
    const url = new URL(graphLink('http://p:9090/prom/', 'sum(up{a="b+c"}) > 0', { from: END - HOUR, to: END }));
    assert.equal(url.origin + url.pathname, 'http://p:9090/prom/graph');
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      'g0.expr': 'sum(up{a="b+c"}) > 0',
      'g0.tab': '0',
      'g0.range_input': '1h',
      'g0.end_input': '2026-01-02 03:04:05',
    });
    assert.doesNotMatch(url.search, /\+/);
  });

  it('ends at the next full second, so that the newest sample is in it', () => {
    const url = graphLink('http://p', 'up', { from: END, to: END + 1 });
    assert.match(url, /g0\.end_input=2026-01-02%2003%3A04%3A06$/);
  });

  it('holds several graphs', () => {
    const url = new URL(graphLink('http://p', ['a', 'b'], { from: END - HOUR, to: END }));
    assert.deepEqual([url.searchParams.get('g0.expr'), url.searchParams.get('g1.expr')], ['a', 'b']);
  });

  it('writes durations as Prometheus reads them', () => {
    assert.deepEqual([1, 90, 3600, 93_784].map(prometheusDuration), ['1s', '1m30s', '1h', '1d2h3m4s']);
  });
});

describe('The span of a graph', () => {
  it('has one moment for each cell, the last of them at its end', () => {
    for (const [since, cells] of [
      [HOUR, 78],
      [HOUR, 108],
      [30_000, 78],
      [24 * HOUR, 77],
      [1000, 10],
    ] as const) {
      const range = rangeOf({ since, end: END, cells });
      const { from, to, stepSeconds } = momentsOf(range);
      assert.equal(to, END);
      assert.ok(from >= END - since && range.cells <= cells);
      const points = Array.from({ length: range.cells }, (_, i) => ({ at: from + i * stepSeconds * 1000, value: 1 }));
      assert.equal(points.at(-1)?.at, END);
      assert.equal(sparkline(points, edgesOf(range)), '█'.repeat(range.cells), 'no gap, no cell twice');
    }
  });

  it('never asks for more points than Prometheus gives', () => {
    const range = rangeOf({ since: 365 * 24 * HOUR, end: END, cells: 1_000_000 });
    assert.ok(range.cells <= 11_000);
  });

  it('is the last hour, or the whole incident with a while around it, or as asked', () => {
    assert.deepEqual(chooseSpan({}, null, END), { span: HOUR, end: END });
    assert.deepEqual(chooseSpan({}, { onset: END - HOUR / 6, resolvedAt: null }, END), { span: HOUR, end: END });
    assert.deepEqual(chooseSpan({}, { onset: END - 4 * HOUR, resolvedAt: null }, END), { span: 5 * HOUR, end: END });
    const past = { onset: END - 72 * HOUR, resolvedAt: new Date(END - 71 * HOUR - HOUR / 6).toISOString() };
    assert.deepEqual(chooseSpan({}, past, END), { span: 1.25 * HOUR, end: END - 71 * HOUR });
    assert.deepEqual(chooseSpan({ since: 5000, end: '1h' }, past, END), { span: 5000, end: END - HOUR });
  });

  it('ends now, so long ago, or at a time, which is UTC unless it says otherwise', () => {
    assert.equal(readEnd('now', END), END);
    assert.equal(readEnd('30m', END), END - HOUR / 2);
    assert.equal(readEnd('2026-01-01T10:00', END), Date.UTC(2026, 0, 1, 10));
    assert.equal(readEnd('2026-01-01 10:00:30', END), Date.UTC(2026, 0, 1, 10, 0, 30));
    assert.equal(readEnd('2026-01-01T10:00-08:00', END), Date.UTC(2026, 0, 1, 18));
    assert.equal(readEnd('2026-01-01', END), Date.UTC(2026, 0, 1));
    assert.equal(readEnd('2030-01-01', END), END, 'not in the future');
    for (const text of ['yesterday', '', '5', '2026-13-01']) {
      assert.throws(() => readEnd(text, END), { code: 'USAGE' }, text);
    }
  });
});

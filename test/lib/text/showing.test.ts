import assert from 'node:assert/strict';
import { didYouMean, nearest } from '../../../src/lib/text/nearest.ts';
import { createPaint } from '../../../src/lib/text/paint.ts';
import { formatValue, marksLine, sparkline } from '../../../src/lib/text/sparkline.ts';
import { table } from '../../../src/lib/text/table.ts';
import { clockTime, dateTime, dayTime, formatDuration, parseDuration, relative } from '../../../src/lib/text/time.ts';

const NOW = Date.parse('2026-11-22T03:12:41.000Z');
const UTC = { utc: true, timeZone: null };

describe('a duration', () => {
  for (const [text, ms] of [
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    [' 2h ', 7_200_000],
    ['1.5h', 5_400_000],
    ['3d', 259_200_000],
    ['1w', 604_800_000],
  ] as const) {
    it(`is read from "${text}"`, () => assert.equal(parseDuration(text), ms));
  }
  for (const text of ['', '15', 'm', '0s', '-5m', '5 m', '5min', '1h30', 'soon', '5M']) {
    it(`is not read from "${text}"`, () => assert.throws(() => parseDuration(text), { code: 'USAGE' }));
  }
  for (const [ms, text] of [
    [0, '0s'],
    [499, '0s'],
    [42_000, '42s'],
    [59_600, '1m'],
    [192_000, '3m 12s'],
    [7_500_000, '2h 5m'],
    [7_205_000, '2h'],
    [86_700_000, '1d'],
    [183_600_000, '2d 3h'],
    [-42_000, '42s'],
  ] as const) {
    it(`of ${ms} ms is shown as ${text}`, () => assert.equal(formatDuration(ms), text));
  }
});

describe('a moment', () => {
  it('is shown relative to now', () => {
    assert.equal(relative(NOW - 192_000, NOW), '3m 12s ago');
    assert.equal(relative(NOW + 300_000, NOW), 'in 5m');
    assert.equal(relative(NOW + 999, NOW), 'now');
  });
  it('is shown in UTC', () => {
    assert.equal(clockTime(NOW, UTC), '03:12:41Z');
    assert.equal(dayTime(NOW, UTC), 'Sun 03:12Z');
    assert.equal(dateTime(NOW, UTC), '2026-11-22 03:12Z');
  });
  it('is shown in the reader’s zone, on the reader’s day', () => {
    const zone = { utc: false, timeZone: 'America/Los_Angeles' };
    assert.equal(clockTime(NOW, zone), '19:12:41 PST');
    assert.equal(dateTime(NOW, zone), '2026-11-21 19:12 PST');
    assert.equal(clockTime(Date.parse('2026-07-01T03:00:00Z'), zone), '20:00:00 PDT');
    assert.equal(clockTime(NOW, { utc: false, timeZone: ':America/Los_Angeles' }), '19:12:41 PST');
  });
  it('at midnight is 00, not 24', () => {
    assert.equal(clockTime(Date.parse('2026-11-22T00:00:00Z'), UTC), '00:00:00Z');
  });
  for (const timeZone of ['CET-1CEST', 'Nowhere/Atlantis', ':/etc/localtime', '']) {
    it(`is shown all the same when TZ is "${timeZone}"`, () => {
      assert.match(clockTime(NOW, { utc: false, timeZone }), /^\d\d:12:41/);
    });
  }
});

describe('a name that was mistyped', () => {
  const names = ['dolthubapi', 'dolthubgraphql', 'dolthub-web', 'userservice', 'remotesapi'];
  for (const [typed, found] of [
    ['dolthubap', ['dolthubapi']],
    ['dolthubpai', ['dolthubapi']],
    ['DoltHubAPI', ['dolthubapi']],
    ['dolthub', ['dolthub-web', 'dolthubapi', 'dolthubgraphql']],
    ['userservise', ['userservice']],
    ['x', []],
    ['something-else', []],
    ['', []],
  ] as const) {
    it(`${JSON.stringify(typed)} may be ${found.join(', ') || 'nothing known'}`, () => {
      assert.deepEqual(nearest(typed, names), found);
    });
  }
  it('is asked about in one sentence, with its space', () => {
    assert.equal(didYouMean('dolthubap', names), ' Did you mean "dolthubapi"?');
    assert.equal(didYouMean('zzz', names), '');
  });
});

describe('a table', () => {
  const rows = [
    { name: 'api', what: 'a rather long description of it' },
    { name: '負荷', what: 'wide' },
  ];
  const columns = [
    { title: 'NAME', cell: (row: (typeof rows)[number]) => row.name },
    { title: 'WHAT', cell: (row: (typeof rows)[number]) => row.what, shrink: true },
  ];
  it('is tab-separated, whole and without a head when piped', () => {
    assert.equal(table(rows, columns, null), 'api\ta rather long description of it\n負荷\twide');
  });
  it('is aligned under its head on a terminal, by the width that letters take', () => {
    assert.equal(table(rows, columns, 80), 'NAME  WHAT\napi   a rather long description of it\n負荷  wide');
  });
  it('narrows what may be narrowed to the width', () => {
    const lines = table(rows, columns, 20).split('\n');
    assert.ok(
      lines.every((line) => line.length <= 20),
      lines.join('\n'),
    );
    assert.match(lines[1] ?? '', /^api {3}a rather.*…$/);
  });
  it('never cuts what may not be', () => {
    const fixed = columns.map(({ shrink: _, ...column }) => column);
    assert.match(table(rows, fixed, 20), /a rather long description of it/);
  });
});

describe('a curve', () => {
  const points = (...values: number[]) => values.map((value, i) => ({ at: i * 10, value }));
  const options = { from: 0, to: 40, width: 4 };
  it('begins at zero, so that small changes look small', () => {
    assert.equal(sparkline(points(100, 80, 99, 100), options), '█▇██');
  });
  it('shows the highest value of each cell', () => {
    assert.equal(sparkline([...points(0, 0, 0, 8), { at: 5, value: 8 }], options), '█▁▁█');
  });
  it('leaves a gap where nothing is known', () => {
    assert.equal(
      sparkline(
        [
          { at: 0, value: 1 },
          { at: 30, value: 1 },
        ],
        options,
      ),
      '█  █',
    );
    assert.equal(sparkline(points(Number.NaN, 1, Number.POSITIVE_INFINITY, 1), options), ' █ █');
  });
  it('of nothing is blank, and of zeros is low', () => {
    assert.equal(sparkline([], options), '    ');
    assert.equal(sparkline(points(0, 0, 0, 0), options), '▁▁▁▁');
  });
  it('takes both ends of its span and nothing beyond', () => {
    assert.equal(
      sparkline(
        [
          { at: -1, value: 9 },
          { at: 0, value: 1 },
          { at: 40, value: 1 },
          { at: 41, value: 9 },
        ],
        options,
      ),
      '█  █',
    );
  });
  it('can be drawn in ASCII', () => {
    assert.match(sparkline(points(0, 1, 2, 3), { ...options, ascii: true }), /^[\x20-\x7e]{4}$/);
  });
  it('has its marks under it', () => {
    const marks = [
      { at: 10, sign: 'd' },
      { at: 40, sign: '!' },
      { at: 99, sign: 'x' },
    ];
    assert.equal(marksLine(marks, options), ' d !');
  });
});

describe('a value', () => {
  for (const [value, text] of [
    [0, '0'],
    [0.079_123, '0.0791'],
    [7.9, '7.9'],
    [999.96, '1000'],
    [1234, '1234'],
    [9999, '9999'],
    [12_345, '12.3k'],
    [999_999, '1M'],
    [1_234_567, '1.23M'],
    [2.5e9, '2.5G'],
    [-12_345, '-12.3k'],
    [Number.NaN, 'no value'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ] as const) {
    it(`${value} is shown as ${text}`, () => assert.equal(formatValue(value), text));
  }
});

describe('paint', () => {
  it('writes no escape byte without colour', () => {
    const paint = createPaint({ colour: false, ascii: true });
    const all = [paint.good, paint.bad, paint.warn, paint.strong, paint.dim, paint.command, paint.link];
    assert.equal(all.map((how) => how('x')).join(''), 'xxxxxxx');
    assert.match(Object.values(paint.sign).join(''), /^[\x20-\x7e]+$/);
  });
  it('colours when told to, whatever the process’s own streams are', () => {
    assert.equal(createPaint({ colour: true, ascii: false }).bad('x'), '\u001b[31mx\u001b[39m');
  });
});

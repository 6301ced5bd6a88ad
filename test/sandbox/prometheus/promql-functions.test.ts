import assert from 'node:assert/strict';
import { answer, line, stored } from './stored-series.ts';

/** Each expected value was worked out by hand from the samples, with the arithmetic in the comment where it is not plain. */
const SOURCE = stored(`
{"__name__":"requests_total","app":"a"} | 10*9
{"__name__":"late_total","app":"a"}     | _ _ 2 12 22 32 42
{"__name__":"reset_total","app":"a"}    | 10 20 30 5 15
{"__name__":"gauge","app":"a"}          | 1 5 3 _ 3
{"__name__":"gauge","app":"b"}          | 2 2 2 2 2
{"__name__":"odd","app":"a"}            | NaN Inf -Inf 0 1
{"__name__":"ended","app":"a"}          | 7 7 x
{"__name__":"lat_bucket","le":"0.1"}    | 50 50 50 50 50
{"__name__":"lat_bucket","le":"0.5"}    | 90 90 90 90 90
{"__name__":"lat_bucket","le":"1"}      | 98 98 98 98 98
{"__name__":"lat_bucket","le":"+Inf"}   | 100 100 100 100 100
{"__name__":"late_bucket","le":"1"}     | 5 5 5 5 5
{"__name__":"late_bucket","le":"2"}     | 3 3 3 3 3
{"__name__":"late_bucket","le":"+Inf"}  | 10 10 10 10 10
{"__name__":"pod","name":"api-1"}       | 1 1 1 1 1
`);

const ROWS: readonly [query: string, at: number, expected: string[]][] = [
  // Five samples, 0 to 40, fill the minute exactly: 40 / 60.
  ['rate(requests_total[1m])', 60, ['{app="a"} 0.6666666666666666']],
  // 10 to 40 over 45 s, stretched by 5 s to the start and 10 s to the end: 30 × 60/45 = 40.
  ['increase(requests_total[1m])', 70, ['{app="a"} 40']],
  // 2 to 42 over 60 s (30 s to 90 s), window from 0: the start is 30 s away, but zero is only 60 × 2/40 = 3 s away.
  ['increase(late_total[90s])', 90, ['{app="a"} 42']],
  // The window begins long before: half an interval (7.5 s) would be added, but the counter reaches zero after 3 s.
  ['increase(late_total[10m])', 90, ['{app="a"} 42']],
  // 10→20→30, then 5 and 15 after a reset: 20 + 15 = 35 over the full minute.
  ['increase(reset_total[1m])', 60, ['{app="a"} 35']],
  ['resets(reset_total[1m])', 60, ['{app="a"} 1']],
  ['changes(gauge[1m])', 60, ['{app="a"} 2', '{app="b"} 0']],
  // Not a counter: 15 − 10, nothing added for the fall.
  ['delta(reset_total[1m])', 60, ['{app="a"} 5']],
  // The last two samples only: (40 − 30) / 15.
  ['irate(requests_total[1m])', 60, ['{app="a"} 0.6666666666666666']],
  ['irate(reset_total[30s])', 45, ['{app="a"} 0.3333333333333333']],
  ['idelta(reset_total[1m])', 45, ['{app="a"} -25']],
  // One sample is no rate.
  ['rate(requests_total[10s])', 60, []],
  ['deriv(requests_total[1m])', 60, ['{app="a"} 0.6666666666666666']],
  // 40 now, 10 more every 15 s: 40 + 60 × 10/15.
  ['predict_linear(requests_total[1m], 60)', 60, ['{app="a"} 80']],
  ['sum_over_time(gauge{app="a"}[1m])', 60, ['{app="a"} 12']],
  ['avg_over_time(gauge{app="a"}[1m])', 60, ['{app="a"} 3']],
  ['count_over_time(gauge{app="a"}[1m])', 60, ['{app="a"} 4']],
  ['min_over_time(gauge{app="a"}[1m])', 60, ['{app="a"} 1']],
  ['max_over_time(gauge{app="a"}[1m])', 60, ['{app="a"} 5']],
  // Mean 3, squares 4 + 4 + 0 + 0 over 4.
  ['stdvar_over_time(gauge{app="a"}[1m])', 60, ['{app="a"} 2']],
  ['quantile_over_time(0.5, gauge{app="a"}[1m])', 60, ['{app="a"} 3']],
  ['last_over_time(gauge{app="a"}[1m])', 60, ['{__name__="gauge", app="a"} 3']],
  ['present_over_time(gauge{app="a"}[1m])', 60, ['{app="a"} 1']],
  // The samples of the last minute around its end, both ends included.
  ['gauge{app="a"}[30s]', 60, ['{__name__="gauge", app="a"} 3@30 3@60']],
  ['max_over_time(rate(requests_total[30s])[45s:15s])', 60, ['{app="a"} 0.6666666666666666']],
  // 90 % of 100 is 90, the top of the second bucket.
  ['histogram_quantile(0.9, lat_bucket)', 60, ['{} 0.5']],
  // 94 lies half way through the third bucket: 0.5 + (1 − 0.5) × 4/8.
  ['histogram_quantile(0.94, lat_bucket)', 60, ['{} 0.75']],
  // In the open bucket the highest finite bound is all that is known.
  ['histogram_quantile(0.99, lat_bucket)', 60, ['{} 1']],
  // The second bucket counts less than the first, which cannot be: it is taken as 5, so 80 % is beyond both.
  ['histogram_quantile(0.8, late_bucket)', 60, ['{} 2']],
  ['histogram_quantile(1.1, lat_bucket)', 60, ['{} +Inf']],
  ['histogram_quantile(0.5, lat_bucket{le!="+Inf"})', 60, ['{} NaN']],
  ['absent(nothing{app="a",pod=~"x.*",app="b"})', 60, ['{} 1']],
  ['absent(nothing{app="a",pod="p"})', 60, ['{app="a", pod="p"} 1']],
  ['absent(gauge)', 60, []],
  ['absent_over_time(nothing{app="a"}[5m])', 60, ['{app="a"} 1']],
  ['absent(sum(nothing))', 60, ['{} 1']],
  ['clamp(gauge{app="a"}, 0, 2)', 60, ['{app="a"} 2']],
  ['clamp(gauge{app="a"}, 2, 1)', 60, []],
  ['clamp_min(gauge{app="a"}, 9)', 60, ['{app="a"} 9']],
  ['round(gauge{app="a"} / 2)', 60, ['{app="a"} 2']],
  ['round(gauge{app="a"} * 7, 5)', 60, ['{app="a"} 20']],
  ['scalar(gauge)', 60, ['NaN']],
  ['scalar(gauge{app="b"})', 60, ['2']],
  ['vector(3)', 60, ['{} 3']],
  ['time()', 61.5, ['61.5']],
  ['timestamp(gauge{app="a"})', 50, ['{app="a"} 30']],
  ['timestamp(gauge{app="a"} + 0)', 50, ['{app="a"} 50']],
  ['label_replace(pod, "deploy", "$1", "name", "(.*)-\\\\d+")', 60, ['{__name__="pod", deploy="api", name="api-1"} 1']],
  ['label_replace(pod, "deploy", "$1", "name", "api")', 60, ['{__name__="pod", name="api-1"} 1']],
  ['label_join(pod, "both", "/", "name", "name")', 60, ['{__name__="pod", both="api-1/api-1", name="api-1"} 1']],
  ['sort_desc(gauge)', 60, ['{__name__="gauge", app="a"} 3', '{__name__="gauge", app="b"} 2']],
  ['sort(gauge)', 60, ['{__name__="gauge", app="b"} 2', '{__name__="gauge", app="a"} 3']],
  ['ceil(gauge{app="a"} / 2) + floor(vector(1.5)) + abs(vector(-1)) + sqrt(vector(4))', 60, []],
  ['year(vector(0)) + month(vector(0)) / 100 + day_of_month(vector(0)) / 10000', 0, ['{} 1970.0101']],
  ['days_in_month(vector(1709251199))', 0, ['{} 29']],
  ['day_of_week(vector(0))', 0, ['{} 4']],
];

describe('PromQL functions', () => {
  for (const [query, at, expected] of ROWS) {
    it(`${query} at ${at} s is ${expected.join(' and ') || 'empty'}`, () => {
      assert.deepEqual(answer(SOURCE, query, at), expected);
    });
  }

  it('a series keeps its last value for five minutes, both ends included', () => {
    assert.equal(line(SOURCE, 'gauge{app="b"}', [359, 362, 1]), '359:2 360:2');
  });

  it('a staleness marker ends a series at once', () => {
    assert.equal(line(SOURCE, 'ended', [0, 60, 10]), '0:7 10:7 20:7');
  });

  it('a staleness marker is no sample of a range', () => {
    assert.deepEqual(answer(SOURCE, 'count_over_time(ended[1m])', 60), ['{app="a"} 2']);
  });

  it('values are printed as Prometheus prints them', () => {
    const shown = (query: string) => answer(SOURCE, query, 0)[0];
    assert.deepEqual(['1 / 0', '-1 / 0', '0 / 0', '-0', '1e20', '1e21', '1e-6', '1e-7', '0.1 + 0.2'].map(shown), [
      '+Inf',
      '-Inf',
      'NaN',
      '-0',
      '100000000000000000000',
      '1e+21',
      '0.000001',
      '1e-07',
      '0.30000000000000004',
    ]);
  });

  it('not-a-number and infinities pass through as they are', () => {
    assert.equal(line(SOURCE, 'odd', [0, 60, 15]), '0:NaN 15:+Inf 30:-Inf 45:0 60:1');
    assert.deepEqual(answer(SOURCE, 'max_over_time(odd[1m])', 60), ['{app="a"} +Inf']);
    assert.deepEqual(answer(SOURCE, 'sum_over_time(odd[1m])', 60), ['{app="a"} NaN']);
  });
});

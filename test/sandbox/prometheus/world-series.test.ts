import assert from 'node:assert/strict';
import { BEGIN, type ServedPrometheus, servePrometheus } from '../../support/serve-prometheus.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("the world's series", () => {
  let served: ServedPrometheus;
  beforeEach(async () => {
    served = await servePrometheus();
  });
  afterEach(() => served.stop());

  const number = async (query: string, atMs?: number): Promise<number> => {
    const values = Object.values(await served.instant(query, atMs));
    assert.equal(values.length, 1, `${query} gives ${values.length} values`);
    return Number(values[0]);
  };

  it('reach back fourteen days without being stored', async () => {
    const parameters = {
      query: 'sum(rate(http_requests_total{app="dolthubapi"}[5m]))',
      start: String((BEGIN - 14 * DAY) / 1000),
      end: String(BEGIN / 1000),
      step: '1h',
    };
    const { body } = await served.ask('/api/v1/query_range', parameters);
    assert.equal(body.data.result[0]?.values.length, 14 * 24 + 1);
  });

  it('follow the day: busier at 19:00 UTC than at 07:00, by the mean that the catalog gives', async () => {
    const rate = (atMs: number) => number('sum(rate(http_requests_total{app="dolthubapi"}[5m]))', atMs);
    const busy = await rate(BEGIN - DAY + HOUR);
    const quiet = await rate(BEGIN - 11 * HOUR);
    assert.ok(busy > 1.5 * quiet, `${busy} and ${quiet}`);
    const mean = (await number('sum(increase(http_requests_total{app="dolthubapi"}[1d]))')) / 86_400;
    assert.ok(Math.abs(mean - 140) < 14, `${mean}`);
  });

  it('are the same for the same seed and others for another', async () => {
    const ask = (world: ServedPrometheus) => world.instant('sum by (app) (increase(http_requests_total[10m]))');
    const [same, other] = await Promise.all([servePrometheus(), servePrometheus({ seed: 2 })]);
    assert.deepEqual(await ask(same), await ask(served));
    assert.notDeepEqual(await ask(other), await ask(served));
    await Promise.all([same.stop(), other.stop()]);
  });

  it('counters never fall while a process lives', async () => {
    assert.deepEqual(await served.instant('sum by (app) (resets(http_requests_total[4h])) > 0'), {});
    assert.deepEqual(await served.instant('sum by (app) (resets(http_request_duration_seconds_bucket[4h])) > 0'), {});
  });

  it('the histogram counts the requests that the counters count, bucket by bucket', async () => {
    const counted = await number('sum(http_requests_total{app="dolthubapi"})');
    assert.equal(await number('sum(http_request_duration_seconds_count{app="dolthubapi"})'), counted);
    assert.equal(await number('sum(http_request_duration_seconds_bucket{app="dolthubapi",le="+Inf"})'), counted);
    const p99 =
      'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{app="dolthubapi"}[5m])))';
    const seconds = await number(p99);
    assert.ok(seconds > 0.1 && seconds <= 0.25, `${seconds}`);
  });

  it('an ordinary day has ordinary failures', async () => {
    const failed = 'sum(increase(http_requests_total{app="dolthubapi",code=~"5.."}[1d]))';
    const ratio = await number(`${failed} / sum(increase(http_requests_total{app="dolthubapi"}[1d]))`);
    assert.ok(Math.abs(ratio - 0.0008) < 0.0001, `${ratio}`);
  });

  it('a pod that does not answer is down, and its other series end', async () => {
    served.pods.mark('userservice', false, 1);
    served.lapse(30_000);
    assert.equal(await number('sum(up{app="userservice"})'), 1);
    assert.equal(await number('count(process_start_time_seconds{app="userservice"})'), 1);
  });

  it('the pods that are left carry the traffic', async () => {
    const before = await number('sum(rate(http_requests_total{app="userservice"}[1m]))');
    served.pods.mark('userservice', false, 1);
    served.lapse(90_000);
    const after = await number('sum(rate(http_requests_total{app="userservice"}[1m]))');
    assert.ok(Math.abs(after / before - 1) < 0.1, `${before} and ${after}`);
  });

  it('a restart begins its counters at zero and its start time anew', async () => {
    served.pods.mark('userservice', false, 1);
    served.lapse(20_000);
    served.pods.mark('userservice', true, 1);
    served.lapse(60_000);
    assert.equal(await number('max(process_start_time_seconds{app="userservice"})'), (BEGIN + 20_000) / 1000);
    const requests = await number('min(sum by (pod) (http_requests_total{app="userservice"}))');
    assert.ok(requests < 60 * 120, `${requests}`);
    assert.equal(await number('max(resets(process_cpu_seconds_total{app="userservice"}[10m]))'), 1);
  });

  it('a pod that is gone leaves no target: its series end at once, not after five minutes', async () => {
    served.pods.remove('userservice');
    served.lapse(20_000);
    assert.deepEqual(await served.instant('up{app="userservice"}'), {});
    assert.equal(await number('absent(up{app="userservice"})'), 1);
    assert.equal(await number('sum(up{app="userservice"} offset 1m)'), 2);
  });

  it('who depends on a service that is down fails more, and less the farther away', async () => {
    served.pods.mark('dolthubapi', false);
    served.lapse(6 * 60_000);
    const ratios = await served.instant(
      'sum by (app) (rate(http_requests_total{code=~"5.."}[5m])) / sum by (app) (rate(http_requests_total[5m]))',
    );
    const ratio = (app: string) => Number(ratios[JSON.stringify({ app })]);
    assert.ok(ratio('dolthubgraphql') > 0.03, `${ratio('dolthubgraphql')}`);
    assert.ok(
      ratio('dolthub-web') > 0.015 && ratio('dolthub-web') < ratio('dolthubgraphql'),
      `${ratio('dolthub-web')}`,
    );
    assert.ok(ratio('userservice') < 0.002);
    assert.deepEqual(await served.instant('http_requests_total{app="dolthubapi"}'), {});
  });

  it('what happens during an advance is seen at once, though the wall clock stands still', async () => {
    served.pods.mark('userservice', false);
    assert.equal(await number('sum(up{app="userservice"})'), 2);
    served.clock.advance(15_000);
    assert.equal(await number('sum(up{app="userservice"})'), 0);
  });

  it('at a higher speed scrapes come closer together', async () => {
    const fast = await servePrometheus({ speed: 30 });
    fast.lapse(60_000);
    const counts = await fast.instant('count_over_time(up{job="prometheus"}[1m])');
    assert.ok(Number(Object.values(counts)[0]) >= 59, JSON.stringify(counts));
    await fast.stop();
  });

  it('nothing is known of the future', async () => {
    assert.deepEqual(await served.instant('timestamp(up{job="prometheus"}) > time()'), {});
    assert.deepEqual(await served.instant('up', BEGIN + 10 * 60_000), {});
  });

  it('a query for more samples than the sandbox would load is refused as the real one refuses', async () => {
    const { status, body } = await served.ask('/api/v1/query', { query: 'count_over_time({job=~".+"}[14d])' });
    assert.equal(status, 422);
    assert.equal(body.error, 'query processing would load too many samples into memory in query execution');
  });
});

import assert from 'node:assert/strict';
import { BEGIN, type ServedPrometheus, servePrometheus } from '../../support/serve-prometheus.ts';

const NOW = String(BEGIN / 1000);

describe("the sandbox's Prometheus over HTTP", () => {
  let served: ServedPrometheus;
  before(async () => {
    served = await servePrometheus();
  });
  after(() => served.stop());

  const get = (path: string) => fetch(`${served.baseUrl}${path}`);
  const refusal = async (path: string, parameters: Record<string, string>) => {
    const { status, body } = await served.ask(path, parameters);
    return [status, body.errorType, body.error];
  };

  it('a vector has its labels, its time in seconds and its values as text', async () => {
    const { body } = await served.ask('/api/v1/query', {
      query: 'sum by (app) (up{app=~"dolthubapi|userservice"})',
      time: NOW,
    });
    assert.deepEqual(body, {
      status: 'success',
      data: {
        resultType: 'vector',
        result: [
          { metric: { app: 'dolthubapi' }, value: [BEGIN / 1000, '3'] },
          { metric: { app: 'userservice' }, value: [BEGIN / 1000, '2'] },
        ],
      },
    });
  });

  it('scalars and strings have shapes of their own, and times may be written out', async () => {
    const scalar = await served.ask('/api/v1/query', { query: '1 + 1', time: '1970-01-01T00:00:01.5Z' });
    assert.deepEqual(scalar.body.data, { resultType: 'scalar', result: [1.5, '2'] });
    const string = await served.ask('/api/v1/query', { query: '"a"', time: '7' });
    assert.deepEqual(string.body.data, { resultType: 'string', result: [7, 'a'] });
  });

  it('a range query gives one value per step', async () => {
    const parameters = { query: 'count(up{app="dolthubapi"})', start: '2026-03-04T17:00:00Z', end: NOW, step: '30m' };
    const { body } = await served.ask('/api/v1/query_range', parameters);
    const [start, half, end] = [BEGIN / 1000 - 3600, BEGIN / 1000 - 1800, BEGIN / 1000];
    assert.deepEqual(body.data, {
      resultType: 'matrix',
      result: [
        {
          metric: {},
          values: [
            [start, '3'],
            [half, '3'],
            [end, '3'],
          ],
        },
      ],
    });
  });

  it('long queries may come in a form, which wins over the address', async () => {
    const answer = await fetch(`${served.baseUrl}/api/v1/query?query=2`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ query: '1', time: '5' }),
    });
    assert.deepEqual(((await answer.json()) as { data: unknown }).data, { resultType: 'scalar', result: [5, '1'] });
  });

  it('what cannot be read is a 400 in the words of the real one', async () => {
    const query = (parameters: Record<string, string>) => refusal('/api/v1/query', parameters);
    const range = (parameters: Record<string, string>) => refusal('/api/v1/query_range', parameters);
    assert.deepEqual(await query({ query: 'sum(' }), [
      400,
      'bad_data',
      'invalid parameter "query": 1:5: parse error: unclosed left parenthesis',
    ]);
    assert.deepEqual(await query({ query: '1', time: 'foo' }), [
      400,
      'bad_data',
      `invalid parameter "time": Invalid time value for 'time': cannot parse "foo" to a valid timestamp`,
    ]);
    assert.deepEqual(await range({ query: '1' }), [
      400,
      'bad_data',
      'invalid parameter "start": cannot parse "" to a valid timestamp',
    ]);
    assert.deepEqual(await range({ query: 'sum(', start: '0', end: '9', step: '1' }), [
      400,
      'bad_data',
      '1:5: parse error: unclosed left parenthesis',
    ]);
    assert.deepEqual(await range({ query: 'up[5m]', start: '0', end: '9', step: '1' }), [
      400,
      'bad_data',
      'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    ]);
    assert.deepEqual(await range({ query: '1', start: '9', end: '0', step: '1' }), [
      400,
      'bad_data',
      'invalid parameter "end": end timestamp must not be before start time',
    ]);
  });

  it('more than 11,000 points are refused, exactly 11,000 steps are not', async () => {
    const range = (end: string) =>
      served.ask('/api/v1/query_range', { query: 'vector(1)', start: '0', end, step: '1' });
    assert.equal((await range('11000')).body.data.result[0]?.values.length, 11_001);
    const { status, body } = await range('11001');
    assert.equal(status, 400);
    assert.equal(
      body.error,
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  });

  it('what cannot be answered is a 422', async () => {
    const [status, type] = await refusal('/api/v1/query', { query: 'up + on(app) up', time: NOW });
    assert.deepEqual([status, type], [422, 'execution']);
  });

  it('series, labels and their values can be listed', async () => {
    const series = await get('/api/v1/series?match[]=up{job="prometheus"}');
    assert.deepEqual(await series.json(), {
      status: 'success',
      data: [{ __name__: 'up', instance: 'localhost:9090', job: 'prometheus' }],
    });
    const names = await get('/api/v1/labels?match[]=up{app="userservice"}');
    assert.deepEqual(await names.json(), {
      status: 'success',
      data: ['__name__', 'app', 'instance', 'job', 'namespace', 'pod'],
    });
    const values = await get('/api/v1/label/le/values?match[]=http_request_duration_seconds_bucket{app="userservice"}');
    const { data } = (await values.json()) as { data: string[] };
    assert.equal(data[0], '+Inf');
    assert.equal(data.length, 12);
  });

  it('selectors that say nothing are refused', async () => {
    assert.deepEqual(await refusal('/api/v1/series', {}), [400, 'bad_data', 'no match[] parameter provided']);
    const empty = 'invalid parameter "match[]": match[] must contain at least one non-empty matcher';
    assert.deepEqual(await refusal('/api/v1/series', { 'match[]': '{}' }), [400, 'bad_data', empty]);
    const call = 'invalid parameter "match[]": 1:5: parse error: unexpected "("';
    assert.deepEqual(await refusal('/api/v1/series', { 'match[]': 'rate(x[5m])' }), [400, 'bad_data', call]);
  });

  it('targets say whether they answer', async () => {
    const answer = await get('/api/v1/targets?state=active');
    const { data } = (await answer.json()) as {
      data: { activeTargets: { health: string; labels: Record<string, string> }[] };
    };
    const healths = data.activeTargets
      .filter(({ labels }) => labels['app'] === 'dolthubapi')
      .map(({ health }) => health);
    assert.deepEqual(healths, ['up', 'up', 'up']);
  });

  it('it says which release it follows, and what its metrics mean', async () => {
    const build = (await (await get('/api/v1/status/buildinfo')).json()) as { data: { version: string } };
    assert.equal(build.data.version, '2.42.0');
    const metadata = (await (await get('/api/v1/metadata?metric=http_requests_total')).json()) as { data: unknown };
    assert.match(JSON.stringify(metadata.data), /"http_requests_total":\[\{"type":"counter"/);
  });

  it('health and pages answer, and a graph link names its expression', async () => {
    assert.equal(await (await get('/-/ready')).text(), 'Prometheus Server is Ready.\n');
    const page = await (await get(`/graph?g0.expr=${encodeURIComponent('up < 1')}&g0.tab=0&g0.range_input=1h`)).text();
    assert.match(page, /<code>up &lt; 1<\/code>/);
  });

  it('unknown paths and methods get what the real one gives', async () => {
    const missing = await get('/api/v1/nosuch');
    assert.deepEqual([missing.status, await missing.text()], [404, '404 page not found\n']);
    const put = await fetch(`${served.baseUrl}/api/v1/query`, { method: 'PUT' });
    assert.deepEqual([put.status, put.headers.get('allow')], [405, 'GET, OPTIONS, POST']);
  });

  it('an hour of request rates at 15 s comes in well under a second', async () => {
    const parameters = {
      query: 'sum(rate(http_requests_total{app="dolthubapi"}[5m]))',
      start: String(BEGIN / 1000 - 3600),
      end: NOW,
      step: '15',
    };
    const took: number[] = [];
    for (let i = 0; i < 3; i++) {
      const begun = performance.now();
      const { body } = await served.ask('/api/v1/query_range', parameters);
      took.push(performance.now() - begun);
      assert.equal(body.data.result[0]?.values.length, 241);
    }
    assert.ok(Math.min(...took) < 300, `took ${took.map(Math.round)} ms`);
  });
});

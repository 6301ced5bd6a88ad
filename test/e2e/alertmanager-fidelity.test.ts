import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld, type TestWorld } from '../support/world.ts';

const UNKNOWN = '11111111-1111-4111-8111-111111111111';
const MINUTE = 60_000;

interface Real {
  url: string;
  stop(): Promise<void>;
}

/** The real server, of the package `prometheus-alertmanager`, with the configuration that the practice one claims to have. */
async function startReal(config: string): Promise<Real> {
  const directory = await mkdtemp(join(tmpdir(), 'oncall-alertmanager-'));
  await writeFile(join(directory, 'alertmanager.yml'), config);
  const port = await freePort();
  const child: ChildProcess = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${join(directory, 'alertmanager.yml')}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (/Listening on/.test(log)) resolve();
    });
    child.once('exit', () => reject(new Error(`Alertmanager ended: ${log}`)));
    child.once('error', reject);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Answer {
  status: number;
  type: string | null;
  body: unknown;
}

/** Ids and times differ between two servers: ids by the order in which they first appear, times not at all. */
function comparable(text: string, ids: Map<string, string>): unknown {
  const plain = text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
      if (id === UNKNOWN) return id;
      if (!ids.has(id)) ids.set(id, `id-${ids.size}`);
      return ids.get(id) ?? '';
    })
    // The real one lists a path's methods in whatever order its map gives them.
    .replace(/but \[([A-Z,]+)\] are/, (_, methods: string) => `but [${methods.split(',').sort().join(',')}] are`)
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME');
  try {
    return JSON.parse(plain);
  } catch {
    return plain;
  }
}

describe('the practice Alertmanager beside the real one', function () {
  this.timeout(60_000);
  let world: TestWorld;
  let real: Real;
  let sides: { url: string; ids: Map<string, string>; known: Map<string, string> }[];
  before(async () => {
    world = await startWorld({ scenario: 'quiet' });
    const status = await fetch(`${world.env.ALERTMANAGER_URL}/api/v2/status`);
    const { config } = (await status.json()) as { config: { original: string } };
    real = await startReal(config.original);
  });
  after(async () => {
    await real.stop();
    await world.close();
  });
  beforeEach(() => {
    sides = [real.url, world.env.ALERTMANAGER_URL ?? ''].map((url) => ({ url, ids: new Map(), known: new Map() }));
  });

  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const matcher = { name: 'service', value: 'a', isRegex: false, isEqual: true };
  const draft = (changes: Record<string, unknown> = {}) => ({
    matchers: [matcher],
    startsAt: at(-1000),
    endsAt: at(60 * MINUTE),
    createdBy: 'sam',
    comment: 'c',
    ...changes,
  });

  interface Request {
    path: string;
    method?: string;
    body?: unknown;
    type?: string;
    /** Remembers the id in the answer; `$NAME` in a later path or body stands for it. */
    as?: string;
  }

  async function ask(side: (typeof sides)[number], { path, method = 'GET', body, type, as }: Request): Promise<Answer> {
    const filled = (text: string) => text.replace(/\$([a-z]+)/g, (_, name: string) => side.known.get(name) ?? '');
    const raw = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(`${side.url}/api/v2${filled(path)}`, {
      method,
      ...(raw === undefined ? {} : { body: filled(raw), headers: { 'content-type': type ?? 'application/json' } }),
    });
    const text = await answer.text();
    if (as) side.known.set(as, (JSON.parse(text) as { silenceID: string }).silenceID);
    return { status: answer.status, type: answer.headers.get('content-type'), body: comparable(text, side.ids) };
  }

  async function same(request: Request): Promise<Answer> {
    const [ours, theirs] = [await ask(sides[1] as never, request), await ask(sides[0] as never, request)];
    assert.deepEqual(ours, theirs, JSON.stringify(request));
    return theirs;
  }

  const silence = (body: unknown, more: Partial<Request> = {}) =>
    same({ path: '/silences', method: 'POST', body, ...more });

  it('refuses the same silences in the same words', async () => {
    const odd = (one: unknown) => draft({ matchers: [one] });
    const cases: unknown[] = [
      draft({ id: 'nope' }),
      draft({ id: UNKNOWN }),
      draft({ id: UNKNOWN, startsAt: at(MINUTE), endsAt: at(0) }),
      draft({ id: UNKNOWN, matchers: [{ ...matcher, value: '' }] }),
      draft({ startsAt: at(MINUTE), endsAt: at(0) }),
      draft({ startsAt: at(-2 * MINUTE), endsAt: at(-MINUTE) }),
      ...['nope', 5, '', null, '2026-11-24', true].map((startsAt) => draft({ startsAt, endsAt: startsAt })),
      draft({ matchers: [] }),
      draft({ matchers: {} }),
      draft({ matchers: null }),
      odd({}),
      odd({ name: 'a' }),
      odd({ name: 'a', isRegex: false }),
      odd({ value: 'a', isRegex: false }),
      ...['', 'a-b', 'a:b', '1a', 'ä'].map((name) => odd({ ...matcher, name })),
      odd({ ...matcher, value: '' }),
      odd({ ...matcher, value: '.*', isRegex: true }),
      odd({ ...matcher, value: 'x', isEqual: false, isRegex: 'no' }),
      odd({ ...matcher, name: 5 }),
      ...['(', '[a', '*', 'a**', 'a)', '(?=x)', '\\', '\\1'].map((value) => odd({ ...matcher, value, isRegex: true })),
      draft({ createdBy: 5 }),
      draft({ comment: [] }),
      draft({ comment: null }),
      '{bad',
      '[1,',
      '[]',
      '5',
      'null',
      '',
      '{}',
    ];
    for (const body of cases) {
      // Two servers give two ids where they take it: only then are they looked at.
      await silence(body);
    }
    await silence('{}', { type: 'text/plain' });
    await silence('{}', { type: 'application/x-www-form-urlencoded' });
    await silence('{}', { type: 'application/json; charset=utf-8' });
  });

  it('answers the same about silences that are unknown, ended, and asked for in odd ways', async () => {
    for (const method of ['GET', 'DELETE', 'PUT']) {
      await same({ path: '/silence/nope', method });
      await same({ path: `/silence/${UNKNOWN}`, method });
    }
    await same({ path: '/silences', method: 'DELETE' });
    await same({ path: '/nope' });
    for (const filter of ['foo', 'a="b', 'a=~"("', 'a-b=c', '=x'])
      for (const path of ['/silences', '/alerts', '/alerts/groups'])
        await same({ path: `${path}?filter=${encodeURIComponent(filter)}` });
    for (const path of ['/alerts', '/alerts/groups']) await same({ path: `${path}?receiver=(` });
  });

  it('lives through the same life of a silence', async () => {
    const mine = { ...matcher, value: 'life' };
    const filter = `/silences?filter=${encodeURIComponent('service="life"')}`;
    await silence(draft({ matchers: [mine] }), { as: 'one' });
    await same({ path: '/silence/$one' });
    const { startsAt } = (await (
      await fetch(`${sides[0]?.url}/api/v2/silence/${sides[0]?.known.get('one')}`)
    ).json()) as {
      startsAt: string;
    };
    assert.ok(Math.abs(Date.parse(startsAt) - Date.now()) < MINUTE);
    // Each server's own start has to be given back to change the end under the same id.
    for (const side of sides) {
      const known = (await (await fetch(`${side.url}/api/v2/silence/${side.known.get('one')}`)).json()) as object;
      const changed = { ...known, endsAt: at(120 * MINUTE), comment: 'longer' };
      const answer = await ask(side, { path: '/silences', method: 'POST', body: changed });
      assert.deepEqual(answer.body, { silenceID: 'id-0' });
    }
    await same({ path: filter });
    await silence(draft({ id: '$one', matchers: [mine, matcher] }), { as: 'two' });
    await same({ path: filter });
    await same({ path: '/silence/$one', method: 'DELETE' });
    await same({ path: '/silence/$two', method: 'DELETE' });
    await same({ path: '/silence/$two', method: 'DELETE' });
    await same({ path: '/silence/$two' });
    await silence(draft({ id: '$two', matchers: [mine] }), { as: 'three' });
    await silence(draft({ matchers: [mine], startsAt: at(60 * MINUTE), endsAt: at(90 * MINUTE) }), { as: 'four' });
    await same({ path: '/silence/$four' });
    await same({ path: filter });
    await same({ path: '/silence/$four', method: 'DELETE' });
    await same({ path: '/silence/$four' });
    for (const other of ['service="li"', 'service=~"life"', 'service!="a"', 'other=""'])
      await same({ path: `/silences?filter=${encodeURIComponent(other)}` });
    await same({ path: '/silence/$three', method: 'DELETE' });
  });

  it('refuses the same alerts, and holds, silences and inhibits the same ones', async () => {
    const labels = { alertname: 'ServiceDown', service: 'fidelity', severity: 'page' };
    const report = (body: unknown) => same({ path: '/alerts', method: 'POST', body });
    for (const body of [
      [],
      {},
      '',
      [{}],
      [{ labels: {} }],
      [{ labels: { 'a-b': 'x' } }],
      [{ labels: { a: 5 } }],
      [{ labels: 5 }],
      [{ labels: { a: 'x' }, startsAt: at(MINUTE), endsAt: at(0) }],
      [{ labels: { a: 'x' }, startsAt: 'tomorrow' }],
      [{ labels: { a: 'x' }, generatorURL: '::bad' }],
      [{ labels: { a: 'x' }, annotations: { 'a b': 'c' } }],
      [{ labels: {} }, { labels: { 'a-b': 'x' } }],
    ])
      await report(body);
    await report([
      { labels, annotations: { summary: 'down' }, generatorURL: 'http://p/graph?g0.expr=up', endsAt: at(60 * MINUTE) },
      { labels: { ...labels, alertname: 'HighErrorRatio' }, endsAt: at(60 * MINUTE) },
      { labels: { ...labels, alertname: 'Third', empty: '' }, endsAt: at(60 * MINUTE) },
    ]);
    const ofMine = encodeURIComponent('service="fidelity"');
    await silence(draft({ matchers: [{ ...matcher, name: 'alertname', value: 'Thi.d', isRegex: true }] }), {
      as: 'third',
    });
    const groups = { path: `/alerts/groups?filter=${ofMine}` };
    // The real one makes its groups in a moment of its own.
    for (let tries = 0; tries < 100; tries++) {
      const { body } = await ask(sides[0] as never, groups);
      if ((body as unknown[]).length === 3) break;
    }
    for (const query of [
      '',
      '&active=false',
      '&silenced=false',
      '&inhibited=false',
      '&active=maybe',
      '&unprocessed=false',
    ])
      await same({ path: `/alerts?filter=${ofMine}${query}` });
    await same({ path: `/alerts?filter=${ofMine}&receiver=s.s` });
    await same({ path: `/alerts?filter=${ofMine}&receiver=watch` });
    await same(groups);
    await same({ path: `${groups.path}&silenced=false` });
    await same({ path: '/receivers' });
    await report([{ labels, endsAt: at(-1), startsAt: at(-MINUTE) }]);
    await same({ path: '/silence/$third', method: 'DELETE' });
    await same({ path: `/alerts?filter=${ofMine}` });
  });

  it('prints the same configuration, with every default', async () => {
    const configs = await Promise.all(
      sides.map(async ({ url }) => {
        const body = (await (await fetch(`${url}/api/v2/status`)).json()) as { config: { original: string } };
        return body.config.original;
      }),
    );
    assert.equal(configs[1], configs[0]);
  });
});

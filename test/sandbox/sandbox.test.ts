import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import http from 'node:http';
import { callControl, readAddress } from '../../src/lib/sandbox/control-client.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Answer {
  status: number;
  body: string;
}

function ask(port: number, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path, headers }, (response) => {
        let body = '';
        response.on('data', (piece) => {
          body += piece;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.on('error', reject);
      })
      .on('error', reject);
  });
}

describe('the sandbox', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ scenario: 'quiet' });
  });
  afterEach(() => world.close());

  it('answers requests to this machine only, whatever name led there', async () => {
    const { port } = world.sandbox.address;
    assert.equal((await ask(port, '/prometheus/-/healthy', { host: `localhost:${port}` })).status, 200);
    assert.equal((await ask(port, '/prometheus/-/healthy', { host: 'evil.example' })).status, 403);
  });

  it('lets nobody turn its knobs without the token of the state directory', async () => {
    const { port, directory } = world.sandbox.address;
    assert.equal((await ask(port, '/_sandbox/status')).status, 401);
    assert.equal((await ask(port, '/_sandbox/status', { authorization: 'Bearer wrong' })).status, 401);
    const address = await readAddress(directory);
    assert.ok(address);
    const status = await callControl<{ scenario: string }>(address, { method: 'GET', path: '/status' });
    assert.equal(status.scenario, 'quiet');
  });

  it('keeps its files to their owner', () => {
    const { directory } = world.sandbox.address;
    for (const file of ['sandbox.json', 'kubeconfig', 'oncall.yaml']) {
      assert.equal(statSync(`${directory}/${file}`).mode & 0o777, 0o600, file);
    }
    assert.equal(statSync(directory).mode & 0o777, 0o700);
  });

  it('lives beside a second one without either noticing', async () => {
    const other = await startWorld({ seed: 2 });
    try {
      const [mine, theirs] = await Promise.all([
        world.oncall(['incident', 'list', '--json']),
        other.oncall(['incident', 'list', '--json']),
      ]);
      type List = { result: { incidents: { incident: { status: string } }[] } };
      const open = (ran: typeof mine) => JSON.stringify(ran.json<List>().result).includes('"status":"open"');
      assert.deepEqual([open(mine), open(theirs)], [false, true]);
    } finally {
      await other.close();
    }
  });

  it('plays a fault for as many requests as it was told, and writes down what it received', async () => {
    const { port } = world.sandbox.address;
    world.sandbox.faults.add({ face: 'prometheus', kind: '503', count: 1, after: 1 });
    const path = '/prometheus/api/v1/query?query=1';
    const statuses = [await ask(port, path), await ask(port, path), await ask(port, path)].map(({ status }) => status);
    assert.deepEqual(statuses, [200, 503, 200]);
    const log = world.received('prometheus');
    assert.deepEqual(
      log.map(({ fault, status }) => [fault, status]),
      [
        [null, 200],
        ['503', 503],
        [null, 200],
      ],
    );
    assert.match(log[0]?.operation ?? '', /query/);
  });

  it('cuts an answer in the middle when told to', async () => {
    world.sandbox.faults.add({ face: 'prometheus', kind: 'cut' });
    await assert.rejects(ask(world.sandbox.address.port, '/prometheus/api/v1/rules'), { code: 'ECONNRESET' });
  });

  it('gives the same world for the same seed, and another for another', async () => {
    const again = await startWorld({ scenario: 'quiet' });
    const other = await startWorld({ scenario: 'quiet', seed: 9 });
    const heads = [world, again, other].map(
      ({ sandbox }) => sandbox.world.repositories.of('dolthubapi').history.head.sha,
    );
    assert.equal(heads[0], heads[1]);
    assert.notEqual(heads[0], heads[2]);
    await Promise.all([again.close(), other.close()]);
  });

  it('pages the second and then the third responder when nobody acknowledges', async () => {
    const paged = await startWorld();
    const { engagements, incidents } = paged.sandbox.world.incidentManager;
    const people = () => {
      const open = incidents.list().filter(({ status }) => status === 'OPEN');
      const pages = open
        .flatMap(({ arn }) => engagements.list({ incident: arn }))
        .flatMap((one) => engagements.pages.ofEngagement(one));
      return [...new Set(pages.map(({ contact }) => contact.split('/').at(-1)))].sort();
    };
    assert.deepEqual(people(), ['sam']);
    paged.advance(300);
    assert.deepEqual(people(), ['ana', 'sam']);
    paged.advance(300);
    assert.deepEqual(people(), ['ana', 'sam', 'tom']);
    await paged.close();
  });

  it('heals when a good revision runs again, by whatever means', async () => {
    const broken = await startWorld();
    const { alerting, cluster, repositories } = broken.sandbox.world;
    const firing = () => alerting.firing().some(({ labels }) => labels.alertname === 'ServiceDown');
    assert.equal(firing(), true);
    const good = repositories.of('dolthubapi').history.main.at(-2);
    assert.ok(good);
    cluster.deploy('dolthubapi', good.sha, 'somebody with kubectl');
    broken.advance(60);
    assert.equal(firing(), false);
    await broken.close();
  });
});

import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Result {
  cachedAt: string | null;
  responders: { people: { alias: string }[]; next: { people: { alias: string }[] } | null }[];
}

describe('oncall who', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ scenario: 'quiet' });
  });
  afterEach(() => world.close());

  async function who(argv: string[] = [], options = {}): Promise<Result> {
    return (await world.oncall(['who', ...argv, '--json'], options)).json<{ result: Result }>().result;
  }

  it('names who is on call, until when, who comes next, and who is rung after them', async () => {
    const ran = await world.oncall(['who'], { width: 100 });
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /Sam Okafor \(sam\) is on call now, until /);
    assert.match(ran.stdout, /then Ben Lindqvist \(ben\), from /);
    assert.match(ran.stdout, /after 5m +Ana Duarte[\s\S]*after 10m +Tom Reyes/);
    assert.doesNotMatch(ran.stdout, /\+1202555/, 'telephone numbers stay in the pager');
  });

  it('answers for another moment', async () => {
    const at = new Date(world.sandbox.world.clock.now() + 10 * 86_400_000).toISOString();
    const { responders } = await who(['--at', at]);
    assert.deepEqual(
      responders.map(({ people }) => people[0]?.alias),
      [responders[0]?.people[0]?.alias, 'ana', 'tom'],
    );
    assert.notEqual(responders[0]?.people[0]?.alias, 'sam');
  });

  it('answers out of the cache when the pager is down, with the age', async () => {
    const before = await who();
    world.sandbox.faults.add({ face: 'ssm-contacts', kind: '503' });
    const now = () => Date.now() + 3 * 3_600_000;
    const ran = await world.oncall(['who'], { now });
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /The pager does not answer\. This is as of 3h ago, from cache/);
    const cached = await who([], { now });
    assert.ok(cached.cachedAt);
    assert.deepEqual(cached.responders[1], before.responders[1]);
  });

  it('fails when the pager is down and nothing is known here', async () => {
    world.sandbox.faults.add({ face: 'ssm-contacts', kind: '503' });
    const ran = await world.oncall(['who']);
    assert.equal(ran.code, 6);
    assert.match(ran.stderr, /Incident Manager/);
  });

  it('refuses what is no time', async () => {
    const ran = await world.oncall(['who', '--at', 'tomorrow-ish']);
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /"tomorrow-ish" is not a time/);
  });
});

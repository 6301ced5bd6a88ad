import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../../support/world.ts';

interface Listed {
  result: { faults: { id: number; face: string; kind: string; hits: number; passed: number }[] };
}

describe('oncall sandbox fault', () => {
  let world: TestWorld;
  let at: string[];
  before(async () => {
    world = await startWorld({ scenario: 'quiet' });
    at = ['--dir', world.sandbox.address.directory];
  });
  beforeEach(() => world.sandbox.faults.clear());
  after(() => world.close());

  it('add: plays it, says what it does, how to take it back, and where to see it', async () => {
    const added = await world.oncall(['sandbox', 'fault', 'add', 'github', '503', ...at]);
    assert.equal(added.code, 0, added.stderr);
    assert.match(added.stdout, /github says that it is away \(503\): every request\./);
    const [, clear] = /take it back: oncall (.*)/.exec(added.stdout) ?? [];
    const [, log] = /see what it hits: oncall (.*)/.exec(added.stdout) ?? [];
    assert.equal(log, `sandbox log github --follow --dir ${world.sandbox.address.directory}`);
    const failed = await world.oncall(['hold', 'dolthubapi', '--reason', 'x', '--dry-run']);
    assert.equal(failed.code, 6, failed.stdout);
    const cleared = await world.oncall((clear ?? '').split(' '));
    assert.equal(cleared.code, 0, cleared.stderr);
    assert.match(cleared.stdout, /No more: github .* \(hit [1-9]\d*\)/);
    assert.equal((await world.oncall(['hold', 'dolthubapi', '--reason', 'x', '--dry-run'])).code, 0);
  });

  it('list: what is in force, what waits and what is spent, with the hits', async () => {
    await world.oncall(['sandbox', 'fault', 'add', 'prometheus', '500', '--count', '1', '--match', 'query_range']);
    await world.oncall(['sandbox', 'fault', 'add', 'kubernetes', 'slow', '--after', '1000', '--rate', '0.5']);
    await world.oncall(['graph', 'dolthubapi']);
    const { stdout } = await world.oncall(['sandbox', 'fault', 'list']);
    assert.match(stdout, /the next one with "query_range" in the path or operation\tspent\t1\n/);
    assert.match(stdout, /50 % of the requests, from the 1001st on\tbegins after \d+ more\t0\n/);
    const { result } = (await world.oncall(['sandbox', 'fault', 'list', '--json'])).json<Listed>();
    assert.deepEqual(
      result.faults.map(({ face, kind, hits }) => [face, kind, hits]),
      [
        ['prometheus', '500', 1],
        ['kubernetes', 'slow', 0],
      ],
    );
  });

  it('says so when there is nothing: no fault, or not that one', async () => {
    assert.match((await world.oncall(['sandbox', 'fault', 'list'])).stdout, /Every service works/);
    assert.match((await world.oncall(['sandbox', 'fault', 'clear'])).stdout, /No fault was in force/);
    const unknown = await world.oncall(['sandbox', 'fault', 'clear', '4711']);
    assert.equal(unknown.code, 5);
    assert.match(unknown.stderr, /There is no fault 4711.*\n.*sandbox fault list/);
  });

  it('refuses what it does not know, with the nearest name', async () => {
    for (const [argv, words] of [
      [['githb', '503'], /"githb" is none of .* Did you mean "github"\?/],
      [['github', 'slwo'], /"slwo" is none of .* Did you mean "slow"\?/],
      [['github', 'slow', '--rate', '2'], /--rate: "2" is not a share/],
      [['github', 'slow', '--count', '0'], /--?count/],
    ] as const) {
      const ran = await world.oncall(['sandbox', 'fault', 'add', ...argv]);
      assert.equal(ran.code, 2, argv.join(' '));
      assert.match(ran.stderr, words);
    }
    assert.deepEqual(world.sandbox.faults.list(), []);
  });
});

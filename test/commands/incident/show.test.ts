import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../../support/world.ts';

interface Result {
  service: string;
  expression: string;
  paged: { alias: string; acknowledgedAt: string | null }[];
  stillToRing: { person: string }[];
}

describe('oncall incident show', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  async function show(...argv: string[]): Promise<Result> {
    return (await world.oncall(['incident', 'show', '--json', ...argv])).json<{ result: Result }>().result;
  }

  it('says first that nobody has it, who was paged, and who is rung next', async () => {
    const { stdout, code } = await world.oncall(['incident', 'show']);
    assert.equal(code, 0);
    assert.match(stdout, /✖ Open, nobody has acknowledged it: dolthubapi is down [0-9a-f]{8}\n/);
    assert.match(stdout, /paged +Sam Okafor .*has not acknowledged/);
    assert.match(stdout, /next +Sam Okafor by call in [\s\S]*Ana Duarte by SMS in [\s\S]*Tom Reyes by SMS in /);
    assert.match(stdout, /next: oncall ack [0-9a-f]{8}/);
  });

  it('says who has it after an acknowledgement, and that nobody else is rung', async () => {
    await world.oncall(['ack']);
    const { stdout } = await world.oncall(['incident', 'show']);
    assert.match(stdout, /⚠ Open, Sam Okafor has it: /);
    assert.match(stdout, /acknowledged .*\(after /);
    assert.match(stdout, /next +nobody else is rung by itself/);
    assert.match(stdout, /next: oncall now/);
  });

  it('agrees with what the world then does', async () => {
    const { stillToRing } = await show();
    const order = stillToRing.map(({ person }) => person);
    world.advance(11 * 60);
    const { paged } = await show();
    assert.deepEqual(order, ['sam', 'ana', 'tom']);
    assert.deepEqual(
      paged.map(({ alias }) => alias),
      ['sam', 'ana', 'tom'],
    );
  });

  it('knows the service and the expression from the alert', async () => {
    const { service, expression } = await show();
    assert.equal(service, 'dolthubapi');
    assert.match(expression, /^sum\(up\{app="dolthubapi"\}\) == 0 or absent/);
  });

  it('shows a resolved one by words of its title', async () => {
    const { stdout } = await world.oncall(['incident', 'show', 'remotesapi']);
    assert.match(stdout, /✔ Resolved .*, after 15m: remotesapi is down/);
    assert.match(stdout, /next: oncall incident timeline /);
  });

  it('answers with 5 and the open ones when nothing fits', async () => {
    const ran = await world.oncall(['incident', 'show', 'billing']);
    assert.equal(ran.code, 5);
    assert.match(ran.stderr, /No incident matches "billing"[\s\S]*dolthubapi is down/);
  });

  it('answers with 2 and a line to paste for each of several', async () => {
    await world.oncall(['page', 'userservice', 'logins hang', '--yes', '--json']);
    await world.sandbox.world.clock.advance(10_000);
    const other = { env: { ONCALL_STATE_DIR: `${world.sandbox.address.directory}/another-machine` } };
    const ran = await world.oncall(['incident', 'show'], other);
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /2 incidents are open[\s\S]*-i [0-9a-f]{8} .*logins hang/);
  });
});

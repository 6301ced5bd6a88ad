import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../../support/world.ts';

interface Result {
  complete: boolean;
  events: { at: string; kind: string; text: string; command: string | null; pending: boolean }[];
}

describe('oncall incident timeline', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
    await world.oncall(['ack', '--note', 'Looking.']);
    await world.oncall(['deploys', 'dolthubapi']);
    await world.oncall(['note', 'pods restart']);
  });
  afterEach(() => world.close());

  async function timeline(...argv: string[]): Promise<Result> {
    return (await world.oncall(['incident', 'timeline', '--json', ...argv])).json<{ result: Result }>().result;
  }

  it('tells the story once, in order, from the pager and from this machine', async () => {
    const { events, complete } = await timeline();
    assert.equal(complete, true);
    const story = events.map(({ kind, text }) => (kind === 'note' || kind === 'command' ? text : kind));
    const first = story.filter((part, i) => story.indexOf(part) === i);
    assert.deepEqual(first, [
      'triggered',
      'started',
      'paged',
      'acknowledged',
      'Looking.',
      'oncall deploys dolthubapi',
      'pods restart',
    ]);
    assert.equal(story.filter((part) => part === 'pods restart').length, 1);
    const times = events.map(({ at }) => at);
    assert.deepEqual(times, times.toSorted());
  });

  it('is a line for each as text, in UTC if asked', async () => {
    const { stdout } = await world.oncall(['incident', 'timeline', '--utc']);
    assert.match(stdout, /\d\d:\d\d:\d\dZ {2}acked +sam acknowledged/);
    assert.match(stdout, /\d\d:\d\d:\d\dZ {2}note +pods restart {2}\(sam\)/);
    assert.match(stdout, /\d\d:\d\d:\d\dZ {2}ran +oncall deploys dolthubapi/);
  });

  it('shows what this machine knows when the pager is down, and says what is missing', async () => {
    world.sandbox.faults.add({ face: 'ssm-incidents', kind: '503' });
    const ran = await world.oncall(['incident', 'timeline', '--json']);
    assert.equal(ran.code, 0);
    const { result, warnings } = ran.json<{ result: Result; warnings: string[] }>();
    assert.equal(result.complete, false);
    assert.ok(result.events.some(({ text }) => text === 'pods restart'));
    assert.match(warnings[0] ?? '', /The pager's timeline is missing/);
  });

  it('shows what others see too, on another machine', async () => {
    const other = { env: { ONCALL_STATE_DIR: `${world.sandbox.address.directory}/another-machine` } };
    const ran = await world.oncall(['incident', 'timeline', '--json'], other);
    const { events } = ran.json<{ result: Result }>().result;
    assert.ok(events.some(({ text }) => text === 'pods restart'));
    assert.equal(
      events.some(({ command }) => command !== null),
      false,
    );
  });
});

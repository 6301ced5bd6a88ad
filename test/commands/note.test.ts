import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Body {
  eventData: string;
  eventType: string;
}

describe('oncall note', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  function notes(): string[] {
    return world
      .received('ssm-incidents', 'CreateTimelineEvent')
      .map(({ body }) => JSON.parse((body as Body).eventData) as string);
  }

  it('joins the words and writes them onto the timeline, once', async () => {
    const ran = await world.oncall(['note', 'all', 'pods', 'restart']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /✔ Noted on dolthubapi is down/);
    await world.oncall(['note', 'second']);
    assert.deepEqual(notes(), ['all pods restart', 'second']);
  });

  it('keeps the note when the pager is down, says so, and sends it with the next one', async () => {
    await world.oncall(['ack']);
    world.forget();
    world.sandbox.faults.add({ face: 'ssm-incidents', kind: '503' });
    const ran = await world.oncall(['note', 'the pager is down too']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /Noted on this machine/);
    assert.match(ran.stderr, /the note waits here/);
    world.sandbox.faults.clear();
    world.forget();
    const next = await world.oncall(['note', 'it is back']);
    assert.equal(next.stderr, '');
    assert.deepEqual(notes(), ['the pager is down too', 'it is back']);
  });

  it('does not write it twice when only the answer was lost', async () => {
    world.sandbox.faults.add({ face: 'ssm-incidents', kind: 'cut', match: 'createTimelineEvent', count: 2 });
    await world.oncall(['note', 'once']);
    await world.oncall(['note', 'twice']);
    const timeline = await world.oncall(['incident', 'timeline', '--json']);
    const { result } = timeline.json<{ result: { events: { text: string }[] } }>();
    assert.equal(result.events.filter(({ text }) => text === 'once').length, 1);
  });

  it('never carries a secret off this machine', async () => {
    await world.oncall(['note', 'token', 'ghp_0123456789abcdefghijklmnop', 'was in the log']);
    assert.doesNotMatch(JSON.stringify(world.sandbox.received()), /ghp_0123456789abcdef/);
    assert.match(notes()[0] ?? '', /redacted/);
  });

  const refusals: [what: string, argv: string[], code: number, words: RegExp][] = [
    ['no words', [], 2, /text/i],
    ['only blanks', ['  '], 2, /The note is empty/],
    ['more than a timeline takes', ['x'.repeat(9000)], 2, /9000 characters/],
    ['an unknown incident', ['x', '-i', 'nothing-like-it'], 5, /No incident matches/],
  ];
  for (const [what, argv, code, words] of refusals) {
    it(`refuses ${what}`, async () => {
      const ran = await world.oncall(['note', ...argv]);
      assert.equal(ran.code, code, ran.stderr);
      assert.match(ran.stderr, words);
      assert.deepEqual(notes(), []);
    });
  }

  it('prints the call with --dry-run, and makes none', async () => {
    const ran = await world.oncall(['note', 'hello', '--dry-run']);
    assert.match(ran.stdout, /CreateTimelineEvent .*\n.* type: Note\n.* text: hello/);
    assert.deepEqual(notes(), []);
  });
});

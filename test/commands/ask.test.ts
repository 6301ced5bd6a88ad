import assert from 'node:assert/strict';
import { ONCALL_ROLE } from '../../src/lib/sandbox/world/discord/company-server.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Field {
  name: string;
  value: string;
}

describe('oncall ask', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const asked = () => world.sandbox.world.discord.messages('responders');
  const fields = (): Record<string, string> => {
    const [embed] = (asked().at(-1)?.embeds ?? []) as { fields?: Field[] }[];
    return Object.fromEntries((embed?.fields ?? []).map(({ name, value }) => [name, value]));
  };

  it('asks with all that is known, and pings the on-call role alone', async () => {
    await world.oncall(['ack']);
    await world.oncall(['note', 'all pods restart after 20 s']);
    const ran = await world.oncall(['ask', 'does', 'anybody', 'know', 'why?', '@everyone']);
    assert.equal(ran.code, 0, ran.stderr);
    const [message] = asked();
    assert.equal(message?.content, `<@&${ONCALL_ROLE}> does anybody know why? @everyone`);
    assert.deepEqual(message?.mentions, { everyone: false, users: [], roles: [ONCALL_ROLE] });
    const told = fields();
    assert.equal(told.Service, 'dolthubapi');
    assert.match(told.Since ?? '', /^<t:\d+:f> \(<t:\d+:R>\)$/);
    assert.match(told.Impact ?? '', /Live instances: 0/);
    assert.match(told['Done so far'] ?? '', /^• \d\d:\d\dZ all pods restart after 20 s$/m);
    assert.match(told.Links ?? '', /\[Graph\]\(http:\/\/127\.0\.0\.1:\d+\/prometheus\/graph\?[^)]+\) at 127\.0\.0\.1/);
    assert.match(told.Links ?? '', /\[Run that deployed dolthubapi\]\(https:\/\/github/);
    assert.equal(told['Who has it'], 'Sam Okafor');
    assert.equal(told['On call'], 'Sam Okafor');
    assert.match(told['To answer'] ?? '', /oncall incident show [0-9a-f]{8}/);
    assert.match(ran.stdout, /the on-call role was pinged.*\n.*next: oncall note/);
    const notes = world
      .received('ssm-incidents', 'CreateTimelineEvent')
      .map(({ body }) => (body as { eventData: string }).eventData);
    assert.ok(notes.some((note) => note.includes('Asked the team on Discord: does anybody know why?')));
  });

  it('asks all the same when every other source is down, and names what is not known', async () => {
    await world.oncall(['ack']);
    for (const face of ['prometheus', 'github', 'kubernetes', 'alertmanager', 'ssm-contacts'])
      world.sandbox.faults.add({ face, kind: '503' });
    const ran = await world.oncall(['ask', 'what now?']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(fields()['Not known'] ?? '', /Who is on call/);
    assert.equal(asked().length, 1);
  });

  it('just asks where no incident is open', async () => {
    await world.close();
    world = await startWorld({ scenario: 'quiet' });
    const ran = await world.oncall(['ask', 'who knows the proxy?']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(fields(), {});
    assert.match(JSON.stringify(asked()[0]?.embeds), /No incident is open/);
  });

  it('says what it would post with --dry-run, and posts nothing', async () => {
    const ran = await world.oncall(['ask', 'why?', '--dry-run', '--json']);
    const { result } = ran.json<{
      result: { posts: { url: string; body: { allowed_mentions: object } }[]; done: null };
    }>();
    assert.deepEqual(result.posts[0]?.body.allowed_mentions, { parse: [], users: [], roles: [ONCALL_ROLE] });
    assert.match(result.posts[0]?.url ?? '', /«token»/);
    assert.equal(result.done, null);
    assert.equal(world.received('discord').length, 0);
  });

  it('asks once when Discord does not say whether it did', async () => {
    world.sandbox.faults.add({ face: 'discord', kind: 'cut', match: 'POST' });
    const ran = await world.oncall(['ask', 'why?']);
    assert.equal(ran.code, 7);
    assert.equal(world.received('discord').filter(({ method }) => method === 'POST').length, 1);
  });

  it('refuses an empty question', async () => {
    const ran = await world.oncall(['ask', ' ']);
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /oncall ask "/);
  });
});

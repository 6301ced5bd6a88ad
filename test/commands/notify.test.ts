import assert from 'node:assert/strict';
import { chmod, rm, writeFile } from 'node:fs/promises';
import type { Received } from '../../src/lib/sandbox/exchange.ts';
import { CHANNELS } from '../../src/lib/sandbox/world/discord/company-server.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

const writes = (received: readonly Received[]) => received.filter(({ method }) => method !== 'GET');

describe('oncall notify', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const posted = (channel: 'responders' | 'customers') => world.sandbox.world.discord.messages(channel);
  const notes = () =>
    world
      .received('ssm-incidents', 'CreateTimelineEvent')
      .map(({ body }) => JSON.parse((body as { eventData: string }).eventData) as string);
  const file = () => `${world.sandbox.address.directory}/discord.yaml`;

  it('tells the responders, with the incident in one line under it, and pings nobody', async () => {
    await world.oncall(['ack']);
    const ran = await world.oncall(['notify', 'I', 'am', 'reverting', '@everyone']);
    assert.equal(ran.code, 0, ran.stderr);
    const [message, ...others] = posted('responders');
    assert.equal(others.length, 0);
    assert.equal(message?.content, 'I am reverting @everyone');
    assert.deepEqual(message?.pinged, []);
    const [embed] = (message?.embeds ?? []) as { description: string; footer: { text: string } }[];
    assert.match(
      embed?.description ?? '',
      /^\*\*dolthubapi is down\*\* · dolthubapi · since <t:\d+:f> \(<t:\d+:R>\) · Sam Okafor has it$/,
    );
    assert.equal(embed?.footer.text, 'from Sam Okafor, by oncall');
    assert.deepEqual(posted('customers'), []);
    assert.match(
      ran.stdout,
      new RegExp(`The team was told: http://127.0.0.1:\\d+/discord/channels/\\d+/\\d+/${message?.id}\n`),
    );
    assert.match(ran.stdout, /next: oncall now/);
  });

  it('tells customers the words and nothing else, having shown them, and writes it on the timeline', async () => {
    const ran = await world.oncall(['notify', '--customers', '--yes', 'The API is down. We are on it.', '--json']);
    assert.equal(ran.code, 0, ran.stdout);
    const [message] = posted('customers');
    assert.equal(message?.content, 'The API is down. We are on it.');
    assert.deepEqual(message?.embeds, []);
    assert.deepEqual(posted('responders'), []);
    const { result } = ran.json<{
      result: { audience: string; incident: { title: string }; done: { ids: string[]; link: string } };
    }>();
    assert.equal(result.audience, 'customers');
    assert.deepEqual(result.done.ids, [message?.id]);
    assert.deepEqual(notes(), [`Told the customers on Discord: The API is down. We are on it. ${result.done.link}`]);
    const reads = world.received('discord').filter(({ method }) => method === 'GET');
    assert.equal(reads.at(-1)?.path, `/api/v10/webhooks/${CHANNELS.customers.webhook.id}/…/messages/${message?.id}`);
  });

  it('sends customers nothing off a terminal without --yes, but shows what it would', async () => {
    const ran = await world.oncall(['notify', '--customers', 'The API is down.']);
    assert.equal(ran.code, 2);
    assert.match(ran.stdout, /To your CUSTOMERS, as “DoltHub status”.*word for word:\n.*The API is down\./);
    assert.match(ran.stderr, /--yes/);
    assert.deepEqual(writes(world.received('discord')), []);
  });

  it('prints the exact request with --dry-run, without the secret, and asks Discord nothing', async () => {
    const ran = await world.oncall(['notify', '--customers', 'hello', '--dry-run']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /POST http:\/\/127\.0\.0\.1:\d+\/discord\/api\/v10\/webhooks\/\d+\/«token»\?wait=true\n/);
    assert.match(ran.stdout, /"parse": \[\]/);
    assert.equal(world.received('discord').length, 0);
  });

  it('cuts a long text into messages that come in order, once each', async () => {
    const text = Array.from({ length: 500 }, (_, i) => `line ${i} of it`).join('\n');
    const ran = await world.oncall(['notify', text]);
    assert.equal(ran.code, 0, ran.stderr);
    const messages = posted('responders').map(({ content }) => content);
    assert.ok(messages.length > 3 && messages.length <= 5);
    assert.equal(messages.join('\n'), text);
    assert.match(ran.stdout, new RegExp(`told in ${messages.length} messages`));
  });

  it('carries no secret along', async () => {
    const ran = await world.oncall([
      'notify',
      'token ghp_0123456789abcdefghijklmnop and',
      world.env.ONCALL_DISCORD_CUSTOMERS ?? '',
    ]);
    assert.equal(ran.code, 0, ran.stderr);
    assert.doesNotMatch(posted('responders')[0]?.content ?? '', /ghp_0123456789|sandbox-customers/);
    const everything = ran.stdout + ran.stderr + JSON.stringify(world.sandbox.received());
    assert.doesNotMatch(everything, /sandbox-(customers|responders)-0/);
  });

  it('is sent also when the pager is down, and noted later', async () => {
    await world.oncall(['ack']);
    world.sandbox.faults.add({ face: 'ssm-incidents', kind: '503' });
    world.sandbox.faults.add({ face: 'ssm-contacts', kind: '503' });
    const ran = await world.oncall(['notify', '--customers', '--yes', 'We are on it']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(posted('customers').length, 1);
    assert.match(ran.stderr, /the pager did not tell/);
    world.sandbox.faults.clear();
    await world.oncall(['note', 'back']);
    assert.ok(notes().some((note) => /^Told the customers on Discord: We are on it/.test(note)));
  });

  it('just tells where no incident is open', async () => {
    await world.close();
    world = await startWorld({ scenario: 'quiet' });
    const ran = await world.oncall(['notify', 'all', 'quiet']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(posted('responders')[0]?.content, 'all quiet');
    assert.deepEqual(notes(), []);
  });

  const refusals: [what: string, argv: string[], code: number, words: RegExp][] = [
    ['no words', [], 2, /text/i],
    ['only blanks', ['  '], 2, /nothing to send/],
    ['more than five messages', ['word '.repeat(2500)], 2, /makes 7 messages; at most 5/],
    ['an unknown incident', ['x', '-i', 'nothing-like-it'], 5, /No incident matches/],
  ];
  for (const [what, argv, code, words] of refusals) {
    it(`refuses ${what}`, async () => {
      const ran = await world.oncall(['notify', ...argv]);
      assert.equal(ran.code, code, ran.stderr);
      assert.match(ran.stderr, words);
      assert.deepEqual(writes(world.received('discord')), []);
    });
  }

  const bad: [
    kind: '401' | '403' | '429' | '500' | '503' | 'cut' | 'malformed' | 'refused',
    code: number,
    words: RegExp,
  ][] = [
    ['401', 4, /token that Discord does not accept[\s\S]*New Webhook/],
    ['403', 4, /Missing Permissions/],
    ['500', 7, /did not say whether it posted/],
    ['503', 7, /did not say whether it posted/],
    ['cut', 7, /connection broke.*not sent twice/],
    ['malformed', 7, /cannot be read/],
    ['refused', 7, /connection broke/],
  ];
  for (const [kind, code, words] of bad) {
    it(`asks Discord to post once when the answer is ${kind}, and exits ${code}`, async () => {
      world.sandbox.faults.add({ face: 'discord', kind, match: 'POST' });
      const ran = await world.oncall(['notify', '--customers', '--yes', 'news']);
      assert.equal(ran.code, code, ran.stderr);
      assert.match(ran.stderr, words);
      assert.equal(writes(world.received('discord')).length, 1);
      const doubt = notes().filter((note) => note.startsWith('Perhaps, or in part, told the customers'));
      assert.equal(doubt.length, code === 7 ? 1 : 0);
    });
  }

  it('knows that nothing was sent when Discord is down before it starts', async () => {
    world.sandbox.faults.add({ face: 'discord', kind: '503' });
    const ran = await world.oncall(['notify', 'x']);
    assert.equal(ran.code, 6, ran.stderr);
    assert.match(ran.stderr, /not available right now \(503\)[\s\S]*Nothing was posted/);
    assert.deepEqual(writes(world.received('discord')), []);
  });

  it('waits when it is asked to, and then it stands there once', async () => {
    world.sandbox.faults.add({ face: 'discord', kind: '429', match: 'POST', count: 1 });
    const ran = await world.oncall(['notify', 'after a second']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(posted('responders').length, 1);
  });

  it('says which part failed, and what stands in the channel', async () => {
    world.sandbox.faults.add({ face: 'discord', kind: '403', match: 'POST', after: 1 });
    const ran = await world.oncall(['notify', 'word '.repeat(900)]);
    assert.equal(ran.code, 4);
    assert.match(ran.stderr, /Only 1 of 3 parts is posted; part 2 failed[\s\S]*Send only the rest/);
    assert.equal(writes(world.received('discord')).length, 2);
    assert.equal(notes().length, 1);
  });

  it('does not ask a deleted webhook again until its address changes, and doctor says so', async () => {
    world.sandbox.world.discord.deleteWebhook(CHANNELS.customers.webhook.id);
    const first = await world.oncall(['notify', '--customers', '--yes', 'x']);
    assert.equal(first.code, 5, first.stderr);
    assert.match(first.stderr, /webhook for the customers \(from .*discord\.yaml\) was deleted[\s\S]*New Webhook/);
    world.forget();
    const second = await world.oncall(['notify', '--customers', '--yes', 'x']);
    assert.equal(second.code, 5);
    assert.match(second.stderr, /not asked again until the address changes/);
    assert.equal(world.received('discord').length, 0);
    const doctor = await world.oncall(['doctor', '--json']);
    const { checks } = doctor.json<{ result: { checks: { title: string; outcome: string; found: string }[] } }>()
      .result;
    assert.match(checks.find(({ title }) => title === 'Discord, customers')?.found ?? '', /was deleted/);
    assert.equal(checks.find(({ title }) => title === 'Discord, team')?.outcome, 'ok');
    assert.equal((await world.oncall(['notify', 'the team has its own'])).code, 0);
  });

  it('notices when a message has vanished again', async () => {
    const { discord } = world.sandbox.world;
    const { post } = discord;
    discord.post = (...args) => {
      const message = post.apply(discord, args);
      discord.remove(message);
      return message;
    };
    const ran = await world.oncall(['notify', 'x']);
    assert.equal(ran.code, 7);
    assert.match(ran.stderr, /not there any more/);
  });

  it('says that it is posted also when it cannot be read back', async () => {
    world.sandbox.faults.add({ face: 'discord', kind: '403', match: 'messages' });
    const ran = await world.oncall(['notify', 'x']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, /was posted, but could not be read back/);
  });

  it('says how to set a webhook where none is set, and what is wrong with the file', async () => {
    await rm(file());
    const none = await world.oncall(['notify', 'x']);
    assert.equal(none.code, 3);
    assert.match(none.stderr, /No Discord webhook for the responders is set[\s\S]*responders: URL/);
    await writeFile(file(), 'responders: [1\nsecret: sandbox-secret-words');
    const broken = await world.oncall(['notify', 'x']);
    assert.equal(broken.code, 3);
    assert.match(broken.stderr, /discord\.yaml is not valid YAML/);
    assert.doesNotMatch(broken.stderr, /secret-words/);
    assert.equal((await world.oncall(['who'])).code, 0, 'other commands do not mind');
    await writeFile(
      file(),
      `responders: ${world.env.ONCALL_DISCORD_CUSTOMERS}\ncustomers: ${world.env.ONCALL_DISCORD_CUSTOMERS}\n`,
    );
    const same = await world.oncall(['notify', 'x']);
    assert.equal(same.code, 3);
    assert.match(same.stderr, /customers would read what responders write/);
    assert.deepEqual(writes(world.received('discord')), []);
  });

  it('warns in doctor when others can read the file, and in config show no address appears', async () => {
    await chmod(file(), 0o644);
    const doctor = await world.oncall(['doctor']);
    assert.match(doctor.stdout, /Discord, team .*others on this machine can read/);
    assert.match(doctor.stdout, /chmod 600/);
    const shown = await world.oncall(['config', 'show', '--json']);
    assert.doesNotMatch(shown.stdout, /api\/webhooks|sandbox-(responders|customers)/);
    assert.match(shown.stdout, /"discord\.responders","value":"set"/);
  });

  it('never takes the user’s own webhooks in a practice world', async () => {
    const real = 'https://discord.com/api/webhooks/223704706495545344/real-token-of-mine';
    const ran = await world.oncall(['notify', 'x'], { env: { ONCALL_DISCORD_RESPONDERS: real } });
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(posted('responders').length, 1);
    await writeFile(file(), `responders: ${real}\n`);
    const refused = await world.oncall(['notify', 'x']);
    assert.equal(refused.code, 8);
    assert.match(refused.stderr, /outside this machine/);
    assert.doesNotMatch(refused.stderr, /real-token-of-mine/);
  });
});

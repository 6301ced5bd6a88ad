import assert from 'node:assert/strict';
import { discordFace } from '../../../src/lib/sandbox/faces/discord/face.ts';
import { type SandboxServer, startServer } from '../../../src/lib/sandbox/server.ts';
import { WorldClock } from '../../../src/lib/sandbox/world/clock.ts';
import { CHANNELS, MEMBERS, ONCALL_ROLE } from '../../../src/lib/sandbox/world/discord/company-server.ts';
import { Discord } from '../../../src/lib/sandbox/world/discord/discord.ts';

interface Sent {
  status: number;
  headers: Headers;
  body: {
    id: string;
    content: string;
    code: number;
    message: string;
    errors: Record<string, unknown>;
    retry_after: number;
    mention_roles: string[];
    edited_timestamp: string | null;
    channel_id: string;
    guild_id: string;
    name: string;
    user?: unknown;
    embeds: { type: string }[];
  };
}

describe('the practice world’s Discord', () => {
  let now: number;
  let discord: Discord;
  let server: SandboxServer;
  beforeEach(async () => {
    now = Date.UTC(2026, 10, 24, 3, 12);
    const clock = new WorldClock({ wall: () => now });
    discord = new Discord({ clock });
    server = await startServer({ aws: [], prefixed: [discordFace({ clock, discord })] });
  });
  afterEach(() => server.close());

  const { webhook, id: channelId } = CHANNELS.responders;
  const hook = `webhooks/${webhook.id}/${webhook.token}`;

  async function call(method: string, path: string, body?: unknown): Promise<Sent> {
    const response = await fetch(`http://127.0.0.1:${server.port}/discord/api/v10/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : {
            headers: { 'content-type': 'application/json' },
            body: typeof body === 'string' ? body : JSON.stringify(body),
          }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : {}) as Sent['body'] };
  }
  const post = (body: unknown, query = '?wait=true') => call('POST', `${hook}${query}`, body);
  /** One thing a second never meets a limit. */
  const later = () => {
    now += 1000;
  };

  it('tells of a webhook without a sign-in, and then not who made it', async () => {
    const { status, body } = await call('GET', hook);
    assert.equal(status, 200);
    assert.equal(body.name, webhook.name);
    assert.equal(body.channel_id, channelId);
    assert.equal(body.user, undefined);
  });

  it('gives the message only to those who wait for it', async () => {
    const waited = await post({ content: '  hello  ' });
    assert.deepEqual([waited.status, waited.body.content, waited.body.channel_id], [200, 'hello', channelId]);
    const quick = await post({ content: 'bye' }, '');
    assert.deepEqual([quick.status, quick.body], [204, {}]);
    assert.deepEqual(
      discord.messages('responders').map(({ content }) => content),
      ['hello', 'bye'],
    );
    assert.deepEqual(discord.messages('customers'), []);
  });

  it('pings whom the request allows, and nobody on an edit', async () => {
    const content = `@everyone <@&${ONCALL_ROLE}> <@${MEMBERS[2]}>`;
    await post({ content });
    await post({ content, allowed_mentions: { parse: [] } });
    await post({ content, allowed_mentions: { parse: [], roles: [ONCALL_ROLE] } });
    await post({ embeds: [{ description: content }] });
    const pinged = discord.messages('responders').map((message) => message.pinged.length);
    assert.deepEqual(pinged, [3, 0, 2, 0]);
    const quiet = await post({ content: 'quiet' });
    const edited = await call('PATCH', `${hook}/messages/${quiet.body.id}`, { content });
    assert.deepEqual(edited.body.mention_roles, [ONCALL_ROLE]);
    assert.notEqual(edited.body.edited_timestamp, null);
    assert.deepEqual(discord.messages('responders').at(-1)?.pinged, []);
  });

  it('reads, edits and deletes a webhook’s own messages', async () => {
    const { body } = await post({ content: 'one', embeds: [{ title: 't' }] });
    const path = `${hook}/messages/${body.id}`;
    assert.equal((await call('GET', path)).body.embeds[0]?.type, 'rich');
    assert.equal((await call('PATCH', path, { embeds: [] })).body.content, 'one');
    assert.equal((await call('PATCH', path, { content: null })).body.code, 50006);
    assert.equal((await call('DELETE', path)).status, 204);
    assert.deepEqual([(await call('GET', path)).status, (await call('GET', path)).body.code], [404, 10008]);
    const other = CHANNELS.customers.webhook;
    const foreign = await post({ content: 'two' });
    assert.equal(
      (await call('GET', `webhooks/${other.id}/${other.token}/messages/${foreign.body.id}`)).body.code,
      10008,
    );
  });

  it('refuses in Discord’s words', async () => {
    const thread = CHANNELS.responders.threads[0];
    const cases: [what: string, sent: Sent, status: number, code: number][] = [
      ['an unknown webhook', await call('GET', `webhooks/123456789012345678/${webhook.token}`), 404, 10015],
      ['a wrong token', await call('GET', `webhooks/${webhook.id}/wrong`), 401, 50027],
      ['an unknown thread', await post({ content: 'x' }, '?thread_id=123456789012345678'), 404, 10003],
      ['a thread in a text channel', await post({ content: 'x', thread_name: 'new' }), 400, 220003],
      ['nothing', await post({ content: ' \n ' }), 400, 50006],
      ['an empty embed', await post({ embeds: [{}] }), 400, 50006],
    ];
    later();
    later();
    cases.push(['broken JSON', await post('{"content":'), 400, 50109], ['a list', await post([]), 400, 50035]);
    for (const [what, { status, body }, wanted, code] of cases)
      assert.deepEqual([status, body.code], [wanted, code], what);
    const found = await post({ content: 'in the thread' }, `?wait=true&thread_id=${thread}`);
    assert.equal(found.body.channel_id, thread);
    assert.equal((await call('GET', `${hook}/messages/${found.body.id}`)).body.code, 10008);
    assert.equal((await call('GET', `${hook}/messages/${found.body.id}?thread_id=${thread}`)).status, 200);
  });

  it('checks every limit, counting whole characters, and complains of all at once', async () => {
    assert.equal((await post({ content: '😀'.repeat(2000) })).status, 200);
    const { status, body } = await post({
      content: 'x'.repeat(2001),
      username: 'Discord',
      embeds: [{ title: 'y'.repeat(257), fields: [{ name: '', value: 'v'.repeat(1025) }], url: 'javascript:x' }],
      allowed_mentions: { parse: ['users', 'nobody'], users: ['1'] },
    });
    assert.equal(status, 400);
    assert.equal(body.message, 'Invalid Form Body');
    const text = JSON.stringify(body.errors);
    assert.deepEqual(body.errors.content, {
      _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' }],
    });
    for (const words of [
      'Must be 256',
      'BASE_TYPE_REQUIRED',
      'Must be 1024',
      'URL_TYPE_INVALID_SCHEME',
      'BASE_TYPE_CHOICES',
      'PARSE_EXCLUSIVE',
      'cannot contain',
    ])
      assert.ok(text.includes(words), words);
    const sum = await post({ embeds: [{ description: 'a'.repeat(4000) }, { description: 'b'.repeat(2001) }] });
    assert.match(JSON.stringify(sum.body.errors), /MAX_EMBED_SIZE_EXCEEDED/);
    const many = await post({ embeds: Array.from({ length: 11 }, () => ({ title: 't' })) });
    assert.match(JSON.stringify(many.body.errors), /Must be 10 or fewer/);
    const fields = Array.from({ length: 26 }, () => ({ name: 'n', value: 'v' }));
    later();
    later();
    assert.match(JSON.stringify((await post({ embeds: [{ title: 't', fields }] })).body.errors), /Must be 25 or fewer/);
  });

  it('lets five pass in two seconds, says what is left, and then how long to wait', async () => {
    const left: (string | null)[] = [];
    for (let i = 0; i < 5; i++) left.push((await post({ content: `${i}` })).headers.get('x-ratelimit-remaining'));
    assert.deepEqual(left, ['4', '3', '2', '1', '0']);
    now += 500;
    const refused = await post({ content: 'too much' });
    assert.equal(refused.status, 429);
    assert.deepEqual(refused.body, {
      message: 'You are being rate limited.',
      retry_after: 1.5,
      global: false,
    } as never);
    assert.equal(refused.headers.get('retry-after'), '2');
    assert.equal(refused.headers.get('x-ratelimit-scope'), 'user');
    now += 1500;
    assert.equal((await post({ content: 'again' })).status, 200);
    assert.equal(discord.messages('responders').length, 6);
  });

  it('keeps a channel to thirty messages a minute, which no header foretells', async () => {
    for (let i = 0; i < 30; i++) {
      assert.equal((await post({ content: `${i}` })).status, 200);
      later();
    }
    const refused = await post({ content: 'one too many' });
    assert.deepEqual([refused.status, refused.headers.get('x-ratelimit-scope')], [429, 'shared']);
    assert.equal(refused.body.retry_after, 30);
    assert.notEqual(refused.headers.get('x-ratelimit-remaining'), '0');
  });

  it('forgets a webhook that was deleted', async () => {
    assert.equal((await call('DELETE', hook)).status, 204);
    assert.equal((await post({ content: 'x' })).body.code, 10015);
  });

  it('reads the JSON part of a form, and wants to know what a body is', async () => {
    const at = `http://127.0.0.1:${server.port}/discord/api/${hook}?wait=true`;
    const form = new FormData();
    form.append('payload_json', JSON.stringify({ content: 'in a form' }));
    const sent = await fetch(at, { method: 'POST', body: form });
    assert.equal(((await sent.json()) as Sent['body']).content, 'in a form');
    const bare = await fetch(at, { method: 'POST', body: 'content=x', headers: { 'content-type': 'text/plain' } });
    assert.match(await bare.text(), /CONTENT_TYPE_INVALID/);
  });

  it('shows a channel as text where the links lead', async () => {
    const { body } = await post({ content: 'see <b>this</b>' });
    const page = await fetch(
      `http://127.0.0.1:${server.port}/discord/channels/1100000000000000001/${channelId}/${body.id}`,
    );
    assert.match(page.headers.get('content-type') ?? '', /text\/plain/);
    assert.match(await page.text(), /#incidents[\s\S]*see <b>this<\/b>/);
  });
});

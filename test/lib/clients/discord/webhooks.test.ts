import assert from 'node:assert/strict';
import type { DeadWebhook, DeadWebhooks, Message } from '../../../../src/lib/clients/discord/discord.ts';
import { connectDiscord } from '../../../../src/lib/clients/discord/webhooks.ts';
import type { ConnectionSettings } from '../../../../src/lib/config/settings.ts';
import { connection, failing, unaborted } from '../../../support/connection.ts';
import {
  closedPort,
  halfOf,
  inTurn,
  json,
  type RecordingServer,
  type Reply,
  serveRecording,
  text,
} from '../../../support/recording-server.ts';

const ID = '223704706495545344';
const TOKEN = 'a-Token_of-letters';
const MESSAGE: Message = { content: 'hello', allowed_mentions: { parse: [], users: [], roles: [] } };
const POSTED = json(200, { id: '42', channel_id: '7' });

/** What is remembered of dead webhooks, in memory. */
function memory(): DeadWebhooks & { known: Record<string, DeadWebhook> | null } {
  return {
    known: null,
    async read() {
      return this.known;
    },
    async tryUpdate(change) {
      this.known = change(this.known);
      return true;
    },
  };
}

describe('Discord by its webhooks', () => {
  let server: RecordingServer | undefined;
  let waits: number[];
  beforeEach(() => {
    waits = [];
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  function at(url: string, dead: DeadWebhooks = memory(), changes: Partial<ConnectionSettings> = {}) {
    const discord = {
      ...connection().discord,
      responders: { url: `${url}/api/webhooks/${ID}/${TOKEN}`, source: 'ONCALL_DISCORD_RESPONDERS' },
      file: '/home/sam/.config/oncall/discord.yaml',
    };
    return connectDiscord({
      settings: connection({ discord, ...changes }),
      signal: unaborted(),
      dead,
      now: () => Date.UTC(2026, 10, 24, 3, 12),
      wait: async (ms) => {
        waits.push(ms);
      },
    });
  }

  async function answering(reply: Reply, dead?: DeadWebhooks) {
    server = await serveRecording(reply);
    return at(server.url, dead);
  }

  it('asks a version of the API by its number, and waits for the message', async () => {
    const discord = await answering(POSTED);
    assert.deepEqual(await discord.post('responders', MESSAGE), { id: '42', channel: '7' });
    const [request] = server?.received ?? [];
    assert.equal(request?.path, `/api/v10/webhooks/${ID}/${TOKEN}`);
    assert.equal(request?.query.get('wait'), 'true');
    assert.deepEqual(JSON.parse(request?.body ?? ''), MESSAGE);
  });

  it('posts into the thread that the address names, and reads back there', async () => {
    server = await serveRecording(POSTED);
    const responders = { url: `${server.url}/api/v9/webhooks/${ID}/${TOKEN}?thread_id=99`, source: 'x' };
    const discord = at(server.url, memory(), { discord: { ...connection().discord, responders } });
    await discord.post('responders', MESSAGE);
    assert.equal(await discord.exists('responders', '42'), true);
    assert.deepEqual(
      server.received.map(({ query }) => query.get('thread_id')),
      ['99', '99'],
    );
  });

  it('never sends a message twice after a doubtful answer, and says that it is in doubt', async () => {
    for (const reply of [
      json(500, { message: '500: Internal Server Error', code: 0 }),
      text(502, '<html>bad gateway</html>'),
      json(503, {}),
      text(200, '{"half'),
      json(200, { ok: true }),
      halfOf(JSON.stringify({ id: '42', channel_id: '7' })),
      ((response) => response.destroy()) as Reply,
    ]) {
      const discord = await answering(reply);
      await assert.rejects(
        discord.post('responders', MESSAGE),
        failing('NOT_VERIFIED', /did not say whether.*not sent twice.*channel/s),
      );
      assert.equal(server?.received.length, 1);
      await server?.close();
    }
    server = undefined;
  });

  it('knows that nothing was sent where nothing listens', async () => {
    const discord = at(await closedPort());
    await assert.rejects(discord.post('responders', MESSAGE), failing('UNAVAILABLE', /nothing listens there/));
  });

  it('waits as long as a 429 asks, by its body before its header, and then sends once more', async () => {
    const limited = json(
      429,
      { message: 'You are being rate limited.', retry_after: 0.75, global: false },
      { 'retry-after': '1' },
    );
    const byHeader = text(429, '', { 'retry-after': '3' });
    const discord = await answering(inTurn(limited, byHeader, POSTED));
    await discord.post('responders', MESSAGE);
    assert.deepEqual(waits, [0, 750, 3000]);
    assert.equal(server?.received.length, 3);
  });

  it('gives up when a 429 asks for more than ten seconds, alone or together', async () => {
    const minute = json(429, { message: 'You are being rate limited.', retry_after: 64.57, global: true });
    const discord = await answering(minute);
    await assert.rejects(discord.post('responders', MESSAGE), failing('RATE_LIMITED', /everywhere.*wait 65 s/s));
    assert.equal(server?.received.length, 1);
    await server?.close();
    const again = await answering(json(429, { retry_after: 4, global: false }));
    await assert.rejects(again.post('responders', MESSAGE), failing('RATE_LIMITED', /wait 4 s/));
    assert.equal(server?.received.length, 3);
  });

  it('lets the next message rest when the last one has emptied the bucket', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '1.2' };
    const discord = await answering(json(200, { id: '1', channel_id: '7' }, headers));
    await discord.post('responders', MESSAGE);
    await discord.post('responders', MESSAGE);
    assert.deepEqual(waits, [0, 1200]);
  });

  it('never asks a webhook again that is gone, in this run or a later one, until its address changes', async () => {
    for (const [reply, code, words] of [
      [
        json(404, { message: 'Unknown Webhook', code: 10015 }),
        'NOT_FOUND',
        /responders.*ONCALL_DISCORD_RESPONDERS.*was deleted.*New Webhook/s,
      ],
      [
        json(401, { message: 'Invalid Webhook Token', code: 50027 }),
        'AUTH',
        /token that Discord does not accept.*New Webhook/s,
      ],
    ] as const) {
      const dead = memory();
      const discord = await answering(reply, dead);
      await assert.rejects(discord.post('responders', MESSAGE), failing(code, words));
      const later = at(server?.url ?? '', dead);
      await assert.rejects(
        later.webhook('responders'),
        failing(code, /said so at 2026-11-24T03:12Z; it is not asked again/),
      );
      assert.equal(server?.received.length, 1);
      assert.doesNotMatch(JSON.stringify(dead.known), new RegExp(TOKEN));
      const responders = { url: `${server?.url}/api/webhooks/${ID}/another-token`, source: 'x' };
      const renewed = at('', dead, { discord: { ...connection().discord, responders } });
      await assert.rejects(renewed.webhook('responders'));
      assert.equal(server?.received.length, 2);
      await server?.close();
    }
    server = undefined;
  });

  it('takes an unknown thread, or another 404, for no dead webhook', async () => {
    for (const [reply, words] of [
      [json(404, { message: 'Unknown Channel', code: 10003 }), /thread.*thread_id/s],
      [json(404, { message: '404: Not Found', code: 0 }), /no Discord API/],
      [text(404, 'nginx'), /no Discord API/],
      [text(302, '', { location: 'https://example.com' }), /no Discord API.*302/],
    ] as const) {
      const dead = memory();
      const discord = await answering(reply, dead);
      await assert.rejects(discord.post('responders', MESSAGE), failing('CONFIG', words));
      assert.equal(dead.known, null);
      await server?.close();
    }
    server = undefined;
  });

  it('tells what Discord complains of, part by part', async () => {
    const errors = {
      content: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' }] },
      embeds: { 0: { title: { _errors: [{ code: 'X', message: 'Must be 256 or fewer in length.' }] } } },
    };
    const discord = await answering(json(400, { code: 50035, message: 'Invalid Form Body', errors }));
    await assert.rejects(
      discord.post('responders', MESSAGE),
      failing('FAILED', /content: Must be 2000 or fewer in length; embeds\.0\.title: Must be 256.*Nothing was posted/s),
    );
    await server?.close();
    const empty = await answering(json(400, { code: 50006, message: 'Cannot send an empty message' }));
    await assert.rejects(empty.post('responders', MESSAGE), failing('FAILED', /Cannot send an empty message/));
  });

  it('says that the network may be banned when a refusal is not Discord’s own', async () => {
    const discord = await answering(text(403, '<html>error code: 1015</html>'));
    await assert.rejects(discord.post('responders', MESSAGE), failing('AUTH', /403.*banned/s));
  });

  it('reads the webhook, and tries a passing failure again, since that is only a read', async () => {
    const found = json(200, { id: ID, name: 'oncall', channel_id: '7', guild_id: '5', token: TOKEN });
    const discord = await answering(inTurn(json(503, {}), found));
    const webhook = await discord.webhook('responders');
    assert.deepEqual(webhook, {
      id: ID,
      name: 'oncall',
      channel: '7',
      server: '5',
      url: `${server?.url}/channels/5/7`,
    });
    await server?.close();
    const page = await answering(text(200, '<html>welcome</html>'));
    await assert.rejects(page.webhook('responders'), failing('UNAVAILABLE', /cannot be read/));
  });

  it('wants an address of a webhook, over TLS unless it is this machine', async () => {
    const none = connectDiscord({
      settings: connection(),
      signal: unaborted(),
      dead: memory(),
      now: Date.now,
      wait: async () => {},
    });
    await assert.rejects(
      none.webhook('customers'),
      failing('CONFIG', /No Discord webhook for the customers.*ONCALL_DISCORD_CUSTOMERS/s),
    );
    for (const url of [
      'https://discord.com/channels/1/2',
      `http://discord.com/api/webhooks/${ID}/${TOKEN}`,
      `https://discord.com/api/webhooks/${ID}/${TOKEN}/slack`,
      'nonsense',
    ]) {
      const responders = { url, source: 'the file' };
      const discord = at('', memory(), { discord: { ...connection().discord, responders } });
      await assert.rejects(discord.webhook('responders'), (error: Error) => {
        failing('CONFIG', /from the file\) is not a webhook's address/)(error);
        assert.doesNotMatch(error.message, new RegExp(TOKEN));
        return true;
      });
    }
  });

  it('refuses to post where the responders and the customers have one and the same webhook', async () => {
    const webhook = { url: `https://discord.com/api/webhooks/${ID}/${TOKEN}`, source: 'x' };
    const settings = connection({
      discord: { ...connection().discord, responders: webhook, customers: { ...webhook, url: `${webhook.url}/` } },
    });
    const discord = connectDiscord({
      settings,
      signal: unaborted(),
      dead: memory(),
      now: Date.now,
      wait: async () => {},
    });
    await assert.rejects(
      discord.post('responders', MESSAGE),
      failing('CONFIG', /customers would read what responders write/),
    );
  });

  it('never leaves a practice world', async () => {
    const responders = { url: `https://discord.com/api/webhooks/${ID}/${TOKEN}`, source: 'x' };
    const discord = at('', memory(), { world: 'sandbox', discord: { ...connection().discord, responders } });
    await assert.rejects(
      discord.post('responders', MESSAGE),
      failing('REFUSED', /discord\.com is outside this machine/),
    );
  });

  it('shows what it would post without the secret', async () => {
    const discord = at('https://discord.com');
    const plan = discord.plan('responders', MESSAGE);
    assert.equal(plan.url, `https://discord.com/api/v10/webhooks/${ID}/«token»?wait=true`);
    assert.doesNotMatch(JSON.stringify(plan), new RegExp(TOKEN));
  });
});

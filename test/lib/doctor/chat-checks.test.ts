import assert from 'node:assert/strict';
import type { Discord, Webhook } from '../../../src/lib/clients/discord/discord.ts';
import type { DiscordSettings } from '../../../src/lib/config/settings.ts';
import { chatChecks } from '../../../src/lib/doctor/chat-checks.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import { connection } from '../../support/connection.ts';

const FILE = '/home/sam/.config/oncall/discord.yaml';
const set = (audience: string) => ({ url: `https://discord.com/api/webhooks/1/${audience}`, source: FILE });

function settings(changes: Partial<DiscordSettings> = {}): DiscordSettings {
  return { ...connection().discord, file: FILE, responders: set('a'), customers: set('b'), ...changes };
}

function knowing(channels: { responders: string; customers: string }): () => Promise<Discord> {
  const webhook = async (audience: keyof typeof channels): Promise<Webhook> => ({
    ...{ id: '1', name: audience, channel: channels[audience] },
    ...{ server: '5', url: `https://discord.com/channels/5/${channels[audience]}` },
  });
  return async () => ({ webhook }) as unknown as Discord;
}

describe('doctor about Discord', () => {
  it('is well where both are there, apart from each other', async () => {
    const found = await chatChecks({ discord: knowing({ responders: '7', customers: '8' }), settings: settings() });
    assert.deepEqual(
      found.map(({ outcome }) => outcome),
      ['ok', 'ok'],
    );
    assert.match(found[1]?.found ?? '', /posts as “customers” into https:\/\/discord\.com\/channels\/5\/8/);
  });

  it('fails when two webhooks lead into one channel', async () => {
    const [team, customers] = await chatChecks({
      discord: knowing({ responders: '7', customers: '7' }),
      settings: settings(),
    });
    assert.equal(team?.outcome, 'ok');
    assert.equal(customers?.outcome, 'failed');
    assert.match(customers?.found ?? '', /customers would read what responders write/);
  });

  it('skips what is not set, and says what is missing without it', async () => {
    const none = settings({ responders: null, customers: null });
    const found = await chatChecks({ discord: knowing({ responders: '7', customers: '8' }), settings: none });
    assert.deepEqual(
      found.map(({ outcome }) => outcome),
      ['skipped', 'skipped'],
    );
    assert.match(found[0]?.found ?? '', /oncall ask/);
    assert.match(found[1]?.remedy ?? '', /ONCALL_DISCORD_CUSTOMERS/);
  });

  it('warns of a file that others can read', async () => {
    const exposed = settings({ exposed: true, customers: { ...set('b'), source: 'ONCALL_DISCORD_CUSTOMERS' } });
    const [team, customers] = await chatChecks({
      discord: knowing({ responders: '7', customers: '8' }),
      settings: exposed,
    });
    assert.deepEqual([team?.outcome, team?.remedy], ['warning', `chmod 600 ${FILE}`]);
    assert.equal(customers?.outcome, 'ok');
  });

  it('fails with what the webhook says', async () => {
    const gone = new OncallError('The webhook was deleted.', { code: 'NOT_FOUND', hint: 'Make a new one.' });
    const discord = async () => ({ webhook: async () => Promise.reject(gone) }) as unknown as Discord;
    const found = await chatChecks({ discord, settings: settings() });
    assert.deepEqual(
      found.map(({ outcome, code }) => [outcome, code]),
      [
        ['failed', 'NOT_FOUND'],
        ['failed', 'NOT_FOUND'],
      ],
    );
  });
});

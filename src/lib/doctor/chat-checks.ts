import type { Discord } from '../clients/discord/discord.ts';
import type { DiscordSettings } from '../config/settings.ts';
import { examine, type Finding, failed, ok, type Seen, skipped, warning } from './check.ts';

export interface ChatQuestions {
  discord: () => Promise<Discord>;
  settings: DiscordSettings;
}

const TITLES = { responders: 'Discord, team', customers: 'Discord, customers' } as const;
type Audience = keyof typeof TITLES;
const AUDIENCES: readonly Audience[] = ['responders', 'customers'];

/** Whether each webhook is there, without posting anything, and whether the two are kept apart. */
export async function chatChecks({ discord, settings }: ChatQuestions): Promise<Finding[]> {
  const channels = new Map<Audience, string>();
  const found = await Promise.all(
    AUDIENCES.map((audience) =>
      examine(TITLES[audience], async () => {
        if (!settings[audience] && !settings.problem) return notSet(audience, settings);
        const { name, channel, url } = await (await discord()).webhook(audience);
        channels.set(audience, channel);
        const where = `posts as “${name}” into ${url ?? `channel ${channel}`}`;
        const file = settings[audience]?.source === settings.file && settings.exposed ? settings.file : null;
        return file
          ? warning(`${where}; others on this machine can read ${file}, and so could post`, `chmod 600 ${file}`)
          : ok(where);
      }),
    ),
  );
  const [team, customers] = AUDIENCES.map((audience) => channels.get(audience));
  if (team === undefined || team !== customers) return found;
  const mixed: Seen = failed(
    'both webhooks post into the same channel: customers would read what responders write',
    'Make a webhook in a channel of its own for one of them, in Discord: channel settings, Integrations, Webhooks.',
    'CONFIG',
  );
  return found.map((finding) => (finding.title === TITLES.customers ? { title: finding.title, ...mixed } : finding));
}

function notSet(audience: Audience, { file }: DiscordSettings): Seen {
  const command = audience === 'customers' ? '`oncall notify --customers`' : '`oncall notify` and `oncall ask`';
  return skipped(
    `no webhook is set, so ${command} cannot post`,
    `Put \`${audience}: URL\` into ${file || 'the file that `discord.webhooks` names'}, or set ONCALL_DISCORD_${audience.toUpperCase()}.`,
  );
}

import { createHash } from 'node:crypto';
import type { ConnectionSettings, DiscordWebhook } from '../../config/settings.ts';
import { OncallError } from '../../errors.ts';
import { isLoopback } from '../outbound.ts';
import type { Audience } from './discord.ts';

/**
 * Without a version in the path Discord answers as its oldest one does, which counts waits in milliseconds and words
 * its errors another way. https://discord.com/developers/docs/reference#api-versioning
 */
const VERSION = 'v10';
const PATH = /^(.*)\/api\/(?:v\d+\/)?webhooks\/(\d{15,20})\/([\w.-]+)\/?$/;

/** A webhook's address, taken apart. */
export interface WebhookAddress {
  id: string;
  token: string;
  /** What stands before `/api`. */
  site: string;
  /** Its place in Discord's API, with the token: a secret. */
  api: string;
  /** The same without the token, to be shown. */
  shown: string;
  /** Thread of the channel that the address names, if it does. */
  thread: string | null;
  /** Stands for the address where it is remembered. */
  digest: string;
}

/** How a new webhook is made, in Discord's own menus. */
export function howToMake(audience: Audience, file: string): string {
  const place = file
    ? `as \`${audience}: URL\` in ${file}`
    : `as \`${audience}\` in the file that \`discord.webhooks\` names`;
  return `In Discord, open the channel's settings, Integrations, Webhooks, New Webhook, Copy Webhook URL; put it ${place} (chmod 600), or into ONCALL_DISCORD_${audience.toUpperCase()}.`;
}

/** The address of one of the webhooks. @throws CONFIG when there is none, or it is none of Discord's */
export function webhookAddress({ discord }: Pick<ConnectionSettings, 'discord'>, audience: Audience): WebhookAddress {
  const webhook = discord[audience];
  if (!webhook) {
    throw new OncallError(discord.problem ?? `No Discord webhook for the ${audience} is set.`, {
      code: 'CONFIG',
      hint: discord.problem
        ? 'Write into it: `responders: URL` and `customers: URL`, one a line.'
        : howToMake(audience, discord.file),
    });
  }
  const address = parsed(webhook, audience);
  const other = discord[audience === 'responders' ? 'customers' : 'responders'];
  if (other?.url.includes(`/webhooks/${address.id}/`)) {
    throw new OncallError(
      'The responders and the customers have the same Discord webhook: customers would read what responders write.',
      {
        code: 'CONFIG',
        hint: `Make a second webhook, in another channel. ${howToMake(audience, discord.file)}`,
      },
    );
  }
  return address;
}

function parsed({ url: text, source }: DiscordWebhook, audience: Audience): WebhookAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  const [, prefix, id, token] = (url && PATH.exec(url.pathname)) ?? [];
  // The address goes over the wire with its secret in it: in the clear at most to this machine.
  const safe = url && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)));
  if (!url || !safe || prefix === undefined || !id || !token) {
    throw new OncallError(`The Discord webhook for the ${audience} (from ${source}) is not a webhook's address.`, {
      code: 'CONFIG',
      hint: 'Copy it anew: it looks like https://discord.com/api/webhooks/NUMBER/LETTERS, with nothing behind it.',
    });
  }
  const site = `${url.origin}${prefix}`;
  return {
    id,
    token,
    site,
    api: `${site}/api/${VERSION}/webhooks/${id}/${token}`,
    shown: `${site}/api/${VERSION}/webhooks/${id}/«token»`,
    thread: url.searchParams.get('thread_id'),
    digest: createHash('sha256').update(`${id}/${token}`).digest('hex').slice(0, 32),
  };
}

import { type ChannelSpec, GUILD } from '../../world/discord/company-server.ts';
import type { ChatMessage } from '../../world/discord/discord.ts';

/** https://discord.com/developers/docs/resources/webhook#webhook-object; no user, as for every call without a sign-in */
export function webhookView({ id, webhook }: ChannelSpec): object {
  return {
    application_id: null,
    avatar: null,
    channel_id: id,
    guild_id: GUILD,
    id: webhook.id,
    name: webhook.name,
    type: 1,
    token: webhook.token,
  };
}

/** https://discord.com/developers/docs/resources/message#message-object; without the server, which REST leaves out */
export function messageView(message: ChatMessage): object {
  const { id, channel, webhook, author, mentions } = message;
  return {
    type: 0,
    content: message.content,
    mentions: mentions.users.map((user) => ({
      id: user,
      username: `user${user.slice(-3)}`,
      discriminator: '0',
      avatar: null,
    })),
    mention_roles: mentions.roles,
    attachments: [],
    embeds: message.embeds.map((embed) => ({ ...embed, type: 'rich' })),
    timestamp: stamp(message.sentAt),
    edited_timestamp: message.editedAt === null ? null : stamp(message.editedAt),
    flags: message.flags,
    components: [],
    id,
    channel_id: channel,
    author: {
      id: webhook,
      username: author,
      avatar: null,
      discriminator: '0000',
      public_flags: 0,
      flags: 0,
      bot: true,
      global_name: null,
    },
    pinned: false,
    mention_everyone: mentions.everyone,
    tts: message.tts,
    webhook_id: webhook,
  };
}

/** The channel as text. */
export function channelPage(name: string, messages: readonly ChatMessage[]): string {
  const lines = messages.flatMap(({ id, sentAt, author, content, embeds }) => [
    `${stamp(sentAt)} ${author} (${id})`,
    ...content.split('\n').map((line) => `  ${line}`),
    ...embeds.map((embed) => `  ${JSON.stringify(embed)}`),
  ]);
  return `#${name} in the practice world\n\n${lines.join('\n')}\n`;
}

function stamp(at: number): string {
  return new Date(at).toISOString().replace('Z', '000+00:00');
}

import type { Audience, Discord, Message, Posted, Webhook } from '../clients/discord/discord.ts';
import { OncallError } from '../errors.ts';

/** What became of the messages. */
export interface Delivered {
  /** Ids of the messages, in order. */
  ids: string[];
  /** Where the first of them is read; null outside a server. */
  link: string | null;
  /** Why they could not be read back; null when they were. Their ids alone prove that they were posted. */
  notReadBack: string | null;
}

/**
 * Posts the messages in order, each once, and reads them back.
 * @param request.webhook as it was found before, so that what is gone is known before anything is sent
 * @throws what `Discord.post` throws, saying what was posted before it; NOT_VERIFIED when a message has vanished
 */
export async function deliver(request: {
  discord: Discord;
  audience: Audience;
  webhook: Webhook;
  messages: readonly Message[];
  progress?: (text: string) => void;
  /** Called after each message that Discord took. */
  onPosted?: () => void;
}): Promise<Delivered> {
  const { discord, audience, webhook, messages, progress, onPosted } = request;
  const posted: Posted[] = [];
  for (const message of messages) {
    const part = posted.length + 1;
    if (messages.length > 1) progress?.(`Posting part ${part} of ${messages.length} …`);
    try {
      posted.push(await discord.post(audience, message));
      onPosted?.();
    } catch (error) {
      if (!(error instanceof OncallError) || posted.length === 0) throw error;
      throw new OncallError(
        `Only ${posted.length} of ${messages.length} parts ${posted.length === 1 ? 'is' : 'are'} posted; part ${part} failed. ${error.message}`,
        // What stands in the channel is not taken back, so the whole is neither done nor undone.
        { code: error.code, hint: `Send only the rest again. ${error.hint ?? ''}`.trim(), cause: error },
      );
    }
  }
  const ids = posted.map(({ id }) => id);
  const [first] = posted;
  // A webhook may post into a thread, which is a place of its own.
  const link = webhook.url && first ? `${webhook.url.replace(/[^/]+$/, first.channel)}/${first.id}` : null;
  return { ids, link, notReadBack: await readBack(discord, audience, ids) };
}

async function readBack(discord: Discord, audience: Audience, ids: readonly string[]): Promise<string | null> {
  for (const id of ids) {
    let there: boolean;
    try {
      there = await discord.exists(audience, id);
    } catch (error) {
      if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
      return error.message;
    }
    if (there) continue;
    throw new OncallError(
      'Discord took the message, and it is not there any more: somebody, or a bot, may have removed it.',
      {
        code: 'NOT_VERIFIED',
        hint: 'Look into the channel, and send it again only if it is not there.',
      },
    );
  }
  return null;
}

import type { ConnectionSettings } from '../../config/settings.ts';
import { OncallError } from '../../errors.ts';
import {
  guardedAgents,
  networkCode,
  type OutboundAnswer,
  type OutboundRequest,
  send,
  unreachable,
} from '../outbound.ts';
import { sendRead } from '../send-read.ts';
import type { Audience, DeadWebhooks, Discord, Message, Posted, Webhook } from './discord.ts';
import { askedToWait, PATIENCE, rateLimited, restAfter } from './rate-limit.ts';
import { deathOf, gone, isUnknownMessage, refusal, type Used } from './refusal.ts';
import { howToMake, type WebhookAddress, webhookAddress } from './webhook-address.ts';

const DEADLINE = 10_000;
/** Failures in which no request can have reached Discord. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);

export interface DiscordOptions {
  settings: ConnectionSettings;
  signal: AbortSignal;
  dead: DeadWebhooks;
  /** Resolves after so many milliseconds. @throws INTERRUPTED */
  wait(ms: number): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
}

/** One answer, with its body read as JSON; undefined when it is none. */
interface Answer {
  answer: OutboundAnswer;
  body: unknown;
}

/** Discord by its webhooks. https://discord.com/developers/docs/resources/webhook */
export function connectDiscord(options: DiscordOptions): Discord {
  const { settings } = options;
  const line = new Line(options);
  const at = (audience: Audience) => {
    const address = webhookAddress(settings, audience);
    const remedy = howToMake(audience, settings.discord.file);
    return { address, used: { audience, source: settings.discord[audience]?.source ?? '', remedy } };
  };
  return {
    async webhook(audience) {
      const { address, used } = at(audience);
      return readWebhook(await line.ask(address, used, { path: '' }), address, used);
    },
    async post(audience, message) {
      const { address, used } = at(audience);
      return line.post(address, used, message);
    },
    async exists(audience, id) {
      const { address, used } = at(audience);
      const thread = address.thread ? `?thread_id=${address.thread}` : '';
      const found = await line.ask(address, used, { path: `/messages/${encodeURIComponent(id)}${thread}` });
      if (isUnknownMessage(found.answer, found.body)) return false;
      if (found.answer.status !== 200) throw refusal(found.answer, found.body, used);
      return true;
    },
    plan(audience, message) {
      const { address } = at(audience);
      return { method: 'POST', url: `${address.shown}${queryOf(address)}`, body: message };
    },
  };
}

function queryOf({ thread }: WebhookAddress): string {
  // Without `wait`, Discord says that all is well before it has tried, and a message that it drops is no error.
  return `?wait=true${thread ? `&thread_id=${encodeURIComponent(thread)}` : ''}`;
}

function readWebhook({ answer, body }: Answer, { site }: WebhookAddress, used: Used): Webhook {
  const { id, name, channel_id: channel, guild_id: server = null } = (body ?? {}) as Record<string, string | null>;
  if (answer.status !== 200) throw refusal(answer, body, used);
  if (typeof id !== 'string' || typeof channel !== 'string') {
    throw new OncallError('Discord gave an answer that cannot be read. Nothing was posted.', {
      code: 'UNAVAILABLE',
      hint: used.remedy,
    });
  }
  return { id, name: name ?? 'webhook', channel, server, url: server ? `${site}/channels/${server}/${channel}` : null };
}

/** The wire: waits its turn, remembers what is gone, and never repeats a message. */
class Line {
  readonly #options: DiscordOptions;
  readonly #agents: OutboundRequest['agents'];
  /** Milliseconds that the next message of a webhook still has to wait, by its digest. */
  readonly #rests = new Map<string, number>();

  constructor(options: DiscordOptions) {
    this.#options = options;
    this.#agents = guardedAgents(options.settings.world);
  }

  /** Makes one request, waiting for its turn within bounds. @throws when the webhook is gone, or nothing answers */
  async ask(address: WebhookAddress, used: Used, request: { path: string; message?: Message }): Promise<Answer> {
    const known = (await this.#options.dead.read())?.[address.digest];
    if (known) throw gone(known.why, used, known.at);
    for (let waited = 0; ; ) {
      const answer = await this.#send(address, request);
      const body = parse(answer.body);
      if (answer.status === 429) {
        // Refused before anything was done, so even a message may be sent again.
        const pause = askedToWait(answer, body);
        waited += pause;
        if (waited > PATIENCE) throw rateLimited(pause, body);
        await this.#options.wait(pause);
        continue;
      }
      const why = deathOf(answer, body);
      if (!why) return { answer, body };
      const at = new Date(this.#options.now()).toISOString();
      await this.#options.dead.tryUpdate((all) => ({ ...all, [address.digest]: { at, why } }));
      throw gone(why, used, null);
    }
  }

  async post(address: WebhookAddress, used: Used, message: Message): Promise<Posted> {
    await this.#options.wait(this.#rests.get(address.digest) ?? 0);
    const { answer, body } = await this.ask(address, used, { path: queryOf(address), message });
    this.#rests.set(address.digest, Math.min(restAfter(answer), PATIENCE));
    if (answer.status >= 500) throw doubtful(`it answered with an error of its own (${answer.status})`);
    const { id, channel_id: channel } = (body ?? {}) as { id?: unknown; channel_id?: unknown };
    if (answer.status >= 200 && answer.status < 300) {
      if (typeof id === 'string' && typeof channel === 'string') return { id, channel };
      throw doubtful('its answer cannot be read');
    }
    throw refusal(answer, body, used);
  }

  async #send(
    address: WebhookAddress,
    { path, message }: { path: string; message?: Message },
  ): Promise<OutboundAnswer> {
    const request: OutboundRequest = {
      url: `${address.api}${path}`,
      headers: { accept: 'application/json', 'user-agent': 'oncall (https://www.npmjs.com/package/oncall)' },
      deadline: DEADLINE,
      signal: this.#options.signal,
      agents: this.#agents,
    };
    const { world } = this.#options.settings;
    try {
      if (!message) return await sendRead(request);
      const headers = { ...request.headers, 'content-type': 'application/json' };
      return await send({ ...request, method: 'POST', headers, body: JSON.stringify(message) });
    } catch (error) {
      if (error instanceof OncallError) throw error;
      const code = networkCode(error);
      if (message && !NOT_SENT.has(code ?? ''))
        throw doubtful(code === 'ETIMEDOUT' ? 'no answer in time' : 'the connection broke', error);
      throw unreachable('Discord', { url: address.site, world }, error);
    }
  }
}

/** The error for a message of which nobody knows whether it stands there. A webhook cannot list what it has posted. */
function doubtful(reason: string, cause?: unknown): OncallError {
  return new OncallError(
    `Discord did not say whether it posted the message: ${reason}. It may have; it was not sent twice.`,
    {
      code: 'NOT_VERIFIED',
      hint: 'Look into the channel, and send it again only if it is not there.',
      cause,
    },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

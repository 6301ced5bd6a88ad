import type { WorldClock } from '../clock.ts';
import { CHANNELS, type ChannelSpec } from './company-server.ts';
import { type AllowedMentions, type Mentions, mentionsIn, pingedBy } from './mentions.ts';

/** A message as it stands in a channel. Times are milliseconds since 1970. */
export interface ChatMessage {
  id: string;
  channel: string;
  webhook: string;
  author: string;
  content: string;
  embeds: readonly object[];
  mentions: Mentions;
  flags: number;
  tts: boolean;
  sentAt: number;
  editedAt: number | null;
  /** Members who were notified of it when it was sent. An edit notifies nobody. */
  pinged: string[];
}

export interface MessageDraft {
  content: string;
  embeds: readonly object[];
  allowed: AllowedMentions | undefined;
  author: string | null;
  flags: number;
  tts: boolean;
}

/** Since when Discord counts. https://discord.com/developers/docs/reference#snowflakes */
const EPOCH = 1_420_070_400_000;

/** The company's Discord: two channels, each with a webhook, and what was posted there. */
export class Discord {
  readonly #clock: WorldClock;
  readonly #deleted = new Set<string>();
  #messages: ChatMessage[] = [];
  #count = 0;

  constructor({ clock }: { clock: WorldClock }) {
    this.#clock = clock;
  }

  /** The channel that a webhook posts into; null when there is no such webhook, or it was deleted. */
  channelOf(webhook: string): ChannelSpec | null {
    const channel = Object.values(CHANNELS).find((one) => one.webhook.id === webhook);
    return channel && !this.#deleted.has(webhook) ? channel : null;
  }

  /** What stands in a channel, oldest first. */
  messages(channel: keyof typeof CHANNELS): readonly ChatMessage[] {
    const { id, threads } = CHANNELS[channel];
    return this.#messages.filter((message) => message.channel === id || threads.includes(message.channel));
  }

  message(webhook: string, id: string): ChatMessage | null {
    return this.#messages.find((one) => one.id === id && one.webhook === webhook) ?? null;
  }

  /** Posts a message into the webhook's channel, or one of its threads. */
  post(channel: ChannelSpec, thread: string | null, draft: MessageDraft): ChatMessage {
    const mentions = mentionsIn(draft.content, draft.allowed);
    const sentAt = this.#clock.now();
    const message: ChatMessage = {
      id: this.#snowflake(sentAt),
      channel: thread ?? channel.id,
      webhook: channel.webhook.id,
      author: draft.author ?? channel.webhook.name,
      content: draft.content,
      embeds: draft.embeds,
      mentions,
      flags: draft.flags,
      tts: draft.tts,
      sentAt,
      editedAt: null,
      pinged: pingedBy(mentions),
    };
    this.#messages.push(message);
    return message;
  }

  /** Changes a message; what is not given stays. Mentions are found anew, and nobody is notified. */
  edit(
    message: ChatMessage,
    change: { content?: string; embeds?: readonly object[]; allowed?: AllowedMentions },
  ): void {
    const { content, embeds, allowed } = change;
    if (content !== undefined) {
      message.content = content;
      message.mentions = mentionsIn(content, allowed);
    }
    if (embeds !== undefined) message.embeds = embeds;
    message.editedAt = this.#clock.now();
  }

  /** Takes a message away. */
  remove(message: ChatMessage): void {
    this.#messages = this.#messages.filter((one) => one !== message);
  }

  /** Somebody deletes a webhook in the channel's settings. */
  deleteWebhook(id: string): void {
    this.#deleted.add(id);
  }

  #snowflake(at: number): string {
    this.#count++;
    return String((BigInt(at - EPOCH) << 22n) + BigInt(this.#count));
  }
}

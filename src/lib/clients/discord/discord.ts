/** Who reads along: the team, or its customers. Each has a webhook of its own. */
export type Audience = 'responders' | 'customers';

/** What `oncall` asks of Discord. Every call is made with a webhook's own address, so no bot and no sign-in is needed. */
export interface Discord {
  /**
   * The webhook as Discord knows it. Reads only; nobody sees it.
   * @throws CONFIG when none is set, NOT_FOUND or AUTH when it is gone for good (then it is not asked again)
   */
  webhook(audience: Audience): Promise<Webhook>;
  /**
   * Posts one message and gives what Discord made of it. Never sent a second time after a doubtful answer: Discord has
   * no way to tell whether a webhook's message is a repetition.
   * @throws FAILED when Discord refuses it, RATE_LIMITED, UNAVAILABLE when nothing was sent; NOT_VERIFIED when that is not known
   */
  post(audience: Audience, message: Message): Promise<Posted>;
  /** Whether one of the webhook's own messages can be read back. */
  exists(audience: Audience, id: string): Promise<boolean>;
  /** The request that `post` would make, without the secret part of its address. @throws CONFIG */
  plan(audience: Audience, message: Message): PlannedPost;
}

export interface Webhook {
  id: string;
  /** The name under which its messages stand. */
  name: string;
  channel: string;
  server: string | null;
  /** Where the channel is seen in a browser; null outside a server. */
  url: string | null;
}

/** A message. Limits: https://discord.com/developers/docs/resources/webhook#execute-webhook */
export interface Message {
  content?: string;
  embeds?: Embed[];
  /** Always given, always closed: only the roles listed here may be pinged, whatever the text says. */
  allowed_mentions: { parse: []; users: []; roles: string[] };
}

/** https://discord.com/developers/docs/resources/message#embed-object */
export interface Embed {
  title?: string;
  description?: string;
  fields?: { name: string; value: string; inline?: boolean }[];
  footer?: { text: string };
}

export interface Posted {
  id: string;
  channel: string;
}

export interface PlannedPost {
  method: 'POST';
  url: string;
  body: Message;
}

/** A webhook that Discord has said to be gone. */
export interface DeadWebhook {
  /** ISO 8601 UTC. */
  at: string;
  why: 'deleted' | 'invalid token';
}

/**
 * What is remembered between runs of webhooks that are gone, by a digest of their address: asking for such a one again
 * and again gets the whole network banned. https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
 */
export interface DeadWebhooks {
  read(): Promise<Record<string, DeadWebhook> | null>;
  tryUpdate(change: (known: Record<string, DeadWebhook> | null) => Record<string, DeadWebhook>): Promise<boolean>;
}

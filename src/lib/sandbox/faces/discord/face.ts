import type { OutgoingHttpHeaders } from 'node:http';
import type { Exchange } from '../../exchange.ts';
import { type Face, faceByPath, type Operation } from '../../face.ts';
import type { WorldClock } from '../../world/clock.ts';
import { CHANNELS, type ChannelSpec, GUILD } from '../../world/discord/company-server.ts';
import type { ChatMessage, Discord } from '../../world/discord/discord.ts';
import { Buckets } from './buckets.ts';
import { messageBody } from './message-body.ts';
import { channelPage, messageView, webhookView } from './message-view.ts';
import {
  emptyMessage,
  invalidToken,
  onlyInForums,
  Refusal,
  unknownChannel,
  unknownMessage,
  unknownWebhook,
} from './refusal.ts';

export interface DiscordWorld {
  clock: WorldClock;
  discord: Discord;
}

/** One request to a webhook that exists and whose token is right. */
interface Call {
  exchange: Exchange;
  channel: ChannelSpec;
  params: Readonly<Record<string, string>>;
  headers: OutgoingHttpHeaders;
}

type Run = (call: Call) => void;

/** Discord's webhooks, as those who only have their address reach them, under `/api` and `/api/v10` alike. */
export function discordFace({ clock, discord }: DiscordWorld): Face {
  const buckets = new Buckets(() => clock.now());
  const hook = '/api/webhooks/:id/:token';
  const on = (method: string, path: string, run: Run): Operation => ({
    name: `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    method,
    path,
    run: (exchange, params) => admit({ exchange, params, discord, buckets, route: `${method} ${path}` }, run),
  });
  const face = faceByPath(
    'discord',
    [
      on('GET', hook, ({ exchange, channel, headers }) => exchange.json(200, webhookView(channel), headers)),
      on('DELETE', hook, ({ exchange, channel, headers }) => {
        discord.deleteWebhook(channel.webhook.id);
        exchange.text(204, '', headers);
      }),
      on('POST', hook, (call) => execute(call, { discord, buckets })),
      on('GET', `${hook}/messages/:message`, (call) =>
        call.exchange.json(200, messageView(messageOf(call, discord)), call.headers),
      ),
      on('PATCH', `${hook}/messages/:message`, (call) => edit(call, discord)),
      on('DELETE', `${hook}/messages/:message`, (call) => {
        discord.remove(messageOf(call, discord));
        call.exchange.text(204, '', call.headers);
      }),
      page(discord),
    ],
    (exchange, allowed) =>
      allowed.length > 0
        ? exchange.json(405, { message: '405: Method Not Allowed', code: 0 }, { allow: allowed.join(', ') })
        : exchange.json(404, { message: '404: Not Found', code: 0 }),
  );
  return {
    name: face.name,
    answer(exchange) {
      exchange.path = exchange.path.replace(/^\/api\/v\d+\//, '/api/');
      return face.answer(exchange);
    },
  };
}

/** Lets a request pass when its webhook is there, its token is right, and its bucket is not empty. */
function admit(
  at: { exchange: Exchange; params: Call['params']; discord: Discord; buckets: Buckets; route: string },
  run: Run,
): void {
  const { exchange, params, discord, buckets, route } = at;
  const { headers, refused } = buckets.take(route, params.id ?? '');
  try {
    if (refused) throw new TooMany(refused, headers);
    const channel = discord.channelOf(params.id ?? '');
    if (!channel) throw unknownWebhook();
    if (channel.webhook.token !== params.token) throw invalidToken();
    run({ exchange, channel, params, headers });
  } catch (error) {
    if (error instanceof TooMany) exchange.json(429, error.body, error.headers);
    else if (error instanceof Refusal) exchange.json(error.status, error.body, headers);
    else throw error;
  }
}

class TooMany extends Error {
  readonly body: object;
  readonly headers: OutgoingHttpHeaders;

  constructor(body: object, headers: OutgoingHttpHeaders) {
    super('too many requests');
    this.body = body;
    this.headers = headers;
  }
}

function execute(
  { exchange, channel, headers }: Call,
  { discord, buckets }: { discord: Discord; buckets: Buckets },
): void {
  const thread = exchange.query.get('thread_id');
  if (thread !== null && !channel.threads.includes(thread)) throw unknownChannel();
  const body = messageBody(exchange);
  if (body.threadName !== null) throw onlyInForums();
  const { content = '', embeds = [] } = body;
  if (content === '' && embeds.length === 0) throw emptyMessage();
  const { refused, headers: limits } = buckets.takePost(channel.id, headers);
  if (refused) throw new TooMany(refused, limits);
  const { allowed, author, flags, tts } = body;
  const message = discord.post(channel, thread, { content, embeds, allowed, author, flags, tts });
  if (/^(true|1)$/i.test(exchange.query.get('wait') ?? '')) exchange.json(200, messageView(message), limits);
  else exchange.text(204, '', limits);
}

function edit(call: Call, discord: Discord): void {
  const message = messageOf(call, discord);
  const { content, embeds, allowed } = messageBody(call.exchange);
  const left = { content: content ?? message.content, embeds: embeds ?? message.embeds };
  if (left.content === '' && left.embeds.length === 0) throw emptyMessage();
  discord.edit(message, {
    ...(content === undefined ? {} : { content }),
    ...(embeds === undefined ? {} : { embeds }),
    ...(allowed === undefined ? {} : { allowed }),
  });
  call.exchange.json(200, messageView(message), call.headers);
}

/** A message in a thread is found only where its thread is named. */
function messageOf({ exchange, channel, params }: Call, discord: Discord): ChatMessage {
  const place = exchange.query.get('thread_id') ?? channel.id;
  const message = discord.message(channel.webhook.id, params.message ?? '');
  if (!message || message.channel !== place) throw unknownMessage();
  return message;
}

/** Not Discord's page, but what is in the channel, so that a link to a message leads somewhere. */
function page(discord: Discord): Operation {
  const path = '/channels/*place';
  return {
    name: 'GET /channels/{place}',
    method: 'GET',
    path,
    run(exchange, { place = '' }) {
      const [guild, id] = place.split('/');
      const known = (['responders', 'customers'] as const).find((name) => CHANNELS[name].id === id);
      const found = guild === GUILD && known;
      const text = found ? channelPage(CHANNELS[known].name, discord.messages(known)) : 'No such channel.\n';
      exchange.text(found ? 200 : 404, text, { 'content-type': 'text/plain; charset=utf-8' });
    },
  };
}

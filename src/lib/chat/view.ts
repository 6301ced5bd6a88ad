import type { Audience, Message, PlannedPost, Webhook } from '../clients/discord/discord.ts';
import type { Paint } from '../text/paint.ts';
import { plain, plainLines } from '../text/plain.ts';
import type { Delivered } from './deliver.ts';

export interface ChatViewOptions {
  paint: Paint;
}

/** What customers would read, word for word, and where: looked at before it is sent. */
export function customersPlanView(messages: readonly Message[], webhook: Webhook, { paint }: ChatViewOptions): string {
  const where = webhook.url ? ` ${paint.link(plain(webhook.url))}` : '';
  const count = messages.length > 1 ? `, in ${messages.length} messages` : '';
  return [
    `${paint.warn(paint.sign.warn)} ${paint.strong('To your CUSTOMERS')}, as “${plain(webhook.name)}”${where}, word for word${count}:`,
    ...messages.flatMap(({ content = '' }, i) => [...(i > 0 ? [''] : []), ...quoted(content, paint)]),
  ].join('\n');
}

function quoted(text: string, paint: Paint): string[] {
  const bar = paint.dim(paint.ascii ? '  | ' : '  ▏ ');
  return plainLines(text)
    .split('\n')
    .map((line) => `${bar}${line}`);
}

/** The exact requests, without the secret part of their address. */
export function postsView(posts: readonly PlannedPost[], { paint }: ChatViewOptions): string {
  return [
    'Would post, in this order (nothing was sent):',
    ...posts.flatMap(({ method, url, body }) => [
      `  ${paint.strong(method)} ${plain(url)}`,
      ...plainLines(JSON.stringify(body, null, 2))
        .split('\n')
        .map((line) => `    ${line}`),
    ]),
  ].join('\n');
}

/** That it stands there, and where. */
export function deliveredView(
  { ids, link }: Delivered,
  about: { audience: Audience; webhook: Webhook; asked: boolean; pinged: boolean },
  { paint }: ChatViewOptions,
): string {
  const { audience, webhook, asked, pinged } = about;
  const whom =
    audience === 'customers' ? 'Your CUSTOMERS were told' : asked ? 'The team was asked' : 'The team was told';
  const count = ids.length > 1 ? ` in ${ids.length} messages` : '';
  const role = asked ? (pinged ? ', and the on-call role was pinged' : ', and nobody was pinged') : '';
  const where = link ? paint.link(plain(link)) : `as “${plain(webhook.name)}”`;
  return `${paint.good(paint.sign.good)} ${whom}${count}${role}: ${where}`;
}

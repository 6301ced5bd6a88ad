import type { ChannelKind } from '../clients/pager/pager.ts';
import { plain, plainLines } from '../text/plain.ts';
import { clockTime, formatDuration, relative } from '../text/time.ts';
import { type Delivery, onItsWay } from './delivery.ts';
import type { Message, Stopped } from './engage.ts';
import { firstRings, type PlannedRing, type Reach } from './reach.ts';
import type { RingPlan, RungBefore } from './ring.ts';
import type { RingResult } from './ring-and-prove.ts';
import type { ViewOptions } from './view.ts';

const CHANNELS: Readonly<Record<ChannelKind, string>> = { sms: 'SMS', voice: 'call', email: 'e-mail' };

/** What a channel is called. */
export function channelWord(kind: ChannelKind | null): string {
  return kind ? CHANNELS[kind] : 'page';
}

/** Whom it will ring, how, and when; then what they will be told; then what it changes for others. */
export function ringPlanView(plan: RingPlan, message: Message | null, options: ViewOptions): string {
  const { paint, zone, now } = options;
  return [
    ...plan.targets.flatMap((target) => targetLines(target, options)),
    ...(message
      ? [
          'They will be told:',
          ...plainLines(message.content)
            .split('\n')
            .map((line) => `  ${paint.dim(line)}`),
          `  ${paint.dim(`(text message: ${plain(message.publicContent)})`)}`,
        ]
      : []),
    ...plan.before.map((before) => `${paint.warn(paint.sign.warn)} ${beforeText(before, options)}`),
    ...plan.stops.flatMap(({ kind, name, startedAt, silences }) => [
      `${paint.warn(paint.sign.warn)} ${
        kind === 'plan'
          ? `The plan "${plain(name)}" would ring them as well, by its own clock.`
          : `The page to ${plain(name)} of ${ago(Date.parse(startedAt), now)} would go on ringing them.`
      } So that nobody is rung twice, it will be stopped.`,
      ...silences.map((ring) => `  Then nobody rings ${dueText(ring, options)} by itself.`),
    ]),
    ...plan.goesOn.map(
      ({ name, at }) =>
        `${paint.sign.bullet} ${plain(name)} will be rung as well, as before: ${relative(Date.parse(at), now)} (${clockTime(Date.parse(at), zone)}).`,
    ),
  ].join('\n');
}

function targetLines(target: Reach, { paint, zone }: ViewOptions): string[] {
  const people = firstRings(target.rings);
  const begins = Date.parse(people[0]?.at ?? '');
  const lines = people.map(({ person, name, at }) => {
    const own = target.rings.filter((ring) => ring.person === person);
    const later = Date.parse(at) - begins;
    const when =
      later > 0 ? `${formatDuration(later)} later if nobody answers (${clockTime(Date.parse(at), zone)}), ` : '';
    return { name, text: `${when}${ringsText(own)}` };
  });
  const [first] = lines;
  if (target.kind === 'person' && first) return [`Rings ${paint.strong(plain(first.name))}: ${first.text}.`];
  return [
    `Rings ${paint.strong(plain(target.name))}:`,
    ...lines.map(({ name, text }) => `  ${paint.strong(plain(name))}: ${text}`),
  ];
}

/** `SMS and e-mail at once, call after 1m and again after 3m`. */
export function ringsText(rings: readonly PlannedRing[]): string {
  const begins = Date.parse(rings[0]?.at ?? '');
  const moments = new Map<number, Set<string>>();
  for (const { at, channel } of rings) {
    const offset = Date.parse(at) - begins;
    moments.set(offset, (moments.get(offset) ?? new Set()).add(channelWord(channel)));
  }
  const parts = [...moments].map(([offset, channels]) => {
    const what = [...channels].join(' and ');
    return offset === 0 ? `${what} at once` : `${what} after ${formatDuration(offset)}`;
  });
  return parts.join(', ');
}

/** How long ago, in words that also fit a moment that has hardly passed. */
function ago(at: number, now: number): string {
  return now - at < 1000 ? 'a moment ago' : relative(at, now);
}

/** What is known of somebody who was rung before. */
export function beforeText({ name, at, acknowledgedAt }: RungBefore, { zone, now }: ViewOptions): string {
  const paged = Date.parse(at);
  if (acknowledgedAt) {
    const read = Date.parse(acknowledgedAt);
    return `${plain(name)} has acknowledged this incident already, ${ago(read, now)} (${clockTime(read, zone)}).`;
  }
  return `${plain(name)} was rung ${ago(paged, now)} (${clockTime(paged, zone)}) and has not answered yet.`;
}

function dueText({ name, at }: PlannedRing, { zone, now }: ViewOptions): string {
  const due = Date.parse(at);
  return `${plain(name)} (was due ${relative(due, now)}, ${clockTime(due, zone)})`;
}

/** The question, by what is known. */
export function ringQuestion(plan: RingPlan): string {
  const names = plan.targets.map(({ name }) => plain(name)).join(' and ');
  return plan.before.length > 0 ? `Ring ${names} once more now?` : `Ring ${names} now?`;
}

/** The proof: which pages are on their way; then what was stopped, and what that means. */
export function ringResultView(result: RingResult, options: ViewOptions): string {
  const { paint } = options;
  const doubted = result.engaged.filter(({ foundAfterDoubt }) => foundAfterDoubt);
  return [
    ...(result.pages.length > 0
      ? deliveryLines(result.pages, options)
      : [
          `${paint.warn(paint.sign.warn)} The pager has taken it for ${result.engaged.map(({ name }) => plain(name)).join(', ')}, but no page has gone out yet.`,
        ]),
    ...doubted.map(
      ({ name }) =>
        `${paint.sign.bullet} The pager did not answer clearly; a look shows that it rings ${plain(name)}. Nothing was sent twice.`,
    ),
    ...result.stopped.flatMap((stop) => stopLines(stop, options)),
  ].join('\n');
}

/** Each person who is rung, by which channels, and how far the pages have come. */
export function deliveryLines(pages: readonly Delivery[], { paint, zone }: ViewOptions): string[] {
  const people = new Map<string, Delivery[]>();
  for (const page of pages) people.set(page.person, [...(people.get(page.person) ?? []), page]);
  return [...people.values()].map((own) => {
    const good = own.some(onItsWay);
    const parts = own.map(({ channel, sentAt, deliveredAt, error }) => {
      const word = channelWord(channel);
      if (error) return `${word} FAILED (${plain(error)})`;
      if (deliveredAt) return `${word} delivered ${clockTime(Date.parse(deliveredAt), zone)}`;
      return sentAt ? `${word} sent ${clockTime(Date.parse(sentAt), zone)}` : `${word} not sent yet`;
    });
    const name = paint.strong(plain(own[0]?.name ?? ''));
    const sign = good ? paint.good(paint.sign.good) : paint.bad(paint.sign.bad);
    return `${sign} ${good ? 'Ringing' : 'Not reached:'} ${name}: ${parts.join(', ')}.`;
  });
}

function stopLines(stop: Stopped, options: ViewOptions): string[] {
  const { paint } = options;
  const name = stop.kind === 'plan' ? `The plan "${plain(stop.name)}"` : `The earlier page to ${plain(stop.name)}`;
  if (stop.failure !== null)
    return [
      `${paint.warn(paint.sign.warn)} ${name} could not be stopped and goes on ringing by its own clock: ${plain(stop.failure)}`,
    ];
  if (stop.silences.length === 0) return [`${paint.good(paint.sign.good)} ${name} is stopped.`];
  return [
    `${paint.good(paint.sign.good)} ${name} is stopped. From now on nobody else is rung by itself:`,
    ...stop.silences.map(
      (ring) => `  ${dueText(ring, options)}: ${paint.command(`oncall escalate ${plain(ring.person)}`)}`,
    ),
  ];
}

import type { Embed, Message } from '../clients/discord/discord.ts';
import { OncallError } from '../errors.ts';
import type { Background, Inquiry } from './background.ts';
import { splitText } from './split.ts';
import { clipped, dataText, linkText, momentFor, typedText } from './words.ts';

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const LIMITS = { content: 2000, title: 256, description: 4096, value: 1024, footer: 2048 };
const MOST_PARTS = 5;

/** Nobody is ever pinged by a text. */
const CLOSED: Message['allowed_mentions'] = { parse: [], users: [], roles: [] };

/**
 * The words to send, and nothing that no keyboard has.
 * @throws USAGE when there are none, or too many for a chat
 */
export function wordsToSend(text: string, command: string): string {
  const words = typedText(text);
  if (words === '') {
    throw new OncallError('There is nothing to send: the text is empty.', {
      code: 'USAGE',
      hint: `Write it behind the command: \`oncall ${command} "what they should know"\`.`,
    });
  }
  const parts = splitText(words, LIMITS.content).length;
  if (parts <= MOST_PARTS) return words;
  throw new OncallError(
    `The text has ${words.length} characters, which makes ${parts} messages; at most ${MOST_PARTS} are sent.`,
    {
      code: 'USAGE',
      hint: 'Shorten it, or put it where others can read it and send the link.',
    },
  );
}

/** What customers read: the words as they were typed, and nothing else. */
export function customerMessages(words: string): Message[] {
  return parts(words).map((content) => ({ content, allowed_mentions: CLOSED }));
}

/** What the team reads: the words, and under them in small print what they are about and from whom. */
export function responderMessages(
  words: string,
  about: { background: Background | null; from: string | null },
): Message[] {
  const { background, from } = about;
  const messages: Message[] = parts(words).map((content) => ({ content, allowed_mentions: CLOSED }));
  const footer = from ? { footer: { text: clipped(`from ${dataName(from)}, by oncall`, LIMITS.footer) } } : {};
  const embed: Embed = {
    ...(background ? { description: clipped(aboutLine(background), LIMITS.description) } : {}),
    ...footer,
  };
  const last = messages.at(-1);
  if (last && Object.keys(embed).length > 0) last.embeds = [embed];
  return messages;
}

/**
 * A question to the team: the words, the role that is pinged by them if there is one, and everything that is needed
 * to answer.
 */
export function questionMessages(
  words: string,
  about: { inquiry: Inquiry | null; from: string | null; role: string | null },
): Message[] {
  const { inquiry, from, role } = about;
  const head = role ? `<@&${role}> ` : '';
  const messages: Message[] = parts(`${head}${words}`).map((content, i) => ({
    content,
    // The role is pinged once, by the message that names it.
    allowed_mentions: i === 0 && role ? { ...CLOSED, roles: [role] } : CLOSED,
  }));
  const last = messages.at(-1);
  if (last) last.embeds = [inquiry ? inquiryEmbed(inquiry, from) : plainEmbed(from)];
  return messages;
}

function parts(text: string): string[] {
  // A part of nothing but blanks would be refused as empty.
  return splitText(text, LIMITS.content)
    .map((piece) => piece.text)
    .filter((part) => part.trim() !== '');
}

/** Footers and titles know no Markdown, so a backslash would be seen there. */
function dataName(name: string): string {
  return typedText(name).replace(/\s+/g, ' ');
}

function aboutLine({ title, service, since, takenBy, resolved }: Background): string {
  const taken = takenBy.map(dataText).join(' and ');
  return [
    `**${dataText(title)}**`,
    ...(service ? [dataText(service)] : []),
    ...(since === null ? [] : [`since ${momentFor(since)}`]),
    ...(resolved ? ['resolved'] : taken ? [`${taken} ${takenBy.length > 1 ? 'have' : 'has'} it`] : []),
  ].join(' · ');
}

function plainEmbed(from: string | null): Embed {
  return {
    description: 'Answer here in the channel. No incident is open.',
    ...(from ? { footer: { text: `asked by ${dataName(from)}, by oncall` } } : {}),
  };
}

function inquiryEmbed(inquiry: Inquiry, from: string | null): Embed {
  const { title, id, service, since, takenBy, impact, tried, links, onCall, missing } = inquiry;
  const field = (name: string, value: string | null) => (value ? [{ name, value: clipped(value, LIMITS.value) }] : []);
  const shown = links.flatMap((link) => linkText(link.title, link.url) ?? []);
  return {
    title: clipped(dataText(title), LIMITS.title),
    fields: [
      ...field('Service', service && dataText(service)),
      ...field('Since', since === null ? null : momentFor(since)),
      ...field('Impact', impact.map(dataText).join('\n')),
      ...field('Done so far', wholeLines(tried.map((line) => `• ${dataText(line)}`)) || 'nothing yet'),
      ...field('Links', wholeLines(shown)),
      ...field('Who has it', takenBy.length > 0 ? takenBy.map(dataText).join(', ') : 'nobody yet'),
      ...field('On call', onCall && dataText(onCall)),
      ...field('Not known', missing.map(dataText).join('\n')),
      ...field(
        'To answer',
        `Write here in the channel. To look: \`oncall incident show ${id}\`. To take it: \`oncall ack ${id}\`.`,
      ),
    ],
    ...(from ? { footer: { text: `asked by ${dataName(from)}, by oncall` } } : {}),
  };
}

/** As many lines as fit, the newest kept: half a link would show its address, and half a line would mislead. */
function wholeLines(lines: readonly string[]): string {
  const kept: string[] = [];
  for (const line of [...lines].reverse()) {
    if ([line, ...kept].join('\n').length > LIMITS.value) break;
    kept.unshift(line);
  }
  return kept.join('\n');
}

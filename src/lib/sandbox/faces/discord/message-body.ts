import type { Exchange } from '../../exchange.ts';
import type { AllowedMentions } from '../../world/discord/mentions.ts';
import { checkEmbeds } from './embeds.ts';
import { badJson, Complaints } from './refusal.ts';
import { lengthOf, tooLong } from './text-length.ts';

const LONGEST_CONTENT = 2000;
const LONGEST_NAME = 80;
const MOST_MENTIONS = 100;
const KINDS = ['roles', 'users', 'everyone'];
const FORBIDDEN_NAMES = ['clyde', 'discord'];

/** A message's body that has been found valid. */
export interface MessageBody {
  content: string | undefined;
  embeds: readonly object[] | undefined;
  allowed: AllowedMentions | undefined;
  author: string | null;
  flags: number;
  tts: boolean;
  threadName: string | null;
}

/**
 * Reads the body of a message: JSON, or the `payload_json` of a form.
 * @throws Refusal with every complaint at once
 */
export function messageBody(exchange: Exchange): MessageBody {
  const body = objectIn(exchange);
  const complaints = new Complaints();
  const content = text(body, 'content', complaints);
  const author = text(body, 'username', complaints);
  if (content !== undefined && lengthOf(content) > LONGEST_CONTENT)
    complaints.add(['content'], tooLong(LONGEST_CONTENT));
  if (author !== undefined) checkName(author, complaints);
  const embeds = body.embeds ?? undefined;
  if (embeds !== undefined) checkEmbeds(embeds, complaints);
  const allowed = body.allowed_mentions ?? undefined;
  if (allowed !== undefined) checkMentions(allowed, complaints);
  const threadName = text(body, 'thread_name', complaints);
  complaints.raise();
  return {
    // As the service does, which shows no blanks at either end.
    content: body.content === null ? '' : content?.trim(),
    embeds: (embeds as readonly object[] | undefined)?.filter((embed) =>
      Object.keys(embed).some((key) => key !== 'type'),
    ),
    allowed: allowed as AllowedMentions | undefined,
    author: author ?? null,
    flags: typeof body.flags === 'number' ? body.flags : 0,
    tts: body.tts === true,
    threadName: threadName ?? null,
  };
}

function objectIn(exchange: Exchange): Record<string, unknown> {
  const type = exchange.header('content-type') ?? '';
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(type)?.[1];
  const raw = exchange.body.toString('utf8');
  const json = boundary ? payloadJson(raw, boundary) : raw;
  if (!boundary && !/^application\/json\b/i.test(type) && raw !== '') {
    const complaints = new Complaints();
    complaints.add(['_content_type'], {
      code: 'CONTENT_TYPE_INVALID',
      message: "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.",
    });
    complaints.raise();
  }
  let value: unknown;
  try {
    value = json === '' ? {} : JSON.parse(json);
  } catch {
    throw badJson();
  }
  if (value && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  const complaints = new Complaints();
  complaints.add([], { code: 'MODEL_TYPE_CONVERT', message: 'Only dictionaries may be used in a ModelType' });
  complaints.raise();
  return {};
}

function payloadJson(raw: string, boundary: string): string {
  for (const part of raw.split(`--${boundary}`)) {
    const [head = '', ...rest] = part.split('\r\n\r\n');
    if (/name="payload_json"/i.test(head)) return rest.join('\r\n\r\n').replace(/\r\n$/, '');
  }
  return '';
}

function text(body: Record<string, unknown>, key: string, complaints: Complaints): string | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  // Numbers are taken as their digits.
  if (typeof value === 'number') return String(value);
  complaints.add([key], {
    code: 'STRING_TYPE_CONVERT',
    message: `Could not interpret "${JSON.stringify(value)}" as string.`,
  });
  return undefined;
}

function checkName(name: string, complaints: Complaints): void {
  const length = lengthOf(name);
  if (length < 1 || length > LONGEST_NAME)
    complaints.add(['username'], {
      code: 'BASE_TYPE_BAD_LENGTH',
      message: `Must be between 1 and ${LONGEST_NAME} in length.`,
    });
  const word = FORBIDDEN_NAMES.find((one) => name.toLowerCase().includes(one));
  if (word)
    complaints.add(['username'], { code: 'USERNAME_INVALID_CONTAINS', message: `Username cannot contain "${word}"` });
}

function checkMentions(allowed: unknown, complaints: Complaints): void {
  const at = ['allowed_mentions'];
  if (typeof allowed !== 'object' || Array.isArray(allowed)) {
    complaints.add(at, { code: 'MODEL_TYPE_CONVERT', message: 'Only dictionaries may be used in a ModelType' });
    return;
  }
  const { parse, users, roles } = allowed as Record<string, unknown>;
  const kinds = Array.isArray(parse) ? (parse as unknown[]) : [];
  kinds.forEach((kind, i) => {
    if (!KINDS.includes(String(kind)))
      complaints.add([...at, 'parse', i], {
        code: 'BASE_TYPE_CHOICES',
        message: "Value must be one of ('users', 'everyone', 'roles').",
      });
  });
  for (const [name, ids] of Object.entries({ users, roles })) {
    if (!Array.isArray(ids)) continue;
    if (ids.length > MOST_MENTIONS) complaints.add([...at, name], tooLong(MOST_MENTIONS));
    ids.forEach((id, i) => {
      if (!/^\d{1,20}$/.test(String(id)))
        complaints.add([...at, name, i], {
          code: 'NUMBER_TYPE_COERCE',
          message: `Value "${String(id)}" is not snowflake.`,
        });
    });
    if (ids.length > 0 && kinds.includes(name))
      complaints.add(at, {
        code: 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
        message: `parse:["${name}"] and ${name}: [ids...] are mutually exclusive.`,
      });
  }
}

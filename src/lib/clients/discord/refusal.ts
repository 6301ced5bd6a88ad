import { OncallError } from '../../errors.ts';
import type { OutboundAnswer } from '../outbound.ts';
import type { Audience, DeadWebhook } from './discord.ts';

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const CODES = { unknownChannel: 10003, unknownMessage: 10008, unknownWebhook: 10015, invalidToken: 50027 } as const;
const MOST_COMPLAINTS = 5;

/** Discord's own error body. */
interface WireError {
  code?: unknown;
  message?: unknown;
  errors?: unknown;
}

/** Which webhook was used, and where its address stands. */
export interface Used {
  audience: Audience;
  source: string;
  /** How to get a new one. */
  remedy: string;
}

function codeOf(body: unknown): number | null {
  const { code } = (body ?? {}) as WireError;
  return typeof code === 'number' ? code : null;
}

/** Why a webhook is gone for good; null when the answer does not say so. */
export function deathOf({ status }: OutboundAnswer, body: unknown): DeadWebhook['why'] | null {
  if (status === 404 && codeOf(body) === CODES.unknownWebhook) return 'deleted';
  return status === 401 && codeOf(body) === CODES.invalidToken ? 'invalid token' : null;
}

/** The error for a webhook that is gone: now, or when it was last asked. */
export function gone(why: DeadWebhook['why'], used: Used, since: string | null): OncallError {
  const what = why === 'deleted' ? 'was deleted in Discord' : 'has a token that Discord does not accept';
  const asked = since
    ? ` Discord said so at ${since.slice(0, 16)}Z; it is not asked again until the address changes.`
    : '';
  return new OncallError(`The webhook for the ${used.audience} (from ${used.source}) ${what}.${asked}`, {
    code: why === 'deleted' ? 'NOT_FOUND' : 'AUTH',
    hint: used.remedy,
  });
}

/** Whether Discord says that a message is not there. */
export function isUnknownMessage({ status }: OutboundAnswer, body: unknown): boolean {
  return status === 404 && codeOf(body) === CODES.unknownMessage;
}

/** The error for any other answer that is a refusal: then nothing was posted. */
export function refusal(answer: OutboundAnswer, body: unknown, used: Used): OncallError {
  const { status } = answer;
  const words = messageOf(body);
  if (codeOf(body) === CODES.unknownChannel) {
    return new OncallError(
      `The thread that the webhook for the ${used.audience} (from ${used.source}) names is not in its channel.`,
      {
        code: 'CONFIG',
        hint: 'Correct thread_id at the end of its address, or leave it out.',
      },
    );
  }
  if (status === 400) {
    return new OncallError(
      `Discord refuses the message: ${complaints(body).join('; ') || words || 'it does not say why'}.`,
      {
        code: 'FAILED',
        hint: 'Nothing was posted. Look at the request with --dry-run, and change the text.',
      },
    );
  }
  if (status === 401 || status === 403) {
    return new OncallError(`Discord refuses us (${status})${words ? `: ${words}` : ''}. Nothing was posted.`, {
      code: 'AUTH',
      hint:
        body === undefined
          ? 'This network may be banned for an hour after too many bad requests: post by hand, and try again later.'
          : used.remedy,
    });
  }
  if (status >= 300 && status < 500) {
    return new OncallError(
      `There is no Discord API behind the webhook for the ${used.audience} (from ${used.source}): it answers ${status}.`,
      {
        code: 'CONFIG',
        hint: used.remedy,
      },
    );
  }
  return new OncallError(`Discord is not available right now (${status}).`, {
    code: 'UNAVAILABLE',
    hint: 'Nothing was posted. Look at https://discordstatus.com and try again shortly.',
  });
}

function messageOf(body: unknown): string {
  const { message } = (body ?? {}) as WireError;
  return typeof message === 'string' ? message.replace(/\s+/g, ' ').trim() : '';
}

/** Discord's tree of complaints as sentences: `embeds.0.title: Must be 256 or fewer in length`. */
function complaints(body: unknown): string[] {
  const found = [...walk((body as WireError | undefined)?.errors, [])];
  const more = found.length - MOST_COMPLAINTS;
  return more > 0 ? [...found.slice(0, MOST_COMPLAINTS), `and ${more} more`] : found;
}

function* walk(node: unknown, path: readonly string[]): Generator<string> {
  if (!node || typeof node !== 'object') return;
  for (const [key, inner] of Object.entries(node)) {
    if (key !== '_errors') yield* walk(inner, [...path, key]);
    else if (Array.isArray(inner)) {
      for (const { message } of inner as { message?: unknown }[])
        yield `${path.join('.') || 'the message'}: ${String(message).replace(/\.$/, '')}`;
    }
  }
}

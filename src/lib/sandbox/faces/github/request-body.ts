import type { Exchange } from '../../exchange.ts';
import { Refusal } from '../../world/repositories/refusal.ts';

export type BodyFields = Readonly<Record<string, unknown>>;

/** The body cannot be read at all: GitHub answers 400. */
export class UnreadableBody extends Error {}

type Kind = 'string' | 'boolean' | 'object' | 'array' | 'string or object';

/** A body's permitted keys and what each must be; a `!` marks one that has to be there. */
export type BodyShape = Readonly<Record<string, Kind | `${Kind}!`>>;

function isKind(value: unknown, kind: Kind): boolean {
  if (kind === 'array') return Array.isArray(value);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (kind === 'string or object') return isObject || typeof value === 'string';
  return kind === 'object' ? isObject : typeof value === kind;
}

/**
 * Reads a request body and holds it against a shape.
 * @param strict also refuse keys that the shape does not have.
 * @throws UnreadableBody, or Refusal in the words of GitHub's schema check.
 */
export function readBody(exchange: Exchange, shape: BodyShape, strict = false): BodyFields {
  const body = parse(exchange);
  for (const [name, rule] of Object.entries(shape)) {
    const kind = rule.replace('!', '') as Kind;
    const value = body[name];
    if (value === undefined && rule.endsWith('!')) {
      throw new Refusal('invalid', `Invalid request.\n\n"${name}" wasn't supplied.`);
    }
    const absent = value === undefined || (value === null && !rule.endsWith('!'));
    if (!absent && !isKind(value, kind)) {
      const shown = value === null ? 'nil' : JSON.stringify(value);
      throw new Refusal('invalid', `Invalid request.\n\nFor 'properties/${name}', ${shown} is not a ${kind}.`);
    }
  }
  const unknown = strict ? Object.keys(body).find((name) => !(name in shape)) : undefined;
  if (unknown) throw new Refusal('invalid', `Invalid request.\n\n"${unknown}" is not a permitted key.`);
  return body;
}

function parse(exchange: Exchange): BodyFields {
  let body: unknown;
  try {
    body = exchange.parsed() ?? {};
  } catch {
    throw new UnreadableBody('Problems parsing JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new UnreadableBody('Body should be a JSON object');
  }
  return body as BodyFields;
}

/** A field as text, or undefined when it is absent or null. */
export function textOf(body: BodyFields, name: string): string | undefined {
  const value = body[name];
  return value === undefined || value === null ? undefined : String(value);
}

/** A field as a boolean, or undefined when it is absent or null. */
export function flagOf(body: BodyFields, name: string): boolean | undefined {
  const value = body[name];
  return typeof value === 'boolean' ? value : undefined;
}

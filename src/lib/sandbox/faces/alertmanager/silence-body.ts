import type { Exchange } from '../../exchange.ts';
import type { SilenceDraft } from '../../world/alerting/silences.ts';

/** A request that Alertmanager's own parser refuses, before Alertmanager itself sees it: `{code, message}`. */
export class RequestRefused extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const REQUIRED = ['comment', 'createdBy', 'endsAt', 'matchers', 'startsAt'] as const;
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)$/;

/**
 * Reads the body of `POST /api/v2/silences`.
 * @throws RequestRefused
 */
export function silenceBody(exchange: Exchange): SilenceDraft {
  const type = exchange.header('content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) {
    const problem = `unsupported media type "${type}", only [application/json] are allowed`;
    throw new RequestRefused(415, 415, problem);
  }
  const body = read(exchange);
  for (const name of REQUIRED) {
    if (body[name] === undefined || body[name] === null) throw refused(602, `${name} in body is required`);
  }
  return {
    id: typeof body['id'] === 'string' ? body['id'] : undefined,
    matchers: matchersOf(body['matchers']),
    startsAt: dateTime(body['startsAt']),
    endsAt: dateTime(body['endsAt']),
    createdBy: String(body['createdBy']),
    comment: String(body['comment']),
  };
}

function refused(code: number, message: string): RequestRefused {
  return new RequestRefused(422, code, message);
}

function unreadable(problem: string): RequestRefused {
  return new RequestRefused(400, 400, `parsing silence body from "" failed, because ${problem}`);
}

function read(exchange: Exchange): Record<string, unknown> {
  let body: unknown;
  try {
    body = exchange.parsed();
  } catch {
    throw unreadable('invalid character in JSON');
  }
  if (body === undefined) throw refused(602, 'silence in body is required');
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw unreadable('json: cannot unmarshal into Go value of type models.PostableSilence');
  }
  return body as Record<string, unknown>;
}

function matchersOf(value: unknown): SilenceDraft['matchers'] {
  if (!Array.isArray(value)) throw unreadable('json: cannot unmarshal into Go struct field of type models.Matchers');
  if (value.length === 0) throw refused(612, 'matchers in body should have at least 1 items');
  return (value as Record<string, unknown>[]).map((one, i) => {
    for (const name of ['isRegex', 'name', 'value'] as const) {
      if (one?.[name] === undefined) throw refused(602, `matchers.${i}.${name} in body is required`);
    }
    // Clients older than 0.22 know no negative matchers and leave `isEqual` out.
    const isEqual = one['isEqual'] !== false;
    return { name: String(one['name']), value: String(one['value']), isRegex: one['isRegex'] === true, isEqual };
  });
}

function dateTime(value: unknown): number {
  const ms = typeof value === 'string' && DATE_TIME.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw unreadable(`parsing time ${JSON.stringify(value)} as RFC 3339 failed`);
  return ms;
}

import type { Exchange } from '../../exchange.ts';

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

const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?$/;

/** Reads fields out of a JSON body with the types that the real server's structs have, and its words where they differ. */
export class BodyReader {
  readonly #what: string;

  /** @param what the parameter's name in the API: `silence` or `alerts` */
  constructor(what: string) {
    this.#what = what;
  }

  /** The parsed body. @throws RequestRefused for a wrong media type, no body, or what is no JSON */
  body(exchange: Exchange): unknown {
    const type = exchange.header('content-type') || 'application/octet-stream';
    if (exchange.body.length === 0) throw refused(602, `${this.#what} in body is required`);
    if (!/^application\/json\b/i.test(type)) {
      throw new RequestRefused(415, 415, `unsupported media type "${type}", only [application/json] are allowed`);
    }
    try {
      return exchange.parsed();
    } catch (error) {
      throw this.unreadable(syntaxProblem(exchange.body.toString('utf8'), (error as Error).message));
    }
  }

  unreadable(problem: string): RequestRefused {
    return new RequestRefused(400, 400, `parsing ${this.#what} body from "" failed, because ${problem}`);
  }

  /** Go's complaint about a value of the wrong kind. `into` is what follows `Go `, e.g. `struct field Silence.comment of type string`. */
  mismatch(value: unknown, into: string): RequestRefused {
    return this.unreadable(`json: cannot unmarshal ${kindOf(value)} into Go ${into}`);
  }

  /** A text field; undefined when it is absent or null. */
  text(value: unknown, field: string): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    throw this.mismatch(value, `struct field ${field} of type string`);
  }

  flag(value: unknown, field: string): boolean | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'boolean') return value;
    throw this.mismatch(value, `struct field ${field} of type bool`);
  }

  /** A time in milliseconds since 1970; undefined when absent. Empty text is the beginning of that count, as in the real one. */
  time(value: unknown, field: string): number | undefined {
    const text = this.text(value, field);
    if (text === undefined) return undefined;
    if (text === '') return 0;
    const zoned = /(?:[Zz]|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`;
    const ms = DATE_TIME.test(text) ? Date.parse(zoned.replace(' ', 'T')) : Number.NaN;
    if (!Number.isNaN(ms)) return ms;
    const [rest, wanted] = /^\d{4}-\d\d-\d\d$/.test(text) ? ['', '15'] : [text, '2006'];
    throw this.unreadable(`parsing time "${text}" as "2006-01-02 15:04:05": cannot parse "${rest}" as "${wanted}"`);
  }

  /** An object of texts, such as labels. */
  texts(value: unknown, field: string): Record<string, string> | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) {
      throw this.mismatch(value, `struct field ${field} of type models.LabelSet`);
    }
    return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, this.text(text, field) ?? '']));
  }
}

export function refused(code: number, message: string): RequestRefused {
  return new RequestRefused(422, code, message);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Go's words for the commonest ways in which JSON is broken. */
function syntaxProblem(text: string, said: string): string {
  const at = Number(/position (\d+)/.exec(said)?.[1] ?? Number.NaN);
  const character = text[at];
  if (/end of JSON input|Unterminated/i.test(said) || character === undefined) return 'unexpected EOF';
  const before = text.slice(0, at).trimEnd().at(-1);
  const where =
    before === '{'
      ? 'looking for beginning of object key string'
      : before === undefined || ':[,'.includes(before)
        ? 'looking for beginning of value'
        : 'after top-level value';
  return `invalid character '${character}' ${where}`;
}

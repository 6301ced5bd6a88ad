import type { ConnectionSettings } from '../config/settings.ts';
import { OncallError } from '../errors.ts';
import { guardedAgents, type OutboundAnswer, type OutboundRequest, send, unreachable } from './outbound.ts';
import { sendRead } from './send-read.ts';

const DEADLINE = 10_000;

/** A service whose API answers reads with JSON and which the team's file gives the address of. */
export interface JsonApi {
  /** Asks and gives the parsed answer, read into our own shape. */
  ask<T>(request: Ask<T>): Promise<T>;
}

export interface Ask<T> {
  /** Path below the configured address, without a leading slash. */
  path: string;
  query?: URLSearchParams;
  /** Makes it a write, which is sent once and never again; its answer may be empty, and is then read as null. */
  write?: { method: 'POST' | 'DELETE'; body?: unknown };
  /** Turns the parsed body into what is wanted; a body that it cannot read is the service's fault. */
  read(body: unknown): T;
}

export interface JsonApiOptions {
  /** The service as a user knows it, e.g. `Prometheus`. */
  what: string;
  /** Its key in the team's file, e.g. `prometheus.url`. */
  key: string;
  url: string | null;
  settings: ConnectionSettings;
  signal: AbortSignal;
  /** The error that a body in the service's own error form stands for; null when it is not in that form. */
  refusal(answer: OutboundAnswer, body: unknown): OncallError | null;
}

/** Beyond this a query goes in a POST body: proxies cut long addresses. */
const LONGEST_ADDRESS = 2000;

/**
 * Connects to such a service. Its answers may come from a proxy before it instead, so whatever is not JSON is
 * recognised for what it is: a login page, a gateway's error, an address that is not the API's.
 * @throws CONFIG when asked without an address
 */
export function jsonApi(options: JsonApiOptions): JsonApi {
  const agents = guardedAgents(options.settings.world);
  return {
    async ask(request) {
      const base = address(options);
      const at = { url: base, world: options.settings.world };
      const url = `${base}/${request.path}`;
      const sent = { ...asSent(url, request), deadline: DEADLINE, signal: options.signal, agents };
      let answer: OutboundAnswer;
      try {
        answer = await (request.write ? send(sent) : sendRead(sent));
      } catch (error) {
        if (error instanceof OncallError) throw error;
        throw unreachable(options.what, at, error);
      }
      return understand(answer, { options, base, request });
    },
  };
}

function asSent<T>(
  url: string,
  { query, write }: Ask<T>,
): Pick<OutboundRequest, 'url' | 'method' | 'headers' | 'body'> {
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'oncall' };
  if (write) {
    const body = write.body === undefined ? {} : { body: JSON.stringify(write.body) };
    if (write.body !== undefined) headers['content-type'] = 'application/json';
    return { url, method: write.method, headers, ...body };
  }
  const parameters = query?.toString() ?? '';
  if (url.length + parameters.length > LONGEST_ADDRESS) {
    headers['content-type'] = 'application/x-www-form-urlencoded';
    return { url, method: 'POST', headers, body: parameters };
  }
  return { url: parameters === '' ? url : `${url}?${parameters}`, headers };
}

function address({ what, key, url }: JsonApiOptions): string {
  if (!url) {
    throw new OncallError(`No address of ${what} is configured.`, {
      code: 'CONFIG',
      hint: `Set \`${key}\` in oncall.yaml.`,
    });
  }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new OncallError(`\`${key}\` is not the address of a web server.`, {
      code: 'CONFIG',
      hint: `Set \`${key}\` to an address that begins with https:// or http://.`,
    });
  }
  return url.replace(/\/+$/, '');
}

function understand<T>(answer: OutboundAnswer, facts: { options: JsonApiOptions; base: string; request: Ask<T> }): T {
  const { options, base, request } = facts;
  const body = request.write && answer.body.trim() === '' ? null : parse(answer.body);
  const refused = body === undefined ? null : options.refusal(answer, body);
  if (refused) throw refused;
  if (answer.status !== 200 || isPage(answer)) throw notTheApi(answer, { ...options, base, path: request.path });
  try {
    if (body !== undefined) return request.read(body);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  throw new OncallError(`${options.what} at ${new URL(base).host} gave an answer that cannot be read.`, {
    code: 'UNAVAILABLE',
    hint: `Try again; if it stays so, check that \`${options.key}\` is the address of ${options.what}.`,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPage({ headers, body }: OutboundAnswer): boolean {
  return /\btext\/html\b/i.test(headers['content-type'] ?? '') || /^\s*</.test(body);
}

interface Asked {
  what: string;
  key: string;
  base: string;
  path: string;
}

function notTheApi(answer: OutboundAnswer, asked: Asked): OncallError {
  const { what, key } = asked;
  const host = new URL(asked.base).host;
  const { status } = answer;
  if (status === 401 || status === 403 || (status === 200 && isPage(answer))) {
    const how = status === 200 ? 'answers with a web page, most likely a login page' : `refuses us (${status})`;
    return new OncallError(`${what} at ${host} ${how}: something before it wants you to sign in.`, {
      code: 'AUTH',
      hint: `Sign in where ${what} is protected (VPN, SSO proxy), or set \`${key}\` to an address that needs no browser.`,
    });
  }
  if (status >= 300 && status < 400) return sentOn(answer.headers['location'] ?? '', asked);
  if (status === 429) {
    const after = answer.headers['retry-after'];
    return new OncallError(`${what} at ${host} is asked too often.`, {
      code: 'RATE_LIMITED',
      hint: `Try again ${after ? `in ${after} s` : 'in a minute'}.`,
    });
  }
  if (status < 500) {
    return new OncallError(`${what} at ${host} does not know this API (${status}).`, {
      code: 'CONFIG',
      hint: `Check that \`${key}\` is the base address of ${what}, with its path prefix if it has one.`,
    });
  }
  return new OncallError(`${what} at ${host} is not available right now (${status}).`, {
    code: 'UNAVAILABLE',
    hint: 'Try again shortly; `oncall doctor` checks every connection.',
  });
}

/** A redirect that keeps the path has moved the service; any other leads to a sign-in. Neither is followed. */
function sentOn(location: string, { what, key, base, path }: Asked): OncallError {
  const host = new URL(base).host;
  const target = URL.canParse(location, base) ? new URL(location, base) : null;
  if (target?.pathname.endsWith(`/${path}`)) {
    const moved = `${target.origin}${target.pathname.slice(0, -path.length - 1)}`;
    return new OncallError(`${what} at ${host} has moved.`, { code: 'CONFIG', hint: `Set \`${key}\` to ${moved}` });
  }
  return new OncallError(`${what} at ${host} sends us to ${target?.host ?? 'another page'} to sign in.`, {
    code: 'AUTH',
    hint: `Sign in${target ? ` at ${target.origin}` : ''}, or set \`${key}\` to an address that needs no browser.`,
  });
}

import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { World } from '../config/settings.ts';
import { interrupted, OncallError } from '../errors.ts';

const LEAVE_SANDBOX = 'eval "$(oncall sandbox env --unset)"';

/** Whether a host name or address can only mean this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare) || bare === '::ffff:127.0.0.1';
}

/**
 * Refuses, in a practice world, any address that is not this machine. Called where connections are made, with the
 * address that is really dialled, so that no setting, redirect or queue URL can lead out of the practice world.
 * @throws REFUSED
 */
export function assertAddressAllowed(world: World, host: string): void {
  if (world === 'production' || isLoopback(host)) return;
  throw new OncallError(
    `This is a practice world (world: ${world}), and ${host} is outside this machine. Not connected.`,
    {
      code: 'REFUSED',
      hint: `Leave the practice world to reach real systems: ${LEAVE_SANDBOX}`,
    },
  );
}

function guarded<A extends http.Agent>(agent: A, world: World): A {
  const connect = (agent as http.Agent & { createConnection: (...args: unknown[]) => Duplex }).createConnection;
  Object.assign(agent, {
    createConnection(options: { host?: string | null; socketPath?: string }, ...rest: unknown[]) {
      assertAddressAllowed(world, options.host ?? 'localhost');
      return connect.call(agent, options, ...rest) as Socket;
    },
  });
  return agent;
}

/** Keep-alive agents that check each new connection's address. One pair per process is enough. */
export function guardedAgents(world: World): { http: http.Agent; https: https.Agent } {
  return {
    http: guarded(new http.Agent({ keepAlive: true }), world),
    https: guarded(new https.Agent({ keepAlive: true }), world),
  };
}

export interface OutboundRequest {
  url: string | URL;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Milliseconds until the request is given up, everything included. */
  deadline: number;
  signal: AbortSignal;
  agents: { http: http.Agent; https: https.Agent };
}

export interface OutboundAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * One HTTP request over `node:http`. Not `fetch`: on Node 20 its first use costs over 100 ms of start-up.
 * Rejects with the plain network error; each client says in its own words what that means (`unreachable`).
 * @throws INTERRUPTED when `signal` is aborted
 */
export function send(request: OutboundRequest): Promise<OutboundAnswer> {
  const url = new URL(request.url);
  const secure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    if (request.signal.aborted) return reject(interrupted());
    const deadline = AbortSignal.timeout(request.deadline);
    const outgoing = (secure ? https : http).request(url, {
      method: request.method ?? 'GET',
      headers: {
        ...request.headers,
        ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
      },
      agent: secure ? request.agents.https : request.agents.http,
      signal: AbortSignal.any([request.signal, deadline]),
    });
    const fail = (error: Error) => {
      if (request.signal.aborted) return reject(interrupted());
      if (deadline.aborted)
        return reject(Object.assign(new Error(`no answer within ${request.deadline / 1000} s`), { code: 'ETIMEDOUT' }));
      reject(error);
    };
    outgoing.on('error', fail);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('close', () => {
        if (!response.complete) return fail(Object.assign(new Error('the answer broke off'), { code: 'ECONNRESET' }));
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    outgoing.end(request.body);
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name does not resolve',
  EAI_AGAIN: 'names cannot be resolved right now; is this machine online?',
  ETIMEDOUT: 'no answer in time',
  TimeoutError: 'no answer in time',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'this machine is offline',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
};

/** The code of a network error, however deep an SDK has wrapped it; null when it is not one. */
export function networkCode(error: unknown): string | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (typeof code === 'string' && code in REASONS) return code;
    if (cause.name in REASONS) return cause.name;
    const inner = (cause as AggregateError).errors?.[0];
    if (inner) return networkCode(inner);
  }
  return null;
}

/**
 * The error for an outside service that cannot be reached. In a practice world a closed port means that the sandbox
 * has gone, and says so: nobody may believe that a real page was acknowledged in a fake world.
 */
export function unreachable(what: string, at: { url: string; world: World }, cause: unknown): OncallError {
  const code = networkCode(cause);
  const host = URL.canParse(at.url) ? new URL(at.url).host : at.url;
  if (at.world === 'sandbox' && (code === 'ECONNREFUSED' || code === 'ENOTFOUND')) {
    return new OncallError(
      `The sandbox has gone: no ${what} at ${host}. This was practice; nothing real was touched.`,
      {
        code: 'UNAVAILABLE',
        hint: `Start it again with \`oncall sandbox start\`, or leave the practice world: ${LEAVE_SANDBOX}`,
        cause,
      },
    );
  }
  const reason = code ? REASONS[code] : cause instanceof Error ? cause.message : 'unknown network error';
  return new OncallError(`${what} at ${host} cannot be reached: ${reason}.`, {
    code: 'UNAVAILABLE',
    hint: 'Check the address and your network with `oncall doctor`.',
    cause,
  });
}

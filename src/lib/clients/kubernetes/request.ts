import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { interrupted } from '../../errors.ts';
import type { Access } from './access.ts';

const DEADLINE = 10_000;
/** A kubelet may have to search a long file before its first byte. */
const LOG_DEADLINE = 30_000;
const ALIVE_EVERY = 15_000;
const JSON_PATCH = 'application/json-patch+json';

export interface ClusterRequest {
  url: URL;
  access: Access;
  /** Sent as JSON; makes it a POST, or a PATCH where `patch` says so. */
  body?: unknown;
  /** The body is a JSON patch. */
  patch?: boolean;
  /** Aborted by whoever no longer wants the answer. */
  signal: AbortSignal;
  /**
   * How long to wait: for the whole answer, for its beginning, or, for the log of a container that may be silent for
   * hours, only until the request has been sent. A kubelet sends not even headers before the first line.
   */
  until: 'whole' | 'begun' | 'sent';
}

/**
 * Sends one request. Rejects with the plain network error.
 * @returns the answer as it arrives; whoever takes it must read it
 * @throws INTERRUPTED
 */
export function open(request: ClusterRequest): Promise<IncomingMessage> {
  const { url, access, signal, until } = request;
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(interrupted());
    const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
      ...access,
      method: body === undefined ? 'GET' : request.patch ? 'PATCH' : 'POST',
      headers: {
        ...access.headers,
        accept: 'application/json, */*',
        'user-agent': 'oncall',
        ...(body === undefined
          ? {}
          : {
              'content-type': request.patch ? JSON_PATCH : 'application/json',
              'content-length': Buffer.byteLength(body),
            }),
      },
      signal,
    });
    const deadline = until === 'begun' ? LOG_DEADLINE : DEADLINE;
    let answer: IncomingMessage | undefined;
    const clock = setTimeout(() => {
      const words = `no answer within ${deadline / 1000} s`;
      (answer ?? outgoing).destroy(Object.assign(new Error(words), { code: 'ETIMEDOUT' }));
    }, deadline);
    const stop = () => clearTimeout(clock);
    if (until === 'sent') outgoing.once('finish', stop);
    outgoing.once('close', stop);
    // A link that died silently under a silent log is noticed by the machine, not by us.
    outgoing.on('socket', (socket) => socket.setKeepAlive(true, ALIVE_EVERY));
    outgoing.on('error', (error) => reject(signal.aborted ? interrupted() : error));
    outgoing.on('response', (response) => {
      answer = response;
      if (until !== 'whole') stop();
      resolve(response);
    });
    outgoing.end(body);
  });
}

/** The rest of an answer as text. Rejects when it breaks off. */
export async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

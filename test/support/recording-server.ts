import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  method: string;
  /** Path as sent, still percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A server of a test's own that keeps what it received and answers as it is told: for the bad days of the wire. */
export interface RecordingServer {
  url: string;
  received: Recorded[];
  close(): Promise<void>;
}

export type Reply = (response: ServerResponse, request: Recorded) => void;

/** Serves on a free port of 127.0.0.1, over TLS when it is given a certificate. */
export async function serveRecording(reply: Reply, tls?: { key: string; cert: string }): Promise<RecordingServer> {
  const received: Recorded[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://server');
    const recorded: Recorded = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    received.push(recorded);
    reply(response, recorded);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'text/plain', ...headers });
    response.end(body);
  };
}

/** Promises more than it sends, then drops the connection. */
export function halfOf(body: string, contentType = 'application/json'): Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': contentType, 'content-length': String(Buffer.byteLength(body)) });
    response.write(body.slice(0, body.length / 2), () => response.destroy());
  };
}

/** Gives each reply once, in order, and the last one ever after. */
export function inTurn(...replies: Reply[]): Reply {
  let next = 0;
  return (response, request) => replies[Math.min(next++, replies.length - 1)]?.(response, request);
}

/** An address of this machine where nothing listens. */
export async function closedPort(): Promise<string> {
  const server = await serveRecording(() => {});
  await server.close();
  return server.url;
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that went through, and what came back. */
export interface Passed {
  method: string;
  /** As sent, with the query string. */
  path: string;
  headers: Record<string, string>;
  body: string;
  answer: { status: number; headers: Record<string, string>; body: string };
}

export interface PassingProxy {
  url: string;
  passed: Passed[];
  close(): Promise<void>;
}

const FORWARDED = ['authorization', 'content-type', 'x-amz-target', 'x-amz-date'];

/**
 * Stands between a client and a server, keeps what goes by, and may alter an answer on its way back: what a client prints
 * is not always what the server said.
 */
export async function startPassingProxy(
  target: string,
  alter: (passed: Passed) => string = ({ answer }) => answer.body,
): Promise<PassingProxy> {
  const passed: Passed[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const headers = Object.fromEntries(
      FORWARDED.flatMap((name) => (request.headers[name] ? [[name, String(request.headers[name])]] : [])),
    );
    const { method = 'GET', url: path = '/' } = request;
    const answered = await fetch(`${target}${path}`, { method, headers, ...(body ? { body } : {}) });
    const answer = {
      status: answered.status,
      headers: Object.fromEntries(answered.headers),
      body: await answered.text(),
    };
    const one = { method, path, headers, body, answer };
    passed.push(one);
    const altered = alter(one);
    const { 'content-length': _length, connection: _connection, ...kept } = answer.headers;
    response.writeHead(answer.status, kept);
    response.end(altered);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

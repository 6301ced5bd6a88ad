import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Exchange } from './exchange.ts';
import type { Face } from './face.ts';

export interface SandboxServer {
  port: number;
  /** Ends every connection and gives the port back. */
  close(): Promise<void>;
}

/** Faces that share one plain-HTTP port. AWS services are told apart as AWS itself does, the rest by a path prefix. */
export interface ServerFaces {
  /** By the service name that requests are signed for. */
  aws: readonly Face[];
  /** By the first part of the path. */
  prefixed: readonly Face[];
}

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Serves the plain-HTTP faces on a loopback port.
 *
 * The Host header must name this machine: otherwise any web page that the user has open could reach the sandbox
 * through a DNS name of its own that points here (DNS rebinding).
 */
export async function startServer(faces: ServerFaces, options: { port?: number } = {}): Promise<SandboxServer> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => void answer(faces, request, response));
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await listen(server, options.port ?? 0);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function answer(faces: ServerFaces, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!LOOPBACK_HOST.test(request.headers.host ?? '')) {
    response.writeHead(403).end('The sandbox answers requests to this machine only.\n');
    return;
  }
  let exchange: Exchange;
  try {
    exchange = await Exchange.receive(request, response);
  } catch {
    response.destroy();
    return;
  }
  const face = prefixedFace(faces.prefixed, exchange) ?? awsFace(faces.aws, exchange);
  if (!face) {
    const known = [...faces.prefixed.map((one) => `/${one.name}/`), 'and AWS requests'].join(', ');
    exchange.text(404, `The sandbox serves ${known}.\n`, { 'content-type': 'text/plain' });
    return;
  }
  await face.answer(exchange);
}

function prefixedFace(faces: readonly Face[], exchange: Exchange): Face | undefined {
  const face = faces.find(({ name }) => exchange.path === `/${name}` || exchange.path.startsWith(`/${name}/`));
  if (face) exchange.path = exchange.path.slice(face.name.length + 1) || '/';
  return face;
}

/** The credential scope of a SigV4 signature names the service; an unsigned request is known by its target. */
function awsFace(faces: readonly Face[], exchange: Exchange): Face | undefined {
  const scope = /Credential=[^/]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(
    exchange.header('authorization') ?? '',
  )?.[1];
  const target = exchange.header('x-amz-target')?.startsWith('SSMContacts.') ? 'ssm-contacts' : undefined;
  const service = scope ?? target;
  return faces.find(({ name }) => name === service);
}

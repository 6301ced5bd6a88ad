import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, ListenOptions, Socket } from 'node:net';
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
/** What `gh` asks for when its host is `github.localhost`; names below `localhost` never lead to another machine. */
const GH_API_HOST = 'api.github.localhost';

/**
 * Serves the plain-HTTP faces on a loopback port, and on a socket file for clients that take one (`gh`).
 *
 * The Host header must name this machine: otherwise any web page that the user has open could reach the sandbox
 * through a DNS name of its own that points here (DNS rebinding).
 */
export async function startServer(
  faces: ServerFaces,
  options: { port?: number; socket?: string | null } = {},
): Promise<SandboxServer> {
  const sockets = new Set<Socket>();
  const open = () => {
    const server = createServer((request, response) => void answer(faces, request, response));
    server.keepAliveTimeout = 60_000;
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    return server;
  };
  const server = open();
  await listen(server, { port: options.port ?? 0, host: '127.0.0.1' });
  const beside = options.socket ? open() : null;
  if (beside && options.socket) await listen(beside, { path: options.socket });
  const close = (one: Server) => new Promise<void>((resolve) => void one.close(() => resolve()));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = [server, beside].flatMap((one) => (one ? [close(one)] : []));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

function listen(server: Server, place: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(place, resolve);
  });
}

async function answer(faces: ServerFaces, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { host = '' } = request.headers;
  if (!LOOPBACK_HOST.test(host) && host !== GH_API_HOST) {
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
  const isGh = exchange.header('host') === GH_API_HOST && !exchange.path.startsWith('/github/');
  if (isGh) return faces.find(({ name }) => name === 'github');
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

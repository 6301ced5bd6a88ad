import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Certificates } from './certificates.ts';
import { Exchange } from './exchange.ts';
import { rememberPeer, type User } from './faces/kubernetes/peer.ts';
import { ApiFailure } from './faces/kubernetes/status.ts';

export interface KubeServerOptions {
  certificates: Certificates;
  /** Answers one request: the Kubernetes face, with whatever the sandbox puts around a face. */
  answer(exchange: Exchange): void | Promise<void>;
  /** Port on 127.0.0.1; a free one unless told. */
  port?: number;
}

export interface KubeServer {
  port: number;
  /** `https://127.0.0.1:PORT` */
  url: string;
  /** Hangs up on everybody, open watches and logs included, and closes the port. */
  close(): Promise<void>;
}

/** As a real API server: so many streams of one connection at once. */
const MOST_STREAMS = 250;
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Serves the Kubernetes API over TLS on loopback, HTTP/2 or HTTP/1.1 as the client likes. Plain HTTP would not do:
 * stock kubectl sends no token over it.
 */
export async function startKubeServer(options: KubeServerOptions): Promise<KubeServer> {
  const { ca, server: own } = options.certificates;
  const server = createSecureServer({
    key: own.key,
    cert: own.cert,
    ca: [ca.cert],
    allowHTTP1: true,
    // A client certificate is welcome but not needed; who has neither that nor a token gets a 401 in so many words.
    requestCert: true,
    rejectUnauthorized: false,
    settings: { maxConcurrentStreams: MOST_STREAMS },
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  server.on('request', (request, response) => void receive(request, response, options));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `https://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function receive(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  { answer }: KubeServerOptions,
): Promise<void> {
  // A page in a browser can reach loopback under a name of its own; it must not reach this.
  const host = request.headers[':authority'] ?? request.headers.host ?? '';
  if (!LOOPBACK.test(String(host))) {
    response.writeHead(403, { 'content-type': 'text/plain' });
    response.end('this address is for loopback only\n');
    return;
  }
  const peer = certificateUser(request);
  let exchange: Exchange;
  try {
    exchange = await Exchange.receive(request, response);
  } catch {
    // The client has gone away in the middle of its request, or sent far too much.
    request.destroy();
    return;
  }
  if (peer) rememberPeer(exchange, peer);
  try {
    await answer(exchange);
  } catch (error) {
    if (exchange.answered) return exchange.destroy();
    const why = error instanceof Error ? error.message : String(error);
    const failure = new ApiFailure('InternalError', `Internal error occurred: ${why}`);
    exchange.json(failure.code, failure.status);
  }
}

/** Who the connection's client certificate names, if our CA signed it. */
function certificateUser(request: Http2ServerRequest): User | undefined {
  const socket = (request.stream?.session?.socket ?? request.socket) as TLSSocket;
  if (!socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  if (!subject?.CN) return undefined;
  const groups: unknown = subject.O ?? [];
  return { user: String(subject.CN), groups: [groups].flat().map(String) };
}

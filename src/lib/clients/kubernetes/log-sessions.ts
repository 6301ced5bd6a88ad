import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { World } from '../../config/settings.ts';
import { assertAddressAllowed } from '../outbound.ts';
import type { Access } from './access.ts';

/** Together the streams of one session may have so many bytes under way; a stream's share lies between the two others. */
const SESSION_WINDOW = 8 * 1024 * 1024;
const LARGEST_WINDOW = 4 * 1024 * 1024;
const SMALLEST_WINDOW = 64 * 1024;
const CONNECT_DEADLINE = 10_000;
/** Silent logs say nothing for hours; whether the connection lives, a PING tells. */
const PING_EVERY = 20_000;
const PONG_WITHIN = 10_000;
/** Until a server says otherwise: https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2 recommends no fewer. */
const STREAMS_UNTIL_TOLD = 100;

export interface SessionAddress {
  url: URL;
  access: Access;
  world: World;
}

/**
 * HTTP/2 connections for the logs of one cluster, apart from those for all else, so that a reader that has stopped reading
 * logs cannot starve the watch of the pods. Another one is opened when a server takes no more streams on the last.
 */
export class LogSessions {
  readonly #sessions = new Set<ClientHttp2Session>();
  readonly #streams = new Map<ClientHttp2Session, number>();
  #connecting: Promise<ClientHttp2Session | null> | null = null;
  #wanted = 0;
  /** Set once the server, or what stands before it, turned out not to speak HTTP/2. */
  #plain = false;

  /**
   * Opens a stream for a GET.
   * @returns null when the server does not speak HTTP/2
   * @throws the plain network error; REFUSED outside a practice world
   */
  async get(address: SessionAddress, headers: Readonly<Record<string, string>>): Promise<ClientHttp2Stream | null> {
    this.#wanted++;
    try {
      for (;;) {
        if (this.#plain) return null;
        const session = this.#withRoom() ?? (await this.#connect(address));
        if (session && this.#hasRoom(session)) return this.#open(session, address.url, headers);
        if (session === null) return null;
      }
    } finally {
      this.#wanted--;
    }
  }

  #withRoom(): ClientHttp2Session | undefined {
    return [...this.#sessions].find((session) => this.#hasRoom(session));
  }

  #hasRoom(session: ClientHttp2Session): boolean {
    const most = session.remoteSettings?.maxConcurrentStreams ?? STREAMS_UNTIL_TOLD;
    return !session.closed && !session.destroyed && (this.#streams.get(session) ?? 0) < most;
  }

  #open(session: ClientHttp2Session, url: URL, headers: Readonly<Record<string, string>>): ClientHttp2Stream {
    const stream = session.request({ ':method': 'GET', ':path': `${url.pathname}${url.search}`, ...headers });
    const count = (change: number) => {
      const now = (this.#streams.get(session) ?? 0) + change;
      this.#streams.set(session, now);
      // A connection without streams may not keep the process alive.
      if (now === 0) session.unref();
      else session.ref();
    };
    count(1);
    stream.once('close', () => count(-1));
    return stream;
  }

  /** However many streams wait for it, one connection is made. */
  #connect(address: SessionAddress): Promise<ClientHttp2Session | null> {
    this.#connecting ??= this.#dial(address).finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async #dial(address: SessionAddress): Promise<ClientHttp2Session | null> {
    const socket = await openSocket(address);
    if (socket.alpnProtocol !== 'h2') {
      socket.destroy();
      this.#plain = true;
      return null;
    }
    // Each stream may fill its window while nobody reads, whatever the session's own is: together they are the bound.
    const share = Math.floor(SESSION_WINDOW / Math.max(1, this.#wanted));
    const initialWindowSize = Math.max(SMALLEST_WINDOW, Math.min(LARGEST_WINDOW, share));
    const session = connectHttp2(address.url.origin, {
      createConnection: () => socket,
      settings: { initialWindowSize, enablePush: false },
    });
    this.#sessions.add(session);
    const beat = heartbeat(session);
    session.once('close', () => {
      clearInterval(beat);
      this.#sessions.delete(session);
      this.#streams.delete(session);
    });
    // Each stream is told of it too, and says it in its own words.
    session.on('error', () => {});
    // A server that goes away lets open streams end; new ones need another connection.
    session.on('goaway', () => this.#sessions.delete(session));
    await new Promise<void>((resolve, reject) => {
      session.once('remoteSettings', () => resolve());
      session.once('error', reject);
      session.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    });
    session.setLocalWindowSize(SESSION_WINDOW);
    return session;
  }
}

function openSocket({ url, access, world }: SessionAddress): Promise<TLSSocket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  assertAddressAllowed(world, host);
  const { ca, cert, key, rejectUnauthorized, servername } = access;
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      host,
      port: Number(url.port || 443),
      ALPNProtocols: ['h2', 'http/1.1'],
      ...given({ ca, cert, key, rejectUnauthorized }),
      // An address has no name to ask for.
      ...(servername ? { servername } : /^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    });
    const late = () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
    const clock = setTimeout(late, CONNECT_DEADLINE);
    socket.once('secureConnect', () => {
      clearTimeout(clock);
      socket.setNoDelay(true);
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(clock);
      reject(error);
    });
  });
}

function heartbeat(session: ClientHttp2Session): NodeJS.Timeout {
  const beat = setInterval(() => {
    if (session.destroyed) return;
    const dead = setTimeout(
      () => session.destroy(Object.assign(new Error('no answer to a ping'), { code: 'ETIMEDOUT' })),
      PONG_WITHIN,
    );
    const asked = session.ping(() => clearTimeout(dead));
    if (!asked) clearTimeout(dead);
  }, PING_EVERY);
  beat.unref();
  return beat;
}

function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

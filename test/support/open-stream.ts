import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { type ServedKubernetes, TOKEN } from './serve-kubernetes.ts';

/** A stream of one request that stays open, line by line, over HTTP/2. */
export class OpenStream {
  readonly status: Promise<number>;
  readonly ended: Promise<void>;
  readonly lines: string[] = [];
  readonly #session: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;
  #rest = '';
  #look: () => void = () => {};

  constructor(served: Pick<ServedKubernetes, 'server' | 'caPem'>, path: string, headers: Record<string, string> = {}) {
    this.#session = connect(served.server.url, { ca: served.caPem });
    this.#stream = this.#session.request({ ':path': path, authorization: `Bearer ${TOKEN}`, ...headers });
    this.#stream.setEncoding('utf8');
    this.status = new Promise((resolve) =>
      this.#stream.once('response', (headers) => resolve(headers[':status'] ?? 0)),
    );
    this.ended = new Promise((resolve) => this.#stream.once('close', resolve));
    this.#session.on('error', () => {});
    this.#stream.on('error', () => {});
    this.#stream.on('data', (piece: string) => {
      const lines = (this.#rest + piece).split('\n');
      this.#rest = lines.pop() ?? '';
      this.lines.push(...lines);
      this.#look();
    });
  }

  /** Resolves with the first line that satisfies the test, waiting for it if need be. */
  async line(wanted: (line: string) => boolean): Promise<string> {
    for (;;) {
      const found = this.lines.find(wanted);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }

  close(): void {
    this.#session.destroy();
  }
}

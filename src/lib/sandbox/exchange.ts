import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** What the sandbox received, as its log and the tests see it. Credentials are never kept. */
export interface Received {
  at: string;
  face: string;
  /** Counts up from 1, so that a reader can say what it has seen. */
  id: number;
  /** The API operation by its own name, e.g. `AcceptPage` or `POST /repos/{owner}/{repo}/…`; null when unknown. */
  operation: string | null;
  method: string;
  path: string;
  /** The request body as parsed JSON, or as text, or null. */
  body: unknown;
  /** Of the answer; 0 as long as, or because, there is none. What a fault kept from the client has its own status. */
  status: number;
  /** Whether it asked for a change, whatever became of it. */
  write: boolean;
  /** The answer is over, or will never come. */
  over: boolean;
  /** The fault that was played on this request, if any. */
  fault: string | null;
}

const LARGEST_BODY = 8 * 1024 * 1024;
/** A stream that a fault cuts has first shown so much of itself, in bytes, or lived so long, in milliseconds. */
const STREAM_BYTES = 2048;
const STREAM_MS = 5000;

/**
 * One request and its answer, the same over HTTP/1.1 and HTTP/2. Faces read from it and answer once, either whole
 * (`json`, `text`) or piece by piece (`begin`, `write`, `end`).
 */
export class Exchange {
  readonly method: string;
  /** Path as sent, still percent-encoded, without the face's prefix: an ARN in a path must be routed before decoding. */
  path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Aborted as soon as the client hangs up. */
  readonly signal: AbortSignal;
  operation: string | null = null;
  /** Set by a fault: `cut` breaks the answer off in its middle, `lost` lets nothing of it through. */
  breaks: 'cut' | 'lost' | null = null;
  status = 0;
  /** Called when the status is known. */
  onStatus: (() => void) | null = null;
  readonly #response: ServerResponse | Http2ServerResponse;
  #sent = 0;
  /** Bytes after which a fault breaks the answer off; null lets all through. */
  #room: number | null = null;

  private constructor(
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
    body: Buffer,
  ) {
    // A server has to take the whole address, too, which is what a client sends through a proxy (RFC 9112, 3.2.2).
    const url = (request.url ?? '/').replace(/^https?:\/\/[^/]+/, '');
    const mark = url.indexOf('?');
    this.method = request.method ?? 'GET';
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
    this.headers = request.headers;
    this.body = body;
    this.#response = response;
    const hangup = new AbortController();
    this.signal = hangup.signal;
    response.on('close', () => hangup.abort());
    response.on('error', () => hangup.abort());
  }

  /** Reads the whole request. Rejects when the client goes away or sends more than 8 MiB. */
  static async receive(
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): Promise<Exchange> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > LARGEST_BODY) throw new Error('request body over 8 MiB');
      chunks.push(chunk);
    }
    return new Exchange(request, response, Buffer.concat(chunks));
  }

  /** The value of a request header, joined if it came more than once. */
  header(name: string): string | undefined {
    const value = this.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** The body as JSON; undefined when it is empty. Throws a SyntaxError on anything else. */
  parsed(): unknown {
    return this.body.length === 0 ? undefined : JSON.parse(this.body.toString('utf8'));
  }

  get answered(): boolean {
    return this.#response.headersSent;
  }

  json(status: number, value: unknown, headers: OutgoingHttpHeaders = {}): void {
    this.text(status, JSON.stringify(value), { 'content-type': 'application/json', ...headers });
  }

  text(status: number, body: string | Buffer, headers: OutgoingHttpHeaders = {}): void {
    const bytes = Buffer.from(body as string);
    if (this.breaks === 'cut') {
      // Of an answer without a body nothing can be half: the client learns nothing.
      if (bytes.length < 2) this.breaks = 'lost';
      else this.#room = Math.floor(bytes.length / 2);
    }
    this.begin(status, { 'content-length': bytes.length, ...headers });
    if (bytes.length > 0) this.write(bytes);
    this.end();
  }

  /** Sends the status and headers of an answer whose body follows in pieces. */
  begin(status: number, headers: OutgoingHttpHeaders = {}): void {
    this.status = status;
    this.onStatus?.();
    if (this.breaks === 'lost') {
      this.destroy();
      return;
    }
    (this.#response as ServerResponse).writeHead(status, headers);
    if (this.breaks !== 'cut' || this.#room !== null) return;
    this.#room = STREAM_BYTES;
    const timer = setTimeout(() => this.destroy(), STREAM_MS).unref();
    this.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  /**
   * Sends a piece of the body.
   * @returns false when the client reads too slowly to take more for now; wait for `drained()`.
   */
  write(piece: string | Buffer): boolean {
    if (this.signal.aborted || this.breaks === 'lost') return true;
    const bytes = Buffer.from(piece as string);
    const room = this.#room === null ? Number.POSITIVE_INFINITY : this.#room - this.#sent;
    if (room <= 0 && bytes.length > 0) return true;
    this.#sent += bytes.length;
    if (room < bytes.length) {
      (this.#response as ServerResponse).write(bytes.subarray(0, room), () => setImmediate(() => this.destroy()));
      return true;
    }
    return (this.#response as ServerResponse).write(bytes);
  }

  /** Resolves when more can be written, or the client is gone. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#response.off('drain', done);
        this.signal.removeEventListener('abort', done);
        resolve();
      };
      this.#response.once('drain', done);
      this.signal.addEventListener('abort', done, { once: true });
    });
  }

  end(): void {
    if (this.signal.aborted || this.breaks === 'lost') return;
    if (this.breaks !== 'cut') this.#response.end();
    // What was cut has been broken off already; a stream that was too short for that ends without its proper end.
    else if (this.#sent <= (this.#room ?? 0)) setImmediate(() => this.destroy());
  }

  /** Breaks the connection without a proper end, as a dying server does. */
  destroy(): void {
    const response = this.#response;
    if ('stream' in response && response.stream) (response.stream as { close(code: number): void }).close(2);
    else response.socket?.destroy();
  }
}

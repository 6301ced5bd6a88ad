import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** What the sandbox received, as its log and the tests see it. Credentials are never kept. */
export interface Received {
  at: string;
  face: string;
  /** The API operation by its own name, e.g. `AcceptPage` or `POST /repos/{owner}/{repo}/…`; null when unknown. */
  operation: string | null;
  method: string;
  path: string;
  /** The request body as parsed JSON, or as text, or null. */
  body: unknown;
  status: number;
  /** The fault that was played on this request, if any. */
  fault: string | null;
}

const LARGEST_BODY = 8 * 1024 * 1024;

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
  /** Set by a fault: the answer is cut after this many bytes, and the connection with it. */
  cutAfter: number | null = null;
  status = 0;
  readonly #response: ServerResponse | Http2ServerResponse;
  #sent = 0;

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
    this.begin(status, { 'content-length': bytes.length, ...headers });
    if (bytes.length > 0) this.write(bytes);
    this.end();
  }

  /** Sends the status and headers of an answer whose body follows in pieces. */
  begin(status: number, headers: OutgoingHttpHeaders = {}): void {
    this.status = status;
    (this.#response as ServerResponse).writeHead(status, headers);
  }

  /**
   * Sends a piece of the body.
   * @returns false when the client reads too slowly to take more for now; wait for `drained()`.
   */
  write(piece: string | Buffer): boolean {
    if (this.signal.aborted) return true;
    const bytes = Buffer.from(piece as string);
    const room = this.cutAfter === null ? bytes.length : this.cutAfter - this.#sent;
    this.#sent += bytes.length;
    if (room < bytes.length) {
      (this.#response as ServerResponse).write(bytes.subarray(0, Math.max(0, room)), () => this.destroy());
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
    if (!this.signal.aborted) this.#response.end();
  }

  /** Breaks the connection without a proper end, as a dying server does. */
  destroy(): void {
    const response = this.#response;
    if ('stream' in response && response.stream) (response.stream as { close(code: number): void }).close(2);
    else response.socket?.destroy();
  }
}

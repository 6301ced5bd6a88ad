import type { IncomingMessage } from 'node:http';
import { type ClientHttp2Stream, constants } from 'node:http2';
import type { Readable } from 'node:stream';
import { interrupted, OncallError } from '../../errors.ts';
import type { Access } from './access.ts';
import type { Conversation, Question } from './conversation.ts';
import type { LogStream, LogStreamRequest } from './kubernetes.ts';
import type { LogSessions } from './log-sessions.ts';
import { open } from './request.ts';

/** A kubelet may have to search a long file before its first byte; one that follows may be silent for ever. */
const BEGINS_WITHIN = 30_000;
const MOST_OF_A_REFUSAL = 64 * 1024;

interface Answer {
  status: number;
  headers: Readonly<Record<string, unknown>>;
  body: Readable;
  /** Whether the body came to its end in order. */
  whole(): boolean;
}

export interface LogLine {
  conversation: Conversation;
  sessions: LogSessions;
  /** Ends everything. */
  signal: AbortSignal;
}

/** Opens a log and pushes its bytes. See `Kubernetes.openLog`. */
export function openLog(line: Promise<LogLine>, request: LogStreamRequest, take: (piece: Buffer) => void): LogStream {
  const stop = new AbortController();
  let body: Readable | null = null;
  let paused = false;
  const ended = (async () => {
    const reading = new LogReading(await line, request, stop.signal);
    const answer = await reading.answer();
    if (!answer) return;
    body = answer.body;
    if (paused) body.pause();
    await reading.push(answer, (piece) => {
      if (!stop.signal.aborted) take(piece);
    });
  })();
  ended.catch(() => {});
  return {
    pause() {
      paused = true;
      body?.pause();
    },
    resume() {
      paused = false;
      body?.resume();
    },
    close: () => stop.abort(),
    ended,
  };
}

class LogReading {
  readonly #line: LogLine;
  readonly #request: LogStreamRequest;
  readonly #question: Question;
  readonly #stop: AbortSignal;

  constructor(line: LogLine, request: LogStreamRequest, stop: AbortSignal) {
    this.#line = line;
    this.#request = request;
    this.#stop = AbortSignal.any([stop, line.signal]);
    const { namespace, pod, follow } = request;
    this.#question = {
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`,
      query: queryOf(request),
      errand: { verb: 'get', resource: 'pods/log', namespace, name: pod },
      signal: this.#stop,
      until: follow ? 'sent' : 'begun',
    };
  }

  /** A good answer; null when it was closed before it came. Credentials that are refused are renewed once. */
  async answer(): Promise<Answer | null> {
    const { keeper } = this.#line.conversation;
    try {
      const access = await keeper.current();
      const first = await this.#ask(access);
      if (first.status !== 401) return await this.#good(first);
      const fresher = await keeper.renewed(access);
      return await this.#good(fresher ? await this.#again(first, fresher) : first);
    } catch (error) {
      if (this.#line.signal.aborted) throw interrupted();
      if (this.#stop.aborted) return null;
      throw error instanceof OncallError ? error : this.#line.conversation.broken(this.#question, error);
    }
  }

  /** Gives the body away, piece by piece. @throws UNAVAILABLE when it breaks off */
  push({ body, whole }: Answer, take: (piece: Buffer) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const close = () => body.destroy();
      this.#stop.addEventListener('abort', close, { once: true });
      body.on('data', take);
      let failure: unknown = null;
      body.on('error', (error) => {
        failure ??= error;
      });
      body.once('close', () => {
        this.#stop.removeEventListener('abort', close);
        if (this.#line.signal.aborted) return reject(interrupted());
        if (this.#stop.aborted || (failure === null && whole())) return resolve();
        reject(this.#brokeOff(failure));
      });
      if (this.#stop.aborted) close();
    });
  }

  #brokeOff(cause: unknown): OncallError {
    const { pod, container } = this.#request;
    return new OncallError(`The log of ${pod}/${container} broke off: the connection to the cluster was lost.`, {
      code: 'UNAVAILABLE',
      hint: 'Run the same command again.',
      cause,
    });
  }

  async #again(first: Answer, access: Access): Promise<Answer> {
    first.body.destroy();
    return this.#ask(access);
  }

  async #ask(access: Access): Promise<Answer> {
    const { conversation, sessions } = this.#line;
    const url = conversation.urlOf(this.#question);
    // A proxy is its agent's business, and plain HTTP knows no HTTP/2 that anybody serves.
    if (url.protocol === 'https:' && !conversation.proxied) {
      const stream = await sessions.get({ url, access, world: conversation.world }, headersOf(access));
      if (stream) return this.#overHttp2(stream);
    }
    return overHttp1(await open({ ...this.#question, url, access, signal: this.#stop }));
  }

  #overHttp2(stream: ClientHttp2Stream): Promise<Answer> {
    const { follow } = this.#request;
    return new Promise((resolve, reject) => {
      const late = () => stream.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
      const clock = follow ? undefined : setTimeout(late, BEGINS_WITHIN);
      const close = () => stream.close(constants.NGHTTP2_CANCEL);
      let answered = false;
      let aborted = false;
      this.#stop.addEventListener('abort', close, { once: true });
      stream.once('aborted', () => {
        aborted = true;
      });
      stream.once('response', (headers) => {
        answered = true;
        clearTimeout(clock);
        const whole = () => !aborted && stream.readableEnded && stream.rstCode === constants.NGHTTP2_NO_ERROR;
        resolve({ status: headers[':status'] ?? 0, headers, body: stream, whole });
      });
      stream.on('error', (error) => {
        if (!answered) reject(error);
      });
      stream.once('close', () => {
        clearTimeout(clock);
        this.#stop.removeEventListener('abort', close);
        if (!answered) reject(Object.assign(new Error('the connection closed'), { code: 'ECONNRESET' }));
      });
      if (this.#stop.aborted) close();
    });
  }

  async #good(answer: Answer): Promise<Answer> {
    if (answer.status === 200) return answer;
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of answer.body as AsyncIterable<Buffer>) {
      pieces.push(piece);
      size += piece.length;
      if (size > MOST_OF_A_REFUSAL) break;
    }
    const body = Buffer.concat(pieces).toString('utf8');
    throw this.#line.conversation.refusal(this.#question, { status: answer.status, headers: answer.headers, body });
  }
}

function overHttp1(response: IncomingMessage): Answer {
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: response,
    whole: () => response.complete,
  };
}

/** The headers of HTTP/2 have small letters, and no word of the connection. */
function headersOf(access: Access): Record<string, string> {
  const given = Object.entries((access.headers ?? {}) as Record<string, string | string[]>);
  return {
    ...Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)])),
    ...(access.auth ? { authorization: `Basic ${Buffer.from(access.auth).toString('base64')}` } : {}),
    accept: '*/*',
    'user-agent': 'oncall',
  };
}

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod */
function queryOf(request: LogStreamRequest): Record<string, string> {
  const { container, follow, previous, tailLines, sinceSeconds, sinceTime } = request;
  return {
    container,
    // Always: they order the lines, tell where to go on after a break, and show which words are the kubelet's own.
    timestamps: 'true',
    ...(follow ? { follow: 'true' } : {}),
    ...(previous ? { previous: 'true' } : {}),
    ...(tailLines === null ? {} : { tailLines: String(tailLines) }),
    ...(sinceTime === null ? {} : { sinceTime }),
    ...(sinceSeconds === null || sinceTime !== null ? {} : { sinceSeconds: String(sinceSeconds) }),
  };
}

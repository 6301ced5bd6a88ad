import { createHash } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Exchange } from '../../exchange.ts';
import type { Account } from '../../world/repositories/accounts.ts';
import type { Repository } from '../../world/repositories/repository.ts';
import type { Addresses } from './addresses.ts';
import { linkHeader, type PageSize, pageOf } from './pages.ts';
import { type Allowance, rateHeaders } from './rate-limits.ts';
import type { GithubToken } from './tokens.ts';

/** Who calls; null for both when nobody said. */
export interface Caller {
  token: GithubToken;
  account: Account;
}

export interface CallOptions {
  exchange: Exchange;
  params: Readonly<Record<string, string>>;
  caller: Caller | null;
  at: Addresses;
  allowance: Allowance;
  /** Headers of every answer to this caller. */
  headers: OutgoingHttpHeaders;
  /** The API page of the operation. */
  documentation: string;
}

/** One admitted call of one operation, and the ways to answer it. */
export class Call {
  readonly exchange: Exchange;
  readonly params: Readonly<Record<string, string>>;
  readonly caller: Caller | null;
  readonly at: Addresses;
  readonly allowance: Allowance;
  readonly #headers: OutgoingHttpHeaders;
  readonly #documentation: string;

  constructor(options: CallOptions) {
    this.exchange = options.exchange;
    this.params = options.params;
    this.caller = options.caller;
    this.at = options.at;
    this.allowance = options.allowance;
    this.#headers = options.headers;
    this.#documentation = options.documentation;
  }

  param(name: string): string {
    return this.params[name] ?? '';
  }

  query(name: string): string | null {
    return this.exchange.query.get(name);
  }

  json(status: number, value: unknown, headers: OutgoingHttpHeaders = {}): void {
    this.send(status, JSON.stringify(value), { 'content-type': 'application/json; charset=utf-8', ...headers });
  }

  /**
   * Answers with a body and, for a GET, its tag; with 304 and none if the caller has it already. A 304 is not counted
   * against the caller's hour. https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
   */
  send(status: number, body: string, headers: OutgoingHttpHeaders = {}): void {
    const { exchange } = this;
    const tag = `W/"${createHash('sha256').update(body).digest('hex')}"`;
    const tagged = exchange.method === 'GET' && status === 200 ? { etag: tag } : {};
    const known = exchange.header('if-none-match')?.split(/\s*,\s*/) ?? [];
    const caching = { 'cache-control': 'private, max-age=60, s-maxage=60', vary: 'Accept, Authorization, Cookie' };
    if (status === 200 && known.some((one) => one.replace(/^W\//, '') === tag.slice(2)) && this.caller) {
      const { 'content-type': _, ...rest } = headers;
      exchange.text(304, '', { ...this.#headers, ...rateHeaders(this.allowance), ...caching, ...tagged, ...rest });
      return;
    }
    this.#spend();
    exchange.text(status, body, {
      ...this.#headers,
      ...rateHeaders(this.allowance),
      ...caching,
      ...tagged,
      ...headers,
    });
  }

  /** Answers without counting the call against the caller's hour. */
  free(value: unknown): void {
    const { exchange } = this;
    exchange.text(200, JSON.stringify(value), {
      ...this.#headers,
      ...rateHeaders(this.allowance),
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-cache',
    });
  }

  empty(status: 204): void {
    this.#spend();
    this.exchange.begin(status, { ...this.#headers, ...rateHeaders(this.allowance) });
    this.exchange.end();
  }

  /** Answers with GitHub's error body. */
  refuse(status: number, message: string, more: Record<string, unknown> = {}): void {
    const body = { message, ...more, documentation_url: this.#documentation, status: String(status) };
    this.json(status, body);
  }

  notFound(): void {
    this.refuse(404, 'Not Found');
  }

  /** Answers with one page of a list that is a plain array. */
  list<T>(
    all: readonly T[],
    body: (item: T) => unknown,
    from: { repository?: Repository; size?: PageSize } = {},
  ): void {
    const page = pageOf(all, this.exchange.query, from.size);
    const link = linkHeader(page, this.#listAddress(from.repository), this.exchange.query);
    this.json(200, page.items.map(body), link ? { link } : {});
  }

  /** Answers with one page of a list that comes as `{ total_count, <key>: […] }`. */
  counted<T>(
    all: readonly T[],
    body: (item: T) => unknown,
    from: { key: string; repository: Repository; size?: PageSize },
  ): void {
    const page = pageOf(all, this.exchange.query, from.size);
    const link = linkHeader(page, this.#listAddress(from.repository), this.exchange.query);
    this.json(200, { total_count: page.total, [from.key]: page.items.map(body) }, link ? { link } : {});
  }

  // GitHub's own links name a repository by its id, which survives a renaming; clients are to follow them blindly.
  #listAddress(repository: Repository | undefined): string {
    const { path } = this.exchange;
    if (!repository) return `${this.at.api}${path}`;
    return `${this.at.api}${path.replace(/^\/repos\/[^/]+\/[^/]+/, `/repositories/${repository.id}`)}`;
  }

  #spend(): void {
    this.allowance.used = Math.min(this.allowance.limit, this.allowance.used + 1);
  }
}

/** A call about one repository, which exists and which the caller may see. */
export interface RepositoryCall {
  call: Call;
  repository: Repository;
  caller: Caller;
}

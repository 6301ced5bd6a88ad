import type { OutgoingHttpHeaders } from 'node:http';
import type { Exchange } from '../../exchange.ts';
import { Refusal, type RefusalReason } from '../../world/repositories/refusal.ts';
import type { Repositories } from '../../world/repositories/repositories.ts';
import { addressesUnder } from './addresses.ts';
import { Call, type Caller, type RepositoryCall } from './call.ts';
import type { GithubFaceOptions } from './github-face.ts';
import type { AccountOperation, RepositoryOperation } from './operation.ts';
import { RateLimits } from './rate-limits.ts';
import { UnreadableBody } from './request-body.ts';
import { type GithubToken, isAllowed, type Need, tokenIn } from './tokens.ts';

const DOCUMENTATION = 'https://docs.github.com/rest';
const OLDEST_VERSION = '2022-11-28';
const VERSIONS = [OLDEST_VERSION, '2026-03-10'];
const STATUS: Record<RefusalReason, number> = { missing: 404, invalid: 422, forbidden: 403, conflict: 409 };
const NO_AGENT =
  'Request forbidden by administrative rules. Please make sure your request has a User-Agent header (https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent).\n';

interface Found<T> {
  params: Readonly<Record<string, string>>;
  operation: T;
}

/** Decides who may make a call: agent, token, version, rate limit, repository, permission, in that order. */
export class Admission {
  readonly #repositories: Repositories;
  readonly #options: GithubFaceOptions;
  readonly #limits: RateLimits;
  readonly #prefixes = new WeakMap<Exchange, string>();
  #requests = 0;

  constructor(repositories: Repositories, options: GithubFaceOptions) {
    this.#repositories = repositories;
    this.#options = options;
    this.#limits = new RateLimits(() => repositories.clock.now());
  }

  /** Keeps the prefix under which a request came, so that the links in its answer carry it too. */
  remember(exchange: Exchange, prefix: string): void {
    this.#prefixes.set(exchange, prefix);
  }

  /** Runs an operation that is not about a repository. */
  admit(exchange: Exchange, found: Found<AccountOperation>, run: (call: Call) => void): void {
    const call = this.#open(exchange, found);
    if (call) attempt(call, () => run(call));
  }

  /** Runs an operation on a repository. All of them are private: who may not see one is told that it does not exist. */
  admitTo(exchange: Exchange, found: Found<RepositoryOperation>, run: (about: RepositoryCall) => void): void {
    const { needs } = found.operation;
    const call = this.#open(exchange, found, needs);
    if (!call) return;
    const { caller } = call;
    const repository = this.#repositories.find(call.param('owner'), call.param('repo'));
    if (!caller || !repository) call.notFound();
    else if (!isAllowed(caller.token, needs)) call.refuse(403, 'Resource not accessible by personal access token');
    else attempt(call, () => run({ call, repository, caller }));
  }

  /** Answers a request that no operation matches. */
  refuseUnknown(exchange: Exchange): void {
    this.#open(exchange, { params: {}, operation: { docs: '' } })?.notFound();
  }

  #open(exchange: Exchange, found: Found<{ docs: string }>, needs: Need = null): Call | null {
    if (!exchange.header('user-agent')) {
      exchange.text(403, NO_AGENT, { 'content-type': 'text/html; charset=utf-8' });
      return null;
    }
    const sent = tokenIn(exchange.header('authorization'));
    const caller = sent === null ? null : this.#callerWith(sent);
    const version = exchange.header('x-github-api-version') ?? OLDEST_VERSION;
    const { docs } = found.operation;
    const call = new Call({
      exchange,
      params: found.params,
      caller,
      at: addressesUnder(this.#base(exchange)),
      allowance: this.#limits.of(caller?.token ?? null),
      headers: this.#headers({ token: caller?.token ?? null, version, needs }),
      documentation: docs ? `${DOCUMENTATION}/${docs}` : DOCUMENTATION,
    });
    if (sent !== null && !caller) call.refuse(401, 'Bad credentials');
    else if (!VERSIONS.includes(version)) call.refuse(400, `The API version ${version} is not supported`);
    else if (call.allowance.used >= call.allowance.limit && exchange.path !== '/rate_limit') this.#refuseForNow(call);
    else return call;
    return null;
  }

  #callerWith(sent: string): Caller | null {
    const now = this.#repositories.clock.now();
    const token = this.#options.tokens.find((one) => one.token === sent && (one.expiresAt ?? now + 1) > now);
    return token ? { token, account: this.#repositories.accounts.named(token.login) } : null;
  }

  #refuseForNow(call: Call): void {
    const who = call.caller
      ? `user ID ${call.caller.account.id}`
      : (call.exchange.header('x-forwarded-for') ?? '127.0.0.1');
    call.refuse(403, `API rate limit exceeded for ${who}.`);
  }

  #base(exchange: Exchange): string {
    const { baseUrl, prefix = '' } = this.#options;
    const own = baseUrl ?? `http://${exchange.header('host') ?? '127.0.0.1'}${prefix}`;
    return `${own.replace(/\/$/, '')}${this.#prefixes.get(exchange) ?? ''}`;
  }

  #headers(about: { token: GithubToken | null; version: string; needs: Need }): OutgoingHttpHeaders {
    const { token, version, needs } = about;
    const number = (++this.#requests).toString(16).toUpperCase().padStart(6, '0');
    const expiry = token?.expiresAt ? new Date(token.expiresAt).toISOString() : null;
    return {
      server: 'github.com',
      'x-content-type-options': 'nosniff',
      'x-github-media-type': 'github.v3; format=json',
      'x-github-api-version-selected': VERSIONS.includes(version) ? version : OLDEST_VERSION,
      'x-github-request-id': `C0DE:${number}:${number}A1:${number}B2:5EED`,
      ...(needs ? { 'x-accepted-github-permissions': `${needs.permission}=${needs.level}` } : {}),
      ...(expiry
        ? { 'github-authentication-token-expiration': `${expiry.slice(0, 10)} ${expiry.slice(11, 19)} UTC` }
        : {}),
    };
  }
}

function attempt(call: Call, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) {
      call.refuse(STATUS[error.reason], error.message, error.errors ? { errors: error.errors } : {});
    } else if (error instanceof UnreadableBody) call.refuse(400, error.message);
    else throw error;
  }
}

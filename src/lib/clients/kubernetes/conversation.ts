import type { IncomingMessage } from 'node:http';
import type { World } from '../../config/settings.ts';
import { interrupted, OncallError } from '../../errors.ts';
import { networkCode, unreachable } from '../outbound.ts';
import type { Environment } from '../processes.ts';
import { pauseAfter, rest } from '../send-read.ts';
import type { End } from '../sign-in.ts';
import { type Access, type AccessKeeper, accessTo } from './access.ts';
import type { Place } from './kubeconfig.ts';
import { type Errand, refusal, unreadable } from './refusal.ts';
import { type ClusterRequest, open, readAll } from './request.ts';

const BRIEFLY = 250;

export interface ConversationOptions {
  world: World;
  env: Environment;
  signal: AbortSignal;
}

export interface Question extends Pick<ClusterRequest, 'body' | 'patch' | 'until'> {
  path: string;
  query: Readonly<Record<string, string>>;
  errand: Errand;
  /** Ends this one, besides the connection's own. */
  signal?: AbortSignal;
}

/** Questions to one cluster and their answers, with every failure already in the user's words. */
export class Conversation {
  readonly #place: Place;
  readonly #options: ConversationOptions;
  /** Who asks, for whoever speaks to the same cluster over a connection of its own. */
  readonly keeper: AccessKeeper;

  constructor(place: Place, options: ConversationOptions) {
    this.#place = place;
    this.#options = options;
    this.keeper = accessTo(place, options);
  }

  /**
   * Asks, and once more after a passing error, or after a refusal if a plugin can give newer credentials. Nothing
   * that is asked changes anything.
   * @returns a good answer, to be read as it arrives
   */
  async ask(question: Question): Promise<IncomingMessage> {
    const access = await this.keeper.current();
    const response = await this.#send(question, access).catch(async (error: unknown) => {
      if (!['ECONNRESET', 'EPIPE'].includes(networkCode(error) ?? '')) throw error;
      await rest(BRIEFLY, this.#signal(question));
      return this.#send(question, access);
    });
    const status = response.statusCode ?? 0;
    const pause = pauseAfter({ status, headers: response.headers as Record<string, string> });
    const fresher = status === 401 ? await this.keeper.renewed(access) : null;
    if (pause === null && !fresher) return this.#good(question, response);
    response.resume();
    await rest(pause ?? 0, this.#signal(question));
    return this.#good(question, await this.#send(question, fresher ?? access));
  }

  /** Asks for an object. */
  async json<T>(question: Omit<Question, 'until'>): Promise<T> {
    const body = await this.#text(question, await this.ask({ ...question, until: 'whole' }));
    try {
      return JSON.parse(body) as T;
    } catch {
      if (/^\s*</.test(body)) throw this.refusal(question, { status: 200, body, headers: {} });
      throw this.unreadable();
    }
  }

  /** What of the credentials runs out. */
  ends(): Promise<End[]> {
    return this.keeper.ends();
  }

  /**
   * Sends a change. After anything but a refused credential, which changes nothing, it is not sent again.
   * @throws UNAVAILABLE when it is not known whether it was made
   */
  async change(question: Omit<Question, 'until'>): Promise<void> {
    const access = await this.keeper.current();
    const once = { ...question, until: 'whole' as const };
    const response = await this.#send(once, access);
    const fresher = response.statusCode === 401 ? await this.keeper.renewed(access) : null;
    if (fresher) response.resume();
    const body = await this.#text(
      question,
      await this.#good(once, fresher ? await this.#send(once, fresher) : response),
    );
    try {
      JSON.parse(body);
    } catch {
      // Not the cluster's own answer: nobody knows whether it was made.
      throw this.unreadable();
    }
  }

  unreadable(): OncallError {
    return unreadable(this.#place);
  }

  /** The error for a connection that broke while an answer was read. */
  broken(question: Pick<Question, 'signal'>, error: unknown): OncallError {
    if (this.#signal(question).aborted) return interrupted();
    if (error instanceof OncallError) return error;
    return unreachable('Kubernetes', { url: this.#place.cluster.server, world: this.#options.world }, error);
  }

  #signal({ signal }: Pick<Question, 'signal'>): AbortSignal {
    return signal ? AbortSignal.any([this.#options.signal, signal]) : this.#options.signal;
  }

  async #send(question: Question, access: Access): Promise<IncomingMessage> {
    try {
      return await open({ ...question, url: this.urlOf(question), access, signal: this.#signal(question) });
    } catch (error) {
      throw this.broken(question, error);
    }
  }

  get world(): World {
    return this.#options.world;
  }

  /** Whether a proxy stands between us and the cluster. */
  get proxied(): boolean {
    return Boolean(this.#place.cluster.proxyUrl);
  }

  urlOf({ path, query }: Pick<Question, 'path' | 'query'>): URL {
    const text = new URLSearchParams(query).toString();
    return new URL(`${this.#place.cluster.server.replace(/\/+$/, '')}${path}${text ? `?${text}` : ''}`);
  }

  async #good(question: Question, response: IncomingMessage): Promise<IncomingMessage> {
    const status = response.statusCode ?? 0;
    if (status === 200 || status === 201) return response;
    const body = await this.#text(question, response);
    throw this.refusal(question, { status, body, headers: response.headers });
  }

  async #text(question: Pick<Question, 'signal'>, response: IncomingMessage): Promise<string> {
    try {
      return await readAll(response);
    } catch (error) {
      throw this.broken(question, error);
    }
  }

  /** The error for an answer that is not a good one. */
  refusal({ errand }: Pick<Question, 'errand'>, answer: Parameters<typeof refusal>[0]): OncallError {
    return refusal(answer, { errand, place: this.#place, env: this.#options.env });
  }
}

import type { IncomingMessage } from 'node:http';
import type { End } from '../sign-in.ts';
import { Conversation, type ConversationOptions, type Question } from './conversation.ts';
import type { Place } from './kubeconfig.ts';
import type { PodObserver, Target } from './kubernetes.ts';
import { LogSessions } from './log-sessions.ts';
import type { LogLine } from './log-stream.ts';
import { watchPods } from './watch-pods.ts';
import type { ObjectList } from './wire.ts';

const PAGE = 500;

/** Where each kind of thing lives in the API. */
const GROUPS = {
  pods: '/api/v1',
  events: '/api/v1',
  deployments: '/apis/apps/v1',
  statefulsets: '/apis/apps/v1',
  daemonsets: '/apis/apps/v1',
  replicasets: '/apis/apps/v1',
  services: '/api/v1',
  controllerrevisions: '/apis/apps/v1',
} as const;

export interface Listing {
  resource: keyof typeof GROUPS;
  /** Null for all of them. */
  namespace: string | null;
  query?: Readonly<Record<string, string>>;
}

/**
 * One cluster, by one context, as one user.
 * @throws AUTH, NOT_FOUND, UNAVAILABLE, RATE_LIMITED, FAILED, REFUSED, INTERRUPTED
 */
export class Cluster {
  readonly context: string;
  readonly server: string;
  readonly #conversation: Conversation;
  readonly #sessions = new LogSessions();
  readonly #signal: AbortSignal;

  constructor(place: Place, options: ConversationOptions) {
    this.context = place.context;
    this.server = place.cluster.server;
    this.#signal = options.signal;
    this.#conversation = new Conversation(place, options);
  }

  /** The line to this cluster over which logs come. */
  get logLine(): LogLine {
    return { conversation: this.#conversation, sessions: this.#sessions, signal: this.#signal };
  }

  /** See `Kubernetes.watchPods`. */
  watchPods(watch: { target: Target; observer: PodObserver; signal: AbortSignal }): Promise<void> {
    const signal = AbortSignal.any([watch.signal, this.#signal]);
    return watchPods(this.#conversation, { ...watch, signal });
  }

  /** All objects of a kind in a namespace or in all, asked for page by page. */
  async list<T>({ resource, namespace, query = {} }: Listing): Promise<T[]> {
    const within = namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
    const path = `${GROUPS[resource]}${within}/${resource}`;
    const errand = { verb: 'list', resource, namespace } as const;
    const items: T[] = [];
    let next: string | undefined;
    do {
      const page = { ...query, limit: String(PAGE), ...(next ? { continue: next } : {}) };
      const list = await this.#conversation.json<ObjectList<T> | null>({ path, query: page, errand });
      if (!Array.isArray(list?.items)) throw this.#conversation.unreadable();
      items.push(...list.items);
      next = list.metadata?.continue;
    } while (next);
    return items;
  }

  /** One object, by its path. */
  get<T>(path: string, errand: { resource: string; namespace: string; name: string }): Promise<T> {
    return this.#conversation.json<T>({ path, query: {}, errand: { verb: 'get', ...errand } });
  }

  /** What of the credentials runs out. @throws AUTH */
  ends(): Promise<End[]> {
    return this.#conversation.ends();
  }

  /** Where an object of a kind is in the API. */
  pathOf({ resource, namespace, name }: { resource: keyof typeof GROUPS; namespace: string; name: string }): string {
    return `${GROUPS[resource]}/namespaces/${encodeURIComponent(namespace)}/${resource}/${encodeURIComponent(name)}`;
  }

  /** Changes an object by a JSON patch, once. */
  patch(path: string, patch: { body: unknown; resource: string; namespace: string }): Promise<void> {
    const { body, resource, namespace } = patch;
    return this.#conversation.change({
      path,
      query: {},
      body,
      patch: true,
      errand: { verb: 'patch', resource, namespace },
    });
  }

  /** Posts a review: an object that exists only for its answer. */
  review<T>(path: string, object: { kind: string }): Promise<T> {
    const errand = { verb: 'create', resource: `${object.kind.toLowerCase()}s`, namespace: null } as const;
    return this.#conversation.json<T>({ path, query: {}, errand, body: object });
  }

  /**
   * An answer that is read as it arrives.
   * @returns it, and the error to throw when it breaks off
   */
  async stream(question: Question): Promise<{ response: IncomingMessage; broken(error: unknown): Error }> {
    const response = await this.#conversation.ask(question);
    return { response, broken: (error) => this.#conversation.broken(question, error) };
  }
}

import type { IncomingMessage } from 'node:http';
import { interrupted, OncallError } from '../../errors.ts';
import { rest } from '../send-read.ts';
import type { Conversation, Question } from './conversation.ts';
import type { PodObserver, Target, WatchedPod } from './kubernetes.ts';
import { readWatched } from './watched-pods.ts';
import type { ObjectList, WirePod } from './wire.ts';

/** A server is asked to end a watch after this, in seconds, with chance so that not all clients come back together. */
const LASTS = 300;
/** Bookmarks come about once a minute: a watch silent for this long, in milliseconds, hangs on a dead connection. */
const DEAF_AFTER = 150_000;
const PAUSES = [0, 500, 1000, 2000, 5000, 10_000];

interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: WirePod & { code?: number; message?: string };
}

/**
 * Lists pods and keeps watching them: a watch that ends goes on where it was, one whose version is too old lists again,
 * and what was deleted meanwhile is then missing from the list.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 * @throws what the first list meets; later only what no further try can mend; INTERRUPTED
 */
export async function watchPods(
  conversation: Conversation,
  { target, observer, signal }: { target: Target; observer: PodObserver; signal: AbortSignal },
): Promise<void> {
  await new PodWatch(conversation, target, observer).run(signal);
}

class PodWatch {
  readonly #conversation: Conversation;
  readonly #target: Target;
  readonly #observer: PodObserver;
  readonly #pods = new Map<string, WatchedPod>();
  /** Where to go on; null when only a new list can tell. */
  #version: string | null = null;
  #failures = 0;

  constructor(conversation: Conversation, target: Target, observer: PodObserver) {
    this.#conversation = conversation;
    this.#target = target;
    this.#observer = observer;
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#list(signal);
    for (;;) {
      try {
        if (this.#version === null) await this.#list(signal);
        await this.#watch(signal);
      } catch (error) {
        if (signal.aborted) throw interrupted();
        if (!(error instanceof OncallError) || !['UNAVAILABLE', 'RATE_LIMITED'].includes(error.code)) throw error;
        if (this.#failures === 1) this.#observer.trouble(error.message);
        await rest(PAUSES[Math.min(this.#failures++, PAUSES.length - 1)] as number, signal);
      }
    }
  }

  /** From the API server's memory, which may be a moment old: the watch brings what is newer. */
  async #list(signal: AbortSignal): Promise<void> {
    const list = await this.#conversation.json<ObjectList<WirePod> | null>({
      ...this.#question('list', { resourceVersion: '0' }),
      signal,
    });
    if (!Array.isArray(list?.items)) throw this.#conversation.unreadable();
    this.#pods.clear();
    for (const pod of list.items) this.#pods.set(pod.metadata.uid ?? pod.metadata.name, readWatched(pod));
    this.#version = list.metadata?.resourceVersion ?? null;
    this.#heard();
    this.#tell();
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const query = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(Math.round(LASTS * (1 + Math.random()))),
      ...(this.#version === null ? {} : { resourceVersion: this.#version }),
    };
    const question: Question = { ...this.#question('watch', query), until: 'begun', signal };
    let response: IncomingMessage;
    try {
      response = await this.#conversation.ask(question);
    } catch (error) {
      if (error instanceof OncallError && /too old|\b410\b/i.test(error.message)) {
        this.#version = null;
        return;
      }
      throw error;
    }
    let deaf = setTimeout(() => response.destroy(), DEAF_AFTER);
    const hears = () => {
      clearTimeout(deaf);
      deaf = setTimeout(() => response.destroy(), DEAF_AFTER);
    };
    try {
      response.setEncoding('utf8');
      let left = '';
      for await (const piece of response as AsyncIterable<string>) {
        hears();
        this.#heard();
        const lines = (left + piece).split('\n');
        left = lines.pop() ?? '';
        if (!this.#apply(lines)) return;
      }
    } catch (error) {
      throw this.#conversation.broken(question, error);
    } finally {
      clearTimeout(deaf);
      response.destroy();
    }
  }

  /** @returns whether the watch may go on from where it is */
  #apply(lines: readonly string[]): boolean {
    let changed = false;
    for (const line of lines) {
      if (!line.trim()) continue;
      const { type, object } = this.#parse(line);
      if (type === 'ERROR') {
        this.#version = null;
        if (changed) this.#tell();
        if (object.code === 410 || object.code === 504) return false;
        throw new OncallError(`The cluster ended the watch of the pods: ${object.message ?? 'no reason given'}.`, {
          code: 'UNAVAILABLE',
        });
      }
      this.#version = object.metadata.resourceVersion ?? this.#version;
      if (type === 'BOOKMARK') continue;
      changed = true;
      const key = object.metadata.uid ?? object.metadata.name;
      if (type === 'DELETED') this.#pods.delete(key);
      else this.#pods.set(key, readWatched(object));
    }
    if (changed) this.#tell();
    return true;
  }

  #parse(line: string): WatchEvent {
    try {
      return JSON.parse(line) as WatchEvent;
    } catch {
      this.#version = null;
      throw this.#conversation.unreadable();
    }
  }

  #heard(): void {
    if (this.#failures > 1) this.#observer.trouble(null);
    this.#failures = 0;
  }

  #tell(): void {
    this.#observer.pods([...this.#pods.values()].sort((a, b) => (a.name < b.name ? -1 : 1)));
  }

  #question(verb: 'list' | 'watch', query: Record<string, string>): Omit<Question, 'until'> {
    const { namespace, selector } = this.#target;
    return {
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`,
      query: { labelSelector: selector, ...query },
      errand: { verb, resource: 'pods', namespace },
    };
  }
}

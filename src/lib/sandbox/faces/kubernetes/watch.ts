import type { Exchange } from '../../exchange.ts';
import type { Wait } from '../../world/clock.ts';
import type { Cluster } from '../../world/cluster/cluster.ts';
import type { Change } from '../../world/cluster/object-store.ts';
import type { KubeObject } from '../../world/cluster/objects.ts';
import type { ApiRequest } from './api-request.ts';
import { matcherOf, versionAsked, wholeNumber } from './list.ts';
import { checkWatchOptions } from './list-options.ts';
import { type Representation, representationOf, showOne } from './representation.ts';
import { apiVersionOf } from './resources.ts';
import type { Matcher } from './selectors.ts';
import { ApiFailure } from './status.ts';

const BOOKMARK_EVERY = 60_000;
/** Without a wish of the client the server ends a watch by itself after 30 to 60 minutes. */
const LONGEST = 45 * 60;

/** Answers a watch: what there is (unless the client knows it), then every change, until time is up or the client leaves. */
export async function watch(exchange: Exchange, request: ApiRequest, cluster: Cluster): Promise<void> {
  const stream = new WatchStream(exchange, request, cluster);
  await stream.run();
}

class WatchStream {
  readonly #exchange: Exchange;
  readonly #request: ApiRequest;
  readonly #cluster: Cluster;
  readonly #representation: Representation;
  readonly #matches: Matcher;
  readonly #bookmarks: boolean;
  readonly #seconds: number;
  readonly #from: number | null;
  #lines: string[] = [];
  #over = false;
  #headed = false;
  #wake: () => void = () => {};

  constructor(exchange: Exchange, request: ApiRequest, cluster: Cluster) {
    this.#exchange = exchange;
    this.#request = request;
    this.#cluster = cluster;
    checkWatchOptions(exchange);
    this.#representation = representationOf(exchange);
    this.#matches = matcherOf(exchange, request.resource);
    this.#bookmarks = exchange.query.get('allowWatchBookmarks') === 'true';
    this.#seconds = wholeNumber(exchange, 'timeoutSeconds') || LONGEST;
    this.#from = versionAsked(exchange);
  }

  async run(): Promise<void> {
    const stopWatching = this.#cluster.store.subscribe((change) => this.#tell(change));
    const waits = this.#waits();
    this.#exchange.signal.addEventListener('abort', () => this.#end(), { once: true });
    try {
      this.#begin();
      this.#exchange.begin(200, { 'content-type': 'application/json' });
      // An empty piece sends the headers, so that a client of a quiet cluster knows that it is being served.
      this.#exchange.write('');
      await this.#pump();
      this.#exchange.end();
    } finally {
      stopWatching();
      for (const wait of waits) wait.cancel();
    }
  }

  /** Timeouts that a client asks for are its own seconds, whatever the world's speed. */
  #waits(): Wait[] {
    const { clock } = this.#cluster;
    const end = clock.after(this.#seconds * 1000 * clock.speed, () => {
      this.#bookmark();
      this.#end();
    });
    return [end, clock.every(BOOKMARK_EVERY * clock.speed, () => this.#bookmark())];
  }

  #begin(): void {
    const { store } = this.#cluster;
    const initial = this.#exchange.query.get('sendInitialEvents') === 'true';
    if (initial || this.#from === null || this.#from === 0) {
      const { resource, namespace } = this.#request;
      const objects: KubeObject[] = resource.kept === null ? [] : store.list(resource.kept, namespace);
      for (const object of objects) if (this.#matches(object)) this.#send('ADDED', object);
      if (initial) this.#bookmark({ 'k8s.io/initial-events-end': 'true' });
      return;
    }
    const missed = store.since(this.#from);
    if (missed) {
      for (const change of missed) this.#tell(change);
      return;
    }
    // The watch itself succeeds; that the version is gone comes as its first and last event.
    const gone = new ApiFailure('Expired', `too old resource version: ${this.#from} (${store.version})`);
    this.#push({ type: 'ERROR', object: gone.status });
    this.#end();
  }

  #tell({ resource, type, object, previous }: Change): void {
    const { kept } = this.#request.resource;
    const { namespace } = this.#request;
    if (resource !== kept || (namespace !== undefined && object.metadata.namespace !== namespace)) return;
    const before = previous !== undefined && this.#matches(previous);
    const after = type !== 'DELETED' && this.#matches(object);
    // To this watcher an object that no longer matches is gone, and one that now does is new.
    if (after) this.#send(before ? 'MODIFIED' : 'ADDED', object);
    else if (before) this.#send('DELETED', object);
  }

  #send(type: string, object: KubeObject): void {
    const { resource } = this.#request;
    const facts = { resource, representation: this.#representation, now: this.#cluster.clock.now() };
    this.#push({ type, object: showOne(object, { ...facts, headless: this.#headed }) });
    // The columns of a table come with the first event only.
    this.#headed = true;
  }

  #bookmark(annotations?: Record<string, string>): void {
    if (!this.#bookmarks) return;
    const { resource } = this.#request;
    const metadata = {
      resourceVersion: String(this.#cluster.store.version),
      creationTimestamp: null,
      ...(annotations ? { annotations } : {}),
    };
    this.#push({ type: 'BOOKMARK', object: { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata } });
  }

  #push(event: unknown): void {
    if (this.#over) return;
    this.#lines.push(`${JSON.stringify(event)}\n`);
    this.#wake();
  }

  #end(): void {
    this.#over = true;
    this.#wake();
  }

  async #pump(): Promise<void> {
    for (;;) {
      const lines = this.#lines;
      this.#lines = [];
      if (lines.length > 0 && !this.#exchange.write(lines.join(''))) await this.#exchange.drained();
      if (this.#exchange.signal.aborted) return;
      if (this.#lines.length > 0) continue;
      if (this.#over) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

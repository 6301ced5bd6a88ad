import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, Objects, ResourceName } from './objects.ts';

/** One write, as watchers see it. Objects in it are never changed afterwards. */
export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: ResourceName;
  /** The object after the write; for DELETED, its last state under the version of the deletion. */
  object: KubeObject;
  previous: KubeObject | undefined;
  version: number;
}

export interface ObjectKey {
  /** Absent for cluster-scoped objects. */
  namespace?: string | undefined;
  name: string;
}

type Listener = (change: Change) => void;

/** So many writes can be replayed to a watcher; a client that asks for older ones gets 410 Gone, as from a compacted etcd. */
const KEPT_CHANGES = 1000;

const path = ({ namespace, name }: ObjectKey): string => `${namespace ?? ''}/${name}`;

/**
 * The cluster's memory: every object by resource, namespace and name; one version counter over all of them; and the
 * latest writes, so that a watch can be resumed.
 */
export class ObjectStore {
  readonly #objects = new Map<ResourceName, Map<string, KubeObject>>();
  readonly #listeners = new Set<Listener>();
  readonly #keep: number;
  #history: Change[] = [];
  #unpublished: Change[] = [];
  #publishing = false;
  #version: number;
  #forgottenUpTo: number;

  constructor(options: { firstVersion: number; keep?: number }) {
    this.#version = options.firstVersion;
    this.#forgottenUpTo = options.firstVersion;
    this.#keep = options.keep ?? KEPT_CHANGES;
  }

  /** Version of the latest write. */
  get version(): number {
    return this.#version;
  }

  get<R extends ResourceName>(resource: R, key: ObjectKey): Objects[R] | undefined {
    return this.#of(resource).get(path(key)) as Objects[R] | undefined;
  }

  /** All objects, or those of one namespace, in the order of their keys. */
  list<R extends ResourceName>(resource: R, namespace?: string): Objects[R][] {
    return sorted([...this.#of(resource).values()].filter(within(namespace))) as Objects[R][];
  }

  /** The objects as they were at `version`; null when that is too long ago to say. */
  listAt(resource: ResourceName, version: number, namespace?: string): KubeObject[] | null {
    const later = this.since(version);
    if (!later) return null;
    const objects = new Map(this.#of(resource));
    for (const change of later.reverse()) {
      if (change.resource !== resource) continue;
      const key = path(change.object.metadata);
      if (change.previous) objects.set(key, change.previous);
      else objects.delete(key);
    }
    return sorted([...objects.values()].filter(within(namespace)));
  }

  /** The writes after `version`, oldest first; null when some of them are forgotten. */
  since(version: number): Change[] | null {
    if (version < this.#forgottenUpTo) return null;
    return this.#history.filter((change) => change.version > version);
  }

  /** Adds a new object. The caller has made sure that there is none under its key. */
  create<R extends ResourceName>(resource: R, object: Objects[R]): Objects[R] {
    return this.#write('ADDED', resource, structuredClone(object));
  }

  /**
   * Changes an object in place. `generation` grows with every change of `spec`, and a change that changes nothing is
   * not a write, both as in the API server.
   * @returns the object as it is now; undefined when there is none.
   */
  update<R extends ResourceName>(
    resource: R,
    key: ObjectKey,
    change: (draft: Objects[R]) => void,
  ): Objects[R] | undefined {
    const previous = this.get(resource, key);
    if (!previous) return undefined;
    const draft = structuredClone(previous);
    change(draft);
    if (draft.metadata.generation !== undefined && !isDeepStrictEqual(specOf(draft), specOf(previous))) {
      draft.metadata.generation = (previous.metadata.generation ?? 0) + 1;
    }
    return isDeepStrictEqual(draft, previous) ? previous : this.#write('MODIFIED', resource, draft);
  }

  remove(resource: ResourceName, key: ObjectKey): void {
    const object = this.get(resource, key);
    if (object) this.#write('DELETED', resource, structuredClone(object));
  }

  /** Calls `listener` after every write, in the order of the writes, until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #of(resource: ResourceName): Map<string, KubeObject> {
    let objects = this.#objects.get(resource);
    if (!objects) {
      objects = new Map();
      this.#objects.set(resource, objects);
    }
    return objects;
  }

  #write<T extends KubeObject>(type: Change['type'], resource: ResourceName, object: T): T {
    const key = path(object.metadata);
    const objects = this.#of(resource);
    const previous = objects.get(key);
    object.metadata.resourceVersion = String(++this.#version);
    if (type === 'DELETED') objects.delete(key);
    else objects.set(key, object);
    this.#publish({ type, resource, object, previous, version: this.#version });
    return object;
  }

  /**
   * Controllers answer a write with further writes. Those wait until everyone has heard of the first, so that no
   * watcher sees versions out of order.
   */
  #publish(change: Change): void {
    this.#history.push(change);
    if (this.#history.length > this.#keep) {
      this.#forgottenUpTo = (this.#history.shift() as Change).version;
    }
    this.#unpublished.push(change);
    if (this.#publishing) return;
    this.#publishing = true;
    try {
      for (let next = this.#unpublished.shift(); next; next = this.#unpublished.shift()) {
        for (const listener of this.#listeners) listener(next);
      }
    } finally {
      this.#publishing = false;
    }
  }
}

function within(namespace: string | undefined): (object: KubeObject) => boolean {
  return ({ metadata }) => namespace === undefined || metadata.namespace === namespace;
}

function sorted(objects: KubeObject[]): KubeObject[] {
  const keyed = objects.map((object) => [path(object.metadata), object] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
}

function specOf(object: KubeObject): unknown {
  return (object as { spec?: unknown }).spec;
}

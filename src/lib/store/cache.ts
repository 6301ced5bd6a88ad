import { createHash } from 'node:crypto';
import { readText, writeText } from './files.ts';

/** Raised whenever anything that is kept changes its shape: what an older version wrote then counts as absent. */
const FORMAT = 1;

export interface Cached<T> {
  value: T;
  /** Milliseconds since 1970 at which it was true. */
  at: number;
}

export interface CacheOptions {
  /**
   * Whose answers these are: world, environment, account, addresses. Answers of one scope are never seen in another. It
   * may hold an address with a password in it, and is only kept hashed.
   */
  scope: string;
  /** Takes secrets out of what is about to be kept. */
  clean?: <T>(value: T) => T;
}

interface Kept {
  format: number;
  key: string;
  at: number;
  /** Of the value, so that a file that somebody changed by half counts as broken. */
  sum: string;
  value: unknown;
}

/** Answers kept for the time when their source is down. Losing one costs nothing; a broken one counts as absent. */
export class Cache {
  readonly #directory: string;
  readonly #options: CacheOptions;

  constructor(cacheDirectory: string, options: CacheOptions) {
    this.#directory = cacheDirectory;
    this.#options = options;
  }

  /** What was kept under the key; null when nothing that can be read was. */
  async get<T>(key: string): Promise<Cached<T> | null> {
    const name = this.#nameOf(key);
    try {
      const text = await readText(this.#path(name));
      const kept = text === null ? null : (JSON.parse(text) as Kept);
      const sound =
        kept?.format === FORMAT && kept.key === name && typeof kept.at === 'number' && kept.sum === sumOf(kept.value);
      return sound ? { value: kept.value as T, at: kept.at } : null;
    } catch {
      return null;
    }
  }

  /** Keeps a value. Never fails the command: a cache that cannot be written is only a slower one. */
  async put<T>(key: string, value: T, at: number): Promise<void> {
    if (value === undefined) return;
    const name = this.#nameOf(key);
    const { clean } = this.#options;
    // What JSON makes of the value is what will be read, and so what is summed.
    const plain: unknown = JSON.parse(JSON.stringify(clean ? clean(value) : value));
    const kept: Kept = { format: FORMAT, key: name, at, sum: sumOf(plain), value: plain };
    // Not flushed to disk: a power cut costs an answer, and every command would wait for the disk a dozen times.
    await writeText(this.#path(name), JSON.stringify(kept), { flush: false }).catch(() => {});
  }

  #nameOf(key: string): string {
    return hash(`${this.#options.scope}\n${key}`);
  }

  #path(name: string): string {
    return `${this.#directory}/${name.slice(0, 24)}.json`;
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function sumOf(value: unknown): string {
  return hash(JSON.stringify(value) ?? '').slice(0, 16);
}

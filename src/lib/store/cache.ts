import { createHash } from 'node:crypto';
import { readText, writeText } from './files.ts';

export interface Cached<T> {
  value: T;
  /** Milliseconds since 1970 at which it was true. */
  at: number;
}

/** Answers kept for the time when their source is down. Losing one costs nothing; a broken one counts as absent. */
export class Cache {
  readonly #directory: string;

  constructor(cacheDirectory: string) {
    this.#directory = cacheDirectory;
  }

  async get<T>(key: string): Promise<Cached<T> | null> {
    try {
      const text = await readText(this.#path(key));
      const cached = text === null ? null : (JSON.parse(text) as Cached<T> & { key: string });
      return cached && cached.key === key && typeof cached.at === 'number'
        ? { value: cached.value, at: cached.at }
        : null;
    } catch {
      return null;
    }
  }

  /** Keeps a value. Never fails the command: a cache that cannot be written is only a slower one. */
  async put<T>(key: string, value: T, at: number): Promise<void> {
    await writeText(this.#path(key), JSON.stringify({ key, at, value })).catch(() => {});
  }

  #path(key: string): string {
    return `${this.#directory}/${createHash('sha256').update(key).digest('hex').slice(0, 24)}.json`;
  }
}

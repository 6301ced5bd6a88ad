import { OncallError } from '../errors.ts';
import { appendLines, readText, withLock, writeText } from './files.ts';

/** One command that was run, as the journal keeps it. Already redacted when it gets here. */
export interface JournalEntry {
  /** UUID; also the idempotency token of what goes on to the incident's timeline. */
  id: string;
  /** ISO 8601 UTC. */
  at: string;
  who: string;
  world: string;
  environment: string;
  /** Id of the incident it belongs to; null outside one. */
  incident: string | null;
  /** As typed, e.g. `oncall revert dolthubapi --yes`. */
  command: string;
  /** `ok`, or the error's code. */
  outcome: string;
  /** What the timeline should say of it; null for what stays local (reading commands). */
  timeline: string | null;
  link: string | null;
}

/**
 * The journal: a file of JSON lines that is only ever appended to, and beside it the ids of those entries that have
 * reached the incident's timeline. A line that was cut by a crash is passed over when reading, and loses nothing else.
 */
export class Journal {
  readonly #path: string;

  constructor(stateDirectory: string) {
    this.#path = `${stateDirectory}/journal.jsonl`;
  }

  async append(entry: JournalEntry): Promise<void> {
    await withLock(this.#path, () => appendLines(this.#path, [JSON.stringify(entry)]));
  }

  /** All readable entries, oldest first. */
  async entries(filter: { incident?: string } = {}): Promise<JournalEntry[]> {
    const entries = ((await readText(this.#path)) ?? '').split('\n').flatMap((line) => {
      try {
        return line ? [JSON.parse(line) as JournalEntry] : [];
      } catch {
        return [];
      }
    });
    return filter.incident ? entries.filter((entry) => entry.incident === filter.incident) : entries;
  }

  /** Entries that the timeline of their incident still lacks, oldest first. */
  async pending(): Promise<JournalEntry[]> {
    const delivered = await this.#delivered();
    return (await this.entries()).filter((entry) => entry.incident && entry.timeline && !delivered.has(entry.id));
  }

  /**
   * Hands each pending entry to `deliver`, in order, and remembers those that arrived. Only one process drains at a time;
   * it stops at the first failure, so that the order is kept.
   * @returns how many arrived and how many are still pending
   */
  async drain(
    deliver: (entry: JournalEntry) => Promise<void>,
  ): Promise<{ delivered: number; pending: number; failure: unknown }> {
    return withLock(`${this.#path}.drain`, async () => {
      const waiting = await this.pending();
      let count = 0;
      let failure: unknown = null;
      for (const entry of waiting) {
        try {
          await deliver(entry);
        } catch (error) {
          failure = error;
          break;
        }
        await appendLines(`${this.#path}.delivered`, [entry.id]);
        count++;
      }
      return { delivered: count, pending: waiting.length - count, failure };
    });
  }

  async #delivered(): Promise<Set<string>> {
    return new Set(((await readText(`${this.#path}.delivered`)) ?? '').split('\n').filter(Boolean));
  }
}

/** A small JSON document of the state directory, read leniently and replaced as a whole. */
export class StateFile<T> {
  readonly #path: string;

  constructor(stateDirectory: string, name: string) {
    this.#path = `${stateDirectory}/${name}.json`;
  }

  /** The stored value; null when there is none or it cannot be read as JSON. */
  async read(): Promise<T | null> {
    try {
      const text = await readText(this.#path);
      return text === null ? null : (JSON.parse(text) as T);
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }

  /** Changes the value under a lock, so that two processes cannot overwrite each other's change. */
  async update(change: (value: T | null) => T): Promise<T> {
    return withLock(this.#path, async () => {
      const next = change(await this.read());
      await writeText(this.#path, `${JSON.stringify(next)}\n`);
      return next;
    });
  }

  /** Like `update`, for what is only convenient to have. @returns false when it cannot be kept (a full disk) */
  async tryUpdate(change: (value: T | null) => T): Promise<boolean> {
    try {
      await this.update(change);
      return true;
    } catch (error) {
      if (error instanceof OncallError && error.code === 'FAILED') return false;
      throw error;
    }
  }
}

import type { WorldClock } from '../clock.ts';

/** One record of a container's log. `nanos` counts from the start of the millisecond `at`. */
export interface LogEntry {
  at: number;
  nanos: number;
  text: string;
}

/** Where a reader stands: everything up to and including this has been seen. */
export type LogPosition = Pick<LogEntry, 'at' | 'nanos'>;

/**
 * What a container logs in one second of wall-clock time while it serves traffic, in order. The same second always
 * gives the same entries, so that nothing need be kept. Their `nanos` are 500 000 or more.
 */
export type Chatter = (second: number) => LogEntry[];

/** Sub-millisecond part of written lines starts here; a chatter's starts above, so that the two never collide. */
const MOST_WRITTEN_NANOS = 499_999;

/**
 * The log of one run of one container: an append-only file made of two kinds of lines. Those that something caused
 * (start, panic, shutdown) are written when it happens; the ordinary chatter of serving requests is a function of
 * time, worked out only when somebody reads it.
 */
export class ContainerLog {
  readonly #clock: WorldClock;
  readonly #chatter: Chatter;
  readonly #written: LogEntry[] = [];
  readonly #listeners = new Set<() => void>();
  #servingFrom: number | null = null;
  #endedAt: number | null = null;

  constructor(clock: WorldClock, chatter: Chatter) {
    this.#clock = clock;
    this.#chatter = chatter;
  }

  get ended(): boolean {
    return this.#endedAt !== null;
  }

  /** Writes lines, all at the same moment, `at` in milliseconds since 1970 (now unless told). */
  write(lines: readonly string[], at: number = this.#clock.now()): void {
    for (const text of lines) {
      const last = this.#written.at(-1);
      const sameMoment = last && last.at >= at;
      const nanos = sameMoment ? Math.min(last.nanos + 1_793, MOST_WRITTEN_NANOS) : 10_417;
      this.#written.push({ at: sameMoment ? last.at : at, nanos, text });
    }
    this.#announce();
  }

  /** From `at` on, in milliseconds since 1970, the container serves requests and says so. */
  serve(at: number = this.#clock.now()): void {
    this.#servingFrom ??= at;
    this.#announce();
  }

  /** The container is over; nothing is added any more. */
  end(): void {
    this.#endedAt ??= this.#clock.now();
    this.#announce();
  }

  /** Calls `listener` when lines are written or the log ends (not for chatter: see `nextAt`). */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The entries after a position (from the beginning: null) up to now, in order. */
  *read(after: LogPosition | null): Generator<LogEntry> {
    // What is added while a slow reader holds this is left for the next read, or it would overtake older chatter.
    const limit = this.#limit();
    const end = this.#written.length;
    let next = this.#written.findIndex((entry) => isAfter(entry, after));
    if (next < 0) next = end;
    if (this.#servingFrom !== null) {
      const from = Math.max(this.#servingFrom, after?.at ?? 0);
      for (let second = Math.floor(from / 1000); second * 1000 < limit; second++) {
        for (const entry of this.#chatterIn(second, limit)) {
          if (!isAfter(entry, after)) continue;
          for (; next < end && isAfter(entry, this.#at(next)); next++) yield this.#at(next);
          yield entry;
        }
      }
    }
    for (; next < end; next++) yield this.#at(next);
  }

  /** The last `count` entries, in order. */
  last(count: number): LogEntry[] {
    if (count === 0) return [];
    const limit = this.#limit();
    const chatter: LogEntry[] = [];
    const first = this.#servingFrom === null ? Number.POSITIVE_INFINITY : Math.floor(this.#servingFrom / 1000);
    for (let second = Math.floor(limit / 1000); second >= first && chatter.length < count; second--) {
      chatter.push(...this.#chatterIn(second, limit).reverse());
    }
    return [...this.#written.slice(-count), ...chatter].sort((a, b) => a.at - b.at || a.nanos - b.nanos).slice(-count);
  }

  /** When the next line of chatter can be read, in milliseconds since 1970; null when none will come by itself. */
  nextAt(): number | null {
    if (this.#servingFrom === null || this.ended) return null;
    const limit = this.#limit();
    for (let second = Math.floor(limit / 1000), tried = 0; tried < 60; second++, tried++) {
      const entry = this.#chatter(second).find(({ at }) => at >= limit && at >= (this.#servingFrom ?? 0));
      if (entry) return entry.at + 1;
    }
    return limit + 60_000;
  }

  /** Chatter counts once its millisecond is over: a line written in that same millisecond comes first. */
  #limit(): number {
    return Math.min(this.#clock.now(), this.#endedAt ?? Number.POSITIVE_INFINITY);
  }

  #chatterIn(second: number, limit: number): LogEntry[] {
    const from = this.#servingFrom ?? 0;
    return this.#chatter(second).filter(({ at }) => at >= from && at < limit);
  }

  #at(index: number): LogEntry {
    return this.#written[index] as LogEntry;
  }

  #announce(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function isAfter(entry: LogPosition, position: LogPosition | null): boolean {
  return position === null || entry.at > position.at || (entry.at === position.at && entry.nanos > position.nanos);
}

/** When an entry was logged, RFC 3339 with nine digits, as the container runtime writes it in front of each record. */
export function entryStamp({ at, nanos }: LogPosition): string {
  return `${new Date(at).toISOString().slice(0, 23)}${String(nanos).padStart(6, '0')}Z`;
}

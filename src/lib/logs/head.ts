import type { LogStream } from '../clients/kubernetes/kubernetes.ts';
import { OncallError } from '../errors.ts';
import type { PastEnd, PastLog } from './backlog.ts';
import { LineReader, lineEnd } from './line-reader.ts';
import { Place } from './place.ts';
import type { Source } from './source.ts';
import { nanosAt, textStart } from './stamp.ts';

/** Whole lines that follow each other; the line break of the last is not counted. */
interface Block {
  bytes: Buffer;
  start: number;
  end: number;
}

/**
 * The next line of one log, and what it has ready beyond that. Lines are looked for one by one, as they are shown: to keep
 * where each begins would cost more than to find it.
 */
export class Head {
  readonly source: Source;
  readonly #log: PastLog;
  readonly #share: number;
  readonly #reader = new LineReader();
  readonly #stream: LogStream;
  readonly #changed: () => void;
  readonly #place = new Place();
  #blocks: Block[] = [];
  #waiting = 0;
  #paused = false;
  #error: OncallError | null = null;
  #lines = 0;
  #unstamped: string | null = null;
  /** Where the line after the loaded one begins in the first block. */
  #next = 0;
  /** From where on lines of the first block were shown that the place does not know of; -1: there are none. */
  #shownFrom = -1;
  over = false;
  /** Whether a line is loaded. */
  ready = false;
  /** Of the next line; valid while `ready`. */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  text = 0;
  stop = 0;
  nanos = 0;

  constructor(log: PastLog, options: { share: number; changed: () => void }) {
    this.source = log.source;
    this.#log = log;
    this.#share = options.share;
    this.#changed = options.changed;
    this.#stream = log.open((piece) => this.#take(piece));
    void this.#stream.ended.then(
      () => this.#end(null),
      (error: unknown) => this.#end(error instanceof OncallError ? error : bug(error)),
    );
  }

  get end(): PastEnd {
    return { place: this.#place, lines: this.#lines, error: this.#error };
  }

  close(): void {
    this.#stream.close();
  }

  /** The loaded line was shown. @returns whether another is ready, and loaded */
  advance(): boolean {
    this.#lines++;
    if (this.#shownFrom < 0) this.#shownFrom = this.start;
    return this.#load();
  }

  /** Loads the next line that has a stamp. */
  #load(): boolean {
    for (let block = this.#blocks[0]; block !== undefined; block = this.#blocks[0]) {
      const { bytes, end } = block;
      const start = this.#next;
      if (start > end) {
        this.#leave(block);
        continue;
      }
      const stop = lineEnd(bytes, start, end);
      const text = textStart(bytes, start, stop);
      this.#next = stop + 1;
      if (text < 0) {
        // Only the last one is the kubelet's; one with lines after it began before the bound of the request.
        this.#unstamped = bytes.toString('utf8', start, stop);
        this.#deliver(bytes);
        continue;
      }
      this.#unstamped = null;
      this.bytes = bytes;
      this.start = start;
      this.text = text;
      this.stop = stop;
      this.nanos = nanosAt(bytes, start);
      this.ready = true;
      return true;
    }
    this.ready = false;
    if (this.over) this.#remark();
    return false;
  }

  /** The first block has been shown to its end. */
  #leave({ bytes, start, end }: Block): void {
    this.#deliver(bytes);
    this.#blocks.shift();
    this.#next = this.#blocks[0]?.start ?? 0;
    this.#waiting -= end - start;
    if (this.#paused && this.#waiting < this.#share / 2) {
      this.#paused = false;
      this.#stream.resume();
    }
  }

  #deliver(bytes: Buffer): void {
    if (this.#shownFrom >= 0) this.#place.deliver(bytes, this.#shownFrom, this.stop);
    this.#shownFrom = -1;
  }

  #take(piece: Buffer): void {
    this.#reader.pushBlocks(piece, this.#add);
    if (!this.ready) this.#load();
    if (!this.#paused && this.#waiting > this.#share) {
      this.#paused = true;
      this.#stream.pause();
    }
    this.#changed();
  }

  // A function and not a method: it is handed on for each piece.
  readonly #add = (bytes: Buffer, start: number, end: number): void => {
    if (this.#blocks.length === 0) this.#next = start;
    this.#blocks.push({ bytes, start, end });
    this.#waiting += end - start;
  };

  #end(error: OncallError | null): void {
    const rest = error ? null : this.#reader.rest();
    if (rest && (this.#log.restIsLine || textStart(rest, 0, rest.length) < 0)) this.#add(rest, 0, rest.length);
    this.#error = error;
    this.over = true;
    if (!this.ready) this.#load();
    this.#changed();
  }

  #remark(): void {
    const words = this.#unstamped;
    this.#unstamped = null;
    if (words?.trim()) this.#log.remark(words);
  }
}

function bug(error: unknown): OncallError {
  return new OncallError('Reading a log failed in a way that nobody foresaw.', { code: 'BUG', cause: error });
}

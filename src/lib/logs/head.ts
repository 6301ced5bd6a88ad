import type { LogStream } from '../clients/kubernetes/kubernetes.ts';
import { OncallError } from '../errors.ts';
import type { PastEnd, PastLog } from './backlog.ts';
import { LineReader } from './line-reader.ts';
import { Place } from './place.ts';
import type { Source } from './source.ts';
import { nanosAt, textStart } from './stamp.ts';

/** The next line of one log, and what it has ready beyond that. */
export class Head {
  readonly source: Source;
  readonly #log: PastLog;
  readonly #share: number;
  readonly #reader = new LineReader();
  readonly #stream: LogStream;
  readonly #changed: () => void;
  readonly #place = new Place();
  #pieces: { bytes: Buffer; bounds: number[] }[] = [];
  #next = 0;
  #waiting = 0;
  #paused = false;
  #error: OncallError | null = null;
  #lines = 0;
  #unstamped: string | null = null;
  #bounds: number[] = [];
  #bytes: Buffer | null = null;
  over = false;
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

  get ready(): boolean {
    return this.#pieces.length > 0;
  }

  get end(): PastEnd {
    return { place: this.#place, lines: this.#lines, error: this.#error };
  }

  close(): void {
    this.#stream.close();
  }

  /** Loads the next line into the fields. */
  load(): void {
    const piece = this.#pieces[0];
    if (!piece) return;
    this.bytes = piece.bytes;
    this.start = piece.bounds[this.#next] as number;
    this.text = piece.bounds[this.#next + 1] as number;
    this.stop = piece.bounds[this.#next + 2] as number;
    this.nanos = nanosAt(piece.bytes, this.start);
  }

  /** The loaded line was shown. @returns whether another is ready, and loaded */
  advance(): boolean {
    const piece = this.#pieces[0] as { bytes: Buffer; bounds: number[] };
    this.#lines++;
    this.#next += 3;
    if (this.#next < piece.bounds.length) {
      this.load();
      return true;
    }
    this.#place.deliver(piece.bytes, piece.bounds[0] as number, piece.bounds.at(-1) as number);
    this.#pieces.shift();
    this.#next = 0;
    this.#waiting -= piece.bytes.length;
    if (this.#paused && this.#waiting < this.#share / 2) {
      this.#paused = false;
      this.#stream.resume();
    }
    if (!this.ready) return false;
    this.load();
    return true;
  }

  #take(piece: Buffer): void {
    this.#reader.push(piece, this.#line);
    this.#store();
    if (!this.#paused && this.#waiting > this.#share) {
      this.#paused = true;
      this.#stream.pause();
    }
    this.#changed();
  }

  readonly #line = (bytes: Buffer, start: number, end: number): void => {
    const text = textStart(bytes, start, end);
    if (text < 0) {
      // Only the last one is the kubelet's; one with lines after it began before the bound of the request.
      this.#unstamped = bytes.toString('utf8', start, end);
      this.#store();
      return;
    }
    this.#unstamped = null;
    if (bytes !== this.#bytes) this.#store();
    this.#bytes = bytes;
    this.#bounds.push(start, text, end);
  };

  #store(): void {
    if (this.#bytes && this.#bounds.length > 0) {
      this.#pieces.push({ bytes: this.#bytes, bounds: this.#bounds });
      this.#waiting += this.#bytes.length;
      if (this.#pieces.length === 1) this.load();
    }
    this.#bytes = null;
    this.#bounds = [];
  }

  #end(error: OncallError | null): void {
    const rest = error ? null : this.#reader.rest();
    if (rest && (this.#log.restIsLine || textStart(rest, 0, rest.length) < 0)) this.#line(rest, 0, rest.length);
    this.#store();
    if (this.#unstamped?.trim()) this.#log.remark(this.#unstamped);
    this.#error = error;
    this.over = true;
    this.#changed();
  }
}

function bug(error: unknown): OncallError {
  return new OncallError('Reading a log failed in a way that nobody foresaw.', { code: 'BUG', cause: error });
}

import type { LogStream } from '../clients/kubernetes/kubernetes.ts';
import { OncallError } from '../errors.ts';
import { LineReader } from './line-reader.ts';
import type { Place } from './place.ts';
import type { LineSink, Source } from './source.ts';
import { isRemark, textStart } from './stamp.ts';
import type { Valve } from './valve.ts';

/** A gap that cannot be closed: what was written between the two stamps was rotated away. Nanoseconds as in `stamp`. */
export interface Gap {
  from: number;
  to: number | null;
}

export interface RunReading {
  source: Source;
  place: Place;
  sink: LineSink;
  valve: Valve;
  /** Opens the log at the place, or at its beginning. */
  open(take: (piece: Buffer) => void): LogStream;
  /** Whether the log that is read is still that of the run it is taken for. */
  stillThisRun(): Promise<boolean>;
  /** Words of the kubelet among the lines. */
  remark(words: string): void;
  gap(gap: Gap): void;
  /** Whether bytes after the last line break are a line: only of a run that is over, since any other is replayed. */
  restIsLine: boolean;
  /**
   * Whether the stream ends by itself at the end of the file: then a place that did not come up is not in it. `last try` if
   * it is believed even of a stream that may have been cut on the way.
   */
  toTheEnd: 'no' | 'yes' | 'last try';
  /** Lines begin in the middle of the file, so the first may be the rest of one whose beginning was not asked for. */
  bounded: boolean;
  signal: AbortSignal;
}

export interface RunRead {
  /** Lines delivered. */
  lines: number;
  /**
   * `end`: the stream ended in order. `broken`: see `error`. `other run`: the file belongs to another run; nothing of it was
   * delivered. `doubtful`: the place did not come up; only a reading to the end of the file can tell whether it is lost.
   */
  outcome: 'end' | 'broken' | 'other run' | 'doubtful';
  error: OncallError | null;
  /** Whether the place was found in the file, or has been in it: then it is the file of the run whose place it is. */
  found: boolean;
  /** Whether the file ended without the place, and without a line that could be new. */
  missing: boolean;
  /** Whether the kubelet had the last word, so that the end is not the file's. */
  remarked: boolean;
}

/** A replay in which nothing comes any more probably does not hold the place, in milliseconds. */
const QUIET = 1000;

/** Reads one stream of a run from the place on, each line once. Never throws but for bugs. */
export async function readRun(reading: RunReading): Promise<RunRead> {
  return new RunReader(reading).run();
}

class RunReader {
  readonly #reading: RunReading;
  readonly #reader = new LineReader();
  #stream: LogStream | null = null;
  #lines = 0;
  /** A line without a stamp: the last of a stream is the kubelet speaking, any other the rest of a cut line. */
  #unstamped: string | null = null;
  #unstampedIsFirst = false;
  #seenAny = false;
  #found = false;
  #remarked = false;
  /** Lines that wait until it is known whether the place was lost. */
  #parked: Buffer[] | null = null;
  #verdict: Promise<void> | null = null;
  #otherRun = false;
  #doubtful = false;
  #quiet: NodeJS.Timeout | undefined;
  #range: { bytes: Buffer; start: number; end: number } | null = null;

  constructor(reading: RunReading) {
    this.#reading = reading;
  }

  async run(): Promise<RunRead> {
    const { place, valve, signal } = this.#reading;
    place.resume();
    const stream = this.#reading.open((piece) => this.#take(piece));
    this.#stream = stream;
    valve.add(stream);
    const close = () => stream.close();
    signal.addEventListener('abort', close, { once: true });
    let error: OncallError | null = null;
    try {
      await stream.ended;
    } catch (cause) {
      if (!(cause instanceof OncallError)) throw cause;
      error = cause;
    } finally {
      clearTimeout(this.#quiet);
      signal.removeEventListener('abort', close);
      valve.remove(stream);
    }
    if (!error && !signal.aborted) await this.#finish();
    await this.#verdict;
    this.#deliverRange();
    const missing = !error && place.scanning;
    const read = { lines: this.#lines, error: null, found: this.#found, missing, remarked: this.#remarked };
    if (this.#otherRun) return { ...read, outcome: 'other run' };
    if (this.#doubtful) return { ...read, outcome: 'doubtful' };
    return { ...read, outcome: error ? 'broken' : 'end', error };
  }

  #take(piece: Buffer): void {
    this.#reader.push(piece, this.#line);
    this.#deliverRange();
    const { place, sink, valve } = this.#reading;
    sink.flush();
    valve.check();
    if (!place.scanning) return;
    clearTimeout(this.#quiet);
    if (place.holds && this.#reading.toTheEnd === 'no') this.#quiet = setTimeout(() => this.#doubt(), QUIET);
  }

  // A function and not a method: it is handed on for each piece.
  readonly #line = (bytes: Buffer, start: number, end: number): void => {
    if (this.#otherRun || this.#doubtful) return;
    if (this.#parked) {
      this.#parked.push(Buffer.from(bytes.subarray(start, end)));
      return;
    }
    const text = textStart(bytes, start, end);
    if (text < 0) {
      this.#withoutStamp(bytes, start, end);
      return;
    }
    if (this.#unstamped !== null) this.#passUnstamped();
    this.#seenAny = true;
    if (this.#reading.place.scanning) {
      const { place, toTheEnd } = this.#reading;
      const verdict = place.look(bytes, start, end);
      this.#found ||= !place.scanning;
      if (toTheEnd !== 'no') {
        if (verdict === 'too much') this.#lost();
      } else if (verdict === 'doubtful' || verdict === 'too much') this.#doubt();
      return;
    }
    this.#deliver(bytes, start, text, end);
  };

  #deliver(bytes: Buffer, start: number, text: number, end: number): void {
    const range = this.#range;
    if (range && range.bytes === bytes && range.end + 1 === start) range.end = end;
    else {
      this.#deliverRange();
      this.#range = { bytes, start, end };
    }
    this.#lines++;
    this.#reading.sink.line(this.#reading.source, bytes, start, text, end);
  }

  #deliverRange(): void {
    const range = this.#range;
    if (range) this.#reading.place.deliver(range.bytes, range.start, range.end);
    this.#range = null;
  }

  #withoutStamp(bytes: Buffer, start: number, end: number): void {
    this.#passUnstamped();
    this.#unstamped = bytes.toString('utf8', start, end);
    this.#unstampedIsFirst = !this.#seenAny;
    this.#seenAny = true;
  }

  /** Lines follow it: a first one was the rest of a line that began before the bound, which is left out. */
  #passUnstamped(): void {
    if (this.#unstampedIsFirst && this.#reading.bounded) this.#unstamped = null;
    this.#tellUnstamped();
  }

  #tellUnstamped(): void {
    const words = this.#unstamped;
    this.#unstamped = null;
    if (!words?.trim()) return;
    this.#remarked = true;
    this.#reading.remark(words);
  }

  /** Ends this reading without delivering anything of it. */
  #doubt(): void {
    clearTimeout(this.#quiet);
    this.#doubtful = true;
    this.#stream?.close();
  }

  /** The place has not come up and cannot any more: it was rotated away, unless this is another run's file. */
  #lost(): void {
    if (this.#verdict) return;
    clearTimeout(this.#quiet);
    this.#parked ??= [];
    this.#stream?.pause();
    this.#verdict = this.#decide().finally(() => {
      this.#verdict = null;
    });
  }

  async #decide(): Promise<void> {
    const { place, sink, gap, stillThisRun, signal } = this.#reading;
    const same = await stillThisRun().catch(() => true);
    if (signal.aborted) return;
    if (!same) {
      this.#otherRun = true;
      this.#parked = null;
      this.#stream?.close();
      return;
    }
    this.#found = true;
    const from = place.nanos;
    const parked = this.#parked ?? [];
    this.#parked = null;
    if (from !== null) gap({ from, to: place.firstHeld });
    place.giveUp(this.#line);
    for (const line of parked) this.#line(line, 0, line.length);
    this.#deliverRange();
    sink.flush();
    this.#stream?.resume();
  }

  async #finish(): Promise<void> {
    const { place, restIsLine } = this.#reading;
    await this.#verdict;
    const rest = this.#reader.rest();
    if (rest && (restIsLine || isRemark(rest))) this.#line(rest, 0, rest.length);
    if (place.scanning && !this.#otherRun && place.holds) {
      const { toTheEnd } = this.#reading;
      // An end before the place's own time, or one with words of the kubelet, may be no end of the file.
      const whole = place.beyond && this.#unstamped === null;
      if (toTheEnd === 'last try' || (toTheEnd === 'yes' && whole)) this.#lost();
      else this.#doubtful = true;
    }
    await this.#verdict;
    this.#tellUnstamped();
    this.#deliverRange();
    this.#reading.sink.flush();
  }
}

import { nanosAt } from './stamp.ts';

/**
 * How far a container's log has been delivered. The file of one run only grows, and is always replayed in its order, so
 * the last delivered line, found again, is the place to go on from: everything up to it has been seen, nothing after it.
 * Not the stamp alone: stdout and stderr are stamped apart, so the file's order may differ from the stamps', and equal
 * stamps happen. Measured against other rules in `docs/decisions/0006-log-streams.md`.
 */
interface Mark {
  line: Buffer;
  nanos: number;
  /** Its how-manieth occurrence it is, for lines that are equal to the last digit of their stamps. */
  occurrence: number;
}

/** Whole lines out of one piece; the line break of the last is not counted. */
interface Range {
  bytes: Buffer;
  start: number;
  end: number;
  /** Stamp of its last line. */
  nanos: number;
}

/** Stamps of neighbouring lines are out of order by microseconds; this is ample. */
const DISORDER = 10e6;
/** A stamp so much later than the place makes it doubtful that the place will come; clocks are set back as well. */
const SURELY_PAST = 2e9;
/** So much of a replay is kept that is surely before the place, unless a clock was set back. */
const MOST_OLDER = 1024 * 1024;
const MOST_HELD = 8 * 1024 * 1024;
const LINE_BREAK = 0x0a;

/**
 * What a scan says of a line of a replay: it is seen, or held until the place comes up or is given up; `doubtful` when it
 * is so much newer than the place that the place should have come; `too much` when more is held than is good.
 */
export type Verdict = 'seen' | 'held' | 'doubtful' | 'too much';

interface Scan {
  /** Occurrences of the marked line so far. */
  found: number;
  /** What came after the last of them: if the place is lost, all of it is new, whatever its stamps say. */
  held: Range[];
  size: number;
  /** Whether a line came that is newer than the place: then the replay got as far as the place stood. */
  beyond: boolean;
  passed: Range[];
}

export class Place {
  #mark: Mark | null = null;
  /** What was delivered since the mark was set, as far as an equal line could stand in it. */
  #recent: Range[] = [];
  #scan: Scan | null = null;

  /** Stamp of the last line delivered; null before the first. */
  get nanos(): number | null {
    return this.#recent.at(-1)?.nanos ?? this.#mark?.nanos ?? null;
  }

  /** Whether a replay is being searched for the place. */
  get scanning(): boolean {
    return this.#scan !== null;
  }

  /** Whether the replay held lines that are new if the place is lost. */
  get holds(): boolean {
    return (this.#scan?.held.length ?? 0) > 0;
  }

  /** Whether the replay came to lines newer than the place. One that did not was cut, or a clock was set back. */
  get beyond(): boolean {
    return this.#scan?.beyond ?? false;
  }

  /** These whole lines have been delivered, one after the other. */
  deliver(bytes: Buffer, start: number, end: number): void {
    pass(this.#recent, rangeOf(bytes, start, end));
  }

  /**
   * A new request replays the log from somewhere before the place. A scan that broke off left the place where it was.
   */
  resume(): void {
    this.#settle();
    this.#scan = this.#mark ? { found: 0, held: [], size: 0, beyond: false, passed: [] } : null;
  }

  /** A new run has a file of its own: nothing of it has been seen. */
  forget(): void {
    this.#mark = null;
    this.#recent = [];
    this.#scan = null;
  }

  /** Looks at one line of a replay. When the place has come up, `scanning` is false and the next line is new. */
  look(bytes: Buffer, start: number, end: number): Verdict {
    const scan = this.#scan;
    const mark = this.#mark;
    if (!scan || !mark) return 'seen';
    const nanos = nanosAt(bytes, start);
    pass(scan.passed, { bytes, start, end, nanos });
    if (equal(mark.line, bytes, start, end)) {
      scan.found += 1;
      scan.held = [];
      scan.size = 0;
      if (scan.found === mark.occurrence) {
        this.#recent = scan.passed;
        this.#scan = null;
      }
      return 'seen';
    }
    if (nanos > mark.nanos) scan.beyond = true;
    hold(scan, { bytes, start, end, nanos }, mark.nanos);
    if (scan.size > MOST_HELD) return 'too much';
    return nanos > mark.nanos + SURELY_PAST ? 'doubtful' : 'held';
  }

  /** Gives up the search. @param take gets the held lines, which have not been delivered */
  giveUp(take: (bytes: Buffer, start: number, end: number) => void): void {
    const held = this.#scan?.held ?? [];
    this.#scan = null;
    for (const { bytes, start, end } of held) {
      for (let at = start; at <= end; ) {
        const lineBreak = bytes.indexOf(LINE_BREAK, at);
        const stop = lineBreak < 0 || lineBreak > end ? end : lineBreak;
        take(bytes, at, stop);
        at = stop + 1;
      }
    }
  }

  /** Stamp of the first held line; null when none is held. */
  get firstHeld(): number | null {
    const [first] = this.#scan?.held ?? [];
    return first ? nanosAt(first.bytes, first.start) : null;
  }

  /** Fixes the mark from what was delivered, and lets go of the pieces. */
  #settle(): void {
    const last = this.#recent.at(-1);
    if (!last) return;
    const start = last.bytes.lastIndexOf(LINE_BREAK, last.end - 1);
    const from = Math.max(last.start, start < last.start ? last.start : start + 1);
    const line = Buffer.from(last.bytes.subarray(from, last.end));
    const occurrence = this.#recent.reduce((count, range) => count + occurrences(line, range), 0);
    this.#mark = { line, nanos: last.nanos, occurrence };
    this.#recent = [];
  }
}

function rangeOf(bytes: Buffer, start: number, end: number): Range {
  const lineBreak = end > start ? bytes.lastIndexOf(LINE_BREAK, end - 1) : -1;
  return { bytes, start, end, nanos: nanosAt(bytes, lineBreak < start ? start : lineBreak + 1) };
}

/** Adds lines to those that were passed. Lines that follow each other in one piece are one range. */
function pass(ranges: Range[], next: Range): void {
  const last = ranges.at(-1);
  if (last && last.bytes === next.bytes && last.end + 1 === next.start) {
    last.end = next.end;
    last.nanos = next.nanos;
    return;
  }
  ranges.push(next);
  // An equal line has an equal stamp: what is older than the last by more than the disorder cannot hold one.
  let drop = 0;
  while (drop < ranges.length - 1 && (ranges[drop] as Range).nanos < next.nanos - DISORDER) drop++;
  if (drop > 0) ranges.splice(0, drop);
}

/** Keeps a line of a replay, and drops those that surely came before the place when there are too many. */
function hold(scan: Scan, next: Range, place: number): void {
  const last = scan.held.at(-1);
  scan.size += next.end - next.start + 1;
  if (last && last.bytes === next.bytes && last.end + 1 === next.start) {
    last.end = next.end;
    last.nanos = next.nanos;
  } else scan.held.push(next);
  if (scan.size <= MOST_OLDER || scan.beyond) return;
  const first = scan.held[0];
  if (!first || first === scan.held.at(-1) || first.nanos >= place - DISORDER) return;
  scan.held.shift();
  scan.size -= first.end - first.start + 1;
}

function occurrences(line: Buffer, { bytes, start, end }: Range): number {
  let count = 0;
  for (let at = bytes.indexOf(line, start); at >= 0 && at + line.length <= end; at = bytes.indexOf(line, at + 1)) {
    const begins = at === start || bytes[at - 1] === LINE_BREAK;
    const ends = at + line.length === end || bytes[at + line.length] === LINE_BREAK;
    if (begins && ends) count++;
  }
  return count;
}

function equal(line: Buffer, bytes: Buffer, start: number, end: number): boolean {
  return line.length === end - start && bytes.compare(line, 0, line.length, start, end) === 0;
}

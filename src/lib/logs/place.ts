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
const MOST_HELD = 4 * 1024 * 1024;
const LINE_BREAK = 0x0a;

/**
 * What a scan says of a line of a replay: it was seen before; it is newer than the place, so it is held; it is so much newer
 * that the place should have come; or so much is held that the search is given up.
 */
export type Verdict = 'seen' | 'held' | 'doubtful' | 'lost';

export class Place {
  #mark: Mark | null = null;
  /** What was delivered since the mark was set, as far as an equal line could stand in it. */
  #recent: Range[] = [];
  #scan: { found: number; held: Buffer[]; size: number; passed: Range[] } | null = null;

  /** Stamp of the last line delivered; null before the first. */
  get nanos(): number | null {
    return this.#recent.at(-1)?.nanos ?? this.#mark?.nanos ?? null;
  }

  /** Whether a replay is being searched for the place. */
  get scanning(): boolean {
    return this.#scan !== null;
  }

  /** Lines that came after the place in time while it was searched for; they count only if it is lost. */
  get held(): readonly Buffer[] {
    return this.#scan?.held ?? [];
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
    this.#scan = this.#mark ? { found: 0, held: [], size: 0, passed: [] } : null;
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
      if (scan.found === mark.occurrence) {
        this.#recent = scan.passed;
        this.#scan = null;
      }
      return 'seen';
    }
    if (nanos <= mark.nanos) return 'seen';
    scan.held.push(Buffer.from(bytes.subarray(start, end)));
    scan.size += end - start;
    if (scan.size > MOST_HELD) return 'lost';
    return nanos > mark.nanos + SURELY_PAST ? 'doubtful' : 'held';
  }

  /** Gives up the search. @returns the held lines, which have not been delivered */
  giveUp(): Buffer[] {
    const held = this.#scan?.held ?? [];
    this.#scan = null;
    return held;
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

const LINE_BREAK = 0x0a;
/** A line that never ends is cut here, so that memory stays bounded. */
const LONGEST_LINE = 1024 * 1024;

/** Takes a whole line, the bytes from `start` up to `end`, its line break not counted. */
export type TakeLine = (bytes: Buffer, start: number, end: number) => void;

/** Where the line ends that begins at `start`, of lines that follow each other up to `end`. */
export function lineEnd(bytes: Buffer, start: number, end: number): number {
  const found = bytes.indexOf(LINE_BREAK, start);
  return found < 0 || found > end ? end : found;
}

/**
 * Cuts bytes that come in pieces into lines. Nothing is copied but a line that arrives in two pieces: lines are ranges of
 * the piece that they came in.
 */
export class LineReader {
  #pieces: Buffer[] = [];
  #held = 0;

  /** Gives each line that this piece completes. */
  push(piece: Buffer, take: TakeLine): void {
    this.pushBlocks(piece, (bytes, start, end) => {
      for (let at = start; at <= end; ) {
        const stop = lineEnd(bytes, at, end);
        take(bytes, at, stop);
        at = stop + 1;
      }
    });
  }

  /** The same, but gives lines that follow each other at once; the line break of the last is not counted. */
  pushBlocks(piece: Buffer, take: TakeLine): void {
    const last = piece.lastIndexOf(LINE_BREAK);
    if (last < 0) {
      this.#hold(piece, take);
      return;
    }
    let start = 0;
    if (this.#held > 0) {
      const end = piece.indexOf(LINE_BREAK);
      const first = piece.subarray(0, end);
      const whole = Buffer.concat([...this.#pieces, first], this.#held + first.length);
      this.#drop();
      take(whole, 0, whole.length);
      start = end + 1;
    }
    if (start <= last) take(piece, start, last);
    if (last + 1 < piece.length) this.#hold(piece.subarray(last + 1), take);
  }

  /** What came after the last line break; null when nothing did. It is not kept. */
  rest(): Buffer | null {
    const rest = this.#held > 0 ? Buffer.concat(this.#pieces, this.#held) : null;
    this.#drop();
    return rest;
  }

  #hold(piece: Buffer, take: TakeLine): void {
    this.#pieces.push(piece);
    this.#held += piece.length;
    if (this.#held <= LONGEST_LINE) return;
    const cut = this.rest() as Buffer;
    take(cut, 0, cut.length);
  }

  #drop(): void {
    this.#pieces = [];
    this.#held = 0;
  }
}

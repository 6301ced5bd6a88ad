const LINE_BREAK = 0x0a;
/** A line that never ends is cut here, so that memory stays bounded. */
const LONGEST_LINE = 1024 * 1024;

/** Takes a whole line, the bytes from `start` up to `end`, its line break not counted. */
export type TakeLine = (bytes: Buffer, start: number, end: number) => void;

/**
 * Cuts bytes that come in pieces into lines. Nothing is copied but a line that arrives in two pieces: lines are ranges of
 * the piece that they came in.
 */
export class LineReader {
  #pieces: Buffer[] = [];
  #held = 0;

  /** Gives each line that this piece completes. */
  push(piece: Buffer, take: TakeLine): void {
    let start = 0;
    if (this.#held > 0) {
      const end = piece.indexOf(LINE_BREAK);
      if (end < 0) {
        this.#hold(piece, take);
        return;
      }
      const first = piece.subarray(0, end);
      const whole = Buffer.concat([...this.#pieces, first], this.#held + first.length);
      this.#drop();
      take(whole, 0, whole.length);
      start = end + 1;
    }
    for (let end = piece.indexOf(LINE_BREAK, start); end >= 0; end = piece.indexOf(LINE_BREAK, start)) {
      take(piece, start, end);
      start = end + 1;
    }
    if (start < piece.length) this.#hold(piece.subarray(start), take);
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

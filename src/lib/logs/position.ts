import { type LogLine, millisecondsOf } from './log-line.ts';

/** Stamps of one log file are in order but for a few microseconds between stdout and stderr; this is ample. */
const DISORDER = 100;

/**
 * How far one container's log has been shown. A log file only grows and is always replayed in its order, so the last
 * shown line, found again, is the place to go on from: nothing twice, nothing lost. Lines are told apart by timestamp
 * and text, and equal ones by counting them.
 */
export class Position {
  #last: LogLine | null = null;
  /** How often each text was shown with the stamp of the last line. */
  #counts = new Map<string, number>();
  /** Lines of a replay in which the place has not come up yet; null while lines simply go on. */
  #held: LogLine[] | null = null;
  #found = 0;

  get last(): LogLine | null {
    return this.#last;
  }

  /** From here on the log is replayed from somewhere before the place, or from a later run. */
  replay(): void {
    this.#held = this.#last ? [] : null;
    this.#found = 0;
  }

  /** The lines out of these that have not been shown yet; they count as shown from now on. */
  take(lines: readonly LogLine[]): LogLine[] {
    return lines.flatMap((line) => this.#passed(line)).map((line) => this.#shown(line));
  }

  /** The replay is over. If the place did not come up, it was rotated away or belongs to an earlier run. */
  end(): LogLine[] {
    return this.#release().map((line) => this.#shown(line));
  }

  #passed(line: LogLine): LogLine[] {
    const last = this.#last;
    if (!this.#held || !last) return [line];
    if (line.at === last.at && line.text === last.text) {
      this.#found += 1;
      if (this.#found < (this.#counts.get(last.text) ?? 1)) return [];
      this.#held = null;
      return [];
    }
    if (millisecondsOf(line.at) > millisecondsOf(last.at) + DISORDER) return [...this.#release(), line];
    this.#held.push(line);
    return [];
  }

  #release(): LogLine[] {
    const last = this.#last;
    const newer = (this.#held ?? []).filter(({ at }) => !last || at > last.at);
    this.#held = null;
    return newer;
  }

  #shown(line: LogLine): LogLine {
    if (line.at !== this.#last?.at) this.#counts.clear();
    this.#counts.set(line.text, (this.#counts.get(line.text) ?? 0) + 1);
    this.#last = line;
    return line;
  }
}

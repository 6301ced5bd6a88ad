import type { Terminal } from './terminal.ts';

/** One line that moves while something is waited for. */
export interface Progress {
  update(text: string): void;
  /** Wipes the moving line, so that what follows starts clean. */
  done(): void;
}

/**
 * On a terminal the line is rewritten in place; elsewhere each *different* text is one line of its own, so that a log of
 * the run stays readable. Always on stderr. It is overwritten with spaces: a dumb terminal knows no more than that.
 */
export function createProgress(terminal: Terminal, write: (line: string) => void): Progress {
  let last = '';
  const wiped = () => `\r${' '.repeat(last.length)}\r`;
  return {
    update(text) {
      if (text === last) return;
      if (terminal.errorIsTty) terminal.error.write(`${last ? wiped() : ''}${terminal.errorPaint.dim(text)}`);
      else write(text);
      last = text;
    },
    done() {
      if (terminal.errorIsTty && last) terminal.error.write(wiped());
      last = '';
    },
  };
}

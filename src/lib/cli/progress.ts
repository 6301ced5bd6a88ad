import type { Terminal } from './terminal.ts';

/** One line that moves while something is waited for. */
export interface Progress {
  update(text: string): void;
  /** Wipes the moving line, so that what follows starts clean. */
  done(): void;
}

/**
 * On a terminal the line is rewritten in place; elsewhere each *different* text is one line of its own, so that a log of
 * the run stays readable. Always on stderr.
 */
export function createProgress(terminal: Terminal, write: (line: string) => void): Progress {
  let last = '';
  return {
    update(text) {
      if (text === last) return;
      last = text;
      if (terminal.errorIsTty) terminal.error.write(`\r\u001b[K${terminal.errorPaint.dim(text)}`);
      else write(text);
    },
    done() {
      if (terminal.errorIsTty && last) terminal.error.write('\r\u001b[K');
      last = '';
    },
  };
}

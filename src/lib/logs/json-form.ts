import { jsonLine } from '../text/plain.ts';
import type { Entry } from './log-line.ts';
import type { Tally } from './tally.ts';
import type { TextForm } from './text-printer.ts';

/** Each line as a JSON object of its own: at, pod, container, line, and the context where there are several. */
export class JsonForm implements TextForm {
  readonly #tally: Tally;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  lines(entries: readonly Entry[]): string[] {
    for (const { source } of entries) this.#tally.count(source.pod, null);
    return entries.map(({ at, source: { context, pod, container }, text }) =>
      jsonLine(context === null ? { at, pod, container, line: text } : { at, context, pod, container, line: text }),
    );
  }

  rest(): string[] {
    return [];
  }
}

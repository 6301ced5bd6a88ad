import type { Paint } from '../text/paint.ts';
import { plain, plainLines } from '../text/plain.ts';
import type { Check, Outcome } from './check.ts';

/** One line a check, the remedy indented under it, and the sum of it all first, or another title. */
export function checksView(checks: readonly Check[], { paint, title }: { paint: Paint; title?: string }): string {
  const width = Math.max(...checks.map(({ title }) => title.length));
  return [title ?? headline(checks, paint), ...checks.flatMap((check) => lines(check, width, paint))].join('\n');
}

function headline(checks: readonly Check[], paint: Paint): string {
  const count = (outcome: Outcome) => checks.filter((check) => check.outcome === outcome).length;
  const warnings = count('warning');
  const remark = warnings > 0 ? `, ${warnings} warning${warnings === 1 ? '' : 's'}` : '';
  const broken = count('failed');
  if (broken > 0) {
    return paint.bad(`Not ready for a page: ${broken} of ${checks.length} checks failed${remark}.`);
  }
  return paint.good(`Ready for a page: nothing failed in ${checks.length} checks${remark}.`);
}

function lines({ title, outcome, found, remedy }: Check, width: number, paint: Paint): string[] {
  const [first = '', ...more] = plainLines(found).split('\n');
  const indent = ' '.repeat(width + 4);
  const told = outcome === 'skipped' ? paint.dim(first) : first;
  return [
    `${sign(outcome, paint)} ${title.padEnd(width)}  ${told}`,
    ...more.map((line) => `${indent}${line}`),
    ...(remedy ? [`${indent}${paint.sign.next} ${paint.command(plain(remedy))}`] : []),
  ];
}

function sign(outcome: Outcome, paint: Paint): string {
  switch (outcome) {
    case 'ok':
      return paint.good(paint.sign.good);
    case 'warning':
      return paint.warn(paint.sign.warn);
    case 'failed':
      return paint.bad(paint.sign.bad);
    case 'skipped':
      return paint.dim('-');
  }
}

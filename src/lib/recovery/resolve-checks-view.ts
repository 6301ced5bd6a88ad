import type { Paint } from '../text/paint.ts';
import { plain } from '../text/plain.ts';
import type { ResolveCheck, ResolveChecks } from './resolve-checks.ts';

/** One line for each thing that was looked at. */
export function checksView({ checks }: ResolveChecks, { paint }: { paint: Paint }): string {
  const sign: Record<ResolveCheck['state'], string> = {
    good: paint.good(paint.sign.good),
    bad: paint.bad(paint.sign.bad),
    open: paint.warn(paint.sign.warn),
    unknown: paint.dim('?'),
  };
  return checks
    .map(({ what, state, text, command }) => {
      const way = command ? `  ${paint.dim(paint.sign.next)} ${paint.command(command)}` : '';
      return `${sign[state]} ${what}: ${plain(text)}${way}`;
    })
    .join('\n');
}

import type { Paint } from '../text/paint.ts';
import type { Check } from './outcome.ts';
import type { DrillResult } from './run.ts';

/** How the drill ended: each check with what was found. */
export function drillView(result: DrillResult, paint: Paint): string {
  const lines = [checksView(result.checks, paint)];
  const failed = result.steps.find(({ exitCode }) => exitCode !== 0);
  if (failed) lines.push(`  ${paint.bad(paint.sign.bad)} ${failed.command} ended with ${failed.exitCode}`);
  const head = result.passed
    ? paint.good(`Drill passed in ${result.seconds} s. The practice world is healed:`)
    : paint.bad(`Drill failed after ${result.seconds} s:`);
  return [head, ...lines].join('\n');
}

/** One line for each thing that had to be true at the end. */
export function checksView(checks: readonly Check[], paint: Paint): string {
  const lines = checks.map(({ title, passed, detail }) => {
    const sign = passed ? paint.good(paint.sign.good) : paint.bad(paint.sign.bad);
    return `  ${sign} ${title} ${paint.dim(`(${detail})`)}`;
  });
  return lines.join('\n');
}

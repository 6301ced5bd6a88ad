import { plainLines } from '../text/plain.ts';
import type { InitPlan, PlannedFile } from './init-plan.ts';
import { around, lineDiff } from './line-diff.ts';
import type { ViewOptions } from './view.ts';

type Options = Pick<ViewOptions, 'paint'>;

/** The files that would be written: a new one as a whole, a changed one as its difference. */
export function filesView(files: readonly PlannedFile[], { paint }: Options): string {
  return files
    .map((file) => {
      const { path, change } = file;
      if (change === 'same') return `${paint.strong(path)}: already as it should be`;
      const title = `${paint.strong(path)}: ${change === 'new' ? 'new' : paint.warn('replaces the present file')}`;
      return `${title}\n${bodyOf(file, { paint })}`;
    })
    .join('\n\n');
}

function bodyOf({ text, before }: PlannedFile, { paint }: Options): string {
  if (before === null) return plainLines(text.replace(/\n$/, '')).replace(/^/gm, '  ');
  return around(lineDiff(before, text))
    .map((line) => {
      if (!line) return paint.dim('  …');
      const shown = `${line.sign} ${plainLines(line.text)}`;
      return line.sign === '+' ? paint.good(shown) : line.sign === '-' ? paint.bad(shown) : paint.dim(shown);
    })
    .join('\n');
}

/** What would happen to the repository. */
export function initPlanView(plan: InitPlan, options: Options): string {
  const { paint } = options;
  const { repository, base, pull, nothing, service } = plan;
  if (nothing !== null) {
    return [
      `${paint.good(paint.sign.good)} Nothing to do. ${nothing}`,
      `${paint.sign.next} next: ${pull ? 'have it reviewed and merged' : paint.command(`oncall deploy ${service} --dry-run`)}`,
    ].join('\n');
  }
  const how = pull
    ? `a new commit on pull request #${pull.number} (${pull.url})`
    : `a pull request to ${base.branch} of ${repository}`;
  return `${filesView(plan.files, options)}\n\nThat would be ${how}. Nothing takes effect before it is merged.`;
}

/** It is open, and what follows. */
export function initDoneView(
  { service }: InitPlan,
  { pull, updated }: { pull: { number: number; url: string }; updated: boolean },
  { paint }: Options,
): string {
  return [
    `${paint.good(paint.sign.good)} Pull request #${pull.number} is ${updated ? 'up to date' : 'open'}, and its files read as written: ${paint.link(pull.url)}`,
    `${paint.sign.next} next: have it reviewed and merged, then ${paint.command(`oncall deploy ${service} --dry-run`)} and ${paint.command('oncall doctor')}`,
  ].join('\n');
}

import { plain } from '../text/plain.ts';
import type { Prompts } from './prompts.ts';

/**
 * Whether to approve a run's environments oneself: `--approve` says so beforehand; otherwise the person at the terminal is
 * asked, and nobody is where there is none.
 * @param how `comment` goes with the approval, which GitHub wants
 * @returns what asks: it gives the comment, or null to leave it to others
 */
export function approvalBy(
  prompts: Prompts,
  how: { given: boolean; comment: string; progress: { done(): void } },
): (mine: readonly { environment: string }[]) => Promise<string | null> {
  return async (mine) => {
    how.progress.done();
    if (how.given) return how.comment;
    if (!prompts.possible) return null;
    const names = mine.map(({ environment }) => plain(environment)).join(' and ');
    return (await prompts.confirm(`Approve ${names} yourself?`)) ? how.comment : null;
  };
}

import type { Comparison } from '../clients/github/github.ts';
import { plain } from '../text/plain.ts';
import { shortSha } from './deploy.ts';
import type { ViewOptions } from './view.ts';

const LABEL_WIDTH = 11;
const SHOWN_CHANGES = 8;

/** A row of a plan: a label, and the text beside it on as many lines as it has. */
export function row(label: string, text: string | null, { paint }: Pick<ViewOptions, 'paint'>): string[] {
  if (text === null) return [];
  return text.split('\n').map((line, i) => `  ${paint.dim((i === 0 ? label : '').padEnd(LABEL_WIDTH))}${line}`);
}

/** What lies between two commits: pull requests where they are known, else commits, the newest eight. */
export function changesText(between: Pick<Comparison, 'pulls' | 'commits' | 'url'>): string {
  const { pulls, commits, url } = between;
  const list =
    pulls.length > 0
      ? pulls.map(({ number, title, author }) => `#${number} ${plain(title)}, by ${plain(author)}`)
      : commits.map(({ sha, title, author }) => `${shortSha(sha)} ${plain(title)}, by ${plain(author)}`);
  if (list.length === 0) return 'no commits';
  const shown = list.length > SHOWN_CHANGES ? list.slice(-SHOWN_CHANGES) : list;
  const more = list.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more: ${plain(url)}`] : [])].join('\n');
}

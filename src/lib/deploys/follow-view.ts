import type { Gate } from '../clients/github/github.ts';
import { plain } from '../text/plain.ts';
import type { FollowEvent } from './follow-run.ts';
import type { ViewOptions } from './view.ts';

/** A line to keep about a run that is followed; null for what only moves. `again` is the command that follows it. */
export function followLine(event: FollowEvent, again: string, { paint }: ViewOptions): string | null {
  const warn = paint.warn(paint.sign.warn);
  switch (event.kind) {
    case 'approval':
      return `${warn} It waits until somebody approves it: ${paint.link(plain(event.url))}${who(event.gates, paint.command(`${again} --approve`))}`;
    case 'approved':
      return `${paint.good(paint.sign.good)} You approved ${event.environments.map(plain).join(', ')}.`;
    case 'not approved':
      return `${warn} It is NOT approved: ${plain(event.why)}`;
    default:
      return null;
  }
}

function who(gates: readonly Gate[] | null, approve: string): string {
  if (gates === null) return '';
  return gates
    .map(({ environment, mine, reviewers, waitMinutes }) => {
      const names = reviewers.length > 0 ? `ask ${reviewers.map(plain).join(' or ')}` : 'nobody in particular is named';
      const timer = waitMinutes > 0 ? `, and it waits ${waitMinutes} min in any case` : '';
      return `\n  ${plain(environment)}: ${mine ? `you may approve it: ${approve}` : names}${timer}`;
    })
    .join('');
}

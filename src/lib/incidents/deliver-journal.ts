import type { Pager } from '../clients/pager/pager.ts';
import type { Journal } from '../store/journal.ts';

export interface Delivery {
  delivered: number;
  /** Entries that could not be delivered now and stay in the journal. */
  pending: number;
}

/** Longest that a command waits for its notes to reach the timeline. */
const PATIENCE = 3000;

/**
 * Brings what the journal still holds onto the incidents' timelines, oldest first, each entry once: its id is the
 * idempotency token, so that a doubtful call can be repeated. What does not get through stays pending, and the next
 * command tries again; it never fails the command that was run.
 */
export async function deliverJournal(journal: Journal, pager: Pager): Promise<Delivery> {
  const drained = journal.drain(async ({ incident, timeline, link, at, id }) => {
    if (!incident || !timeline) return;
    await pager.addNote(incident, { text: link ? `${timeline} ${link}` : timeline, at, token: id });
  });
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE).unref());
  const result = await Promise.race([drained.catch(() => null), late]);
  if (result) return { delivered: result.delivered, pending: result.pending };
  return { delivered: 0, pending: (await journal.pending().catch(() => [])).length };
}

/** What to say about notes that wait; null when none does. */
export function pendingNotice({ pending }: Delivery): string | null {
  if (pending === 0) return null;
  const notes = pending === 1 ? '1 note waits' : `${pending} notes wait`;
  return `${notes} in the local journal and will reach the incident's timeline with the next command.`;
}

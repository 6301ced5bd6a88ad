import type { TimelineEvent } from '../clients/pager/pager.ts';
import type { JournalEntry } from '../store/journal.ts';

/** One line of the merged timeline. Times are ISO 8601 UTC. */
export interface TimelineLine {
  at: string;
  /** The pager's kinds, and `command` for what was only typed here. */
  kind: TimelineEvent['kind'] | 'command';
  text: string;
  /** Who did it, where that is known. */
  who: string | null;
  /** The command behind it, if it was run on this machine. */
  command: string | null;
  /** `ok`, or the code of the error that it ended with; null for what is no command of this machine. */
  outcome: string | null;
  link: string | null;
  /** True when the pager's timeline does not have it yet. */
  pending: boolean;
}

/** A note keeps its time, but a pager may round it to a second. */
const SAME_MOMENT = 2000;

/** Commands that only look at the record itself are no part of the story. */
const LOOKS = /^oncall (incident|now|who|config|doctor)\b/;

/** What the timeline says of a journal entry. */
export function noteText({ timeline, link }: Pick<JournalEntry, 'timeline' | 'link'>): string | null {
  if (!timeline) return null;
  return link ? `${timeline} ${link}` : timeline;
}

/**
 * The pager's timeline and this machine's journal as one, oldest first. A journal entry that reached the pager is one
 * line, the pager's, enriched by the command it came from; of the same note and moment, each entry takes one.
 * @param pager null when it could not be read
 */
export function mergeTimeline(
  pager: readonly TimelineEvent[] | null,
  journal: readonly JournalEntry[],
): TimelineLine[] {
  const lines: TimelineLine[] = (pager ?? []).map(({ at, kind, title, text, contact }) => ({
    at,
    kind,
    text: text ?? title,
    who: contact,
    command: null,
    outcome: null,
    link: null,
    pending: false,
  }));
  const taken = new Set<TimelineLine>();
  for (const entry of journal) {
    const said = noteText(entry);
    const twin = lines.find(
      (line) =>
        !taken.has(line) &&
        said !== null &&
        line.kind === 'note' &&
        line.text === said &&
        Math.abs(Date.parse(line.at) - Date.parse(entry.at)) <= SAME_MOMENT,
    );
    const own = { who: entry.who, command: entry.command, outcome: entry.outcome, link: entry.link };
    if (twin) {
      Object.assign(twin, own, { text: entry.timeline });
      taken.add(twin);
      continue;
    }
    if (said === null && entry.outcome === 'ok' && LOOKS.test(entry.command)) continue;
    const line: TimelineLine = {
      at: entry.at,
      kind: said === null ? 'command' : 'note',
      text: entry.timeline ?? entry.command,
      ...own,
      pending: said !== null && pager !== null,
    };
    taken.add(line);
    lines.push(line);
  }
  return lines.sort((a, b) => a.at.localeCompare(b.at));
}

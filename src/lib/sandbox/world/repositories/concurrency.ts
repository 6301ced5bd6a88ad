/** Something that wants a concurrency group to itself. */
export interface Contender {
  begin(): void;
  /** It has to wait for whoever holds the group. */
  pend(): void;
  cancel(): void;
}

interface Group {
  running: Contender;
  /** In the order in which they get their turn. */
  pending: Contender[];
}

const LONGEST_QUEUE = 100;

/**
 * Concurrency groups: one runs, one waits, and a newer one that comes to wait cancels the one that waited before it; with
 * `queue: max` up to a hundred wait for their turn.
 * https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
 */
export class Concurrency {
  readonly #groups = new Map<string, Group>();

  enter(name: string | null, contender: Contender, how: { cancelInProgress: boolean; queue: 'single' | 'max' }): void {
    const group = name === null ? undefined : this.#groups.get(name.toLowerCase());
    if (name === null || !group) {
      if (name !== null) this.#groups.set(name.toLowerCase(), { running: contender, pending: [] });
      contender.begin();
      return;
    }
    contender.pend();
    if (how.queue === 'max' && group.pending.length >= LONGEST_QUEUE) {
      contender.cancel();
      return;
    }
    const superseded = how.queue === 'single' ? group.pending : [];
    group.pending = how.queue === 'single' ? [contender] : [...group.pending, contender];
    for (const one of superseded) one.cancel();
    if (how.cancelInProgress) group.running.cancel();
  }

  /** Gives the group up, or the place in its queue. */
  leave(name: string | null, contender: Contender): void {
    const group = name === null ? undefined : this.#groups.get(name.toLowerCase());
    if (name === null || !group) return;
    group.pending = group.pending.filter((one) => one !== contender);
    if (group.running !== contender) return;
    const next = group.pending.shift();
    if (!next) {
      this.#groups.delete(name.toLowerCase());
      return;
    }
    group.running = next;
    next.begin();
  }
}

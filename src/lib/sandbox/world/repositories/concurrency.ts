/** Something that wants a concurrency group to itself. */
export interface Contender {
  begin(): void;
  /** It has to wait for whoever holds the group. */
  pend(): void;
  cancel(): void;
}

interface Group {
  running: Contender;
  pending: Contender | null;
}

/**
 * Concurrency groups: one runs, one waits, and a newer one that comes to wait cancels the one that waited before it.
 * https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
 */
export class Concurrency {
  readonly #groups = new Map<string, Group>();

  enter(name: string | null, contender: Contender, cancelInProgress: boolean): void {
    const group = name === null ? undefined : this.#groups.get(name);
    if (name === null || !group) {
      if (name !== null) this.#groups.set(name, { running: contender, pending: null });
      contender.begin();
      return;
    }
    const superseded = group.pending;
    group.pending = contender;
    contender.pend();
    superseded?.cancel();
    if (cancelInProgress) group.running.cancel();
  }

  /** Gives the group up, or the place in its queue. */
  leave(name: string | null, contender: Contender): void {
    const group = name === null ? undefined : this.#groups.get(name);
    if (name === null || !group) return;
    if (group.pending === contender) group.pending = null;
    if (group.running !== contender) return;
    const next = group.pending;
    if (!next) {
      this.#groups.delete(name);
      return;
    }
    group.running = next;
    group.pending = null;
    next.begin();
  }
}

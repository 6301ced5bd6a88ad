import type { ContainerRuns } from '../clients/kubernetes/kubernetes.ts';
import type { OncallError } from '../errors.ts';
import type { Notice } from './notice.ts';
import type { Gap } from './read-run.ts';
import type { Source } from './source.ts';
import { isoOf, nanosOf } from './stamp.ts';

const CANNOT_FOLLOW = /inotify|fsnotify|too many open files/i;

/** What one container's tail has to say beside the lines: the same trouble once, however often it is met. */
export class TailNotices {
  readonly #source: Source;
  readonly #tell: (notice: Notice) => void;
  #excuse: string | null = null;

  constructor(source: Source, tell: (notice: Notice) => void) {
    this.#source = source;
    this.#tell = tell;
  }

  /** Lines come again: the next trouble is a new one. */
  healthy(): void {
    this.#excuse = null;
  }

  /**
   * Tells the kubelet's words.
   * @param known that it cannot follow this log is known already
   * @returns whether they say that the node cannot follow this log
   */
  cannotFollow(words: string, known: boolean): boolean {
    const cannot = CANNOT_FOLLOW.test(words);
    if (cannot && !known) this.#notice('polling', words);
    if (cannot || this.#excuse === words) return cannot;
    this.#excuse = words;
    this.#notice('kubelet', words);
    return false;
  }

  queued(): void {
    this.#notice('queued', null);
  }

  /** That a pod went away, or waits for its start, is the watch's to tell. */
  complain({ code, message }: OncallError): void {
    if (code === 'NOT_FOUND' || /waiting to start|ContainerCreating/.test(message) || this.#excuse === message) return;
    this.#excuse = message;
    this.#notice('reconnecting', message);
  }

  gap({ from, to }: Gap): void {
    this.#notice('gap', `${isoOf(from)} ${to === null ? '' : isoOf(to)}`.trim());
  }

  /**
   * A run, or the rest of one, went away before it could be read; the present one began later.
   * @param nanos the last that was read of it; null when nothing was
   * @param run the run that is lost
   */
  lost(nanos: number | null, run: string | null, facts: ContainerRuns): void {
    const { startedAt } = facts;
    const later = startedAt === null || facts.run === run ? null : nanosOf(Date.parse(startedAt)) + 1e9;
    // By a clock that was set back, the next run began before this one ended: that is no bound.
    const to = later === null || (nanos !== null && later <= nanos) ? '' : isoOf(later);
    this.#notice('run lost', `${nanos === null ? '-' : isoOf(nanos)} ${to}`.trim());
  }

  #notice(kind: Notice['kind'], detail: string | null): void {
    this.#tell({ kind, pod: this.#source.pod, container: this.#source.container, detail });
  }
}

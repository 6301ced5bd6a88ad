import { setTimeout as sleep } from 'node:timers/promises';
import type { Kubernetes, Pod, Target } from '../clients/kubernetes/kubernetes.ts';
import { interrupted, type OncallError } from '../errors.ts';
import { type Entry, type LogLine, millisecondsOf } from './log-line.ts';
import type { Notice } from './notice.ts';
import { isFinal, type PodWatch } from './pod-watch.ts';
import { Position } from './position.ts';
import { readLog } from './read-log.ts';
import type { Source } from './sources.ts';

/** How far back to begin. Null does not limit. */
export interface Span {
  tailLines: number | null;
  sinceSeconds: number | null;
}

export interface TailWorld {
  kubernetes: Kubernetes;
  target: Target;
  watch: PodWatch;
  /** Milliseconds since 1970. */
  now: () => number;
  tell(notice: Notice): void;
  /** Resolves when the lines have been taken. */
  show(entries: readonly Entry[]): Promise<void>;
}

/** Asked for beyond the time that has passed, in seconds: delivery takes its time, and what is old is recognised anyway. */
const OVERLAP = 10;
const LONGEST_PAUSE = 5000;
const EVERYTHING: Span = { tailLines: null, sinceSeconds: null };

/** One container's log, through all of its runs: each line once. */
export class Tail {
  readonly source: Source;
  readonly #world: TailWorld;
  readonly #position = new Position();
  /** When its log was last known to be shown to its end; null while nothing of it was read. */
  #heardAt: number | null = null;
  #restarts: number;
  #excuse: string | null = null;

  constructor(source: Source, world: TailWorld) {
    this.source = source;
    this.#world = world;
    this.#restarts = world.watch.pod(source.pod)?.restarts ?? 0;
  }

  /** What has been written so far, within the span, in pieces. @throws as `Kubernetes.log` */
  async *backlog(span: Span, previous: boolean, signal: AbortSignal): AsyncGenerator<Entry[], void> {
    this.#position.replay();
    const began = this.#world.now();
    // One line is read even where none is wanted: it is the place to go on from.
    const tailLines = span.tailLines === 0 ? 1 : span.tailLines;
    const which = { ...this.#which, ...span, tailLines, follow: false, previous };
    for await (const { lines, remarks } of readLog(this.#world.kubernetes, which, signal)) {
      this.#remark(remarks);
      const fresh = this.#entries(this.#position.take(lines));
      if (span.tailLines !== 0) yield fresh;
    }
    const rest = this.#entries(this.#position.end());
    if (span.tailLines !== 0) yield rest;
    if (!previous) this.#heardAt = began;
  }

  /** Shows what is written from now on, across restarts and breaks, until the pod is gone. @throws as `Kubernetes.log` */
  async follow(signal: AbortSignal): Promise<void> {
    for (let quiet = 0; ; ) {
      await this.#world.watch.refresh();
      const pod = this.#world.watch.pod(this.source.pod);
      if (!pod || pod.phase === 'Succeeded' || pod.phase === 'Failed') return;
      const news = (await this.#catchUp(pod, signal)) + (await this.#read({ previous: false, follow: true }, signal));
      quiet = news > 0 ? 0 : quiet + 1;
      await pause(Math.min(LONGEST_PAUSE, quiet * 500), signal);
    }
  }

  /** Tells why the log cannot be read; the same trouble once, however often it is met. */
  excuse({ code, message }: OncallError, kind: 'not readable' | 'reconnecting'): void {
    // That a pod went away is for the watch to tell.
    if ((code === 'NOT_FOUND' && kind === 'reconnecting') || this.#excuse === message) return;
    this.#excuse = message;
    this.#world.tell({ kind, ...this.source, detail: message });
  }

  /** After a restart the run that ended may have said more than was seen of it. */
  async #catchUp({ restarts }: Pod, signal: AbortSignal): Promise<number> {
    if (restarts <= this.#restarts) return 0;
    this.#restarts = restarts;
    return this.#read({ previous: true, follow: false }, signal);
  }

  /** Reads from the place on; gives how many new lines there were. What can be tried again is not thrown. */
  async #read(how: { previous: boolean; follow: boolean }, signal: AbortSignal): Promise<number> {
    let count = 0;
    const show = async (lines: LogLine[]) => {
      if (lines.length === 0) return;
      count += lines.length;
      await this.#world.show(this.#entries(lines));
      this.#heardAt = this.#world.now();
      this.#excuse = null;
    };
    this.#position.replay();
    try {
      const which = { ...this.#which, ...this.#sinceThen, ...how };
      for await (const { lines, remarks } of readLog(this.#world.kubernetes, which, signal)) {
        this.#remark(remarks);
        await show(this.#position.take(lines));
      }
      await show(this.#position.end());
    } catch (error) {
      // What is held back in a replay that broke off comes again with the next one.
      if (signal.aborted) throw interrupted();
      if (isFinal(error)) throw error;
      if (!how.previous) this.excuse(error as OncallError, 'reconnecting');
    }
    return count;
  }

  get #which() {
    const { context, namespace } = this.#world.target;
    return { context, namespace, ...this.source };
  }

  /**
   * Back to the place: by its stamp, and, since a node's clock may be ahead, by when we last heard too. More than needed
   * does no harm.
   */
  get #sinceThen(): Span {
    if (this.#heardAt === null) return EVERYTHING;
    const { last } = this.#position;
    const from = Math.min(this.#heardAt, last ? millisecondsOf(last.at) : this.#heardAt);
    return { tailLines: null, sinceSeconds: Math.max(0, Math.ceil((this.#world.now() - from) / 1000)) + OVERLAP };
  }

  #entries(lines: readonly LogLine[]): Entry[] {
    return lines.map(({ at, text }) => ({ at, pod: this.source.pod, container: this.source.container, text }));
  }

  #remark(words: readonly string[]): void {
    for (const detail of words) this.#world.tell({ kind: 'kubelet', ...this.source, detail });
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw interrupted();
  });
}

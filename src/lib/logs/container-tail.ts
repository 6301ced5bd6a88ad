import type { ContainerRuns, Kubernetes, LogStreamRequest } from '../clients/kubernetes/kubernetes.ts';
import type { OncallError } from '../errors.ts';
import { Backoff } from './backoff.ts';
import type { Notice } from './notice.ts';
import { Place } from './place.ts';
import type { PodBook } from './pod-book.ts';
import { type Gap, type RunRead, readRun } from './read-run.ts';
import type { LineSink, Source } from './source.ts';
import { isoOf, nanosOf, secondOf } from './stamp.ts';
import type { Turns } from './turns.ts';
import type { Valve } from './valve.ts';

/** Everything that the tails of one target share. */
export interface TailSurroundings {
  kubernetes: Kubernetes;
  context: string | null;
  book: PodBook;
  sink: LineSink;
  valve: Valve;
  turns: Turns;
  tell(notice: Notice): void;
  /** Milliseconds since 1970. */
  now(): number;
  random(): number;
}

/** How far back a first request goes. Null does not limit. */
export interface Bounds {
  tailLines: number | null;
  sinceSeconds: number | null;
  sinceTime: string | null;
}

const UNBOUNDED: Bounds = { tailLines: null, sinceSeconds: null, sinceTime: null };
/** A clock that was set back by less than this, in seconds, while we were away, hides no line. */
const CLOCK_STEP = 5;
/** After a stream that ended in order, the pod's status is waited for so long before the log is asked for again. */
const STATUS_COMES = 150;
/** Between two looks at a log that the node cannot follow. */
const POLL_EVERY = 1500;
const CANNOT_FOLLOW = /inotify|fsnotify|too many open files/i;
/** Whatever is tried again cannot mend these. */
const FINAL = new Set(['AUTH', 'CONFIG', 'REFUSED', 'INTERRUPTED', 'BUG']);

/**
 * One container's log through all of its runs, each line once. What a run is, and whether it is over, the pod's status
 * says; the end of a stream proves nothing.
 */
export class ContainerTail {
  readonly source: Source;
  readonly #uid: string;
  readonly #about: TailSurroundings;
  readonly #backoff: Backoff;
  #place = new Place();
  /** The run that is being read; null before the first, and after one was read to its end. */
  #run: string | null = null;
  /** The last run that was read to its end. */
  #finished: string | null = null;
  /** Bounds of a first request that brought nothing: what is older stays unwanted. */
  #bounds: (Bounds & { at: number }) | null = null;
  #polling = false;
  /** The next reading is to the end of the file, to see whether the place is still in it. */
  #searching = false;
  #excuse: string | null = null;

  constructor(source: Source, uid: string, about: TailSurroundings) {
    this.source = source;
    this.#uid = uid;
    this.#about = about;
    this.#backoff = new Backoff(about.random, about.now);
  }

  /** The place of a reading that was made elsewhere (the backlog), to go on from. */
  begin(run: string | null, place: Place, bounds: Bounds): void {
    this.#run = run;
    this.#place = place;
    this.#bounds = { ...bounds, at: this.#about.now() };
  }

  /** This run is over, and was shown otherwise. */
  skip(run: string): void {
    this.#finished = run;
    this.#run = null;
  }

  /**
   * Follows until the pod is gone, or all that it will ever write has been delivered.
   * @throws AUTH and what else no further try can mend; INTERRUPTED
   */
  async follow(signal: AbortSignal): Promise<void> {
    while (await this.#nextRun(signal)) await this.#followRun(signal);
  }

  get #facts(): ContainerRuns | null {
    return this.#about.book.runs(this.#uid, this.source.container);
  }

  /** Waits for a run that was not read yet. @returns false when there will be none */
  async #nextRun(signal: AbortSignal): Promise<boolean> {
    if (this.#run !== null) return true;
    let next: string | null = null;
    let over = false;
    const look = () => {
      const facts = this.#facts;
      over = !facts || this.#isOver(facts);
      next = facts && this.#unread(facts);
      return over || next !== null;
    };
    await this.#about.book.until(look, { ms: null, signal });
    const facts = this.#facts;
    if (next !== null && facts) this.#enter(next, facts);
    return next !== null;
  }

  /** The earliest run that the node still has and we have not read. A pod that was never read before begins with its present run. */
  #unread({ run, lastRun }: ContainerRuns): string | null {
    if (this.#finished !== null && run !== this.#finished && lastRun !== this.#finished && lastRun !== run) {
      if (lastRun !== null) return lastRun;
    }
    return run === this.#finished ? null : run;
  }

  /** Nothing will be written any more: the pod is done, or the container is one of those that run once. */
  #isOver(facts: ContainerRuns): boolean {
    if (this.#finished === null || facts.run !== this.#finished || facts.state === 'running') return false;
    const phase = this.#about.book.pod(this.#uid)?.phase;
    return (
      phase === 'Succeeded' ||
      phase === 'Failed' ||
      (facts.kind === 'init' && facts.ending === 'Completed, exit code 0')
    );
  }

  #enter(run: string, facts: ContainerRuns): void {
    this.#run = run;
    // What was read under the old run's name after the new one had begun was the new one's: its place stands.
    if (!this.#isAlreadyIn(run, facts)) this.#place.forget();
    this.#bounds = null;
  }

  #isAlreadyIn(run: string, facts: ContainerRuns): boolean {
    const { nanos } = this.#place;
    if (run !== facts.run || !facts.startedAt || nanos === null) return false;
    return nanos >= nanosOf(Date.parse(facts.startedAt));
  }

  async #followRun(signal: AbortSignal): Promise<void> {
    for (;;) {
      const facts = this.#facts;
      if (facts?.run && facts.run !== this.#run && this.#isAlreadyIn(facts.run, facts)) this.#run = facts.run;
      const which = this.#whereIs(facts);
      if (which === 'nowhere') return this.#done(facts !== null);
      const over = which === 'previous' || facts?.state !== 'running';
      const read = await this.#about.turns.take(
        () =>
          this.#read({ previous: which === 'previous', follow: !over && !this.#polling && !this.#searching }, signal),
        { signal, waits: () => this.#notice('queued', null) },
      );
      this.#searching = read.outcome === 'doubtful';
      if (read.error && FINAL.has(read.error.code)) throw read.error;
      if (over && read.outcome === 'end') return this.#done(false);
      if (read.error && which === 'previous' && read.error.code === 'NOT_FOUND') return this.#done(true);
      if (read.error) this.#complain(read.error);
      await this.#pause(read, { facts, signal });
    }
  }

  /** Which request reaches the run: the present one, the one before, or none any more. */
  #whereIs(facts: ContainerRuns | null): 'current' | 'previous' | 'nowhere' {
    if (!facts) return 'nowhere';
    if (facts.run === this.#run) return 'current';
    return facts.lastRun === this.#run ? 'previous' : 'nowhere';
  }

  /** The run is over for us. One that went away before it was read to its end is told. */
  #done(lost: boolean): void {
    if (lost && this.#place.nanos !== null) this.#notice('run lost', isoOf(this.#place.nanos));
    this.#finished = this.#run;
    this.#run = null;
    this.#polling = false;
  }

  async #read(how: { previous: boolean; follow: boolean }, signal: AbortSignal): Promise<RunRead> {
    const { kubernetes, context, sink, valve } = this.#about;
    const { namespace, pod, container } = this.source;
    const bounds = this.#since();
    const request: LogStreamRequest = { context, namespace, pod, container, ...how, ...bounds };
    const read = await readRun({
      source: this.source,
      place: this.#place,
      sink,
      valve,
      open: (take) => kubernetes.openLog(request, take),
      stillThisRun: () => this.#stillThisRun(how.previous, signal),
      remark: (words) => this.#remark(words),
      gap: (gap) => this.#tellGap(gap),
      restIsLine: !how.follow && !this.#polling && !this.#searching,
      toTheEnd: !how.follow,
      bounded: bounds.sinceTime !== null || bounds.sinceSeconds !== null,
      signal,
    });
    if (read.lines > 0) this.#excuse = null;
    return read;
  }

  /** Back to the place; a first request that brought nothing keeps its bounds, moved on by the time that has passed. */
  #since(): Bounds {
    const { nanos } = this.#place;
    if (nanos !== null) return { ...UNBOUNDED, sinceTime: secondOf(nanos, CLOCK_STEP) };
    if (!this.#bounds) return UNBOUNDED;
    const { tailLines, sinceSeconds, sinceTime, at } = this.#bounds;
    const passed = Math.ceil((this.#about.now() - at) / 1000) + 1;
    return { tailLines, sinceTime, sinceSeconds: sinceSeconds === null ? null : sinceSeconds + passed };
  }

  /** The watch may be a moment behind the node, so it is given that moment. */
  async #stillThisRun(previous: boolean, signal: AbortSignal): Promise<boolean> {
    const { book } = this.#about;
    const expected = previous ? 'previous' : 'current';
    const another = () => this.#whereIs(this.#facts) !== expected;
    await book.until(another, { ms: STATUS_COMES, signal });
    return !another();
  }

  /** Until the container's status says something new, or it is time to try again. */
  async #pause(read: RunRead, at: { facts: ContainerRuns | null; signal: AbortSignal }): Promise<void> {
    if (read.outcome === 'doubtful') return;
    const wait = this.#backoff.next(read.lines > 0);
    const ms = this.#polling ? POLL_EVERY : read.error ? wait : Math.max(STATUS_COMES, wait);
    const changed = () => {
      const facts = this.#facts;
      return facts?.run !== at.facts?.run || facts?.state !== at.facts?.state || facts?.lastRun !== at.facts?.lastRun;
    };
    await this.#about.book.until(changed, { ms, signal: at.signal });
  }

  #remark(words: string): void {
    if (CANNOT_FOLLOW.test(words) && !this.#polling) {
      this.#polling = true;
      this.#notice('polling', words);
    } else if (this.#excuse !== words) {
      this.#excuse = words;
      this.#notice('kubelet', words);
    }
  }

  /** The same trouble once, however often it is met. That a pod went away, or waits for its start, is the watch's to tell. */
  #complain({ code, message }: OncallError): void {
    if (code === 'NOT_FOUND' || /waiting to start|ContainerCreating/.test(message) || this.#excuse === message) return;
    this.#excuse = message;
    this.#notice('reconnecting', message);
  }

  #tellGap({ from, to }: Gap): void {
    this.#notice('gap', `${isoOf(from)} ${to === null ? '' : isoOf(to)}`.trim());
  }

  #notice(kind: Notice['kind'], detail: string | null): void {
    this.#about.tell({ kind, pod: this.source.pod, container: this.source.container, detail });
  }
}

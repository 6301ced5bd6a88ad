import type { ContainerRuns, LogStreamRequest } from '../clients/kubernetes/kubernetes.ts';
import { Backoff, isFinal } from './backoff.ts';
import { Place } from './place.ts';
import { type RunRead, readRun } from './read-run.ts';
import { sinceOf } from './since.ts';
import type { Source } from './source.ts';
import { nanosOf } from './stamp.ts';
import { type Bounds, type TailSurroundings, UNBOUNDED } from './surroundings.ts';
import { TailNotices } from './tail-notices.ts';
import {
  firstUnread,
  isDone,
  isGone,
  isNews,
  isSettled,
  leftBehind,
  numberOf,
  STATUS_COMES,
  whereIs,
} from './which-run.ts';

/** Before a gap is told, the watch gets so long, in milliseconds, to say that the log is another run's. */
const VERDICT_AFTER = 1500;
/** Readings to the end of a file that may have been cut on the way, before one is believed. */
const TRIES = 3;
/** Between two looks at a log that the node cannot follow. */
const POLL_EVERY = 1500;

/**
 * One container's log through all of its runs, each line once. What a run is, and whether it is over, the pod's status
 * says; the end of a stream proves nothing.
 */
export class ContainerTail {
  readonly source: Source;
  readonly #uid: string;
  readonly #about: TailSurroundings;
  readonly #backoff: Backoff;
  readonly #notices: TailNotices;
  #place = new Place();
  /** The run that is being read; null before the first, and after one was read to its end. */
  #run: string | null = null;
  /** The last run that was read to its end. */
  #finished: string | null = null;
  /** The how-manieth run that was, and the one that is being read is, by the node's count; null when it is not known. */
  #finishedNumber: number | null = null;
  #number: number | null = null;
  /** Whether the place is known to be in the file of `#run`, and not in one that came just after it. */
  #sure = false;
  /** Bounds of a first request that brought nothing: what is older stays unwanted. */
  #bounds: (Bounds & { at: number }) | null = null;
  #polling = false;
  /** How many readings found the place neither there nor gone: the next one is to the end of the file. */
  #doubts = 0;
  /** How often the kubelet had the last word in the log of a run that is over. */
  #interruptions = 0;

  constructor(source: Source, uid: string, about: TailSurroundings) {
    this.source = source;
    this.#uid = uid;
    this.#about = about;
    this.#backoff = new Backoff(about.random, about.now);
    this.#notices = new TailNotices(source, about.tell);
  }

  /** The place of a reading that was made elsewhere (the backlog), to go on from. */
  begin(run: string | null, place: Place, bounds: Bounds): void {
    this.#run = run;
    this.#place = place;
    this.#bounds = { ...bounds, at: this.#about.now() };
  }

  /** This run is over, and was shown otherwise. */
  skip(run: string): void {
    this.#finish(run);
    this.#run = null;
  }

  /** The pod came while others were followed: whatever the node still has of it is new. */
  fromTheFirst(): void {
    this.#finished = '';
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
      over = !facts || isDone(facts, { finished: this.#finished, phase: this.#about.book.pod(this.#uid)?.phase });
      next = facts && firstUnread(this.#finished, facts);
      return over || next !== null;
    };
    await this.#about.book.until(look, { ms: null, signal });
    const facts = this.#facts;
    if (next !== null && facts) this.#enter(next, facts);
    return next !== null;
  }

  #enter(run: string, facts: ContainerRuns): void {
    this.#run = run;
    this.#number = numberOf(run, facts);
    if ((this.#number ?? 0) > (this.#finishedNumber ?? Number.POSITIVE_INFINITY) + 1)
      this.#notices.lost(this.#place.nanos, this.#run, facts);
    this.#place.forget();
    this.#sure = false;
    this.#bounds = null;
  }

  /**
   * Whether what was read under a run's name may have been the log of the present one: a request that reaches the node
   * before its news reached us gets the log of whatever runs then.
   */
  #mayBeIn({ startedAt }: ContainerRuns): boolean {
    const { nanos } = this.#place;
    return !this.#sure && nanos !== null && startedAt !== null && nanos >= nanosOf(Date.parse(startedAt));
  }

  async #followRun(signal: AbortSignal): Promise<void> {
    for (;;) {
      const facts = this.#facts;
      const which = whereIs(this.#run, facts);
      if (!facts || which === 'nowhere') return this.#done(facts);
      this.#number = which === 'current' ? facts.restarts : facts.restarts - 1;
      const over = which === 'previous' || facts.state !== 'running';
      const follow = !over && !this.#polling && this.#doubts === 0;
      const read = await this.#about.turns.take(() => this.#read({ previous: which === 'previous', follow }, signal), {
        signal,
        waits: () => this.#notices.queued(),
      });
      this.#doubts = read.outcome === 'doubtful' ? this.#doubts + 1 : 0;
      // A place found in the present log says only that it is the log that was read before.
      this.#sure ||= read.found && which === 'previous';
      if (read.error && isFinal(read.error)) throw read.error;
      if (which === 'previous' && this.#mayBeIn(facts) && isSettled(read)) this.#moveOn(facts, read);
      else if (over && read.outcome === 'end' && this.#isWhole(read)) return this.#done(read.missing ? facts : null);
      else if (which === 'previous' && isGone(read)) return this.#done(facts);
      if (read.error) this.#notices.complain(read.error);
      await this.#pause(read, { facts, signal });
    }
  }

  /**
   * Whether the end of a log that is over is its end. What the kubelet says last may stand for lines that are to come, and
   * a log without the place was rotated, or cut.
   */
  #isWhole({ remarked, missing }: RunRead): boolean {
    const doubtful = remarked || missing;
    this.#interruptions = doubtful ? this.#interruptions + 1 : 0;
    return !doubtful || this.#interruptions >= TRIES;
  }

  /** What was read was the present run's, whose place stands; of the run before nothing was. */
  #moveOn(facts: ContainerRuns, { outcome }: RunRead): void {
    // An end without a line to wonder about: that run wrote nothing.
    if (outcome !== 'end') this.#notices.lost(this.#place.nanos, this.#run, facts);
    this.#finish(this.#run);
    this.#run = facts.run;
    this.#sure = false;
  }

  /**
   * The run is over for us.
   * @param lost what is known of the container when the run, or the end of its log, went away before it was read
   */
  #done(lost: ContainerRuns | null): void {
    if (lost) this.#notices.lost(this.#place.nanos, this.#run, lost);
    this.#finish(this.#run);
    this.#run = null;
    this.#polling = false;
    this.#interruptions = 0;
  }

  #finish(run: string | null): void {
    const facts = this.#facts;
    this.#finishedNumber = (run !== null && facts ? numberOf(run, facts) : null) ?? this.#number;
    this.#finished = run;
  }

  async #read(how: { previous: boolean; follow: boolean }, signal: AbortSignal): Promise<RunRead> {
    const { kubernetes, context, sink, valve } = this.#about;
    const { namespace, pod, container } = this.source;
    const facts = this.#facts;
    // Of a run that may never have been read, all is wanted.
    const bounds =
      how.previous && facts && this.#mayBeIn(facts)
        ? UNBOUNDED
        : sinceOf(this.#place.nanos, this.#bounds, this.#about.now());
    const request: LogStreamRequest = { context, namespace, pod, container, ...how, ...bounds };
    const own = new AbortController();
    const end = () => own.abort();
    signal.addEventListener('abort', end, { once: true });
    const isCurrent = () => whereIs(this.#run, this.#facts) === 'current';
    if (how.follow && !this.#sure) leftBehind(this.#about.book, isCurrent, own.signal).then(end, () => {});
    try {
      const read = await readRun({
        source: this.source,
        place: this.#place,
        sink,
        valve,
        open: (take) => kubernetes.openLog(request, take),
        stillThisRun: () => this.#stillThisRun(how.previous, signal),
        remark: (words) => {
          if (this.#notices.cannotFollow(words, this.#polling)) this.#polling = true;
        },
        gap: (gap) => this.#notices.gap(gap),
        restIsLine: !how.follow && !this.#polling && this.#doubts === 0,
        toTheEnd: how.follow ? 'no' : this.#doubts < TRIES ? 'yes' : 'last try',
        bounded: bounds.sinceTime !== null || bounds.sinceSeconds !== null,
        signal: own.signal,
      });
      if (read.lines > 0) this.#notices.healthy();
      return read;
    } finally {
      signal.removeEventListener('abort', end);
      own.abort();
    }
  }

  /** The watch may be a moment behind the node, so it is given that moment. */
  async #stillThisRun(previous: boolean, signal: AbortSignal): Promise<boolean> {
    const { book } = this.#about;
    const facts = this.#facts;
    // All that an earlier run wrote is older than a place in a later one.
    if (previous && facts && this.#mayBeIn(facts)) return this.#place.beyond;
    const another = () => whereIs(this.#run, this.#facts) !== (previous ? 'previous' : 'current');
    await book.until(another, { ms: VERDICT_AFTER, signal });
    return !another();
  }

  /** Until the container's status says something new, or it is time to try again. */
  async #pause(read: RunRead, at: { facts: ContainerRuns | null; signal: AbortSignal }): Promise<void> {
    if (read.outcome === 'doubtful') return;
    const wait = this.#backoff.next(read.lines > 0);
    const ms = this.#polling ? POLL_EVERY : read.error ? wait : Math.max(STATUS_COMES, wait);
    await this.#about.book.until(() => isNews(this.#facts, at.facts), { ms, signal: at.signal });
  }
}

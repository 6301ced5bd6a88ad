import { setMaxListeners } from 'node:events';
import type { WatchedPod } from '../clients/kubernetes/kubernetes.ts';
import { interrupted, OncallError } from '../errors.ts';
import { showBacklog } from './backlog.ts';
import { isFinal } from './backoff.ts';
import type { ContainerTail } from './container-tail.ts';
import { silent, withoutWords } from './less-sinks.ts';
import type { Notice } from './notice.ts';
import type { LineSink, Source } from './source.ts';
import type { Bounds } from './surroundings.ts';
import type { PastOf, TargetLogs } from './target-logs.ts';

export interface LogsRequest {
  /** Each watched already. */
  targets: readonly TargetLogs[];
  bounds: Bounds;
  /** Only the runs that ended before the present ones. */
  previous: boolean;
  follow: boolean;
  sink: LineSink;
  tell(notice: Notice): void;
  /** Whether all that the pods had to do is done, and no other will come: asked when every pod is over. */
  isOver(): Promise<boolean>;
  signal: AbortSignal;
}

/** Of a run that is over the end matters, and a stack trace is longer than a few lines. */
const LAST_WORDS = 50;
/** Between two questions whether a job is over. */
const ASK_EVERY = 2000;

/**
 * Shows logs: what was written so far, merged by time, then, if wanted, what is written from now on. A container that
 * keeps crashing shows the last words of its previous run first.
 * @throws NOT_FOUND when there is no previous run; UNAVAILABLE when not one log can be read; AUTH; INTERRUPTED
 */
export async function showLogs(request: LogsRequest): Promise<void> {
  if (request.previous) return showPrevious(request);
  const tails = request.targets.flatMap((target) => target.newTails());
  const shown = await showLastWords(request);
  await showPast(request, shown);
  if (request.follow) await new Following(request).run(tails);
  request.sink.flush();
}

/** Runs that are over and were shown by their last words, and these, to the stamp. */
interface Shown {
  runs: Set<string>;
  words: Map<Source, Set<string>>;
}

/** Shows the last words of containers that keep crashing. */
async function showLastWords(request: LogsRequest): Promise<Shown> {
  const shown: Shown = { runs: new Set(), words: new Map() };
  const { tailLines } = request.bounds;
  if (tailLines === 0) return shown;
  const bounds = { ...request.bounds, tailLines: tailLines === null ? null : Math.max(LAST_WORDS, tailLines) };
  for (const target of request.targets) {
    for (const past of target.pastLogs({ previous: true, restIsLine: true, bounds })) {
      const { pod, runs } = past;
      if (!isCrashing(pod, past)) continue;
      const words = new Set<string>();
      if (!(await showRun(past, request, words))) continue;
      shown.words.set(past.log.source, words);
      const waits = runs.run === runs.lastRun;
      if (waits && runs.run) {
        target.skip(pod, runs);
        shown.runs.add(runs.run);
      }
      const detail = waits ? (runs.waitingFor ?? pod.status) : 'Running';
      request.tell({ kind: 'current run', pod: pod.name, container: nameIfSeveral(past), detail });
    }
  }
  return shown;
}

function isCrashing({ ready }: WatchedPod, { runs }: PastOf): boolean {
  return !ready && runs.kind !== 'init' && runs.restarts > 0 && runs.lastRun !== null;
}

/** @returns whether it had anything to say; a previous run that cannot be read is no news here */
async function showRun(past: PastOf, request: LogsRequest, words: Set<string> | null): Promise<boolean> {
  const { pod, runs, log } = past;
  let told = false;
  const { sink } = request;
  const announced: LineSink = {
    line(source, bytes, start, text, end) {
      if (!told)
        request.tell({ kind: 'previous run', pod: pod.name, container: nameIfSeveral(past), detail: runs.ending });
      told = true;
      words?.add(bytes.toString('latin1', start, end));
      sink.line(source, bytes, start, text, end);
    },
    flush: () => sink.flush(),
    get full() {
      return sink.full;
    },
    drained: () => sink.drained(),
  };
  const [end] = await showBacklog([log], { sink: announced, signal: request.signal });
  stopIfAborted(request.signal);
  past.end(end as NonNullable<typeof end>);
  if (end?.error && isFinal(end.error)) throw end.error;
  return told;
}

async function showPast(request: LogsRequest, shown: Shown): Promise<void> {
  const { targets, bounds, sink, signal, follow } = request;
  const pasts = targets
    .flatMap((target) => target.pastLogs({ previous: false, restIsLine: !follow, bounds }))
    .filter(({ runs }) => !shown.runs.has(runs.run ?? ''));
  const hidden = bounds.tailLines === 0 ? silent(sink) : withoutWords(sink, shown.words);
  const ends = await showBacklog(
    pasts.map(({ log }) => log),
    { sink: hidden, signal },
  );
  stopIfAborted(signal);
  const failures = ends.flatMap(({ error }) => error ?? []);
  const final = failures.find(isFinal);
  if (final) throw final;
  const [failure] = failures;
  if (failure && failures.length === ends.length && !follow) throw failure;
  ends.forEach((end, i) => {
    const past = pasts[i] as PastOf;
    past.end(end);
    if (end.error && !follow)
      request.tell({
        kind: 'not readable',
        pod: past.pod.name,
        container: nameIfSeveral(past),
        detail: end.error.message,
      });
  });
}

async function showPrevious(request: LogsRequest): Promise<void> {
  const { targets, bounds, tell } = request;
  const pasts = targets.flatMap((target) => target.pastLogs({ previous: true, restIsLine: true, bounds }));
  for (const past of pasts) await showRun(past, request, null);
  request.sink.flush();
  if (pasts.length === 0) {
    throw new OncallError('There is no previous run: no container of these pods has been restarted.', {
      code: 'NOT_FOUND',
      hint: 'Leave --previous out to see the present runs.',
    });
  }
  const having = new Set(pasts.map(({ pod, runs }) => `${pod.uid}/${runs.name}`));
  for (const pod of targets.flatMap((target) => target.pods)) {
    for (const runs of pod.runs)
      if (runs.kind === 'regular' && !having.has(`${pod.uid}/${runs.name}`))
        tell({
          kind: 'no previous run',
          pod: pod.name,
          container: pod.runs.length > 1 ? runs.name : null,
          detail: null,
        });
  }
}

/** All tails, and those of pods that come, until interrupted, one fails for good, or all is done. */
class Following {
  readonly #request: LogsRequest;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #running = new Set<Promise<void>>();
  #fail: (error: unknown) => void = () => {};
  #finish: () => void = () => {};

  constructor(request: LogsRequest) {
    this.#request = request;
    this.#signal = AbortSignal.any([request.signal, this.#stop.signal]);
    // Each container listens to it, and there are many.
    setMaxListeners(0, this.#signal);
  }

  async run(tails: readonly ContainerTail[]): Promise<void> {
    const over = new Promise<void>((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    const { targets, signal } = this.#request;
    const abort = () => this.#fail(interrupted());
    signal.addEventListener('abort', abort, { once: true });
    const asking = setInterval(() => void this.#endIfDone(), ASK_EVERY);
    for (const tail of tails) this.#start(tail);
    for (const target of targets) {
      target.onChange(() => {
        for (const tail of target.newTails()) {
          tail.fromTheFirst();
          this.#start(tail);
        }
      });
      target.ended.catch(this.#fail);
    }
    try {
      stopIfAborted(signal);
      await over;
    } finally {
      clearInterval(asking);
      signal.removeEventListener('abort', abort);
      this.#stop.abort();
      await Promise.allSettled(this.#running);
    }
  }

  #start(tail: ContainerTail): void {
    const run = tail
      .follow(this.#signal)
      .catch((error: unknown) => {
        if (!this.#signal.aborted) this.#fail(error);
      })
      .finally(() => {
        this.#running.delete(run);
        void this.#endIfDone();
      });
    this.#running.add(run);
  }

  async #endIfDone(): Promise<void> {
    const { targets, isOver } = this.#request;
    if (this.#signal.aborted || this.#running.size > 0 || !targets.every(({ allDone }) => allDone)) return;
    if (await isOver().catch(() => false)) this.#finish();
  }
}

function nameIfSeveral({ pod, runs }: PastOf): string | null {
  return pod.runs.length > 1 ? runs.name : null;
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw interrupted();
}

import type { ContainerRuns, Kubernetes, Target, WatchedPod } from '../clients/kubernetes/kubernetes.ts';
import type { PastEnd, PastLog } from './backlog.ts';
import { ContainerTail } from './container-tail.ts';
import type { Notice } from './notice.ts';
import { PodBook } from './pod-book.ts';
import type { LineSink, Source } from './source.ts';
import { isWanted, type SourceChoice } from './sources.ts';
import type { Bounds, TailSurroundings } from './surroundings.ts';
import type { Turns } from './turns.ts';
import type { Valve } from './valve.ts';

/** What all targets of one command share. */
export interface Shared {
  kubernetes: Kubernetes;
  choice: SourceChoice;
  bounds: Bounds;
  sink: LineSink;
  valve: Valve;
  turns: Turns;
  tell(notice: Notice): void;
  now(): number;
  random(): number;
}

/** Which past is wanted. */
export interface Past {
  previous: boolean;
  restIsLine: boolean;
  bounds: Bounds;
}

/** The past of one container, and what is to be done when it was shown. */
export interface PastOf {
  pod: WatchedPod;
  runs: ContainerRuns;
  log: PastLog;
  end(at: PastEnd): void;
}

/** Pods of one selector in one cluster, their containers, and their tails. */
export class TargetLogs {
  readonly target: Target;
  readonly #label: string | null;
  readonly #shared: Shared;
  readonly #book: PodBook;
  readonly #tails = new Map<string, ContainerTail>();
  /** One object per container, since whoever shows its lines keeps its colour there. */
  readonly #sources = new Map<string, Source>();

  /** @param label names the cluster in front of each line, where there are several */
  constructor(target: Target, label: string | null, shared: Shared) {
    this.target = target;
    this.#label = label;
    this.#shared = shared;
    this.#book = new PodBook(shared.tell);
  }

  get pods(): WatchedPod[] {
    return this.#book.all;
  }

  /** Whether every pod has done its work: then no more will be written, if they are a job's. */
  get allDone(): boolean {
    const { pods } = this;
    return pods.length > 0 && pods.every(({ phase }) => phase === 'Succeeded' || phase === 'Failed');
  }

  /** Rejects when the watch fails for good. Never resolves before its signal is aborted. */
  ended: Promise<void> = new Promise(() => {});

  /** Begins to watch the pods; resolves with the first list of them. @throws AUTH, NOT_FOUND, UNAVAILABLE, INTERRUPTED */
  async watch(signal: AbortSignal): Promise<void> {
    const first = new Promise<void>((resolve) => {
      this.#book.onChange = resolve;
    });
    this.ended = this.#shared.kubernetes.watchPods(this.target, this.#book, signal);
    this.ended.catch(() => {});
    await Promise.race([first, this.ended]);
    this.#book.onChange = () => {};
  }

  /** Tails of the wanted containers that have none yet. */
  newTails(): ContainerTail[] {
    const fresh: ContainerTail[] = [];
    for (const { pod, runs } of this.#wanted()) {
      const key = `${pod.uid}/${runs.name}`;
      if (this.#tails.has(key)) continue;
      const tail = new ContainerTail(this.#sourceOf(pod, runs), pod.uid, this.#surroundings);
      this.#tails.set(key, tail);
      fresh.push(tail);
    }
    for (const key of this.#tails.keys()) {
      if (this.#book.pod(key.slice(0, key.indexOf('/')))) continue;
      this.#tails.delete(key);
      this.#sources.delete(key);
    }
    return fresh;
  }

  /** Calls when pods have changed. */
  onChange(act: () => void): void {
    this.#book.onChange = act;
  }

  /** What the wanted containers have written so far, and what is to be done with each one's end. */
  pastLogs(which: Past): PastOf[] {
    return this.#wanted()
      .filter(({ runs }) => (which.previous ? runs.lastRun !== null : runs.run !== null))
      .map(({ pod, runs }) => ({
        pod,
        runs,
        log: this.#pastLog(pod, runs, which),
        end: (at) => this.#leave(pod, runs, { at, previous: which.previous, bounds: which.bounds }),
      }));
  }

  #pastLog(pod: WatchedPod, runs: ContainerRuns, which: Past): PastLog {
    const { kubernetes, tell } = this.#shared;
    const { context, namespace } = this.target;
    const source = this.#sourceOf(pod, runs);
    const { previous, restIsLine, bounds } = which;
    // One line is read even where none is wanted: it is the place to go on from.
    const tailLines = bounds.tailLines === 0 ? 1 : bounds.tailLines;
    const request = {
      context,
      namespace,
      pod: pod.name,
      container: runs.name,
      follow: false,
      previous,
      ...bounds,
      tailLines,
    };
    return {
      source,
      restIsLine,
      open: (take) => kubernetes.openLog(request, take),
      remark: (detail) => tell({ kind: 'kubelet', pod: pod.name, container: runs.name, detail }),
    };
  }

  /** The tail goes on where the past ends. */
  #leave(pod: WatchedPod, runs: ContainerRuns, was: { at: PastEnd; previous: boolean; bounds: Bounds }): void {
    if (was.previous) return;
    const { at, bounds } = was;
    const tail = this.#tails.get(`${pod.uid}/${runs.name}`);
    // A run that was over before it was read has been read to its end.
    if (runs.run && runs.state === 'terminated' && !at.error) tail?.skip(runs.run);
    // A log that could not be read is followed from its beginning within the bounds, as if it had just come up.
    else tail?.begin(runs.run, at.place, at.error && at.lines === 0 ? bounds : { ...bounds, tailLines: null });
  }

  /** The last words of a run that is over were shown, so it is not read again. */
  skip(pod: WatchedPod, runs: ContainerRuns): void {
    if (runs.run) this.#tails.get(`${pod.uid}/${runs.name}`)?.skip(runs.run);
  }

  #wanted(): { pod: WatchedPod; runs: ContainerRuns }[] {
    const { choice } = this.#shared;
    return this.pods.flatMap((pod) =>
      pod.runs.filter((runs) => isWanted(choice, pod.name, runs.name)).map((runs) => ({ pod, runs })),
    );
  }

  #sourceOf(pod: WatchedPod, { name, kind }: ContainerRuns): Source {
    const key = `${pod.uid}/${name}`;
    const known = this.#sources.get(key);
    if (known) return known;
    const { namespace } = this.target;
    const source = { context: this.#label, namespace, pod: pod.name, container: name, kind, prefix: null };
    this.#sources.set(key, source);
    return source;
  }

  get #surroundings(): TailSurroundings {
    return { ...this.#shared, context: this.target.context, book: this.#book };
  }
}

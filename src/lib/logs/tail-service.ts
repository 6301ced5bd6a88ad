import { setMaxListeners } from 'node:events';
import type { Kubernetes, Target, WatchedPod } from '../clients/kubernetes/kubernetes.ts';
import { type About, about, requirePods } from './find-pods.ts';
import type { Notice } from './notice.ts';
import type { Printer } from './printer.ts';
import { showLogs } from './show-logs.ts';
import type { LineSink, Source } from './source.ts';
import type { SourceChoice } from './sources.ts';
import type { Bounds } from './surroundings.ts';
import { TargetLogs } from './target-logs.ts';
import { Turns } from './turns.ts';
import { Valve } from './valve.ts';

/** Whose logs, and how. */
export interface LogsPlan {
  /** The service, as people call it. */
  name: string;
  /** The same pods in each cluster that was asked for. */
  targets: readonly Target[];
  choice: SourceChoice;
  bounds: Bounds;
  previous: boolean;
  follow: boolean;
  maxStreams: number;
}

export interface LogsSurroundings {
  kubernetes: Kubernetes;
  /** Called once, when the pods are known and before the first line. */
  open(pods: readonly WatchedPod[], about: About): Printer;
  tell(notice: Notice): void;
  /** Milliseconds since 1970. */
  now(): number;
  random(): number;
  signal: AbortSignal;
}

/**
 * Finds the pods, says what was found, and shows their logs.
 * @returns the pods as they were at the end
 * @throws NOT_FOUND, AUTH, UNAVAILABLE, INTERRUPTED
 */
export async function tailService(plan: LogsPlan, around: LogsSurroundings): Promise<WatchedPod[]> {
  const { name, targets, choice } = plan;
  const { kubernetes, now } = around;
  const stop = new AbortController();
  const signal = AbortSignal.any([around.signal, stop.signal]);
  // Each stream listens to it, and there may be hundreds.
  setMaxListeners(0, signal);
  // The sink is known only when the pods are, and the tails are made for it.
  const sink = new LateSink();
  const shared = { ...around, ...plan, sink, valve: new Valve(sink), turns: new Turns(plan.maxStreams) };
  const logs = targets.map((target) => new TargetLogs(target, targets.length > 1 ? target.context : null, shared));
  try {
    const [first] = targets;
    const [known] = await Promise.all([
      first ? about(kubernetes, first) : { identity: null, workload: null },
      ...logs.map((one) => one.watch(signal)),
    ]);
    for (const [i, one] of logs.entries()) {
      const target = targets[i] as Target;
      await requirePods(one, { kubernetes, service: name, target, choice, workload: known.workload, now: now() });
    }
    const printer = around.open(
      logs.flatMap(({ pods }) => pods),
      known,
    );
    sink.to = printer.sink;
    await showLogs({
      ...plan,
      targets: logs,
      sink,
      tell: around.tell,
      signal,
      isOver: () => jobsAreOver(kubernetes, logs),
    });
    return logs.flatMap(({ pods }) => pods);
  } catch (error) {
    if (around.signal.aborted) stop.abort();
    throw error;
  } finally {
    stop.abort();
  }
}

/** Only a job's pods stop by themselves; any other workload replaces a pod that is done. */
async function jobsAreOver(kubernetes: Kubernetes, logs: readonly TargetLogs[]): Promise<boolean> {
  for (const one of logs) {
    const names = new Set(one.pods.map(({ owner }) => (owner?.kind === 'Job' ? owner.name : null)));
    for (const job of names) {
      if (job === null) return false;
      if (!(await kubernetes.jobIsOver(one.target, job))) return false;
    }
  }
  return true;
}

class LateSink implements LineSink {
  to: LineSink | null = null;

  line(source: Source, bytes: Buffer, start: number, text: number, end: number): void {
    this.to?.line(source, bytes, start, text, end);
  }

  flush(): void {
    this.to?.flush();
  }

  get full(): boolean {
    return this.to?.full ?? false;
  }

  drained(): Promise<void> {
    return this.to?.drained() ?? Promise.resolve();
  }
}

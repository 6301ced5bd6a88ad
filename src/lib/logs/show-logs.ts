import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kubernetes, Pod, Target } from '../clients/kubernetes/kubernetes.ts';
import { interrupted, OncallError } from '../errors.ts';
import type { Entry } from './log-line.ts';
import { mergeByTime } from './merge.ts';
import type { Notice } from './notice.ts';
import { isCrashing, isFinal, PodWatch } from './pod-watch.ts';
import { requireSources, type SourceChoice, sourcesOf } from './sources.ts';
import { type Span, Tail, type TailWorld } from './tail.ts';

export interface LogsRequest {
  kubernetes: Kubernetes;
  target: Target;
  /** The service's pods as they are now, at least one. */
  pods: readonly Pod[];
  choice: SourceChoice;
  span: Span;
  /** Only the runs that ended before the present ones. */
  previous: boolean;
  follow: boolean;
  /** Lines to show; null shows all. */
  grep: RegExp | null;
  /** Milliseconds between two looks at the pods. */
  pollEvery: number;
  now: () => number;
  signal: AbortSignal;
  /** Takes lines; resolves when it can take more. */
  show(entries: readonly Entry[]): Promise<void>;
  tell(notice: Notice): void;
}

/**
 * Shows the logs of a service: what was written so far, merged by time, then, if wanted, what is written from now on.
 * A container that keeps crashing shows the last words of its previous run first.
 * @throws NOT_FOUND for a choice that means no container, or when there is no previous run; AUTH; UNAVAILABLE when not
 *   one log can be read; INTERRUPTED
 */
export async function showLogs(request: LogsRequest): Promise<void> {
  const { kubernetes, target, pods, choice, grep } = request;
  const watch = new PodWatch(kubernetes, target, request.tell);
  watch.begin(pods);
  const show = async (entries: readonly Entry[]) => {
    const wanted = grep ? entries.filter(({ text }) => grep.test(text)) : entries;
    if (wanted.length > 0) await request.show(wanted);
  };
  const world: TailWorld = { kubernetes, target, watch, now: request.now, tell: request.tell, show };
  const tails = requireSources(pods, choice).map((source) => new Tail(source, world));
  if (request.previous) return showPrevious(tails, world, request);
  for (const tail of tails) {
    const pod = watch.pod(tail.source.pod);
    if (pod && isCrashing(pod)) await showLastWords(tail, pod, { world, request });
  }
  await showBacklog(tails, world, request);
  if (request.follow) await followAll(tails, world, request);
}

async function showBacklog(tails: readonly Tail[], world: TailWorld, request: LogsRequest): Promise<void> {
  const failures: unknown[] = [];
  const logs = tails.map((tail) => excused(tail, { request, failures }));
  for await (const entries of mergeByTime(logs)) await world.show(entries);
  if (failures.length === tails.length && !request.follow) throw failures[0];
}

/** One log that cannot be read is said so, and keeps nobody from reading the others. */
async function* excused(
  tail: Tail,
  { request, failures }: { request: LogsRequest; failures: unknown[] },
): AsyncGenerator<Entry[], void> {
  try {
    yield* tail.backlog(request.span, false, request.signal);
  } catch (error) {
    if (isFinal(error)) throw error;
    failures.push(error);
    tail.excuse(error as OncallError, 'not readable');
  }
}

async function showLastWords(tail: Tail, pod: Pod, at: { world: TailWorld; request: LogsRequest }): Promise<void> {
  const { world, request } = at;
  let told = false;
  try {
    for await (const entries of tail.backlog(request.span, true, request.signal)) {
      if (entries.length === 0) continue;
      if (!told) world.tell({ kind: 'previous run', ...tail.source, detail: pod.lastTermination });
      told = true;
      await world.show(entries);
    }
  } catch (error) {
    // A pod restarts one of its containers; the others have no previous run, and that is no news here.
    if (isFinal(error)) throw error;
  }
  if (told) world.tell({ kind: 'current run', ...tail.source, detail: pod.status });
}

async function showPrevious(tails: readonly Tail[], world: TailWorld, request: LogsRequest): Promise<void> {
  const without: Tail[] = [];
  for (const tail of tails) {
    const detail = world.watch.pod(tail.source.pod)?.lastTermination ?? null;
    let told = false;
    try {
      for await (const entries of tail.backlog(request.span, true, request.signal)) {
        if (!told) world.tell({ kind: 'previous run', ...tail.source, detail });
        told = true;
        await world.show(entries);
      }
    } catch (error) {
      if (isFinal(error)) throw error;
      if ((error as OncallError).code === 'NOT_FOUND') without.push(tail);
      else tail.excuse(error as OncallError, 'not readable');
    }
  }
  if (without.length === tails.length) {
    throw new OncallError('There is no previous run: no container of these pods has been restarted.', {
      code: 'NOT_FOUND',
      hint: 'Leave --previous out to see the present runs.',
    });
  }
  for (const { source } of without) world.tell({ kind: 'no previous run', ...source, detail: null });
}

/** Follows all tails, and those of pods that come, until it is interrupted or one fails for good. */
async function followAll(tails: readonly Tail[], world: TailWorld, request: LogsRequest): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([request.signal, stop.signal]);
  // Every container waits for it; Node would suspect a leak, on stderr.
  setMaxListeners(0, signal);
  const followed = new Set<string>();
  const running: Promise<unknown>[] = [];
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const start = (tail: Tail) => {
    const key = `${tail.source.pod}/${tail.source.container}`;
    followed.add(key);
    // A stateful set gives the name of a pod that has gone to the next one.
    const over = () => world.watch.pod(tail.source.pod) || followed.delete(key);
    running.push(tail.follow(signal).then(over).catch(fail));
  };
  const poll = async (): Promise<never> => {
    for (;;) {
      await sleep(request.pollEvery, undefined, { signal }).catch(() => {
        throw interrupted();
      });
      await world.watch.refresh();
      for (const source of sourcesOf(world.watch.pods, request.choice)) {
        if (!followed.has(`${source.pod}/${source.container}`)) start(new Tail(source, world));
      }
    }
  };
  tails.forEach(start);
  const polling = poll();
  try {
    await Promise.race([failed, polling]);
  } finally {
    stop.abort();
    failed.catch(() => {});
    await Promise.allSettled([...running, polling]);
  }
}

import type { ContainerRuns, PodObserver, WatchedPod } from '../clients/kubernetes/kubernetes.ts';
import { interrupted } from '../errors.ts';
import type { Notice } from './notice.ts';

/** What is known of the pods of one target, kept by its watch; says what changed, and wakes who waits for it. */
export class PodBook implements PodObserver {
  readonly #tell: (notice: Notice) => void;
  #pods = new Map<string, WatchedPod>();
  readonly #waiting = new Set<() => void>();
  #listed = false;
  /** Called after each change. */
  onChange: () => void = () => {};

  constructor(tell: (notice: Notice) => void) {
    this.#tell = tell;
  }

  get all(): WatchedPod[] {
    return [...this.#pods.values()];
  }

  /** A container's runs; null when its pod is gone. A pod of the same name with another uid is another pod. */
  runs(uid: string, container: string): ContainerRuns | null {
    return this.#pods.get(uid)?.runs.find(({ name }) => name === container) ?? null;
  }

  pod(uid: string): WatchedPod | null {
    return this.#pods.get(uid) ?? null;
  }

  pods(pods: readonly WatchedPod[]): void {
    const before = this.#pods;
    this.#pods = new Map(pods.map((pod) => [pod.uid, pod]));
    if (this.#listed) this.#compare(before);
    this.#listed = true;
    for (const look of [...this.#waiting]) look();
    this.onChange();
  }

  trouble(words: string | null): void {
    if (words !== null) this.#tell({ kind: 'reconnecting', pod: '', container: null, detail: words });
  }

  /**
   * Resolves as soon as the condition holds, looked at again after each change, or after so many milliseconds.
   * @param wait.ms null waits for as long as it takes
   * @throws INTERRUPTED
   */
  until(condition: () => boolean, wait: { ms: number | null; signal: AbortSignal }): Promise<void> {
    const { ms, signal } = wait;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(interrupted());
      if (condition()) return resolve();
      const waiting = this.#waiting;
      const timer = ms === null ? undefined : setTimeout(done, ms);
      waiting.add(look);
      signal.addEventListener('abort', abort, { once: true });
      function look(): void {
        if (condition()) done();
      }
      function done(): void {
        clear();
        resolve();
      }
      function abort(): void {
        clear();
        reject(interrupted());
      }
      function clear(): void {
        clearTimeout(timer);
        waiting.delete(look);
        signal.removeEventListener('abort', abort);
      }
    });
  }

  #compare(before: ReadonlyMap<string, WatchedPod>): void {
    for (const [uid, pod] of before) if (!this.#pods.has(uid)) this.#notice('pod gone', pod, null);
    for (const [uid, pod] of this.#pods) {
      const earlier = before.get(uid);
      if (!earlier) this.#notice('new pod', pod, pod.status);
      else if (pod.restarts > earlier.restarts) this.#restarted(earlier, pod);
      else if (pod.status !== earlier.status && pod.status !== 'Running') this.#notice('status', pod, pod.status);
    }
  }

  #restarted(earlier: WatchedPod, pod: WatchedPod): void {
    const again = pod.runs.filter(
      ({ name, restarts }) => restarts > (earlier.runs.find((one) => one.name === name)?.restarts ?? 0),
    );
    for (const { name, ending } of again)
      this.#tell({ kind: 'restarted', pod: pod.name, container: pod.runs.length > 1 ? name : null, detail: ending });
  }

  #notice(kind: Notice['kind'], { name }: WatchedPod, detail: string | null): void {
    this.#tell({ kind, pod: name, container: null, detail });
  }
}

import type { Kubernetes, Pod, Target } from '../clients/kubernetes/kubernetes.ts';
import { OncallError } from '../errors.ts';
import type { Notice } from './notice.ts';

/** Whether a run ended only a while ago, or keeps ending: then its last words matter more than those of the present one. */
export function isCrashing(pod: Pod): boolean {
  return pod.restarts > 0 && pod.lastTermination !== null && !pod.ready;
}

/** Errors that no second try can mend. */
export function isFinal(error: unknown): boolean {
  return !(error instanceof OncallError) || ['AUTH', 'CONFIG', 'REFUSED', 'INTERRUPTED', 'BUG'].includes(error.code);
}

/** A service's pods, looked at again and again; says what changed. */
export class PodWatch {
  readonly #kubernetes: Kubernetes;
  readonly #target: Target;
  readonly #tell: (notice: Notice) => void;
  #pods = new Map<string, Pod>();
  #asking: Promise<void> | null = null;
  #failing = false;

  constructor(kubernetes: Kubernetes, target: Target, tell: (notice: Notice) => void) {
    this.#kubernetes = kubernetes;
    this.#target = target;
    this.#tell = tell;
  }

  get pods(): Pod[] {
    return [...this.#pods.values()];
  }

  pod(name: string): Pod | null {
    return this.#pods.get(name) ?? null;
  }

  /** Takes these pods as known, without a word. */
  begin(pods: readonly Pod[]): void {
    this.#pods = new Map(pods.map((pod) => [pod.name, pod]));
  }

  /**
   * Asks for the pods. However many want to know at the same time, the cluster is asked once. A cluster that does not
   * answer leaves what was known, and is mentioned once.
   * @throws AUTH, CONFIG, REFUSED, INTERRUPTED
   */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #ask(): Promise<void> {
    let pods: Pod[];
    try {
      pods = await this.#kubernetes.pods(this.#target);
    } catch (error) {
      if (isFinal(error)) throw error;
      if (!this.#failing) this.#notice('reconnecting', '', (error as OncallError).message);
      this.#failing = true;
      return;
    }
    this.#failing = false;
    const before = this.#pods;
    this.begin(pods);
    for (const name of before.keys()) if (!this.#pods.has(name)) this.#notice('pod gone', name, null);
    for (const pod of pods) this.#compare(before.get(pod.name), pod);
  }

  #compare(before: Pod | undefined, pod: Pod): void {
    if (!before) this.#notice('new pod', pod.name, pod.status);
    else if (pod.restarts > before.restarts) this.#notice('restarted', pod.name, pod.lastTermination);
    else if (pod.status !== before.status && pod.status !== 'Running') this.#notice('status', pod.name, pod.status);
  }

  #notice(kind: Notice['kind'], pod: string, detail: string | null): void {
    this.#tell({ kind, pod, container: null, detail });
  }
}

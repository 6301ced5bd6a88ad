import { EventEmitter, once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Kubernetes, LogRequest, Pod } from '../../../src/lib/clients/kubernetes/kubernetes.ts';
import { interrupted, OncallError } from '../../../src/lib/errors.ts';
import type { Entry } from '../../../src/lib/logs/log-line.ts';

export function pod(name: string, changes: Partial<Pod> = {}): Pod {
  return {
    name,
    phase: 'Running',
    status: 'Running',
    ready: true,
    restarts: 0,
    startedAt: null,
    node: null,
    image: 'api:1',
    containers: ['api'],
    lastTermination: null,
    ...changes,
  };
}

/** A line of a second after three in the morning. */
export function entry(second: number, text: string, from = 'api-1-aa'): Entry {
  return { at: `2026-01-02T03:00:${String(second).padStart(2, '0')}.000000000Z`, pod: from, container: 'api', text };
}

/** One run of a container: its log file, and who reads it. */
interface Run {
  lines: string[];
  ended: boolean;
}

/**
 * A cluster of one service by its `Kubernetes` interface: what a kubelet keeps of each container (the present run and
 * the one before), whole-second `sinceSeconds`, and connections that can be cut.
 */
export class FakeCluster implements Kubernetes {
  now = Date.UTC(2026, 0, 2, 3, 0, 0);
  readonly requests: LogRequest[] = [];
  #pods = new Map<string, { pod: Pod; runs: Run[] }>();
  #changed = new EventEmitter().setMaxListeners(0);
  #cut = 0;
  #serial = 0;

  add(name: string, changes: Partial<Pod> = {}): void {
    this.#pods.set(name, { pod: pod(name, changes), runs: [{ lines: [], ended: false }] });
  }

  remove(name: string): void {
    this.#end(name);
    this.#pods.delete(name);
    this.#changed.emit('change');
  }

  /** The container writes; each line a millisecond later than the one before. */
  write(name: string, ...texts: string[]): void {
    for (const text of texts) {
      this.now += 1;
      const nanos = String(++this.#serial % 1_000_000).padStart(6, '0');
      this.#run(name).lines.push(`${new Date(this.now).toISOString().slice(0, 23)}${nanos}Z ${text}`);
    }
    this.#changed.emit('change');
  }

  crash(name: string): void {
    this.#end(name);
    this.#change(name, { status: 'CrashLoopBackOff', ready: false, lastTermination: 'Error, exit code 2' });
  }

  restart(name: string): void {
    this.#pods.get(name)?.runs.push({ lines: [], ended: false });
    const { restarts = 0 } = this.#pods.get(name)?.pod ?? {};
    this.#change(name, {
      status: 'Running',
      ready: true,
      restarts: restarts + 1,
      lastTermination: 'Error, exit code 2',
    });
  }

  /** Breaks every open log connection. */
  cut(): void {
    this.#cut += 1;
    this.#changed.emit('change');
  }

  async pods(): Promise<Pod[]> {
    return [...this.#pods.values()].map((one) => one.pod);
  }

  async log(request: LogRequest, sink: Writable, signal: AbortSignal): Promise<void> {
    this.requests.push(request);
    const known = this.#pods.get(request.pod);
    if (!known) throw new OncallError('There is no such pod.', { code: 'NOT_FOUND' });
    if (known.pod.phase === 'Pending') throw new OncallError('There is no log yet.', { code: 'UNAVAILABLE' });
    const run = known.runs.at(request.previous ? -2 : -1) ?? (known.runs.at(-1)?.ended ? known.runs.at(-1) : undefined);
    if (!run) throw new OncallError('There is no such log.', { code: 'NOT_FOUND' });
    const since = request.sinceSeconds === null ? 0 : this.now - request.sinceSeconds * 1000;
    let next = request.tailLines === null ? 0 : Math.max(0, run.lines.length - request.tailLines);
    const cuts = this.#cut;
    for (;;) {
      for (; next < run.lines.length; next++) {
        const line = run.lines[next] ?? '';
        if (Date.parse(`${line.slice(0, 23)}Z`) >= Math.floor(since / 1000) * 1000) sink.write(`${line}\n`);
      }
      if (this.#cut > cuts) throw new OncallError('The connection was lost.', { code: 'UNAVAILABLE' });
      if (!request.follow || run.ended) return;
      await once(this.#changed, 'change', { signal }).catch(() => {
        throw interrupted();
      });
    }
  }

  whoAmI = async () => ({ context: 'test', server: 'https://test', user: null });
  signInWay = async () => ({ command: null, hint: null });
  ends = async () => [];
  workloads = async () => [];
  services = async () => [];
  workload = async () => {
    throw new OncallError('There is no workload.', { code: 'NOT_FOUND' });
  };
  revisions = async () => [];
  prepareRollBack = () => Promise.reject(new Error('nobody rolls back here'));
  change = () => Promise.reject(new Error('nobody changes anything here'));
  events = async () => [];

  #run(name: string): Run {
    return this.#pods.get(name)?.runs.at(-1) as Run;
  }

  #end(name: string): void {
    this.#run(name).ended = true;
  }

  #change(name: string, changes: Partial<Pod>): void {
    Object.assign(this.#pods.get(name) as object, { pod: { ...this.#pods.get(name)?.pod, ...changes } });
    this.#changed.emit('change');
  }
}

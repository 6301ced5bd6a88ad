import type { Exchange } from '../../exchange.ts';
import type { Cluster } from '../../world/cluster/cluster.ts';
import { type ContainerLog, entryStamp, type LogEntry, type LogPosition } from '../../world/cluster/container-log.ts';
import type { Pod } from '../../world/cluster/objects.ts';
import type { ApiRequest } from './api-request.ts';
import { type LogOptions, readLogOptions } from './log-options.ts';
import { chooseRun } from './log-target.ts';
import { required } from './writes.ts';

/** So many bytes are gathered before they are written, so that a long log is not a write per line. */
const PIECE = 64 * 1024;

/**
 * Answers the `log` subresource of a pod.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod
 */
export async function podLog(exchange: Exchange, request: ApiRequest, cluster: Cluster): Promise<void> {
  const pod = required(request, cluster).object as Pod;
  const options = readLogOptions(exchange, pod.metadata.name);
  const containerID = chooseRun(pod, options);
  const log = cluster.logs.find(containerID);
  exchange.begin(200, { 'content-type': 'text/plain' });
  // An empty piece sends the headers before there is a first line.
  exchange.write('');
  if (log) await new LogStream(exchange, { log, options, cluster }).run();
  // A kubelet says so in the log itself: https://github.com/kubernetes/kubernetes/issues/98236
  else exchange.write(`unable to retrieve container logs for ${containerID}`);
  exchange.end();
}

class LogStream {
  readonly #exchange: Exchange;
  readonly #log: ContainerLog;
  readonly #options: LogOptions;
  readonly #cluster: Cluster;
  readonly #since: number;
  #position: LogPosition | null = null;
  #bytesLeft: number;

  constructor(exchange: Exchange, parts: { log: ContainerLog; options: LogOptions; cluster: Cluster }) {
    this.#exchange = exchange;
    this.#log = parts.log;
    this.#options = parts.options;
    this.#cluster = parts.cluster;
    const { sinceSeconds, sinceTime } = parts.options;
    const seconds = sinceSeconds === undefined ? undefined : this.#cluster.clock.now() - sinceSeconds * 1000;
    this.#since = sinceTime ?? seconds ?? Number.NEGATIVE_INFINITY;
    this.#bytesLeft = parts.options.limitBytes ?? Number.POSITIVE_INFINITY;
  }

  async run(): Promise<void> {
    const { follow } = this.#options;
    this.#position = this.#start();
    for (;;) {
      // Read before the lines are, or the last words of a container that ends meanwhile would be lost.
      const { ended } = this.#log;
      await this.#copy();
      if (!follow || ended || this.#done) return;
      await this.#news();
    }
  }

  get #done(): boolean {
    return this.#bytesLeft <= 0 || this.#exchange.signal.aborted;
  }

  /** The place from which on lines count: after the tail's, and not before the time asked for. */
  #start(): LogPosition | null {
    const { tailLines } = this.#options;
    const since = Number.isFinite(this.#since) ? { at: this.#since - 1, nanos: 999_999 } : null;
    if (tailLines === undefined) return since;
    // The tail is counted first and filtered by time after, as the kubelet does it.
    const [first] = this.#log.last(Math.max(1, tailLines));
    if (!first || (since && since.at >= first.at)) return since;
    return { at: first.at, nanos: tailLines === 0 ? first.nanos : first.nanos - 1 };
  }

  async #copy(): Promise<void> {
    let piece: string[] = [];
    let size = 0;
    for (const entry of this.#log.read(this.#position)) {
      this.#position = { at: entry.at, nanos: entry.nanos };
      const line = this.#lineOf(entry);
      piece.push(line);
      size += line.length;
      if (size < PIECE) continue;
      await this.#write(piece.join(''));
      if (this.#done) return;
      piece = [];
      size = 0;
    }
    if (piece.length > 0) await this.#write(piece.join(''));
  }

  #lineOf(entry: LogEntry): string {
    return this.#options.timestamps ? `${entryStamp(entry)} ${entry.text}\n` : `${entry.text}\n`;
  }

  async #write(text: string): Promise<void> {
    let bytes = Buffer.from(text);
    if (bytes.length > this.#bytesLeft) bytes = bytes.subarray(0, this.#bytesLeft);
    this.#bytesLeft -= bytes.length;
    if (!this.#exchange.write(bytes)) await this.#exchange.drained();
  }

  /** Resolves when there may be more to read, or the client is gone. */
  async #news(): Promise<void> {
    const { clock } = this.#cluster;
    const { signal } = this.#exchange;
    const next = this.#log.nextAt();
    await new Promise<void>((resolve) => {
      // Chatter comes with the wall clock, which the world's speed does not shorten.
      const wait = next === null ? undefined : clock.after(Math.max(1, next - clock.now()) * clock.speed, wake);
      const stopListening = this.#log.onChange(wake);
      signal.addEventListener('abort', wake, { once: true });
      function wake(): void {
        wait?.cancel();
        stopListening();
        signal.removeEventListener('abort', wake);
        resolve();
      }
    });
  }
}

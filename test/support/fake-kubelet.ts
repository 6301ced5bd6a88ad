import { EventEmitter, once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { Exchange } from '../../src/lib/sandbox/exchange.ts';

/** One record of a container's log file, as a runtime writes it. */
export interface Line {
  stamp: string;
  text: Buffer;
  /** Identity of its run. */
  run: string;
  /** Set when no request can get at it any more. */
  gone: boolean;
}

/** One run of a container: its files, of which the last is the present one, and whether it is over. */
interface Run {
  id: string;
  startedAt: string;
  files: Line[][];
  over: boolean;
  exitCode: number;
}

interface Pod {
  name: string;
  uid: string;
  runs: Run[];
  phase: 'Pending' | 'Running' | 'Succeeded';
  version: number;
  gone: boolean;
}

/** What a stream meets instead of going on. */
export type Break = 'reset' | 'clean end' | 'words';

/** Nanoseconds from one line to the next, as a test likes it. */
export type Gap = () => number;

/** Near the present, as logs mostly are: stamps are compared exactly for some months around it. */
const START = Math.floor(Date.now() / 86_400_000) * 86_400_000;

/**
 * The part of a cluster that logs come from: pods of one namespace, their log files on the node, the watch of them, and
 * every way in which a stream ends although the container goes on. Files rotate by rename, requests never see rotated
 * ones, `sinceTime` is cut to the second and filters record by record, a plain request picks the running, else the
 * terminated, else the last terminated run, and only one dead run is kept.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/logs/logs.go
 */
export class FakeKubelet {
  readonly pods = new Map<string, Pod>();
  /** Everything that was ever written, by pod: what a faithful reader shows. */
  readonly truth = new Map<string, Line[]>();
  readonly #changed = new EventEmitter().setMaxListeners(0);
  readonly #events: { version: number; type: string; pod: object }[] = [];
  #version = 1;
  /** Versions up to here are forgotten: a watch from before gets 410. */
  #oldest = 0;
  #nanos = 3_600_000_000_000n;
  #serial = 0;
  #breaks = 0;
  #kind: Break = 'reset';
  /** Refuses the next so many requests with this status. */
  refusals: { status: number; count: number } = { status: 503, count: 0 };
  /** Whether the credentials of a request are good. */
  welcomes: (exchange: Exchange) => boolean = () => true;
  requests = 0;
  /** What was asked of logs, for a test that failed. */
  readonly asked: string[] = [];
  openStreams = 0;
  /** Turns of the event loop by which a pod's status is later than its log. */
  lag: () => number = () => 0;
  /** At most so many bytes of a log go out in one piece. */
  pieces: () => number = () => 4096;

  addPod(name: string): void {
    const pod: Pod = {
      name,
      uid: `uid-${name}-${++this.#serial}`,
      runs: [],
      phase: 'Running',
      version: 0,
      gone: false,
    };
    this.pods.set(name, pod);
    this.truth.set(name, this.truth.get(name) ?? []);
    pod.runs.push(this.#newRun());
    this.write(name, [this.beginning(name)]);
    this.#publish('ADDED', pod);
  }

  write(name: string, texts: readonly (string | Buffer)[], gap: Gap = () => 1000): void {
    const pod = this.pods.get(name) as Pod;
    const run = pod.runs.at(-1) as Run;
    for (const text of texts) {
      this.#nanos += BigInt(Math.round(gap()));
      const line = { stamp: stampOf(this.#nanos), text: Buffer.from(text as string), run: run.id, gone: false };
      run.files.at(-1)?.push(line);
      this.truth.get(name)?.push(line);
    }
    this.#changed.emit('change');
  }

  /** Renames the file: what is in it can be had by no request any more. */
  rotate(name: string): void {
    const run = this.pods.get(name)?.runs.at(-1) as Run;
    for (const line of run.files.at(-1) ?? []) line.gone = true;
    // A rename, and a call to the runtime: the next line is stamped later.
    this.#nanos += 1_000_137n;
    run.files.push([]);
    this.#changed.emit('change');
  }

  /** The container dies, and the node starts it again. */
  restart(name: string): void {
    const pod = this.pods.get(name) as Pod;
    const last = pod.runs.at(-1) as Run;
    last.over = true;
    last.exitCode = 137;
    // One dead run is kept.
    for (const line of pod.runs.at(-2)?.files.flat() ?? []) line.gone = true;
    this.#nanos += 40_000_000n;
    pod.runs.push(this.#newRun());
    this.write(name, [this.beginning(name)]);
    // The node tells the API server a little later; requests for the log are the node's own.
    void this.#later().then(() => this.#publish('MODIFIED', pod));
  }

  async #later(): Promise<void> {
    for (let turns = this.lag(); turns > 0; turns--) await turn();
  }

  /** The pod's work is done. */
  finish(name: string): void {
    const pod = this.pods.get(name) as Pod;
    (pod.runs.at(-1) as Run).over = true;
    (pod.runs.at(-1) as Run).exitCode = 0;
    pod.phase = 'Succeeded';
    this.#publish('MODIFIED', pod);
  }

  removePod(name: string): void {
    const pod = this.pods.get(name) as Pod;
    for (const run of pod.runs) run.over = true;
    pod.gone = true;
    this.pods.delete(name);
    this.#publish('DELETED', pod);
  }

  /** Breaks every open log, in one of the ways that life knows. */
  breakStreams(kind: Break): void {
    this.#kind = kind;
    this.#breaks++;
    this.#changed.emit('change');
  }

  /** Ends the watches, and forgets what they could go on from. */
  forgetVersions(): void {
    this.#oldest = this.#version;
    this.#changed.emit('forget');
  }

  /** Time jumps, as after a laptop's sleep or a correction of the clock. */
  jump(milliseconds: number): void {
    // Never a whole number: no stamp comes a second time by a clock that was set.
    this.#nanos += BigInt(milliseconds) * 1_000_000n + 137n;
  }

  async answer(exchange: Exchange): Promise<void> {
    this.requests++;
    if (!this.welcomes(exchange)) return exchange.json(401, failure(401, 'Unauthorized'));
    if (this.refusals.count > 0) {
      this.refusals.count--;
      const { status } = this.refusals;
      return exchange.json(status, failure(status, 'the apiserver is being restarted'));
    }
    const log = /\/pods\/([^/]+)\/log$/.exec(exchange.path)?.[1];
    if (log) return this.#log(exchange, log);
    if (exchange.query.get('watch')) return this.#watch(exchange);
    if (/\/pods$/.test(exchange.path)) {
      const metadata = { resourceVersion: String(this.#version) };
      const items = [...this.pods.values()].map((pod) => this.#podObject(pod));
      return exchange.json(200, { kind: 'PodList', apiVersion: 'v1', metadata, items });
    }
    exchange.json(404, failure(404, 'not served'));
  }

  async #log(exchange: Exchange, name: string): Promise<void> {
    const pod = this.pods.get(name);
    if (!pod) return exchange.json(404, failure(404, `pods "${name}" not found`));
    const { query } = exchange;
    const dead = pod.runs.at(-2);
    const run = query.get('previous') === 'true' ? dead : pod.runs.at(-1);
    if (!run) return exchange.json(400, failure(400, `previous terminated container "app" in pod "${name}" not found`));
    exchange.begin(200, { 'content-type': 'text/plain' });
    this.openStreams++;
    const what = `${name} ${exchange.query} file ${run.files.at(-1)?.length} of ${run.id}${run.over ? ' over' : ''}`;
    this.asked.push(what);
    try {
      await new FileReader(this, {
        exchange,
        run,
        changed: this.#changed,
        breaks: () => [this.#breaks, this.#kind],
      }).run();
    } finally {
      this.asked.push(`${name} end`);
      this.openStreams--;
    }
  }

  async #watch(exchange: Exchange): Promise<void> {
    let from = Number(exchange.query.get('resourceVersion') ?? 0);
    exchange.begin(200, { 'content-type': 'application/json' });
    // An empty piece sends the headers before there is an event.
    exchange.write('');
    const send = (type: string, object: object) => exchange.write(`${JSON.stringify({ type, object })}\n`);
    let forgotten = from < this.#oldest;
    const forget = () => {
      forgotten = true;
    };
    this.#changed.once('forget', forget);
    while (!exchange.signal.aborted) {
      if (forgotten) {
        send('ERROR', failure(410, 'too old resource version'));
        break;
      }
      for (const event of this.#events.filter(({ version }) => version > from)) {
        send(event.type, event.pod);
        from = event.version;
      }
      await this.#next(exchange);
    }
    this.#changed.off('forget', forget);
    exchange.end();
  }

  async #next(exchange: Exchange): Promise<void> {
    const woken = new AbortController();
    const signal = AbortSignal.any([exchange.signal, woken.signal]);
    await Promise.race([once(this.#changed, 'change', { signal }), once(this.#changed, 'forget', { signal })]).catch(
      () => {},
    );
    woken.abort();
  }

  /** The first line of a pod's present run; each run has its own. */
  beginning(name: string): string {
    return `${this.pods.get(name)?.runs.at(-1)?.id} begins`;
  }

  #newRun(): Run {
    this.#serial++;
    return {
      id: `containerd://${String(this.#serial).padStart(8, '0')}`,
      startedAt: `${stampOf(this.#nanos).slice(0, 19)}Z`,
      files: [[]],
      over: false,
      exitCode: 0,
    };
  }

  #publish(type: string, pod: Pod): void {
    pod.version = ++this.#version;
    this.#events.push({ version: this.#version, type, pod: this.#podObject(pod) });
    this.#changed.emit('change');
  }

  #podObject(pod: Pod): object {
    const run = pod.runs.at(-1) as Run;
    const before = pod.runs.at(-2);
    const terminated = (one: Run) => ({
      exitCode: one.exitCode,
      reason: one.exitCode === 0 ? 'Completed' : 'OOMKilled',
      startedAt: one.startedAt,
      finishedAt: one.startedAt,
      containerID: one.id,
    });
    return {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: pod.name, uid: pod.uid, resourceVersion: String(pod.version), labels: { app: 'api' } },
      spec: { containers: [{ name: 'app', image: 'api:1' }] },
      status: {
        phase: pod.phase,
        conditions: [{ type: 'Ready', status: run.over ? 'False' : 'True' }],
        containerStatuses: [
          {
            name: 'app',
            ready: !run.over,
            restartCount: pod.runs.length - 1,
            containerID: run.id,
            state: run.over ? { terminated: terminated(run) } : { running: { startedAt: run.startedAt } },
            lastState: before ? { terminated: terminated(before) } : {},
          },
        ],
      },
    };
  }
}

/**
 * One request of a log: begins with the present file, and goes on over rotations that come while it is open. A real node
 * reopens by name, so that a file that comes and goes between two of its looks is seen by no reader; here it keeps up.
 */
class FileReader {
  readonly #kubelet: FakeKubelet;
  readonly #exchange: Exchange;
  readonly #run: Run;
  readonly #changed: EventEmitter;
  readonly #breaks: () => [number, Break];
  #file: number;
  #next = 0;
  readonly #since: string;

  constructor(
    kubelet: FakeKubelet,
    parts: { exchange: Exchange; run: Run; changed: EventEmitter; breaks: () => [number, Break] },
  ) {
    this.#kubelet = kubelet;
    this.#exchange = parts.exchange;
    this.#run = parts.run;
    this.#changed = parts.changed;
    this.#breaks = parts.breaks;
    this.#file = parts.run.files.length - 1;
    this.#since = parts.exchange.query.get('sinceTime')?.slice(0, 19) ?? '';
    const tail = parts.exchange.query.get('tailLines');
    if (tail !== null) this.#next = Math.max(0, this.#lines.length - Number(tail));
  }

  get #lines(): Line[] {
    return this.#run.files[this.#file] ?? [];
  }

  get #isLast(): boolean {
    return this.#file === this.#run.files.length - 1;
  }

  async run(): Promise<void> {
    const follow = this.#exchange.query.get('follow') === 'true';
    const [breaks] = this.#breaks();
    for (;;) {
      const over = this.#run.over;
      const cut = await this.#copy(breaks);
      if (this.#exchange.signal.aborted) return;
      if (cut) return this.#break('reset');
      const [now, kind] = this.#breaks();
      if (follow && now !== breaks) return this.#break(kind);
      if (!follow || over) return this.#exchange.end();
      // Something may have happened while a slow reader was waited for.
      const news = !this.#isLast || this.#next < this.#lines.length || this.#run.over;
      if (news || this.#breaks()[0] !== breaks) continue;
      await once(this.#changed, 'change', { signal: this.#exchange.signal }).catch(() => {});
    }
  }

  #break(kind: Break): void {
    if (kind === 'reset') {
      this.#exchange.destroy();
      return;
    }
    if (kind === 'words') this.#exchange.write('rpc error: code = Unavailable desc = the node says no\n');
    this.#exchange.end();
  }

  /** @returns whether it was cut on the way */
  async #copy(breaks: number): Promise<boolean> {
    for (;;) {
      const bytes = this.#take();
      for (let at = 0; at < bytes.length; ) {
        const size = Math.max(1, this.#kubelet.pieces());
        // A reset comes at any byte, in the middle of a stamp too.
        if (this.#breaks()[0] !== breaks && this.#breaks()[1] === 'reset') return true;
        if (!this.#exchange.write(bytes.subarray(at, at + size))) await this.#exchange.drained();
        if (this.#exchange.signal.aborted) return true;
        at += size;
      }
      // A file that was renamed while it was open is read to its end, then the new one from its beginning.
      if (this.#isLast && this.#next === this.#lines.length) return false;
      if (this.#isLast || this.#next < this.#lines.length) continue;
      this.#file++;
      this.#next = 0;
    }
  }

  #take(): Buffer {
    const lines = this.#lines.slice(this.#next).filter(({ stamp }) => stamp.slice(0, 19) >= this.#since);
    this.#next = this.#lines.length;
    return Buffer.concat(lines.flatMap(({ stamp, text }) => [Buffer.from(`${stamp} `), text, Buffer.from('\n')]));
  }
}

export function stampOf(nanos: bigint): string {
  const milliseconds = START + Number(nanos / 1_000_000n);
  const rest = String(nanos % 1_000_000n).padStart(6, '0');
  return `${new Date(milliseconds).toISOString().slice(0, 23)}${rest}Z`;
}

function failure(code: number, message: string): object {
  const reason = code === 410 ? 'Expired' : code === 401 ? 'Unauthorized' : 'ServiceUnavailable';
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

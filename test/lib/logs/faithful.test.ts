import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { connectKubernetes } from '../../../src/lib/clients/kubernetes/connect.ts';
import type { Kubernetes } from '../../../src/lib/clients/kubernetes/kubernetes.ts';
import type { ConnectionSettings } from '../../../src/lib/config/settings.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import type { Notice } from '../../../src/lib/logs/notice.ts';
import { showLogs } from '../../../src/lib/logs/show-logs.ts';
import type { LineSink } from '../../../src/lib/logs/source.ts';
import { TargetLogs } from '../../../src/lib/logs/target-logs.ts';
import { Turns } from '../../../src/lib/logs/turns.ts';
import { Valve } from '../../../src/lib/logs/valve.ts';
import { kubeconfigFor } from '../../../src/lib/sandbox/faces/kubernetes/kubeconfig.ts';
import { type KubeServer, startKubeServer } from '../../../src/lib/sandbox/kube-server.ts';
import { Random } from '../../../src/lib/sandbox/world/random.ts';
import { FakeKubelet, type Line } from '../../support/fake-kubelet.ts';
import { testCertificates } from '../../support/serve-kubernetes.ts';

/**
 * A whole cluster of trouble against the recorded truth: what is shown of each container is what it wrote, in its order,
 * each line once; and what could not be had is announced with its bounds. `LOG_RUNS` and `LOG_SEED` choose how many runs
 * and where they begin; a run that fails says its seed.
 */
const RUNS = Number(process.env.LOG_RUNS ?? 60);
const SEED = Number(process.env.LOG_SEED ?? Date.now() % 1e9);
const AT_ONCE = 40;
const LAST = 'the last line of this pod';

// Not part of `npm test` as long as it still finds a first run of a pod that is lost without a word, about once in a few
// hundred runs (docs/decisions/0006); `npm run test:full` runs it.
const trials = process.env.LOG_RUNS ? describe : () => {};
trials('what is shown of logs', function (this: Mocha.Suite) {
  this.timeout(600_000);
  const kubelets = new Map<string, FakeKubelet>();
  let server: KubeServer;
  let directory: string;
  let kubernetes: Kubernetes;
  const stop = new AbortController();

  before(async () => {
    const certificates = await testCertificates();
    server = await startKubeServer({
      certificates,
      answer: (exchange) => {
        const namespace = /\/namespaces\/([^/]+)\//.exec(exchange.path)?.[1] ?? '';
        const kubelet = kubelets.get(namespace);
        if (kubelet) return kubelet.answer(exchange);
        exchange.json(404, { kind: 'Status', status: 'Failure', code: 404 });
      },
    });
    directory = await mkdtemp(join(tmpdir(), 'oncall-faithful-'));
    const kubeconfig = join(directory, 'kubeconfig');
    const facts = { server: server.url, caPem: certificates.ca.cert, token: 't', namespace: 'n', context: 'test' };
    await writeFile(kubeconfig, kubeconfigFor(facts), { mode: 0o600 });
    const settings = { world: 'sandbox', kubernetes: { kubeconfig, context: null } } as ConnectionSettings;
    kubernetes = connectKubernetes({ settings, signal: stop.signal, env: {} });
  });
  after(async () => {
    stop.abort();
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });

  it(`equals what was written, whatever happens: ${RUNS} runs, seeds from ${SEED}`, async () => {
    let next = 0;
    let lines = 0;
    const worker = async () => {
      while (next < RUNS) lines += await new Trial(SEED + next++).run(kubelets, kubernetes);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    assert.ok(lines > RUNS * 10, `only ${lines} lines`);
  });
});

/**
 * Whether what is shown is what was written, in order and each line once, but for lines that may be missing. Equal lines
 * can stand for each other, so all ways to lay one over the other are followed at once.
 */
function isAllBut(
  shown: readonly string[],
  written: readonly Line[],
  mayMiss: (line: Line, at: number) => boolean,
): boolean {
  /** How many of the shown lines may be accounted for so far. */
  let counts = new Set([0]);
  for (const [at, line] of written.entries()) {
    const missable = mayMiss(line, at);
    const whole = wholeOf(line);
    const next = new Set<number>();
    for (const count of counts) {
      if (shown[count] === whole) next.add(count + 1);
      if (missable) next.add(count);
    }
    counts = next;
  }
  return counts.has(shown.length);
}

function wholeOf({ stamp, text }: Line): string {
  return `${stamp} ${text.toString('latin1')}`;
}

/** Written and shown side by side from a little before they part. */
function difference(written: readonly string[], shown: readonly string[]): string {
  const part = Math.max(0, written.findIndex((line, i) => line !== shown[i]) - 2);
  const rows = Array.from(
    { length: 16 },
    (_, i) => `${(written[part + i] ?? '-').padEnd(62)}${shown[part + i] ?? '-'}`,
  );
  return `from line ${part}: written, shown\n${rows.join('\n')}`;
}

/** One run: a few pods write, and everything goes wrong. */
class Trial {
  readonly #seed: number;
  readonly #random: Random;
  readonly #kubelet = new FakeKubelet();
  readonly #shown = new Map<string, string[]>();
  readonly #notices: Notice[] = [];
  #pods = 0;
  #setBack = false;
  #onLine: () => void = () => {};

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new Random(seed);
  }

  async run(kubelets: Map<string, FakeKubelet>, kubernetes: Kubernetes): Promise<number> {
    const namespace = `run-${this.#seed}`;
    kubelets.set(namespace, this.#kubelet);
    const stop = new AbortController();
    const shown = this.#show(kubernetes, namespace, stop.signal);
    try {
      const done = await Promise.race([this.#trouble().then(() => this.#settled()), shown]);
      assert.notEqual(done, 'ended', `seed ${this.#seed}: it ended by itself`);
      return this.#compare();
    } catch (error) {
      throw new Error(`seed ${this.#seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
    } finally {
      stop.abort();
      await shown.catch(() => {});
      kubelets.delete(namespace);
    }
  }

  async #show(kubernetes: Kubernetes, namespace: string, signal: AbortSignal): Promise<'ended'> {
    const sink: LineSink = {
      line: (source, bytes, start, _text, end) => {
        const lines = this.#shown.get(source.pod) ?? [];
        this.#shown.set(source.pod, lines);
        lines.push(bytes.toString('latin1', start, end));
      },
      flush: () => this.#onLine(),
      full: false,
      drained: async () => {},
    };
    for (let i = this.#below(3); i >= 0; i--) this.#add();
    for (const name of this.#names()) this.#write(name);
    const bounds = { tailLines: null, sinceSeconds: null, sinceTime: null };
    const tell = (notice: Notice) => {
      this.#notices.push(notice);
      this.#onLine();
    };
    const about = {
      valve: new Valve(sink),
      turns: new Turns(1000),
      tell,
      now: Date.now,
      random: () => this.#random.next(),
    };
    const choice = { pod: null, containers: [] };
    const target = { context: null, namespace, selector: 'app=api' };
    const logs = new TargetLogs(target, null, { kubernetes, choice, bounds, sink, ...about });
    const request = {
      targets: [logs],
      bounds,
      previous: false,
      follow: true,
      sink,
      tell,
      isOver: async () => false,
      signal,
    };
    try {
      await logs.watch(signal);
      await showLogs(request);
    } catch (error) {
      if (!(error instanceof OncallError) || error.code !== 'INTERRUPTED') throw error;
    }
    return 'ended';
  }

  async #trouble(): Promise<void> {
    const kubelet = this.#kubelet;
    await this.#until(() => this.#names().every((name) => this.#count(name) > 0));
    for (let steps = 20 + this.#below(40); steps > 0; steps--) {
      const name = this.#pick(this.#names());
      const what = this.#below(20);
      if (what < 9) this.#write(name);
      else if (what < 12) kubelet.breakStreams(this.#pick(['reset', 'reset', 'clean end', 'words'] as const));
      else if (what === 12) await this.#rotate(name);
      else if (what === 13) kubelet.restart(name);
      else if (what === 14 && this.#pods < 6) this.#add();
      else if (what === 15) kubelet.forgetVersions();
      else if (what === 16) kubelet.refusals = { status: this.#pick([503, 500, 429]), count: 1 + this.#below(2) };
      else if (what === 17) this.#jump();
      else if (what === 18) kubelet.lag = () => this.#pick([0, 0, 3, 30]);
      else if (what === 19) kubelet.pieces = () => this.#pick([1, 7, 31, 100, 4096]);
      for (let wait = this.#below(6); wait > 0; wait--) await turn();
    }
    kubelet.refusals.count = 0;
    for (const name of this.#names()) kubelet.write(name, [LAST]);
  }

  /** A clock that is set back further than `CLOCK_STEP` while nobody reads hides lines from any reader that asks by time. */
  #jump(): void {
    const by = this.#pick([-1500, -500, 3000, 60_000]);
    if (by < 0 && this.#setBack) return;
    this.#setBack ||= by < 0;
    this.#kubelet.jump(by);
  }

  /** What was rotated away before anything of its run was read is a loss that no reader can know of. */
  async #rotate(name: string): Promise<void> {
    const beginning = this.#kubelet.beginning(name);
    await this.#until(() => this.#shown.get(name)?.some((line) => line.endsWith(beginning)) ?? false);
    this.#kubelet.rotate(name);
  }

  async #settled(): Promise<void> {
    const all = () => this.#names().every((name) => this.#shown.get(name)?.at(-1)?.endsWith(LAST));
    await this.#until(all);
    // A loss may be told a little after what follows it was shown.
    await this.#until(() => this.#names().every((name) => this.#isFaithful(name)), 5000).catch(() => {});
  }

  #until(holds: () => boolean, ms = 30_000): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(this.#state())), ms);
      this.#onLine = () => {
        if (!holds()) return;
        clearTimeout(late);
        this.#onLine = () => {};
        resolve();
      };
      this.#onLine();
    });
  }

  /** @returns how many lines were written */
  #compare(): number {
    let count = 0;
    for (const [name, lines] of this.#kubelet.truth) {
      count += lines.length;
      if (this.#isFaithful(name)) continue;
      const written = lines.map((line) => wholeOf(line).slice(0, 60));
      const shown = (this.#shown.get(name) ?? []).map((line) => line.slice(0, 60));
      assert.fail(`${name}: ${this.#state(name)}\n${difference(written, shown)}`);
    }
    return count;
  }

  /** What is shown is what was written, but for lines that nobody can have any more, and whose loss was announced. */
  #isFaithful(name: string): boolean {
    const lines = this.#kubelet.truth.get(name) ?? [];
    const stamps = lines.map(({ stamp }) => stamp);
    const losses = this.#losses(name);
    const mayMiss = ({ stamp, gone, run }: Line, at: number) =>
      gone &&
      losses.some(({ from, to }) => {
        // Stamps are out of order by microseconds, and by more where a clock was set back: the file's order counts.
        const [first, last] = [stamps.indexOf(from), stamps.lastIndexOf(to)];
        // A loss without an end goes on from its beginning.
        if (to === '9') return first >= 0 && at >= first;
        const between = first >= 0 && last >= first;
        if (between) return at >= first && at <= last;
        return (first >= 0 && at >= first && run === lines[first]?.run) || (stamp >= from && stamp <= to);
      });
    return isAllBut(this.#shown.get(name) ?? [], lines, mayMiss);
  }

  /** Losses that were announced, with their bounds. */
  #losses(name: string): { from: string; to: string }[] {
    const told = this.#notices.filter(({ kind, pod }) => pod === name && (kind === 'gap' || kind === 'run lost'));
    return told.map(({ detail }) => {
      const [from = '', to = '9'] = detail?.split(' ') ?? [];
      return { from: from === '-' ? '' : from, to };
    });
  }

  #state(about?: string): string {
    const counts = this.#names().map((name) => `${name} ${this.#count(name)}/${this.#kubelet.truth.get(name)?.length}`);
    return `${counts.join(', ')}; ${JSON.stringify(this.#notices.filter(({ pod }) => !about || pod === about).slice(-8))}\n${this.#kubelet.asked
      .filter((line) => !about || line.startsWith(`${about} `))
      .slice(-30)
      .join('\n')}`;
  }

  #count(name: string): number {
    return this.#shown.get(name)?.length ?? 0;
  }

  #add(): void {
    this.#kubelet.addPod(`api-${++this.#pods}`);
  }

  #write(name: string): void {
    const gap = this.#pick([() => 0, () => 1000, () => 20_000_000, () => this.#below(3) * 1000 - 1000]);
    const texts = Array.from({ length: 1 + this.#below(12) }, () => this.#text());
    this.#kubelet.write(name, texts, gap);
  }

  #text(): string | Buffer {
    const kinds = [
      'retry',
      '',
      `line ${this.#below(1e6)}`,
      '{"level":"error","msg":"x"}',
      'ends in\r',
      'x'.repeat(20_000),
    ];
    if (this.#below(15) === 0) return Buffer.from([0xff, 0xfe, 0x80, 0x41]);
    return this.#pick(kinds);
  }

  #names(): string[] {
    return [...this.#kubelet.pods.keys()];
  }

  #below(most: number): number {
    return Math.floor(this.#random.next() * most);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#below(from.length)] as T;
  }
}

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { Entry } from '../../../src/lib/logs/log-line.ts';
import type { Notice } from '../../../src/lib/logs/notice.ts';
import { type LogsRequest, showLogs } from '../../../src/lib/logs/show-logs.ts';
import { FakeCluster } from './cluster.ts';

/** A run of `showLogs` whose lines and notices can be waited for. */
class Watching {
  readonly entries: Entry[] = [];
  readonly notices: Notice[] = [];
  readonly done: Promise<unknown>;
  readonly #stop = new AbortController();
  readonly #changed = new EventEmitter().setMaxListeners(0);

  constructor(cluster: FakeCluster, pods: Awaited<ReturnType<FakeCluster['pods']>>, changes: Partial<LogsRequest>) {
    this.done = showLogs({
      kubernetes: cluster,
      target: { context: null, namespace: 'production', selector: 'app=api' },
      pods,
      choice: { pod: null, container: null },
      span: { tailLines: 10, sinceSeconds: null },
      previous: false,
      follow: true,
      grep: null,
      pollEvery: 5,
      now: () => cluster.now,
      signal: this.#stop.signal,
      show: async (entries) => {
        this.entries.push(...entries);
        this.#changed.emit('change');
      },
      tell: (notice) => {
        this.notices.push(notice);
        this.#changed.emit('change');
      },
      ...changes,
    }).catch((error: unknown) => error);
  }

  get lines(): string[] {
    return this.entries.map(({ text }) => text);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(this.#changed, 'change', { signal: AbortSignal.timeout(5000) });
  }

  async stop(): Promise<unknown> {
    this.#stop.abort();
    return this.done;
  }
}

describe('Following the logs of a service', () => {
  let cluster: FakeCluster;
  let watching: Watching;
  const watch = async (changes: Partial<LogsRequest> = {}) => {
    watching = new Watching(cluster, await cluster.pods(), changes);
    return watching;
  };
  beforeEach(() => {
    cluster = new FakeCluster();
    cluster.add('api-1-a');
  });
  afterEach(() => watching.stop());

  it('goes on after the last lines without repeating them, and ends as interrupted', async () => {
    cluster.write('api-1-a', 'one', 'two', 'three');
    const { lines } = await watch({ span: { tailLines: 2, sinceSeconds: null } });
    await watching.until(() => watching.lines.length === 2);
    cluster.write('api-1-a', 'four');
    await watching.until(() => watching.lines.length === 3);
    assert.equal(lines.length, 0);
    assert.deepEqual(watching.lines, ['two', 'three', 'four']);
    assert.equal(((await watching.stop()) as { code: string }).code, 'INTERRUPTED');
  });

  it('always asks for timestamps, and after the first lines for what is new', async () => {
    cluster.write('api-1-a', 'one');
    await watch();
    while (!cluster.requests.some(({ follow }) => follow)) await new Promise(setImmediate);
    const [first, second] = cluster.requests;
    assert.deepEqual(
      [first, second].map((one) => [one?.timestamps, one?.follow, one?.tailLines, one?.sinceSeconds !== null]),
      [
        [true, false, 10, false],
        [true, true, null, true],
      ],
    );
  });

  it('can begin with new lines only', async () => {
    cluster.write('api-1-a', 'old');
    await watch({ span: { tailLines: 0, sinceSeconds: null } });
    while (!cluster.requests.some(({ follow }) => follow)) await new Promise(setImmediate);
    cluster.write('api-1-a', 'new');
    await watching.until(() => watching.lines.length > 0);
    assert.deepEqual(watching.lines, ['new']);
  });

  it('loses nothing and repeats nothing over broken connections', async () => {
    const written: string[] = [];
    await watch();
    for (let round = 0; round < 20; round++) {
      const texts = [`${round} a`, 'same', 'same'];
      written.push(...texts);
      cluster.write('api-1-a', ...texts);
      if (round % 3 === 0) cluster.cut();
      if (round % 5 === 0) cluster.now += 30_000;
      await watching.until(() => watching.lines.length >= written.length);
    }
    assert.deepEqual(watching.lines, written);
    assert.ok(watching.notices.some(({ kind }) => kind === 'reconnecting'));
  });

  it('follows a container through its restarts: each line of each run once', async () => {
    await watch();
    cluster.write('api-1-a', 'start 1', 'panic 1');
    cluster.crash('api-1-a');
    await watching.until(() => watching.lines.includes('panic 1'));
    for (let run = 2; run < 5; run++) {
      cluster.now += 10_000;
      cluster.restart('api-1-a');
      cluster.write('api-1-a', `start ${run}`, `panic ${run}`);
      cluster.crash('api-1-a');
      await watching.until(() => watching.lines.includes(`panic ${run}`));
    }
    assert.deepEqual(
      watching.lines,
      [1, 2, 3, 4].flatMap((run) => [`start ${run}`, `panic ${run}`]),
    );
    await watching.until(() => watching.notices.filter(({ kind }) => kind === 'restarted').length === 3);
  });

  it('shows the last words of a run that ended while the connection was down', async () => {
    cluster.write('api-1-a', 'one');
    await watch();
    await watching.until(() => watching.lines.length === 1);
    cluster.cut();
    cluster.write('api-1-a', 'last words');
    cluster.crash('api-1-a');
    cluster.now += 5000;
    cluster.restart('api-1-a');
    cluster.write('api-1-a', 'again');
    await watching.until(() => watching.lines.includes('again'));
    assert.deepEqual(watching.lines, ['one', 'last words', 'again']);
  });

  it('picks up pods that come, and lets go of those that are gone', async () => {
    await watch();
    cluster.add('api-2-b');
    cluster.write('api-2-b', 'hello');
    await watching.until(() => watching.lines.includes('hello'));
    cluster.remove('api-1-a');
    await watching.until(() => watching.notices.some(({ kind }) => kind === 'pod gone'));
    cluster.add('api-1-a');
    cluster.write('api-1-a', 'the same name again');
    await watching.until(() => watching.lines.includes('the same name again'));
    assert.deepEqual(
      watching.notices.map(({ kind, pod }) => `${kind} ${pod}`),
      ['new pod api-2-b', 'pod gone api-1-a', 'new pod api-1-a'],
    );
  });

  it('waits for a pod that has not started, and says why once', async () => {
    cluster.add('api-1-a', { phase: 'Pending', status: 'ContainerCreating' });
    await watch();
    while (cluster.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    cluster.add('api-1-a');
    cluster.write('api-1-a', 'hello');
    await watching.until(() => watching.lines.includes('hello'));
    assert.deepEqual(
      watching.notices.map(({ kind }) => kind),
      ['not readable'],
    );
  });

  it('shows the previous run of a crashing container before the present one, nothing twice', async () => {
    cluster.write('api-1-a', 'start 1', 'panic 1');
    cluster.crash('api-1-a');
    cluster.restart('api-1-a');
    cluster.write('api-1-a', 'start 2', 'panic 2');
    cluster.crash('api-1-a');
    await (await watch({ follow: false })).done;
    assert.deepEqual(watching.lines, ['start 1', 'panic 1', 'start 2', 'panic 2']);
    assert.deepEqual(
      watching.notices.map(({ kind }) => kind),
      ['previous run', 'current run'],
    );
  });

  it('shows only what matches, and goes on from the last line all the same', async () => {
    cluster.write('api-1-a', 'yes 1', 'no');
    await watch({ grep: /yes/ });
    await watching.until(() => watching.lines.length === 1);
    cluster.write('api-1-a', 'no', 'yes 2');
    await watching.until(() => watching.lines.length === 2);
    assert.deepEqual(watching.lines, ['yes 1', 'yes 2']);
  });

  it('fails when not one log can be read, but not when only one cannot', async () => {
    cluster.add('api-1-a', { phase: 'Pending' });
    assert.equal(((await (await watch({ follow: false })).done) as { code: string }).code, 'UNAVAILABLE');
    cluster.add('api-1-b');
    cluster.write('api-1-b', 'here');
    assert.equal(await (await watch({ follow: false })).done, undefined);
    assert.deepEqual(watching.lines, ['here']);
    assert.deepEqual(
      watching.notices.map(({ kind, pod }) => `${kind} ${pod}`),
      ['not readable api-1-a'],
    );
  });

  it('says that there was no previous run', async () => {
    const error = (await (await watch({ follow: false, previous: true })).done) as { code: string };
    assert.equal(error.code, 'NOT_FOUND');
  });
});

import assert from 'node:assert/strict';
import { OpenStream } from '../../support/open-stream.ts';
import {
  type Answer,
  BAD,
  live,
  NEW,
  patchWith,
  podsOf,
  type ServedKubernetes,
  serveKubernetes,
} from '../../support/serve-kubernetes.ts';

const PODS = '/api/v1/namespaces/production/pods';

describe('watches of the Kubernetes API', () => {
  let served: ServedKubernetes;

  beforeEach(async () => {
    served = await serveKubernetes({ keptChanges: 150 });
  });

  afterEach(() => served.close());

  const patch = (path: string, type: string, value: unknown): Promise<Answer> =>
    patchWith(served, path, { type, value });

  const version = (): number => served.cluster.store.version;
  interface Event {
    type: string;
    object: {
      kind: string;
      code?: number;
      metadata: { name: string; resourceVersion: string; annotations?: Record<string, string> };
    };
  }
  const events = (stream: OpenStream): Event[] => stream.lines.map((line) => JSON.parse(line) as Event);

  it('from a version on: every change once, in order, and nothing of other namespaces', async () => {
    const from = version();
    served.cluster.deploy('dolthubapi', NEW, 'ben');
    const stream = new OpenStream(served, `${PODS}?watch=1&resourceVersion=${from}`);
    assert.equal(await stream.status, 200);
    await stream.line((line) => line.includes('"ADDED"'));
    live(served.clock, 12_000);
    await stream.line((line) => line.includes('"DELETED"') && line.includes('dolthubapi'));
    const versions = events(stream).map(({ object }) => Number(object.metadata.resourceVersion));
    assert.deepEqual(
      versions,
      [...new Set(versions)].sort((a, b) => a - b),
    );
    assert.ok(versions.every((one) => one > from));
    stream.close();
  });

  it('answers at once, even when there is nothing to tell', async () => {
    const stream = new OpenStream(served, `${PODS}?watch=1&resourceVersion=${version()}`);
    assert.equal(await stream.status, 200);
    stream.close();
  });

  it('shows an object that stops matching as deleted', async () => {
    const [pod] = podsOf(served.cluster, 'dolthubapi');
    assert.ok(pod);
    const stream = new OpenStream(served, `${PODS}?watch=1&labelSelector=team%3Dx&resourceVersion=${version()}`);
    await stream.status;
    const label = (team: string | null) =>
      patch(`${PODS}/${pod.metadata.name}`, 'merge-patch', { metadata: { labels: { team } } });
    await label('x');
    await label(null);
    await stream.line((line) => line.includes('"DELETED"'));
    assert.deepEqual(
      events(stream).map(({ type }) => type),
      ['ADDED', 'DELETED'],
    );
    stream.close();
  });

  it('ends with 410 in the stream when the version is too old', async () => {
    const from = version();
    served.cluster.deploy('dolthubapi', BAD, 'ben');
    live(served.clock, 300_000);
    const stream = new OpenStream(served, `${PODS}?watch=1&resourceVersion=${from}`);
    assert.equal(await stream.status, 200);
    await stream.ended;
    const [event] = events(stream);
    assert.equal(event?.type, 'ERROR');
    assert.equal(event?.object.code, 410);
    assert.match(stream.lines[0] ?? '', /too old resource version/);
    stream.close();
  });

  it('sends bookmarks to who wants them, and ends when the client said', async () => {
    const stream = new OpenStream(
      served,
      `${PODS}?watch=1&allowWatchBookmarks=true&timeoutSeconds=90&resourceVersion=${version()}`,
    );
    await stream.status;
    served.clock.advance(61_000);
    const bookmark = JSON.parse(await stream.line((line) => line.includes('BOOKMARK'))) as Event;
    assert.equal(bookmark.object.kind, 'Pod');
    assert.equal(bookmark.object.metadata.resourceVersion, String(version()));
    served.clock.advance(30_000);
    await stream.ended;
    stream.close();
  });

  it('sends what there is first when asked for initial events, and says when that is over', async () => {
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const stream = new OpenStream(served, `${PODS}?${query}`);
    await stream.line((line) => line.includes('k8s.io/initial-events-end'));
    assert.equal(events(stream).filter(({ type }) => type === 'ADDED').length, 15);
    stream.close();
  });

  it('of tables: the columns come with the first event alone', async () => {
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
    const stream = new OpenStream(served, `${PODS}?watch=1`, headers);
    await stream.status;
    const [pod] = podsOf(served.cluster, 'dolthubapi');
    await patch(`${PODS}/${pod?.metadata.name}`, 'merge-patch', { metadata: { labels: { team: 'x' } } });
    await stream.line((line) => line.includes('"MODIFIED"'));
    const tables = stream.lines.map(
      (line) => (JSON.parse(line) as { object: { kind: string; columnDefinitions: unknown[] | null } }).object,
    );
    assert.deepEqual([...new Set(tables.map(({ kind }) => kind))], ['Table']);
    assert.ok((tables[0]?.columnDefinitions?.length ?? 0) >= 5);
    assert.deepEqual([...new Set(tables.slice(1).map(({ columnDefinitions }) => columnDefinitions))], [null]);
    stream.close();
  });
});

import assert from 'node:assert/strict';
import {
  type Answer,
  ask,
  BAD,
  bodyOf,
  live,
  NEW,
  podsOf,
  type ServedKubernetes,
  serveKubernetes,
} from '../../support/serve-kubernetes.ts';

interface ListBody {
  kind: string;
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: { metadata: { name: string; labels: Record<string, string> } }[];
}

const PODS = '/api/v1/namespaces/production/pods';

describe('lists of the Kubernetes API', () => {
  let served: ServedKubernetes;

  beforeEach(async () => {
    served = await serveKubernetes({ keptChanges: 150 });
  });

  afterEach(() => served.close());

  const get = (path: string): Promise<Answer> => ask(served, path);
  const names = (answer: Answer): string[] => bodyOf<ListBody>(answer).items.map(({ metadata }) => metadata.name);

  it('by label: equality, sets and existence', async () => {
    const count = async (selector: string) =>
      names(await get(`${PODS}?labelSelector=${encodeURIComponent(selector)}`)).length;
    assert.equal(await count('app=dolthubapi'), 3);
    assert.equal(await count('app!=dolthubapi'), 12);
    assert.equal(await count('app in (dolthubapi, userservice)'), 5);
    assert.equal(await count('app notin (dolthubapi,userservice),pod-template-hash'), 10);
    assert.equal(await count('!app'), 0);
    assert.equal(await count('nothing!=here'), 15);
  });

  it('by field', async () => {
    const [pod] = podsOf(served.cluster, 'dolthubapi');
    const list = async (selector: string) => names(await get(`${PODS}?fieldSelector=${encodeURIComponent(selector)}`));
    assert.deepEqual(await list(`metadata.name=${pod?.metadata.name}`), [pod?.metadata.name]);
    assert.equal((await list('status.phase!=Running')).length, 0);
    assert.equal((await list(`spec.nodeName=${pod?.spec.nodeName},status.phase=Running`)).length, 5);
  });

  it('events of one object', async () => {
    served.cluster.deploy('dolthubapi', NEW, 'ben');
    const selector = encodeURIComponent('involvedObject.kind=Deployment,involvedObject.name=dolthubapi');
    const answer = await get(`/api/v1/namespaces/production/events?fieldSelector=${selector}`);
    assert.match(answer.text, /Scaled up replica set dolthubapi-\w+ from 0 to 3/);
    const modern = await get('/apis/events.k8s.io/v1/namespaces/production/events');
    assert.match(modern.text, /"note":"Scaled up replica set/);
  });

  it('in pages that stay what they were while things change', async () => {
    const all = names(await get(PODS));
    const first = bodyOf<ListBody>(await get(`${PODS}?limit=10`));
    assert.equal(first.metadata.remainingItemCount, 5);
    served.cluster.deploy('userservice', NEW, 'ben');
    live(served.clock, 10_000);
    const second = await get(`${PODS}?limit=10&continue=${first.metadata.continue}`);
    assert.deepEqual([...first.items.map(({ metadata }) => metadata.name), ...names(second)], all);
    assert.equal(bodyOf<ListBody>(second).metadata.continue, undefined);
  });

  it('410 when a page is asked for too late', async () => {
    const first = bodyOf<ListBody>(await get(`${PODS}?limit=10`));
    served.cluster.deploy('dolthubapi', BAD, 'ben');
    live(served.clock, 300_000);
    const late = await get(`${PODS}?limit=10&continue=${first.metadata.continue}`);
    assert.equal(late.status, 410);
    const { reason, metadata } = bodyOf<{ reason: string; metadata: { continue: string } }>(late);
    assert.equal(reason, 'Expired');
    // The rest can be had all the same, as it is now.
    const rest = await get(`${PODS}?limit=10&continue=${metadata.continue}`);
    assert.equal(rest.status, 200);
    const after = first.items.at(-1)?.metadata.name ?? '';
    assert.ok(names(rest).length > 0 && names(rest).every((name) => name > after));
  });

  it('410 for an exact version that is forgotten, 504 for one that has not been yet', async () => {
    const old = served.cluster.store.version;
    const exact = (version: number) => get(`${PODS}?resourceVersion=${version}&resourceVersionMatch=Exact`);
    assert.equal((await exact(old)).status, 200);
    served.cluster.deploy('dolthubapi', BAD, 'ben');
    live(served.clock, 300_000);
    const late = await exact(old);
    assert.equal(late.status, 410);
    assert.match(late.text, /The resourceVersion for the provided list is too old\./);
    const early = await exact(served.cluster.store.version + 10);
    assert.equal(early.status, 504);
    assert.match(early.text, /Too large resource version/);
    assert.equal((await get(`${PODS}?resourceVersion=${old}`)).status, 200, 'not older than that');
  });

  it('422 and 400 for options that do not go together', async () => {
    const refused: [query: string, status: number, words: RegExp][] = [
      ['resourceVersionMatch=Exact', 422, /resourceVersionMatch is forbidden unless resourceVersion is provided/],
      ['resourceVersionMatch=Nearly&resourceVersion=1', 422, /Unsupported value: \\"Nearly\\"/],
      ['resourceVersionMatch=Exact&resourceVersion=0', 422, /forbidden for resourceVersion \\"0\\"/],
      ['sendInitialEvents=true', 422, /sendInitialEvents is forbidden for list/],
      [
        'watch=1&sendInitialEvents=true',
        422,
        /sendInitialEvents requires setting resourceVersionMatch to NotOlderThan/,
      ],
      ['watch=1&resourceVersionMatch=NotOlderThan', 422, /forbidden for watch unless sendInitialEvents is provided/],
      ['continue=bm8', 400, /continue key is not valid/],
      ['resourceVersion=x', 400, /invalid syntax/],
    ];
    for (const [query, status, words] of refused) {
      const answer = await get(`${PODS}?${query}`);
      assert.equal(answer.status, status, query);
      assert.match(answer.text, words);
    }
  });

  it('of metrics, from the same series as Prometheus', async () => {
    const answer = await get('/apis/metrics.k8s.io/v1beta1/namespaces/production/pods?labelSelector=app%3Duserservice');
    const { items } = bodyOf<{ items: { window: string; containers: { usage: { cpu: string; memory: string } }[] }[] }>(
      answer,
    );
    assert.equal(items.length, 2);
    for (const { window, containers } of items) {
      assert.equal(window, '60s');
      const { cpu = '', memory = '' } = containers[0]?.usage ?? {};
      assert.ok(/^\d+n$/.test(cpu) && Number.parseInt(cpu, 10) > 1e6 && Number.parseInt(cpu, 10) < 1e9, cpu);
      assert.ok(
        /^\d+Ki$/.test(memory) && Number.parseInt(memory, 10) > 60_000 && Number.parseInt(memory, 10) < 240_000,
        memory,
      );
    }
    assert.equal((await get('/apis/metrics.k8s.io/v1beta1/nodes/nope')).status, 404);
    assert.equal((await get('/apis/metrics.k8s.io/v1beta1/pods?fieldSelector=status.phase%3DRunning')).status, 400);
  });

  it('as tables, for people', async () => {
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
    const answer = await ask(served, `${PODS}?labelSelector=app%3Ddolthubapi`, { headers });
    const table = bodyOf<{
      kind: string;
      columnDefinitions: { name: string }[];
      rows: { cells: unknown[]; object: { kind: string } }[];
    }>(answer);
    assert.equal(table.kind, 'Table');
    assert.deepEqual(
      table.columnDefinitions.slice(0, 5).map(({ name }) => name),
      ['Name', 'Ready', 'Status', 'Restarts', 'Age'],
    );
    assert.deepEqual(table.rows[0]?.cells.slice(1, 5), ['1/1', 'Running', '0', '2d2h']);
    assert.equal(table.rows[0]?.object.kind, 'PartialObjectMetadata');
    const row = async (includeObject: string) =>
      bodyOf<typeof table>(await ask(served, `${PODS}?includeObject=${includeObject}`, { headers })).rows[0];
    assert.equal((await row('None'))?.object, undefined);
    assert.equal((await row('Object'))?.object.kind, 'Pod');
  });
});

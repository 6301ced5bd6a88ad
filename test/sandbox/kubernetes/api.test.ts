import assert from 'node:assert/strict';
import {
  type Answer,
  ask,
  BAD,
  bodyOf,
  live,
  NEW,
  OpenStream,
  podsOf,
  READER_TOKEN,
  type ServedKubernetes,
  serveKubernetes,
} from '../../support/serve-kubernetes.ts';

interface ListBody {
  kind: string;
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: { metadata: { name: string; labels: Record<string, string> } }[];
}

const PODS = '/api/v1/namespaces/production/pods';
const DEPLOYMENT = '/apis/apps/v1/namespaces/production/deployments/dolthubapi';

describe('the Kubernetes API', () => {
  let served: ServedKubernetes;
  let expired: string | null = null;

  beforeEach(async () => {
    served = await serveKubernetes({
      keptChanges: 150,
      access: {
        isExpired: (token) => token === expired,
        allowed: ({ groups }, verb, resource) =>
          groups.includes('on-call') || (['get', 'list', 'watch'].includes(verb) && resource !== 'nodes'),
      },
    });
  });

  afterEach(() => {
    expired = null;
    return served.close();
  });

  const get = (path: string): Promise<Answer> => ask(served, path);
  const names = (answer: Answer): string[] => bodyOf<ListBody>(answer).items.map(({ metadata }) => metadata.name);
  const patch = (path: string, type: string, value: unknown): Promise<Answer> =>
    ask(served, path, {
      method: 'PATCH',
      headers: { 'content-type': `application/${type}+json` },
      body: JSON.stringify(value),
    });

  describe('says who may do what', () => {
    it('401 without a token, with an unknown and with an expired one, as a Status', async () => {
      expired = READER_TOKEN;
      for (const token of [null, 'nobody', READER_TOKEN]) {
        const answer = await ask(served, PODS, { token });
        assert.equal(answer.status, 401);
        assert.deepEqual(bodyOf(answer), {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: 'Unauthorized',
          reason: 'Unauthorized',
          code: 401,
        });
      }
    });

    it('403 in the words of RBAC', async () => {
      const pod = podsOf(served.cluster, 'dolthubapi')[0]?.metadata.name;
      const messages: [method: string, path: string, message: string][] = [
        [
          'GET',
          '/api/v1/nodes',
          'nodes is forbidden: User "mei@dolthub.test" cannot list resource "nodes" in API group "" at the cluster scope',
        ],
        [
          'DELETE',
          `${PODS}/${pod}`,
          `pods "${pod}" is forbidden: User "mei@dolthub.test" cannot delete resource "pods" in API group "" in the namespace "production"`,
        ],
        [
          'PATCH',
          DEPLOYMENT,
          'deployments.apps "dolthubapi" is forbidden: User "mei@dolthub.test" cannot patch resource "deployments" in API group "apps" in the namespace "production"',
        ],
      ];
      for (const [method, path, message] of messages) {
        const answer = await ask(served, path, { method, token: READER_TOKEN });
        assert.equal(answer.status, 403);
        assert.equal(bodyOf<{ message: string }>(answer).message, message);
      }
    });

    it('403 for acting as somebody else', async () => {
      const answer = await ask(served, PODS, { headers: { 'impersonate-user': 'root' } });
      assert.equal(answer.status, 403);
      assert.match(answer.text, /cannot impersonate resource \\"users\\"/);
    });

    it('/version and /readyz need nobody', async () => {
      assert.equal((await ask(served, '/version', { token: null })).status, 200);
      assert.equal((await ask(served, '/readyz', { token: null })).text, 'ok');
      assert.equal((await ask(served, '/api', { token: null })).status, 401);
    });
  });

  describe('errors are Status objects', () => {
    it('404 for an unknown path, resource and object, each in its own words', async () => {
      for (const path of [
        '/nowhere',
        '/api/v1/namespaces/production/gizmos',
        '/apis/nope/v1/pods',
        `${PODS}/x/exec`,
        '/openapi/v3',
      ]) {
        const answer = await get(path);
        assert.equal(answer.status, 404, path);
        assert.match(answer.text, /the server could not find the requested resource/);
      }
      const missing = bodyOf<{ message: string; details: unknown }>(
        await get(DEPLOYMENT.replace('dolthubapi', 'nope')),
      );
      assert.equal(missing.message, 'deployments.apps "nope" not found');
      assert.deepEqual(missing.details, { name: 'nope', group: 'apps', kind: 'deployments' });
    });

    it('405 for a verb that a resource has not, 406 and 415 for forms that nobody here speaks', async () => {
      assert.equal(
        (await ask(served, '/api/v1/namespaces/production/services/dolthubapi', { method: 'DELETE' })).status,
        405,
      );
      assert.equal((await ask(served, PODS, { method: 'POST', body: '{}' })).status, 405);
      assert.equal(
        (await ask(served, PODS, { headers: { accept: 'application/vnd.kubernetes.protobuf' } })).status,
        406,
      );
      const apply = await patch(DEPLOYMENT, 'apply-patch', {});
      assert.equal(apply.status, 415);
    });

    it('400 for selectors that cannot be read or are not supported', async () => {
      const bad = await get(`${PODS}?fieldSelector=spec.colour%3Dred`);
      assert.equal(bad.status, 400);
      assert.match(bad.text, /field label not supported: spec.colour/);
      assert.equal((await get(`${PODS}?labelSelector=a%3D%3D%3Db`)).status, 400);
    });
  });

  describe('lists', () => {
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
      const list = async (selector: string) =>
        names(await get(`${PODS}?fieldSelector=${encodeURIComponent(selector)}`));
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
      assert.equal(bodyOf<{ reason: string }>(late).reason, 'Expired');
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
    });
  });

  describe('watches', () => {
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
  });

  describe('changes', () => {
    const image = (): string | undefined =>
      served.cluster.store.get('deployments', { namespace: 'production', name: 'dolthubapi' })?.spec.template.spec
        .containers[0]?.image;

    it('a deployment by strategic merge, merge and JSON patch', async () => {
      const containers = [{ name: 'dolthubapi', image: 'registry.dolthub.test/dolthubapi:aaaaaaa' }];
      const strategic = await patch(DEPLOYMENT, 'strategic-merge-patch', {
        spec: { template: { spec: { containers } } },
      });
      assert.equal(strategic.status, 200);
      assert.equal(image(), 'registry.dolthub.test/dolthubapi:aaaaaaa');
      assert.match(strategic.text, /readinessProbe/, 'the rest of the container is still there');
      assert.equal((await patch(DEPLOYMENT, 'merge-patch', { spec: { replicas: 2 } })).status, 200);
      const path = '/spec/template/spec/containers/0/image';
      const json = await patch(DEPLOYMENT, 'json-patch', [
        { op: 'test', path, value: image() },
        { op: 'replace', path, value: 'registry.dolthub.test/dolthubapi:bbbbbbb' },
      ]);
      assert.equal(json.status, 200);
      assert.equal(image(), 'registry.dolthub.test/dolthubapi:bbbbbbb');
    });

    it('409 for an update of an older version, 422 for what may not be', async () => {
      const before = await get(DEPLOYMENT);
      await patch(DEPLOYMENT, 'merge-patch', { spec: { replicas: 2 } });
      const stale = await ask(served, DEPLOYMENT, { method: 'PUT', body: before.text });
      assert.equal(stale.status, 409);
      assert.match(
        stale.text,
        /the object has been modified; please apply your changes to the latest version and try again/,
      );
      assert.equal((await patch(DEPLOYMENT, 'merge-patch', { spec: { replicas: -1 } })).status, 422);
      assert.equal(
        (await patch(DEPLOYMENT, 'merge-patch', { spec: { selector: { matchLabels: { app: 'x' } } } })).status,
        422,
      );
      assert.equal((await patch(DEPLOYMENT, 'json-patch', [{ op: 'remove', path: '/spec/nothing' }])).status, 422);
      assert.equal(
        (
          await ask(served, DEPLOYMENT, {
            method: 'PATCH',
            headers: { 'content-type': 'application/merge-patch+json' },
            body: '{',
          })
        ).status,
        400,
      );
    });

    it('not the status, the uid or the generation, whatever the client sends', async () => {
      const before = bodyOf<{ metadata: { uid: string; generation: number }; status: unknown }>(await get(DEPLOYMENT));
      await patch(DEPLOYMENT, 'merge-patch', { metadata: { uid: 'x', generation: 99 }, status: { replicas: 77 } });
      const after = bodyOf<typeof before>(await get(DEPLOYMENT));
      assert.deepEqual(after, before, 'not even the version moves');
    });

    it('nothing on a dry run', async () => {
      const dry = await patch(`${DEPLOYMENT}?dryRun=All`, 'merge-patch', { spec: { replicas: 9 } });
      assert.equal(bodyOf<{ spec: { replicas: number } }>(dry).spec.replicas, 9);
      assert.equal(bodyOf<{ spec: { replicas: number } }>(await get(DEPLOYMENT)).spec.replicas, 3);
    });

    it('the scale', async () => {
      const answer = await patch(`${DEPLOYMENT}/scale`, 'merge-patch', { spec: { replicas: 5 } });
      assert.equal(bodyOf<{ kind: string }>(answer).kind, 'Scale');
      live(served.clock, 8000);
      assert.equal(podsOf(served.cluster, 'dolthubapi').length, 5);
    });

    it('a deployment that is deleted takes its replica sets and pods with it', async () => {
      assert.equal(bodyOf<{ status: string }>(await ask(served, DEPLOYMENT, { method: 'DELETE' })).status, 'Success');
      live(served.clock, 6000);
      assert.equal(podsOf(served.cluster, 'dolthubapi').length, 0);
    });

    it('a deleted pod is still there, on its way out; without grace it is gone', async () => {
      const [first, second] = podsOf(served.cluster, 'dolthubapi').map(({ metadata }) => metadata.name);
      const gentle = await ask(served, `${PODS}/${first}`, { method: 'DELETE' });
      assert.match(gentle.text, /deletionTimestamp/);
      const body = JSON.stringify({ gracePeriodSeconds: 0 });
      await ask(served, `${PODS}/${second}`, { method: 'DELETE', body });
      assert.equal((await get(`${PODS}/${second}`)).status, 404);
      assert.equal((await get(`${PODS}/${first}`)).status, 200);
    });
  });

  it('names each operation as RBAC names it', async () => {
    await get(PODS);
    await get(`${PODS}/${podsOf(served.cluster, 'dolthubapi')[0]?.metadata.name}/log?tailLines=1`);
    await patch(DEPLOYMENT, 'merge-patch', {});
    assert.deepEqual(
      served.seen.map(({ operation }) => operation),
      ['list pods', 'get pods/log', 'patch deployments'],
    );
  });
});

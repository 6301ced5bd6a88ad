import assert from 'node:assert/strict';
import {
  type Answer,
  ask,
  bodyOf,
  live,
  patchWith,
  podsOf,
  type ServedKubernetes,
  serveKubernetes,
} from '../../support/serve-kubernetes.ts';

const PODS = '/api/v1/namespaces/production/pods';
const DEPLOYMENT = '/apis/apps/v1/namespaces/production/deployments/dolthubapi';

describe('changes through the Kubernetes API', () => {
  let served: ServedKubernetes;

  beforeEach(async () => {
    served = await serveKubernetes();
  });

  afterEach(() => served.close());

  const get = (path: string): Promise<Answer> => ask(served, path);
  const patch = (path: string, type: string, value: unknown): Promise<Answer> =>
    patchWith(served, path, { type, value });

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

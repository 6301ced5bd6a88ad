import assert from 'node:assert/strict';
import {
  type Answer,
  ask,
  bodyOf,
  patchWith,
  podsOf,
  type ServedKubernetes,
  serveKubernetes,
} from '../../support/serve-kubernetes.ts';

const PODS = '/api/v1/namespaces/production/pods';
const DEPLOYMENT = '/apis/apps/v1/namespaces/production/deployments/dolthubapi';

describe('refusals of the Kubernetes API', () => {
  let served: ServedKubernetes;

  beforeEach(async () => {
    served = await serveKubernetes();
  });

  afterEach(() => served.close());

  const get = (path: string): Promise<Answer> => ask(served, path);
  const patch = (path: string, type: string, value: unknown): Promise<Answer> =>
    patchWith(served, path, { type, value });

  it('404 for an unknown path, resource and object, each in its own words', async () => {
    for (const path of [
      '/nowhere',
      '/api/v1/namespaces/production/gizmos',
      '/apis/nope/v1/pods',
      `${PODS}/x/nope`,
      '/openapi/v2',
      '/openapi/v3/apis/nope/v1',
    ]) {
      const answer = await get(path);
      assert.equal(answer.status, 404, path);
      assert.match(answer.text, /the server could not find the requested resource/);
    }
    const missing = bodyOf<{ message: string; details: unknown }>(await get(DEPLOYMENT.replace('dolthubapi', 'nope')));
    assert.equal(missing.message, 'deployments.apps "nope" not found');
    assert.deepEqual(missing.details, { name: 'nope', group: 'apps', kind: 'deployments' });
  });

  it('403 for what the roles of this cluster give nobody, in the words of RBAC', async () => {
    const forbidden: [method: string, path: string, message: string][] = [
      [
        'GET',
        `${PODS}/x/exec?command=sh`,
        'pods "x" is forbidden: User "sam@dolthub.test" cannot get resource "pods/exec"',
      ],
      [
        'POST',
        `${PODS}/x/exec?command=sh`,
        'pods "x" is forbidden: User "sam@dolthub.test" cannot create resource "pods/exec"',
      ],
      [
        'POST',
        `${PODS}/x/attach`,
        'cannot create resource "pods/attach" in API group "" in the namespace "production"',
      ],
      ['POST', `${PODS}/x/portforward`, 'cannot create resource "pods/portforward"'],
      ['POST', `${PODS}/x/eviction`, 'cannot create resource "pods/eviction"'],
      ['PATCH', `${PODS}/x/ephemeralcontainers`, 'cannot patch resource "pods/ephemeralcontainers"'],
      ['POST', PODS, 'pods is forbidden: User "sam@dolthub.test" cannot create resource "pods" in API group ""'],
      ['DELETE', '/api/v1/namespaces/production/services/dolthubapi', 'cannot delete resource "services"'],
      ['PATCH', '/api/v1/nodes/x', 'nodes "x" is forbidden: User "sam@dolthub.test" cannot patch resource "nodes"'],
    ];
    for (const [method, path, message] of forbidden) {
      const answer = await ask(served, path, { method, ...(method === 'GET' ? {} : { body: '{}' }) });
      assert.equal(answer.status, 403, path);
      assert.ok(bodyOf<{ message: string }>(answer).message.includes(message), answer.text);
    }
  });

  it('405 for a verb that a resource has not, 406 and 415 for forms that nobody here speaks', async () => {
    const metrics = '/apis/metrics.k8s.io/v1beta1/namespaces/production/pods';
    assert.equal((await ask(served, metrics, { method: 'POST', body: '{}' })).status, 405);
    assert.equal((await ask(served, `${metrics}?watch=1`)).status, 405);
    assert.equal((await ask(served, PODS, { headers: { accept: 'application/vnd.kubernetes.protobuf' } })).status, 406);
    const apply = await patch(DEPLOYMENT, 'apply-patch', {});
    assert.equal(apply.status, 415);
  });

  it('400 for selectors that cannot be read or are not supported', async () => {
    const config = await get('/api/v1/configmaps?fieldSelector=data%3Dx');
    assert.match(
      config.text,
      /\\"data\\" is not a known field selector: only \\"metadata.name\\", \\"metadata.namespace\\"/,
    );
    const bad = await get(`${PODS}?fieldSelector=spec.colour%3Dred`);
    assert.equal(bad.status, 400);
    assert.match(bad.text, /field label not supported: spec.colour/);
    assert.equal((await get(`${PODS}?labelSelector=a%3D%3D%3Db`)).status, 400);
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

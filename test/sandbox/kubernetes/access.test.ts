import assert from 'node:assert/strict';
import {
  ask,
  bodyOf,
  podsOf,
  READER_TOKEN,
  type ServedKubernetes,
  serveKubernetes,
} from '../../support/serve-kubernetes.ts';

const PODS = '/api/v1/namespaces/production/pods';
const DEPLOYMENT = '/apis/apps/v1/namespaces/production/deployments/dolthubapi';

describe('access to the Kubernetes API', () => {
  let expired: string | null = null;
  let served: ServedKubernetes;

  beforeEach(async () => {
    served = await serveKubernetes({
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

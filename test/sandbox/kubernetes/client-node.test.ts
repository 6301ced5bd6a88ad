import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import {
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  Log,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
  Watch,
} from '@kubernetes/client-node';
import { BAD, live, podsOf, type ServedKubernetes, serveKubernetes } from '../../support/serve-kubernetes.ts';

const namespace = 'production';

describe('@kubernetes/client-node', () => {
  let served: ServedKubernetes;
  let config: KubeConfig;

  beforeEach(async () => {
    served = await serveKubernetes();
    config = new KubeConfig();
    config.loadFromFile(served.kubeconfig);
  });

  afterEach(() => served.close());

  it('lists pods with the kubeconfig alone', async () => {
    const pods = await config
      .makeApiClient(CoreV1Api)
      .listNamespacedPod({ namespace, labelSelector: 'app=dolthubapi' });
    assert.equal(pods.items.length, 3);
    assert.equal(pods.items[0]?.status?.containerStatuses?.[0]?.ready, true);
    assert.ok(pods.items[0]?.metadata?.creationTimestamp instanceof Date);
  });

  it('gets the API failure with its code and Status', async () => {
    const missing = config.makeApiClient(CoreV1Api).readNamespacedPod({ namespace, name: 'nope' });
    await assert.rejects(missing, (error: { code: number; body: string }) => {
      assert.equal(error.code, 404);
      assert.match(error.body, /pods \\?"nope\\?" not found/);
      return true;
    });
  });

  it('keeps an informer in step, from its list on', async () => {
    const api = config.makeApiClient(CoreV1Api);
    const labelSelector = 'app=userservice';
    const list = () => api.listNamespacedPod({ namespace, labelSelector });
    const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, list, labelSelector);
    const [gone] = podsOf(served.cluster, 'userservice');
    assert.ok(gone);
    const deleted = new Promise<string | undefined>((resolve) => {
      informer.on('delete', (pod) => resolve(pod.metadata?.name));
    });
    await informer.start();
    assert.equal(informer.list(namespace)?.length, 2);
    await api.deleteNamespacedPod({ namespace, name: gone.metadata.name });
    live(served.clock, 10_000);
    assert.equal(await deleted, gone.metadata.name);
    assert.equal(informer.get(gone.metadata.name, namespace), undefined);
    await informer.stop();
  });

  it('watches pods', async () => {
    const seen: string[] = [];
    let over: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      over = resolve;
    });
    const crashed = new Promise<void>((resolve) => {
      const query = { labelSelector: 'app=dolthubapi' };
      void new Watch(config)
        .watch(
          `/api/v1/namespaces/${namespace}/pods`,
          query,
          (type: string, pod: V1Pod) => {
            seen.push(type);
            if (pod.status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CrashLoopBackOff') resolve();
          },
          over,
        )
        .then(async (controller) => {
          served.cluster.deploy('dolthubapi', BAD, 'ben');
          live(served.clock, 15_000);
          await crashed;
          controller.abort();
        });
    });
    await crashed;
    await ended;
    assert.deepEqual(seen.slice(0, 3), ['ADDED', 'ADDED', 'ADDED']);
    assert.ok(seen.includes('DELETED'));
  });

  it('reads logs', async () => {
    const [pod] = podsOf(served.cluster, 'dolthubapi');
    const sink = new PassThrough();
    let text = '';
    sink.on('data', (piece: Buffer) => {
      text += piece;
    });
    const ended = new Promise((resolve) => sink.on('end', resolve));
    await new Log(config).log(namespace, pod?.metadata.name ?? '', 'dolthubapi', sink, { tailLines: 4 });
    await ended;
    assert.equal(text.split('\n').length, 5);
  });

  it('patches a deployment and reads its replica sets', async () => {
    const apps = config.makeApiClient(AppsV1Api);
    const image = 'registry.dolthub.test/dolthubapi:0a1b2c3';
    const body = { spec: { template: { spec: { containers: [{ name: 'dolthubapi', image }] } } } };
    const options = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
    await apps.patchNamespacedDeployment({ namespace, name: 'dolthubapi', body }, options);
    live(served.clock, 12_000);
    const pods = podsOf(served.cluster, 'dolthubapi');
    assert.deepEqual(
      pods.map(({ spec }) => spec.containers[0]?.image),
      [image, image, image],
    );
    const sets = await apps.listNamespacedReplicaSet({ namespace, labelSelector: 'app=dolthubapi' });
    const busy = sets.items.filter(({ spec }) => spec?.replicas);
    assert.equal(busy.length, 1);
  });

  it('asks whether it may', async () => {
    const review = await config.makeApiClient(AuthorizationV1Api).createSelfSubjectAccessReview({
      body: { spec: { resourceAttributes: { namespace, verb: 'get', resource: 'pods', subresource: 'log' } } },
    });
    assert.equal(review.status?.allowed, true);
  });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  BAD,
  GOOD,
  hasKubectl,
  kubectl,
  live,
  MISSING,
  podsOf,
  type ServedKubernetes,
  serveKubernetes,
  startKubectl,
} from '../../support/serve-kubernetes.ts';

describe('stock kubectl', function () {
  this.timeout(60_000);
  let served: ServedKubernetes;

  before(function () {
    if (!hasKubectl()) this.skip();
  });

  beforeEach(async () => {
    served = await serveKubernetes({ access: { allowed: (_user, verb) => verb !== 'deletecollection' } });
  });

  afterEach(() => served.close());

  /** Runs kubectl, expects success, gives what it printed. */
  const run = async (...args: string[]): Promise<string> => {
    const { stdout, stderr, code } = await kubectl(served, ...args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const podName = (): string => podsOf(served.cluster, 'dolthubapi')[0]?.metadata.name ?? '';

  it('get pods prints the usual columns', async () => {
    const [header, ...rows] = (await run('get', 'pods', '-l', 'app=dolthubapi')).trim().split('\n');
    assert.match(header ?? '', /^NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE$/);
    assert.equal(rows.length, 3);
    for (const row of rows) assert.match(row, /^dolthubapi-\w+-\w{5}\s+1\/1\s+Running\s+0\s+2d2h$/);
  });

  it('get all, nodes and events work', async () => {
    const all = await run('get', 'all');
    for (const kind of ['pod/', 'service/', 'deployment.apps/', 'replicaset.apps/'])
      assert.match(all, new RegExp(`^${kind}`, 'm'));
    assert.match(await run('get', 'nodes', '-o', 'wide'), /containerd:\/\/1/);
    served.cluster.deploy('dolthubapi', GOOD, 'ben');
    served.cluster.deploy('dolthubapi', BAD, 'ben');
    assert.match(
      await run('get', 'events'),
      /Normal\s+ScalingReplicaSet\s+deployment\/dolthubapi\s+Scaled up replica set/,
    );
  });

  it('describe pod tells the crash and its events', async () => {
    served.cluster.deploy('dolthubapi', BAD, 'ben');
    live(served.clock, 40_000);
    const text = await run('describe', 'pod', podName());
    assert.match(text, /Reason:\s+CrashLoopBackOff/);
    assert.match(text, /Exit Code:\s+2/);
    assert.match(text, /Warning\s+BackOff\s+.*kubelet\s+Back-off restarting failed container dolthubapi/);
    assert.match(await run('describe', 'service', 'dolthubapi'), /Endpoints:\s+$/m);
  });

  it('describe service lists the ready pods', async () => {
    const addresses = podsOf(served.cluster, 'dolthubapi').map(({ status }) => `${status.podIP}:8080`);
    const text = await run('describe', 'service', 'dolthubapi');
    for (const address of addresses) assert.ok(text.includes(address), text);
  });

  it('logs, logs -p and logs of a deployment', async () => {
    assert.equal((await run('logs', podName(), '--tail=4')).trim().split('\n').length, 4);
    assert.match(await run('logs', 'deploy/dolthub-web', '--tail=1'), /level=\w+ msg=/);
    assert.match(await run('logs', '-l', 'app=dolthubapi', '--prefix', '--tail=1'), /\[pod\/dolthubapi-/);
    served.cluster.deploy('dolthubapi', BAD, 'ben');
    live(served.clock, 20_000);
    assert.match(await run('logs', '-p', podName()), /panic: runtime error/);
  });

  it('logs -f shows new lines and ends when the container does', async () => {
    const child = startKubectl(served, 'logs', '-f', podName(), '--since=1s');
    let text = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (piece: string) => {
      text += piece;
    });
    // Real seconds of the wall clock: a line comes about every 0.7 s.
    while (text.split('\n').length < 5) await once(child.stdout, 'data');
    const closed = once(child, 'close');
    await run('delete', 'pod', podName(), '--wait=false');
    live(served.clock, 6000);
    const [code] = (await closed) as [number];
    assert.equal(code, 0);
    assert.match(text, /received SIGTERM[^\n]*\n(.*\n)*.*"msg":"stopped"/);
  });

  it('get -w prints each change', async () => {
    const child = startKubectl(served, 'get', 'pods', '-w', '-l', 'app=dolthubapi');
    let text = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (piece: string) => {
      text += piece;
    });
    while (text.split('\n').length < 5) await once(child.stdout, 'data');
    served.cluster.deploy('dolthubapi', BAD, 'ben');
    live(served.clock, 20_000);
    while (!text.includes('CrashLoopBackOff')) await once(child.stdout, 'data');
    const closed = once(child, 'close');
    child.kill();
    await closed;
    for (const word of ['Pending', 'ContainerCreating', 'Running', 'Terminating', 'Error'])
      assert.ok(text.includes(word), word);
  });

  it('rollout history, undo and status bring a bad deploy back', async () => {
    served.cluster.deploy('dolthubapi', BAD, 'ben');
    live(served.clock, 20_000);
    assert.match(await run('rollout', 'history', 'deploy/dolthubapi'), new RegExp(`^3\\s+deploy ${BAD} by ben$`, 'm'));
    assert.match(await run('rollout', 'undo', 'deploy/dolthubapi'), /rolled back/);
    const status = run('rollout', 'status', 'deploy/dolthubapi', '--timeout=30s');
    live(served.clock, 15_000);
    assert.match(await status, /successfully rolled out/);
    assert.ok(
      served.cluster
        .podLives('dolthubapi')
        .slice(-3)
        .every(({ sha, states }) => sha === GOOD && states.at(-1)?.up),
    );
    assert.match(await run('rollout', 'history', 'deploy/dolthubapi'), new RegExp(`^4\\s+deploy ${GOOD} by ben$`, 'm'));
  });

  it('set image, scale, restart, annotate and pause change the deployment', async () => {
    await run(
      'set',
      'image',
      'deploy/dolthubapi',
      `dolthubapi=registry.dolthub.test/dolthubapi:${MISSING.slice(0, 7)}`,
    );
    live(served.clock, 8000);
    assert.match(await run('get', 'pods', '-l', 'app=dolthubapi'), /ImagePullBackOff/);
    await run('set', 'image', 'deploy/dolthubapi', `dolthubapi=registry.dolthub.test/dolthubapi:${GOOD.slice(0, 7)}`);
    await run('scale', 'deploy/dolthubapi', '--replicas=5');
    live(served.clock, 12_000);
    assert.match(await run('get', 'deploy', 'dolthubapi'), /5\/5\s+5\s+5/);
    await run('rollout', 'restart', 'deploy/dolthubapi');
    await run('annotate', 'deploy/dolthubapi', 'note=practice');
    await run('rollout', 'pause', 'deploy/dolthubapi');
    await run('rollout', 'resume', 'deploy/dolthubapi');
    live(served.clock, 12_000);
    assert.match(await run('rollout', 'status', 'deploy/dolthubapi'), /successfully rolled out/);
  });

  it('delete pod waits until it is gone', async () => {
    const name = podName();
    const deletion = kubectl(served, 'delete', 'pod', name);
    while (!served.cluster.store.get('pods', { namespace: 'production', name })?.metadata.deletionTimestamp) {
      await new Promise((resolve) => served.cluster.onChange(resolve));
    }
    live(served.clock, 6000);
    const { code, stdout } = await deletion;
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`pod "${name}".* deleted`));
  });

  it('auth whoami and can-i', async () => {
    assert.match(await run('auth', 'whoami'), /Username\s+sam@dolthub\.test/);
    assert.equal(await run('auth', 'can-i', 'get', 'pods/log'), 'yes\n');
    assert.match((await kubectl(served, 'auth', 'can-i', 'deletecollection', 'pods')).stdout, /^no/);
    assert.match(await run('auth', 'can-i', '--list'), /deployments\.apps\/scale/);
  });

  it('errors read as they do in life', async () => {
    const failed = async (...args: string[]) => {
      const { code, stderr } = await kubectl(served, ...args);
      assert.equal(code, 1);
      return stderr;
    };
    assert.match(await failed('get', 'pod', 'nope'), /Error from server \(NotFound\): pods "nope" not found/);
    assert.match(await failed('get', 'gizmos'), /the server doesn't have a resource type "gizmos"/);
    assert.match(await failed('get', 'pods', '--token=wrong'), /You must be logged in to the server/);
    assert.match(await failed('logs', podName(), '-c', 'nope'), /container nope is not valid for pod/);
    assert.match(
      await failed('logs', podName(), '-p'),
      /previous terminated container "dolthubapi" in pod .* not found/,
    );
  });
});

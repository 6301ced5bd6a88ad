import assert from 'node:assert/strict';
import { failing } from '../../../support/connection.ts';
import { inTurn } from '../../../support/recording-server.ts';
import { noPods, ScriptedCluster, status, target } from './scripted-cluster.ts';

describe('a credential plugin of a kubeconfig', () => {
  let cluster: ScriptedCluster;
  beforeEach(async () => {
    cluster = await ScriptedCluster.create();
  });
  afterEach(() => cluster.close());

  const credential = (token: string) =>
    `echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"${token}"}}'`;
  const exec = (command: string, more: object = {}) => ({
    user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'IfAvailable', ...more } },
  });

  it('runs it once for many questions, with its environment, and sends what it gives', async () => {
    await cluster.plugin(
      'get-token',
      `echo x >> ${cluster.path('runs')}; echo "$KUBERNETES_EXEC_INFO" > ${cluster.path('info')}; ${credential('tok-$STAGE')}`.replace(
        'tok-$STAGE',
        "tok-'$STAGE'",
      ),
    );
    const kubernetes = await cluster.answering(noPods, {
      kubeconfig: exec('get-token', { env: [{ name: 'STAGE', value: 'live' }], provideClusterInfo: true }),
    });
    await Promise.all([kubernetes.pods(target), kubernetes.pods(target), kubernetes.pods(target)]);
    assert.equal(await cluster.content('runs'), 'x\n');
    assert.deepEqual(
      cluster.received.map(({ headers }) => headers.authorization),
      Array(3).fill('Bearer tok-live'),
    );
    const info = JSON.parse((await cluster.content('info')) ?? '');
    assert.equal(info.kind, 'ExecCredential');
    assert.equal(info.spec.interactive, false);
    assert.equal(info.spec.cluster.server, cluster.url);
  });

  it('asks it for a new credential when the old one is refused, once', async () => {
    await cluster.plugin('get-token', `echo x >> ${cluster.path('runs')}; ${credential('tok')}`);
    const kubernetes = await cluster.answering(inTurn(status(401, 'Unauthorized'), noPods), {
      kubeconfig: exec('get-token'),
    });
    assert.deepEqual(await kubernetes.pods(target), []);
    assert.equal(await cluster.content('runs'), 'x\nx\n');
    const refused = await cluster.answering(status(401, 'Unauthorized'), { kubeconfig: exec('get-token') });
    await assert.rejects(refused.pods(target), failing('AUTH', /does not accept your credentials/));
    assert.equal(cluster.received.length, 2);
  });

  it('finds it beside the kubeconfig when it is named by a path', async () => {
    await cluster.plugin('get-token', credential('beside'));
    await (await cluster.answering(noPods, { kubeconfig: exec('./get-token') })).pods(target);
    assert.equal(cluster.received[0]?.headers.authorization, 'Bearer beside');
  });

  it("shows the plugin's own words, without secrets or control characters, and the command that signs in", async () => {
    await cluster.plugin(
      'aws',
      `printf 'Error loading SSO Token: \\033[31mToken for prod has expired\\033[0m ghp_abcdefghijklmnopqrstuvwxyz0123\\n' >&2; exit 255`,
    );
    const kubernetes = await cluster.answering(noPods, {
      kubeconfig: exec('aws', { args: ['eks', 'get-token', '--cluster-name', 'live', '--profile', 'prod'] }),
    });
    await assert.rejects(kubernetes.pods(target), (error: Error) => {
      assert.doesNotMatch(error.message, /\u001b|ghp_abcdef/);
      return failing(
        'AUTH',
        /`aws` failed \(exit code 255\).*Token for prod has expired.*aws sso login --profile prod/,
      )(error);
    });
    assert.equal(cluster.received.length, 0);
  });

  it('knows who hands out which credentials', async () => {
    for (const [user, env, words] of [
      [exec('gke-gcloud-auth-plugin').user, {}, /`gcloud auth login`/],
      [exec('kubelogin').user, {}, /`az login`/],
      [exec('aws', { env: [{ name: 'AWS_PROFILE', value: 'live' }] }).user, {}, /`aws sso login --profile live`/],
      [exec('aws', { args: ['--profile=eu'] }).user, {}, /`aws sso login --profile eu`/],
      [exec('aws').user, { AWS_PROFILE: 'mine' }, /`aws sso login --profile mine`/],
      [exec('something-else').user, {}, /kubectl --context prod get pods/],
    ] as const) {
      await cluster.plugin(user.exec.command, 'exit 1');
      const kubernetes = await cluster.answering(noPods, { kubeconfig: { user }, env: { ...env } });
      await assert.rejects(kubernetes.pods(target), failing('AUTH', words));
    }
  });

  it('says which plugin is missing and how to install it', async () => {
    const hinted = await cluster.answering(noPods, {
      kubeconfig: exec('no-such-plugin', { installHint: 'Run `brew install it`' }),
    });
    await assert.rejects(hinted.pods(target), failing('AUTH', /`no-such-plugin` is not installed.*brew install it/));
    const known = await cluster.answering(noPods, {
      kubeconfig: exec('gke-gcloud-auth-plugin'),
      env: { PATH: cluster.path('') },
    });
    await assert.rejects(known.pods(target), failing('AUTH', /gcloud components install/));
  });

  it('does not take garbage for a credential, and does not show it', async () => {
    await cluster.plugin('get-token', `echo 'token: very-secret-value'`);
    const kubernetes = await cluster.answering(noPods, { kubeconfig: exec('get-token') });
    await assert.rejects(kubernetes.pods(target), (error: Error) => {
      assert.doesNotMatch(error.message, /very-secret/);
      return failing('AUTH', /gave no credential/)(error);
    });
  });

  it('never runs it for a server outside a practice world', async () => {
    await cluster.plugin('get-token', `touch ${cluster.path('ran')}; ${credential('tok')}`);
    const kubeconfig = { server: 'https://cluster.example.test', ...exec('get-token') };
    const kubernetes = await cluster.client({ world: 'sandbox', kubeconfig });
    await assert.rejects(kubernetes.pods(target), failing('REFUSED', /cluster.example.test is outside/));
    assert.equal(await cluster.content('ran'), null);
  });
});

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { testCertificates } from '../../../support/serve-kubernetes.ts';
import { noPods, ScriptedCluster } from './scripted-cluster.ts';

describe('what of a kubeconfig’s credentials runs out', () => {
  let cluster: ScriptedCluster;
  beforeEach(async () => {
    cluster = await ScriptedCluster.create();
  });
  afterEach(() => cluster.close());

  const AT = '2026-11-24T03:10:00.000Z';
  const jwt = (claims: object) =>
    ['{"alg":"none"}', JSON.stringify(claims), 'signature']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
  const ends = async (user: object) => (await cluster.answering(noPods, { kubeconfig: { user } })).ends(null);

  it('is the exp of a token that is a JWT, and nothing of one that is not', async () => {
    const token = jwt({ exp: Date.parse(AT) / 1000 });
    assert.deepEqual(await ends({ token }), [{ what: 'token', at: AT, renewed: false }]);
    for (const odd of ['opaque', 'a.b.c', jwt({}), jwt({ exp: 'soon' })])
      assert.deepEqual(await ends({ token: odd }), []);
  });

  it('is the notAfter of a client certificate', async () => {
    const { server } = await testCertificates();
    const encoded = (text: string) => Buffer.from(text).toString('base64');
    const user = { 'client-certificate-data': encoded(server.cert), 'client-key-data': encoded(server.key) };
    const at = new Date(new X509Certificate(server.cert).validTo).toISOString();
    assert.deepEqual(await ends(user), [{ what: 'client certificate', at, renewed: false }]);
  });

  it('is what a plugin says of its own credential, which it renews', async () => {
    const status = { token: jwt({ exp: 1 }), expirationTimestamp: '2026-11-24T03:10:00Z' };
    await cluster.plugin('get-token', `echo '${JSON.stringify({ kind: 'ExecCredential', status })}'`);
    const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'get-token' } };
    assert.deepEqual(await ends(user), [{ what: 'credential of the plugin', at: AT, renewed: true }]);
  });

  it('knows who signs in to what', async () => {
    const exec = (command: string, args: string[] = []) => ({ exec: { command, args, apiVersion: 'v1' } });
    const through = ['kubectl', '--context', 'prod', 'auth', 'whoami'];
    for (const [user, command] of [
      [exec('aws', ['eks', 'get-token', '--profile', 'live']), ['aws', 'sso', 'login', '--profile', 'live']],
      [exec('gke-gcloud-auth-plugin'), ['gcloud', 'auth', 'login']],
      [exec('kubelogin', ['get-token', '--login', 'azurecli']), ['az', 'login']],
      [exec('kubelogin', ['get-token', '--oidc-issuer-url=https://sso.example.test']), through],
      [exec('kubectl', ['oidc-login', 'get-token']), through],
      [exec('of-our-own'), through],
      [{ token: 'static' }, null],
    ] as const) {
      const kubernetes = await cluster.answering(noPods, { kubeconfig: { user } });
      const way = await kubernetes.signInWay(null);
      assert.deepEqual(way.command, command);
      if (!command) assert.match(way.hint ?? '', /stand in the kubeconfig/);
    }
  });
});

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { placeOf, readKubeconfig } from '../../../../src/lib/clients/kubernetes/kubeconfig.ts';
import { failing } from '../../../support/connection.ts';
import { scratch, writeKubeconfig } from './kubeconfig-file.ts';

describe('the kubeconfig', () => {
  let files: Awaited<ReturnType<typeof scratch>>;
  beforeEach(async () => {
    files = await scratch();
  });
  afterEach(() => files.remove());

  const read = (kubeconfig: string | null, env: Record<string, string> = {}) =>
    readKubeconfig({ world: 'production', kubernetes: { kubeconfig, context: null } }, env);

  it('is the configured one, else those of KUBECONFIG, else the one at home', async () => {
    await writeKubeconfig(files.path('a'), { context: 'a' });
    await writeKubeconfig(files.path('b'), { context: 'b' });
    const env = { KUBECONFIG: `${files.path('missing')}:${files.path('b')}`, HOME: files.path('home') };
    assert.equal(placeOf(read(files.path('a'), env), null).context, 'a');
    assert.equal(placeOf(read(null, env), null).context, 'b');
    assert.throws(
      () => read(null, { HOME: files.path('home') }),
      failing('CONFIG', /home\/.kube\/config does not exist/),
    );
  });

  it('merges several files, and the first to name a thing wins', async () => {
    await writeKubeconfig(files.path('a'), { context: 'one', server: 'https://first.example.test', current: null });
    await writeKubeconfig(files.path('b'), { context: 'one', server: 'https://second.example.test' });
    await writeKubeconfig(files.path('c'), { context: 'two' });
    const contents = read(null, { KUBECONFIG: ['a', 'b', 'c'].map(files.path).join(':') });
    assert.deepEqual(
      contents.contexts.map(({ name }) => name),
      ['one', 'two'],
    );
    assert.equal(contents.currentContext, 'one');
    assert.equal(placeOf(contents, 'one').cluster.server, 'https://first.example.test');
  });

  it('gives near names for a context that it does not have', async () => {
    await writeKubeconfig(files.path('a'), { context: 'production-eu' });
    const contents = read(files.path('a'));
    assert.throws(
      () => placeOf(contents, 'prodution-eu'),
      failing('CONFIG', /no context "prodution-eu"\. Did you mean "production-eu"\?.*Choose one of: production-eu/),
    );
  });

  it('says so when no context is current, or one leads nowhere', async () => {
    await writeKubeconfig(files.path('a'), { context: 'eu', current: null });
    assert.throws(() => placeOf(read(files.path('a')), null), failing('CONFIG', /no current context.*use-context.*eu/));
    await writeKubeconfig(files.path('b'), { context: 'eu', server: 'not an address' });
    assert.throws(() => placeOf(read(files.path('b')), null), failing('CONFIG', /"eu-cluster", which has no address/));
  });

  it('never quotes the file when it cannot be read', async () => {
    await writeFile(files.path('broken'), 'users:\n- name: a\n  user:\n    token: very-secret-value: x\n  - b\n');
    assert.throws(
      () => read(files.path('broken')),
      (error) => {
        assert.doesNotMatch(String((error as Error).message), /very-secret/);
        return failing('CONFIG', /cannot be read: .*line \d/)(error);
      },
    );
    await writeFile(files.path('odd'), 'just words');
    await writeFile(files.path('empty'), '');
    for (const name of ['odd', 'empty']) {
      assert.throws(() => placeOf(read(files.path(name)), null), failing('CONFIG', /kubeconfig/));
    }
  });
});

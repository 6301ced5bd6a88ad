import assert from 'node:assert/strict';
import type { GitHub } from '../../../src/lib/clients/github/github.ts';
import type { FoundWorkload, Kubernetes } from '../../../src/lib/clients/kubernetes/kubernetes.ts';
import { lookIntoCluster } from '../../../src/lib/discovery/cluster.ts';
import { isPlanned } from '../../../src/lib/discovery/pager.ts';
import { lookForRepositories } from '../../../src/lib/discovery/repositories.ts';
import { OncallError } from '../../../src/lib/errors.ts';

const workload = (name: string, more: Partial<FoundWorkload> = {}): FoundWorkload => ({
  ...{ name, namespace: 'apps', kind: 'deployment', labels: {}, podLabels: { app: name }, selects: { app: name } },
  ...more,
});

describe('the services of a cluster', () => {
  const cluster = (workloads: FoundWorkload[], forbidden = false) =>
    ({
      workloads: async ({ namespace }: { namespace: string | null }) => {
        if (forbidden && namespace === null) throw new OncallError('You may not list.', { code: 'AUTH' });
        return workloads.filter((one) => namespace === null || one.namespace === namespace);
      },
      services: async () => [],
    }) as unknown as Kubernetes;
  const names = async (kubernetes: Kubernetes, namespace: string | null = null) =>
    (await lookIntoCluster(kubernetes, { context: null, namespace })).services;

  it('go by the label that their pods carry, with a selector where it is not the usual one', async () => {
    const found = await names(
      cluster([
        workload('api'),
        workload('web-v2', { podLabels: { 'app.kubernetes.io/name': 'web' } }),
        workload('bare', { podLabels: {}, selects: { tier: 'back', role: 'x' } }),
      ]),
    );
    assert.deepEqual(found, [
      { name: 'api', namespace: 'apps', selector: null },
      { name: 'bare', namespace: 'apps', selector: 'tier=back,role=x' },
      { name: 'web', namespace: 'apps', selector: 'app.kubernetes.io/name=web' },
    ]);
  });

  it('are neither the cluster’s own things nor what watches them', async () => {
    const found = await names(
      cluster([
        workload('coredns', { namespace: 'kube-system' }),
        workload('prometheus-server'),
        workload('agent', { kind: 'daemonset' }),
        workload('db', { kind: 'statefulset', namespace: 'data' }),
      ]),
    );
    assert.deepEqual(
      found.map(({ name, namespace }) => [name, namespace]),
      [['db', 'data']],
    );
  });

  it('are those of the own namespace where no more may be seen', async () => {
    const both = cluster([workload('api'), workload('other', { namespace: 'theirs' })], true);
    assert.deepEqual(
      (await names(both, 'apps')).map(({ name }) => name),
      ['api'],
    );
    await assert.rejects(() => names(both), { code: 'AUTH' });
  });
});

describe('the repositories of services', () => {
  const github = (known: Record<string, string[]>) =>
    ({
      workflows: async (repository: string) => {
        const files = known[repository];
        if (!files) throw new OncallError('Not there.', { code: 'NOT_FOUND' });
        return files.map((file) => ({ name: file, file }));
      },
    }) as unknown as GitHub;

  it('name the workflows that look like deploy and revert, where they have not the usual names', async () => {
    const table: [files: string[], deploy: string | null, revert: string | null][] = [
      [['deploy.yml', 'revert.yml', 'deploy-all.yml'], null, null],
      [['ci.yml', 'release.yaml', 'rollback.yml'], 'release.yaml', 'rollback.yml'],
      [['deploy-preview.yml', 'deploy-prod.yml', 'rollback-deploy.yml'], 'deploy-prod.yml', 'rollback-deploy.yml'],
      [['ci.yml'], null, null],
    ];
    for (const [files, deploy, revert] of table) {
      const found = await lookForRepositories(github({ 'acme/api': files }), {
        services: ['api', 'web'],
        own: 'acme/x',
      });
      assert.deepEqual(found, [{ service: 'api', repository: 'acme/api', deploy, revert }]);
    }
  });

  it('are the one that we stand in for the only service', async () => {
    const found = await lookForRepositories(github({ 'acme/mono': [] }), { services: ['api'], own: 'acme/mono' });
    assert.deepEqual(
      found.map(({ repository }) => repository),
      ['acme/mono'],
    );
  });
});

it('a response plan belongs to the service of its name, or of the part before the alert', () => {
  assert.equal(isPlanned('api', ['api']), true);
  assert.equal(isPlanned('api', ['api-service-down']), true);
  assert.equal(isPlanned('api', ['apiary']), false);
});

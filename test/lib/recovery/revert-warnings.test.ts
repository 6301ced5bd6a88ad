import assert from 'node:assert/strict';
import type { Comparison, WorkflowRun } from '../../../src/lib/clients/github/github.ts';
import { refuseWarnings, revertWarnings, type WarningFacts } from '../../../src/lib/recovery/revert-warnings.ts';
import { c, MINUTE, NOW } from '../deploys/some-deploys.ts';

const comparison = (facts: Partial<Comparison> = {}): Comparison => ({
  status: 'ahead',
  commits: [],
  files: ['stats/cache.go'],
  pulls: [],
  truncated: false,
  url: 'https://github.test/compare',
  ...facts,
});
const facts = (more: Partial<WarningFacts> = {}): WarningFacts => ({
  history: {
    source: 'deployments',
    now: { sha: c('b'), from: 'cluster', cachedAt: null, image: null, ready: 0, desired: 3 },
  },
  comparison: comparison(),
  targetAt: NOW - 3000 * MINUTE,
  currentAt: NOW - 15 * MINUTE,
  onset: NOW - 10 * MINUTE,
  hasAlert: true,
  runsAhead: [],
  now: NOW,
  ...more,
});
const kinds = (more: Partial<WarningFacts>) => revertWarnings(facts(more)).map(({ kind }) => kind);
const files = (...names: string[]) => kinds({ comparison: comparison({ files: names }) });

describe('the warnings of a revert', () => {
  it('are none for an ordinary one', () => assert.deepEqual(kinds({}), []));

  for (const name of ['migrations/0147_pull_search.sql', 'db/migration/V1.java', 'schema.sql', 'api/Migrations/1.go'])
    it(`see a migration in ${name}`, () => assert.deepEqual(files(name), ['migrations']));

  for (const name of [
    '.env.production',
    'deploy/values-prod.yaml',
    'config/database.yml',
    'infra/prod.tfvars',
    'k8s/x.yaml',
  ])
    it(`see configuration in ${name}`, () => assert.deepEqual(files(name), ['configuration']));

  for (const name of ['components/config.tsx', 'immigrations.go', 'docs/secrets.md', 'package.json', 'src/values.go'])
    it(`see nothing special in ${name}`, () => assert.deepEqual(files(name), []));

  it('name at most three files', () => {
    const [warning] = revertWarnings(
      facts({ comparison: comparison({ files: ['a.sql', 'b.sql', 'c.sql', 'd.sql'] }) }),
    );
    assert.match(warning?.text ?? '', /a\.sql, b\.sql, c\.sql and 1 more$/);
  });

  const run = { title: 'Deploy x', workflow: 'deploy.yml', status: 'queued', url: 'u' } as WorkflowRun;
  for (const [kind, more] of [
    ['diverged', { comparison: comparison({ status: 'diverged' }) }],
    ['forward', { comparison: comparison({ status: 'behind' }) }],
    ['runs ahead', { runsAhead: [run] }],
    ['old', { targetAt: NOW - 15 * 86_400_000 }],
    ['ran long', { currentAt: NOW - 600 * MINUTE }],
    ['unknown changes', { comparison: null }],
    ['unknown changes', { comparison: comparison({ truncated: true }) }],
    ['no proof', { hasAlert: false }],
    ['weak history', { history: { ...facts().history, source: 'replica sets' } }],
    ['unknown now', { history: { ...facts().history, now: null } }],
  ] as const) {
    it(`say "${kind}"`, () => assert.deepEqual(kinds(more), [kind]));
  }

  it('are refused to --yes unless they are accepted by themselves', () => {
    const warnings = revertWarnings(facts({ hasAlert: false }));
    assert.throws(() => refuseWarnings(warnings, { yes: true, accepted: false }), { code: 'REFUSED' });
    refuseWarnings(warnings, { yes: true, accepted: true });
    refuseWarnings(warnings, { yes: false, accepted: false });
    refuseWarnings([], { yes: true, accepted: false });
  });
});

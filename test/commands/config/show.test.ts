import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOncall } from '../../support/run-oncall.ts';

describe('oncall config show', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'oncall-show-'));
    writeFileSync(
      join(cwd, 'oncall.yaml'),
      'version: 1\naws: {region: eu-west-1}\nservices:\n  api: {namespace: apps}\nenvironments:\n  staging: {kubernetes: {context: stage}}\n',
    );
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  it('prints one line a setting when piped: key, value, and where it came from', async () => {
    const ran = await runOncall(['config', 'show'], { cwd, env: { AWS_PROFILE: 'night' } });
    assert.equal(ran.code, 0, ran.stderr);
    const lines = ran.stdout.trimEnd().split('\n');
    assert.ok(lines.includes(`aws.region\teu-west-1\t${cwd}/oncall.yaml:2`), ran.stdout);
    assert.ok(lines.includes('aws.profile\tnight\tAWS_PROFILE'));
    assert.ok(lines.includes(`services.api.namespace\tapps\t${cwd}/oncall.yaml:4`));
    assert.ok(lines.includes('github.apiUrl\thttps://api.github.com\tdefault'));
    assert.match(ran.stderr, /oncall\.yaml, environment production/);
  });

  it('shows another environment', async () => {
    const ran = await runOncall(['config', 'show', '--env', 'staging', '--json'], { cwd });
    const { result } = ran.json<{
      result: { path: string; values: { key: string; value: unknown; source: string }[] };
    }>();
    assert.equal(result.path, join(cwd, 'oncall.yaml'));
    const find = (key: string) => result.values.find((value) => value.key === key);
    assert.deepEqual(find('environment'), { key: 'environment', value: 'staging', source: '--env' });
    assert.deepEqual(find('kubernetes.context'), {
      key: 'kubernetes.context',
      value: 'stage',
      source: `${cwd}/oncall.yaml:6`,
    });
  });

  it('fits a terminal, and names each line by its number', async () => {
    const ran = await runOncall(['config', 'show'], { cwd, width: 60 });
    assert.match(ran.stdout, /^KEY +VALUE +FROM\n/);
    assert.match(ran.stdout, /^aws\.region +eu-west-1 +line 2$/m);
  });

  it('masks a password that the shell put into an address', async () => {
    const env = { ONCALL_PROMETHEUS_URL: 'https://me:hunter2hunter2@prometheus.example.com' };
    for (const argv of [
      ['config', 'show'],
      ['config', 'show', '--json'],
    ]) {
      const ran = await runOncall(argv, { cwd, env });
      assert.match(ran.stdout, /https:\/\/me:«redacted»@prometheus\.example\.com/);
      assert.doesNotMatch(ran.stdout + ran.stderr, /hunter2/);
    }
  });

  it('exits 3 where there is no configuration, and says how to get one', async () => {
    const ran = await runOncall(['config', 'show'], { cwd: '/' });
    assert.equal(ran.code, 3);
    assert.match(ran.stderr, /oncall config init/);
    assert.equal(ran.stdout, '');
  });
});

describe('oncall config schema', () => {
  it('prints the schema that editors take, also without a configuration', async () => {
    const ran = await runOncall(['config', 'schema'], { cwd: '/' });
    assert.equal(ran.code, 0, ran.stderr);
    const schema = JSON.parse(ran.stdout) as { properties: Record<string, unknown>; additionalProperties: boolean };
    assert.ok('services' in schema.properties);
    assert.equal(schema.additionalProperties, false);
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '../../../src/lib/config/config.ts';
import { findConfig, loadConfig } from '../../../src/lib/config/load.ts';
import type { OncallError } from '../../../src/lib/errors.ts';

let home: string;
const at = (path: string) => join(home, path);

function write(path: string, text: string): string {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
  return at(path);
}

function request(more: { cwd?: string; env?: Record<string, string>; path?: string; environment?: string } = {}) {
  return {
    shell: { env: more.env ?? {}, cwd: at(more.cwd ?? 'work/team/api'), home },
    path: more.path ?? null,
    environment: more.environment ?? null,
    userDirectory: at('.config/oncall'),
  };
}

function refusal(act: () => unknown): OncallError {
  try {
    act();
  } catch (error) {
    return error as OncallError;
  }
  throw new assert.AssertionError({ message: 'nothing was thrown' });
}

const source = ({ origins }: Config, key: string) => origins.find((origin) => origin.key === key)?.source;

describe('the configuration', () => {
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'oncall-config-'));
    mkdirSync(at('work/team/api'), { recursive: true });
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  describe('is looked for', () => {
    it('first where --config says, relative to where we stand', () => {
      assert.equal(
        findConfig(request({ path: '../x.yaml', env: { ONCALL_CONFIG: '/y.yaml' } })),
        at('work/team/x.yaml'),
      );
    });
    it('then where ONCALL_CONFIG says', () => {
      write('work/oncall.yaml', '');
      assert.equal(findConfig(request({ env: { ONCALL_CONFIG: '/y.yaml' } })), '/y.yaml');
    });
    it('then upward from here, the nearest first', () => {
      write('work/oncall.yaml', '');
      assert.equal(findConfig(request()), at('work/oncall.yaml'));
      write('work/team/oncall.yaml', '');
      assert.equal(findConfig(request()), at('work/team/oncall.yaml'));
    });
    it('then in the user’s configuration directory', () => {
      const own = write('.config/oncall/oncall.yaml', '');
      assert.equal(findConfig(request()), own);
    });
    it('and nowhere else', () => {
      assert.equal(findConfig(request()), null);
      const error = refusal(() => loadConfig(request()));
      assert.equal(error.code, 'CONFIG');
      assert.match(error.message, /No oncall\.yaml here/);
      assert.match(error.hint ?? '', /oncall config init.*oncall sandbox start/);
    });
    it('in a file that must exist, once it was named', () => {
      write('work/team/api/oncall.yaml', 'version: 1');
      const error = refusal(() => loadConfig(request({ path: 'nope.yaml' })));
      assert.equal(error.code, 'CONFIG');
      assert.match(error.message, /nope\.yaml: there is no such file/);
    });
    it('in a file and not a directory', () => {
      assert.equal(refusal(() => loadConfig(request({ path: '.' }))).code, 'CONFIG');
    });
  });

  describe('has defaults', () => {
    it('for everything but the version', () => {
      write('work/oncall.yaml', 'version: 1\nservices: {api: {}}');
      const config = loadConfig(request());
      assert.deepEqual(config.connection, {
        world: 'production',
        environment: 'production',
        aws: { region: 'us-east-1', profile: null, endpoint: null },
        kubernetes: { kubeconfig: null, context: null },
        prometheus: null,
        alertmanager: null,
        github: { apiUrl: 'https://api.github.com' },
        discord: {
          responders: null,
          customers: null,
          mentionRole: null,
          file: join(request().userDirectory, 'discord.yaml'),
          problem: null,
          exposed: false,
        },
      });
      assert.deepEqual(config.services, [
        {
          name: 'api',
          description: null,
          target: { context: null, namespace: 'default', selector: 'app=api' },
          repository: null,
          githubEnvironment: 'production',
          workflows: {
            deploy: 'deploy.yml',
            revert: 'revert.yml',
            ref: null,
            shaInput: 'sha',
            nonceInput: 'nonce',
            reasonInput: 'reason',
          },
          queries: [],
          runbook: null,
          responsePlan: 'api',
          dependsOn: [],
        },
      ]);
      assert.equal(config.me, null);
    });
  });

  describe('is overlaid', () => {
    const TEXT = `version: 1
aws: {region: eu-west-1}
kubernetes:
  context: prod
  namespace: apps
prometheus: {url: https://prometheus.example.com/}
services:
  api:
    selector: app=api
    queries:
      up: up
      errors: {expr: errors, unit: "%", limit: 5}
    workflows: {deploy: ship.yml}
    dependsOn: [users]
environments:
  staging:
    kubernetes: {context: stage}
    prometheus: {url: https://prometheus.stage.example.com}
    services:
      api:
        selector: app=api-stage
        queries: {errors: errors_stage}
      only-here: {}
`;
    beforeEach(() => write('work/oncall.yaml', TEXT));

    it('key by key with what the environment changes, the rest being kept', () => {
      const { connection, services } = loadConfig(request({ environment: 'staging' }));
      assert.equal(connection.environment, 'staging');
      assert.equal(connection.kubernetes.context, 'stage');
      assert.equal(connection.aws.region, 'eu-west-1');
      assert.equal(connection.prometheus?.url, 'https://prometheus.stage.example.com');
      const api = services.find(({ name }) => name === 'api');
      assert.equal(api?.target.selector, 'app=api-stage');
      assert.equal(api?.target.namespace, 'apps');
      assert.equal(api?.githubEnvironment, 'staging');
      assert.equal(api?.workflows.deploy, 'ship.yml');
      assert.deepEqual(api?.dependsOn, ['users']);
      assert.deepEqual(
        api?.queries.map(({ name, expr }) => [name, expr]),
        [
          ['up', 'up'],
          ['errors', 'errors_stage'],
        ],
      );
      assert.ok(services.some(({ name }) => name === 'only-here'));
    });
    it('not at all in production', () => {
      const { connection, services } = loadConfig(request());
      assert.equal(connection.kubernetes.context, 'prod');
      assert.deepEqual(
        services.map(({ name }) => name),
        ['api'],
      );
    });
    it('by ONCALL_ENV, which --env outranks', () => {
      const env = { ONCALL_ENV: 'staging' };
      assert.equal(loadConfig(request({ env })).connection.environment, 'staging');
      const config = loadConfig(request({ env, environment: 'production' }));
      assert.equal(config.connection.environment, 'production');
      assert.equal(source(config, 'environment'), '--env');
    });
    it('by an environment that exists', () => {
      const error = refusal(() => loadConfig(request({ environment: 'stagin' })));
      assert.equal(error.code, 'CONFIG');
      assert.match(error.message, /There is no environment "stagin"\. Did you mean "staging"\?/);
      assert.match(error.hint ?? '', /production, staging/);
    });
    it('by the shell, which outranks the file', () => {
      const config = loadConfig(
        request({
          env: {
            AWS_REGION: 'ap-south-1',
            AWS_PROFILE: 'night',
            ONCALL_PROMETHEUS_URL: 'http://127.0.0.1:9090/',
            ONCALL_ALERTMANAGER_URL: 'http://127.0.0.1:9093',
            GITHUB_API_URL: 'https://github.example.com/api/v3',
          },
        }),
      );
      assert.deepEqual(config.connection.aws, { region: 'ap-south-1', profile: 'night', endpoint: null });
      assert.equal(config.connection.prometheus?.url, 'http://127.0.0.1:9090');
      assert.equal(config.connection.alertmanager?.url, 'http://127.0.0.1:9093');
      assert.equal(config.connection.github.apiUrl, 'https://github.example.com/api/v3');
      assert.equal(source(config, 'aws.region'), 'AWS_REGION');
      assert.equal(loadConfig(request({ env: { AWS_REGION: '' } })).connection.aws.region, 'eu-west-1');
    });

    it('and tells for each value where it came from', () => {
      const path = at('work/oncall.yaml');
      const config = loadConfig(request({ environment: 'staging' }));
      const table: [key: string, source: string][] = [
        ['aws.region', `${path}:2`],
        ['kubernetes.context', `${path}:17`],
        ['kubernetes.namespace', `${path}:5`],
        ['services.api.namespace', `${path}:5`],
        ['services.api.selector', `${path}:21`],
        ['services.api.queries.up', `${path}:11`],
        ['services.api.queries.errors', `${path}:22`],
        ['services.api.workflows.deploy', `${path}:13`],
        ['services.api.workflows.revert', 'default'],
        ['services.api.dependsOn', `${path}:14`],
        ['services.api.responsePlan', 'default'],
        ['environment', '--env'],
        ['world', 'default'],
      ];
      for (const [key, expected] of table) assert.equal(source(config, key), expected, key);
      assert.equal(new Set(config.origins.map(({ key }) => key)).size, config.origins.length, 'each key once');
    });
  });

  describe('of a practice world', () => {
    it('is decided by the file alone: nothing in the shell leads out of it', () => {
      write(
        'work/oncall.yaml',
        'version: 1\nworld: sandbox\naws: {region: us-west-2, endpoint: "http://127.0.0.1:1"}\n',
      );
      write('.config/oncall/me.yaml', 'me: real-me');
      const { connection, me } = loadConfig(
        request({
          env: {
            AWS_REGION: 'eu-west-1',
            AWS_PROFILE: 'real',
            GITHUB_API_URL: 'https://api.github.com/x',
            ONCALL_PROMETHEUS_URL: 'https://prometheus.example.com',
          },
        }),
      );
      assert.deepEqual(connection.aws, { region: 'us-west-2', profile: null, endpoint: 'http://127.0.0.1:1' });
      assert.equal(connection.github.apiUrl, 'https://api.github.com');
      assert.equal(connection.prometheus, null);
      assert.equal(me, null, 'one signs in as somebody else there');
    });
    it('that has gone says so, and how to leave it', () => {
      const error = refusal(() =>
        loadConfig(request({ env: { ONCALL_CONFIG: at('gone/oncall.yaml'), ONCALL_SANDBOX: at('gone') } })),
      );
      assert.equal(error.code, 'CONFIG');
      assert.match(error.message, /^The sandbox has gone/);
      assert.match(error.hint ?? '', /oncall sandbox start.*oncall sandbox env --unset/);
    });
  });

  describe('of paths', () => {
    const kubeconfig = (written: string) => {
      write('work/oncall.yaml', `version: 1\nkubernetes: {kubeconfig: "${written}"}`);
      return loadConfig(request()).connection.kubernetes.kubeconfig;
    };
    it('takes relative ones from the file, and ~ from the user’s home', () => {
      assert.equal(kubeconfig('kube/config'), at('work/kube/config'));
      assert.equal(kubeconfig('/etc/kube'), '/etc/kube');
      assert.equal(kubeconfig('~/.kube/prod'), at('.kube/prod'));
    });
  });

  describe('of who I am', () => {
    beforeEach(() => write('work/oncall.yaml', 'version: 1'));
    it('is the user’s own file', () => {
      const path = write('.config/oncall/me.yaml', 'me: sam\n');
      assert.deepEqual(loadConfig(request()).me, { alias: 'sam', source: path });
    });
    it('unless the shell says otherwise', () => {
      write('.config/oncall/me.yaml', 'me: sam\n');
      assert.deepEqual(loadConfig(request({ env: { ONCALL_ME: 'ana' } })).me, { alias: 'ana', source: 'ONCALL_ME' });
    });
    for (const [what, text] of [
      ['empty', ''],
      ['not YAML', 'me: [sam'],
      ['about something else', 'name: sam'],
      ['a number', 'me: 7'],
    ] as const) {
      it(`is refused when that file is ${what}`, () => {
        write('.config/oncall/me.yaml', text);
        const error = refusal(() => loadConfig(request()));
        assert.equal(error.code, 'CONFIG');
        assert.match(error.message, /me\.yaml does not say who you are/);
        assert.match(error.hint ?? '', /me: your-contact-alias/);
      });
    }
  });
});

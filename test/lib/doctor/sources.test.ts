import assert from 'node:assert/strict';
import type { GitHub } from '../../../src/lib/clients/github/github.ts';
import type { Channel, ContactDetail, Pager } from '../../../src/lib/clients/pager/pager.ts';
import type { AlertRule, Prometheus } from '../../../src/lib/clients/prometheus/prometheus.ts';
import type { Service } from '../../../src/lib/config/config.ts';
import type { Finding } from '../../../src/lib/doctor/check.ts';
import { githubChecks } from '../../../src/lib/doctor/github-checks.ts';
import { metricsChecks } from '../../../src/lib/doctor/metrics-checks.ts';
import { pagerChecks } from '../../../src/lib/doctor/pager-checks.ts';
import { toolCheck } from '../../../src/lib/doctor/tool-checks.ts';
import { OncallError } from '../../../src/lib/errors.ts';

const NOW = Date.parse('2026-11-22T03:12:41Z');
const DAY = 86_400_000;

function service(name: string, more: Partial<Service> = {}): Service {
  return {
    name,
    description: null,
    target: { context: null, namespace: 'production', selector: `app=${name}` },
    repository: `acme/${name}`,
    githubEnvironment: 'production',
    workflows: {
      deploy: 'deploy.yml',
      revert: 'revert.yml',
      ref: null,
      shaInput: 'sha',
      nonceInput: 'nonce',
      reasonInput: 'reason',
    },
    queries: [{ name: 'instances', expr: `sum(up{app="${name}"})`, unit: null, limit: null, description: null }],
    runbook: null,
    responsePlan: name,
    dependsOn: [],
    ...more,
  };
}

const titled = (findings: readonly Finding[], title: string) => findings.find((finding) => finding.title === title);

describe('the doctor on my own phone', () => {
  const channel = (id: string, kind: Channel['kind'], activated: boolean): Channel => ({
    id,
    kind,
    activated,
    name: id,
    address: '…01',
  });
  const planned = (...ids: string[]) => [
    { minutes: 5, targets: ids.map((channelId) => ({ kind: 'channel' as const, channelId, retryMinutes: null })) },
  ];

  async function phone(channels: Channel[], stages: ContactDetail['stages']) {
    const me: ContactDetail = { alias: 'sam', name: 'Sam', kind: 'person', channels, stages, rotations: [] };
    const plan: ContactDetail = {
      ...{ alias: 'eng', name: 'Eng', kind: 'plan', channels: [], rotations: [] },
      stages: [{ minutes: 5, targets: [{ kind: 'contact', alias: 'sam', essential: true }] }],
    };
    const pager = {
      identity: async () => ({ principal: 'user/sam', account: '1', login: 'sam' }),
      enabled: async () => true,
      contacts: async () => [me, plan],
      contact: async (alias: string) => (alias === 'eng' ? plan : me),
      shifts: async () => [],
      incidents: async () => [],
      byHand: async ({ kind }: { kind: string }) => `aws ${kind}`,
    } as unknown as Pager;
    const findings = await pagerChecks({
      pager: async () => pager,
      me: async () => 'sam',
      wanted: { plan: null, schedule: null },
      services: [],
      region: 'us-west-2',
      ownDirectory: '/home/sam/.config/oncall',
      now: () => NOW,
      quick: false,
    });
    return titled(findings, 'Your phone');
  }

  it('is content with a phone that is activated and planned', async () => {
    const found = await phone([channel('s', 'sms', true), channel('v', 'voice', true)], planned('s', 'v'));
    assert.equal(found?.outcome, 'ok');
  });
  it('warns of a channel that is not activated', async () => {
    const found = await phone([channel('s', 'sms', true), channel('v', 'voice', false)], planned('s', 'v'));
    assert.equal(found?.outcome, 'warning');
    assert.match(found?.found ?? '', /not activated: voice …01/);
  });
  it('fails when only e-mail is activated: that wakes nobody', async () => {
    const found = await phone([channel('e', 'email', true), channel('v', 'voice', false)], planned('e', 'v'));
    assert.equal(found?.outcome, 'failed');
  });
  it('fails when the own engagement plan names no phone', async () => {
    const found = await phone([channel('s', 'sms', true), channel('e', 'email', true)], planned('e'));
    assert.match(found?.found ?? '', /engagement plan names none of sms/);
  });
  it('fails without any channel', async () => {
    assert.equal((await phone([], []))?.outcome, 'failed');
  });
});

describe('the doctor on GitHub', () => {
  async function look(github: Partial<GitHub>, services = [service('api')]) {
    const client = { whoAmI: async () => ({ login: 'sam', expiresAt: null, scopes: null }), ...github };
    return githubChecks({ github: async () => client as GitHub, services, now: () => NOW, quick: false });
  }
  const expiring = (ms: number) => async () => ({
    ...{ login: 'sam', scopes: null },
    expiresAt: new Date(NOW + ms).toISOString(),
  });
  const READS = "jobs: {ship: {if: vars.DEPLOY_HOLD == '', steps: [{run: kubectl apply -f .}]}}";

  for (const [what, ms, outcome] of [
    ['a month from now', 30 * DAY, 'ok'],
    ['in three days', 3 * DAY, 'warning'],
    ['an hour ago', -3_600_000, 'failed'],
  ] as const) {
    it(`finds a token that expires ${what} ${outcome}`, async () => {
      const findings = await look({ whoAmI: expiring(ms), file: async () => READS });
      assert.equal(titled(findings, 'GitHub')?.outcome, outcome);
    });
  }

  it('names the workflow file that is missing, and where', async () => {
    const findings = await look({
      file: async (_, path) => (path.endsWith('revert.yml') ? null : READS),
      defaultBranch: async () => 'main',
      workflows: async () => [{ name: 'Deploy', file: 'deploy.yml' }],
    });
    assert.match(titled(findings, 'Workflows')?.found ?? '', /acme\/api has no \.github\/workflows\/revert\.yml/);
    assert.match(titled(findings, 'Workflows')?.remedy ?? '', /`workflows` of api in oncall\.yaml.*has: deploy\.yml\./);
  });

  it('says that the repository is not there rather than that its files are missing', async () => {
    const findings = await look({
      file: async () => null,
      defaultBranch: () =>
        Promise.reject(new OncallError('GitHub does not have repository acme/api.', { code: 'NOT_FOUND' })),
    });
    assert.match(titled(findings, 'Workflows')?.found ?? '', /does not have repository acme\/api/);
  });

  it('calls a hold that the workflow does not read advisory', async () => {
    const findings = await look({ file: async () => 'jobs: {ship: {steps: [{run: kubectl apply -f .}]}}' });
    assert.equal(titled(findings, 'Deploy hold')?.outcome, 'warning');
    assert.match(
      titled(findings, 'Deploy hold')?.found ?? '',
      /a hold stops nothing: api \(job ship deploys without asking for DEPLOY_HOLD\)/,
    );
  });

  it('asks for each file once', async () => {
    const asked: string[] = [];
    await look({
      file: async (repository, path) => {
        asked.push(`${repository}/${path}`);
        return READS;
      },
    });
    assert.equal(new Set(asked).size, asked.length);
  });

  it('warns of a service without a repository', async () => {
    const findings = await look({ file: async () => READS }, [service('api'), service('web', { repository: null })]);
    assert.match(titled(findings, 'Workflows')?.found ?? '', /web: no `repository`/);
  });
});

describe('the doctor on Prometheus', () => {
  const rule = (expr: string, more: Partial<AlertRule> = {}): AlertRule => ({
    name: 'Rule',
    group: 'g',
    expr,
    forSeconds: 60,
    labels: {},
    annotations: {},
    state: 'inactive',
    lastError: null,
    alerts: [],
    ...more,
  });

  async function look(facts: { rules?: AlertRule[]; behind?: number; query?: Prometheus['query'] }) {
    const at = NOW + (facts.behind ?? 0);
    const time = { series: [{ labels: {}, sample: { at, value: at / 1000 } }], warnings: [] };
    const client: Prometheus = {
      version: async () => '3.0.0',
      query: async (expr) => (expr === 'time()' || !facts.query ? time : facts.query(expr)),
      queryRange: async () => ({ series: [], warnings: [] }),
      alertRules: async () => facts.rules ?? [],
      alertmanagers: async () => ['http://alertmanager:9093/api/v2/alerts'],
      labelValues: async () => [],
    };
    return metricsChecks({
      prometheus: () => Promise.resolve(client),
      alertmanager: () => null,
      services: [service('api'), service('web')],
      now: () => NOW,
    });
  }

  const rules: [what: string, rules: AlertRule[], outcome: string][] = [
    ['a rule for each service', [rule('sum(up{app="api"}) == 0'), rule('absent(up{app="web"})')], 'ok'],
    ['one rule for whatever is down', [rule('up == 0')], 'ok'],
    [
      'a rule that names the service in a label only',
      [rule('up{job=~"a.*"} == 0', { labels: { service: 'api' } })],
      'warning',
    ],
    ['only a rule about errors', [rule('rate(errors{app="api"}[5m]) > 1')], 'warning'],
  ];
  for (const [what, given, outcome] of rules) {
    it(`finds ${what} ${outcome}`, async () => {
      assert.equal(titled(await look({ rules: given }), 'Alert rules')?.outcome, outcome);
    });
  }

  it('names a rule that Prometheus cannot evaluate', async () => {
    const findings = await look({ rules: [rule('up == 0', { name: 'Down', lastError: 'many-to-many' })] });
    assert.match(titled(findings, 'Alert rules')?.found ?? '', /Down: the rule cannot be evaluated: many-to-many/);
  });

  for (const [what, behind, outcome] of [
    ['right', 2000, 'ok'],
    ['a minute slow', 60_000, 'warning'],
    ['a minute fast', -60_000, 'warning'],
    ['ten minutes slow', 600_000, 'failed'],
  ] as const) {
    it(`finds a clock that is ${what} ${outcome}`, async () => {
      assert.equal(titled(await look({ behind }), 'Clock')?.outcome, outcome);
    });
  }

  it('names the query that Prometheus refuses', async () => {
    const query: Prometheus['query'] = async (expr) => {
      if (expr.includes('web')) throw new OncallError('Prometheus refuses the query: parse error.', { code: 'FAILED' });
      return { series: [], warnings: [] };
    };
    const found = titled(await look({ query }), 'Named queries');
    assert.equal(found?.outcome, 'failed');
    assert.match(found?.found ?? '', /^web instances: Prometheus refuses the query/);
  });

  it('skips what is not configured, and says what that costs', async () => {
    const found = titled(await look({}), 'Alertmanager');
    assert.equal(found?.outcome, 'skipped');
    assert.match(found?.found ?? '', /silences are not shown/);
  });
});

describe('the doctor on the tools', () => {
  it('warns of what is not on the PATH, and of nothing else', async () => {
    const found = await toolCheck(async ([name]) => {
      if (name === 'aws') throw new OncallError('no', { code: 'NOT_FOUND', hint: 'Install the AWS CLI.' });
      throw new OncallError('slow', { code: 'UNAVAILABLE' });
    });
    assert.deepEqual(
      [found.outcome, found.found, found.remedy],
      ['warning', 'aws: not on the PATH', 'Install the AWS CLI.'],
    );
  });
});

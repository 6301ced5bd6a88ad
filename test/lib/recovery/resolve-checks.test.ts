import assert from 'node:assert/strict';
import type { Alertmanager, Silence } from '../../../src/lib/clients/alertmanager/alertmanager.ts';
import type { GitHub } from '../../../src/lib/clients/github/github.ts';
import type { Kubernetes } from '../../../src/lib/clients/kubernetes/kubernetes.ts';
import type { Pager } from '../../../src/lib/clients/pager/pager.ts';
import type { Prometheus } from '../../../src/lib/clients/prometheus/prometheus.ts';
import type { Service } from '../../../src/lib/config/config.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import { type CheckSources, checkBeforeResolve } from '../../../src/lib/recovery/resolve-checks.ts';
import { checksView } from '../../../src/lib/recovery/resolve-checks-view.ts';
import { createPaint } from '../../../src/lib/text/paint.ts';

const SERVICE = { name: 'dolthubapi', responsePlan: 'dolthubapi', repository: 'dolthub/dolthubapi' } as Service;
const INCIDENT = {
  id: 'i',
  title: 'dolthubapi is down',
  plan: 'dolthubapi-service-down',
  openedBy: 'alert',
  startedAt: '2026-11-22T03:08:00Z',
} as Parameters<typeof checkBeforeResolve>[1];
const ALERT = {
  name: 'ServiceDown',
  labels: { app: 'dolthubapi' },
  annotations: {},
  startsAt: '2026-11-22T03:08:00Z',
  fingerprint: 'f',
  generatorUrl: 'http://p.test/graph?g0.expr=up+%3D%3D+0',
};
const SILENCE = {
  state: 'active',
  matchers: [{ name: 'alertname', value: 'ServiceDown', isRegex: false, isEqual: true }],
  createdBy: 'ana',
  endsAt: '2026-11-22T05:00:00Z',
} as Silence;

interface Facts {
  series?: number;
  ready?: number;
  hold?: string | null;
  silences?: Silence[];
  alert?: typeof ALERT | null;
}

function sources({ series = 0, ready = 3, hold = null, silences = [], alert = ALERT }: Facts): CheckSources {
  return {
    pager: { trigger: async () => ({ at: '', alert, raw: '' }), timeline: async () => [] } as unknown as Pager,
    prometheus: {
      alertRules: async () => [],
      query: async () => ({ series: Array.from({ length: series }, () => ({})), warnings: [] }),
    } as unknown as Prometheus,
    kubernetes: { workload: async () => ({ desired: 3, ready }) } as unknown as Kubernetes,
    github: { variable: async () => hold } as unknown as GitHub,
    alertmanager: { silences: async () => silences } as unknown as Alertmanager,
    services: [SERVICE],
  };
}

async function states(facts: Facts): Promise<Record<string, string>> {
  const { checks } = await checkBeforeResolve(sources(facts), INCIDENT);
  return Object.fromEntries(checks.map(({ what, state }) => [what, state]));
}

describe('the look before resolving', () => {
  const good = { alert: 'good', instances: 'good', 'deploy hold': 'good', silences: 'good' };
  const cases: [what: string, facts: Facts, expected: Record<string, string>][] = [
    ['all is well', {}, good],
    ['the alert still holds', { series: 1 }, { ...good, alert: 'bad' }],
    ['an instance is missing', { ready: 2 }, { ...good, instances: 'bad' }],
    ['deploys are held', { hold: '{"by":"sam","reason":"bad"}' }, { ...good, 'deploy hold': 'open' }],
    ['a silence hides the alert', { silences: [SILENCE] }, { ...good, silences: 'open' }],
    ['a silence is over', { silences: [{ ...SILENCE, state: 'expired' }] }, good],
    ['no alert is known', { alert: null }, { alert: 'unknown', instances: 'good', 'deploy hold': 'good' }],
  ];
  for (const [what, facts, expected] of cases) {
    it(what, async () => assert.deepEqual(await states(facts), expected));
  }

  it('loses only the check whose source is down', async () => {
    const down = () => Promise.reject(new OncallError('GitHub is away.', { code: 'UNAVAILABLE' }));
    const found = await checkBeforeResolve(
      { ...sources({}), github: { variable: down } as unknown as GitHub },
      INCIDENT,
    );
    assert.deepEqual(
      found.checks.map(({ what, state }) => [what, state]),
      Object.entries({ ...good, 'deploy hold': 'unknown' }),
    );
    assert.equal(found.alertHolds, false);
  });

  it('does not know whether the alert holds without Prometheus', async () => {
    const found = await checkBeforeResolve({ ...sources({}), prometheus: null }, INCIDENT);
    assert.equal(found.alertHolds, null);
  });

  it('shows a line for each, with the command that helps', async () => {
    const found = await checkBeforeResolve(
      sources({ series: 1, hold: '{"by":"sam","reason":"bad \\u001b[2J"}' }),
      INCIDENT,
    );
    const lines = checksView(found, { paint: createPaint({ colour: false, ascii: false }) }).split('\n');
    assert.equal(lines[0], '✖ alert: ServiceDown STILL HOLDS: up == 0  → oncall graph');
    assert.equal(
      lines[2],
      '⚠ deploy hold: deploys of dolthubapi are still held by sam: bad   → oncall release dolthubapi',
    );
  });
});

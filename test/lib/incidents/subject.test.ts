import assert from 'node:assert/strict';
import type { Alert, TimelineEvent } from '../../../src/lib/clients/pager/pager.ts';
import type { AlertRule, Prometheus } from '../../../src/lib/clients/prometheus/prometheus.ts';
import type { Service } from '../../../src/lib/config/config.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import {
  findSubject,
  linkedService,
  linkNote,
  ruleOfAlert,
  serviceOfAlert,
  serviceOfPlan,
} from '../../../src/lib/incidents/subject.ts';
import { incident, minutes, smallPager } from './small-pager.ts';

function service(name: string, responsePlan = name): Service {
  return { name, responsePlan } as Service;
}
const API = service('dolthubapi');
const WEB = service('dolthub-web');
const DOLT = service('dolthub');
const SERVICES = [API, WEB, DOLT];

const ALERT: Alert = {
  name: 'ServiceDown',
  labels: { app: 'dolthubapi', severity: 'page' },
  annotations: {},
  startsAt: minutes(-3),
  fingerprint: 'f',
  generatorUrl: null,
};
const RULE: AlertRule = {
  name: 'ServiceDown',
  group: 'g',
  expr: 'up == 0',
  forSeconds: 60,
  labels: { severity: 'page' },
  annotations: {},
  state: 'firing',
  lastError: null,
  alerts: [],
};

function note(text: string): TimelineEvent {
  return { id: text, at: minutes(0), kind: 'note', title: 'Note', text, contact: null };
}
function rulesOf(...rules: AlertRule[]): Prometheus {
  return { alertRules: async () => rules } as unknown as Prometheus;
}

describe('what an incident is about', () => {
  const plans: [plan: string, found: string | null][] = [
    ['dolthubapi', 'dolthubapi'],
    ['dolthubapi-service-down', 'dolthubapi'],
    ['dolthub-web-service-down', 'dolthub-web'],
    ['dolthub-high-error-ratio', 'dolthub'],
    ['dolthubapi2-service-down', null],
    ['billing', null],
  ];
  for (const [plan, found] of plans) {
    it(`reads ${found ?? 'no service'} out of the response plan ${plan}`, () => {
      assert.equal(serviceOfPlan(plan, SERVICES)?.name ?? null, found);
    });
  }

  it('takes the label service before app', () => {
    assert.equal(serviceOfAlert({ ...ALERT, labels: { app: 'dolthubapi', service: 'dolthub' } }, SERVICES), DOLT);
    assert.equal(serviceOfAlert({ ...ALERT, labels: { app: 'unheard-of' } }, SERVICES), null);
  });

  it('finds the rule by name, unless a fixed label contradicts it', () => {
    assert.equal(ruleOfAlert(ALERT, [{ ...RULE, labels: { severity: 'ticket' } }, RULE]), RULE);
    assert.equal(ruleOfAlert(ALERT, [{ ...RULE, labels: { severity: 'ticket' } }]), null);
    const templated = { ...RULE, labels: { severity: '{{ $labels.level }}' } };
    assert.equal(ruleOfAlert(ALERT, [templated]), templated);
  });

  it('reads back the newest link that a person left, and nothing but that', () => {
    const timeline = [note(linkNote('dolthub')), note('about dolthubapi?'), note(linkNote('dolthub-web')), note('ok')];
    assert.equal(linkedService(timeline), 'dolthub-web');
    assert.equal(linkedService([note('This incident is about the service desk. Really.')]), null);
  });

  it('goes from the alert to service, expression and onset', async () => {
    const pager = smallPager({}, { trigger: async () => ({ at: minutes(-2), alert: ALERT, raw: '' }) });
    const subject = await findSubject(incident(), { pager, prometheus: rulesOf(RULE), services: SERVICES });
    assert.equal(subject.service, API);
    assert.equal(subject.found, 'alert');
    assert.deepEqual(subject.expression, { expr: 'up == 0', forSeconds: 60, rule: 'ServiceDown' });
    assert.equal(subject.onset, Date.parse(minutes(-4)));
  });

  it('takes the expression out of the link when the rule is gone', async () => {
    const alert = { ...ALERT, generatorUrl: 'http://prometheus.test/graph?g0.expr=up+%3D%3D+0' };
    const pager = smallPager({}, { trigger: async () => ({ at: minutes(-2), alert, raw: '' }) });
    const subject = await findSubject(incident(), { pager, prometheus: rulesOf(), services: SERVICES });
    assert.equal(subject.expression?.expr, 'up == 0');
  });

  it('takes the link of an incident that a person opened', async () => {
    const pager = smallPager({}, { timeline: async () => [note(linkNote('dolthub'))] });
    const opened = incident({ openedBy: 'person', plan: 'dolthubapi-service-down' });
    const subject = await findSubject(opened, { pager, prometheus: null, services: SERVICES });
    assert.deepEqual([subject.service, subject.found], [DOLT, 'linked']);
  });

  it('knows at least the plan when every source is down', async () => {
    const down = async () => {
      throw new OncallError('down', { code: 'UNAVAILABLE' });
    };
    const pager = smallPager({}, { trigger: down, timeline: down });
    const prometheus = { alertRules: down } as unknown as Prometheus;
    const subject = await findSubject(incident(), { pager, prometheus, services: SERVICES });
    assert.deepEqual([subject.service, subject.found, subject.expression], [API, 'response plan', null]);
    assert.equal(subject.onset, Date.parse(minutes(-2)));
  });
});

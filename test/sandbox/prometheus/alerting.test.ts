import assert from 'node:assert/strict';
import type { AlertDetail } from '../../../src/lib/sandbox/world/alert-event.ts';
import { fingerprint } from '../../../src/lib/sandbox/world/alerting/fingerprint.ts';
import { SERVICES } from '../../../src/lib/sandbox/world/catalog.ts';
import { BEGIN, EXTERNAL_URL, type ServedPrometheus, servePrometheus } from '../../support/serve-prometheus.ts';

const MINUTE = 60_000;

interface RuleView {
  name: string;
  query: string;
  state: string;
  duration: number;
  health: string;
  labels: Record<string, string>;
  alerts: { state: string; activeAt: string; value: string; labels: Record<string, string> }[];
}

describe('the rules of the world', () => {
  let served: ServedPrometheus;
  let events: AlertDetail[];
  beforeEach(async () => {
    served = await servePrometheus();
    events = [];
    served.alerting.onAlert((event) => {
      if (event.labels['alertname'] !== 'Watchdog') events.push(event);
    });
  });
  afterEach(() => served.stop());

  const seen = () => events.map(({ status, labels }) => `${status} ${labels['alertname']} ${labels['service']}`);
  const rule = async (service: string, name: string): Promise<RuleView> => {
    const { body } = await served.ask('/api/v1/rules', { type: 'alert' });
    const { groups } = body.data as unknown as { groups: { name: string; rules: RuleView[] }[] };
    const found = groups.find((group) => group.name === service)?.rules.find((one) => one.name === name);
    assert.ok(found);
    return found;
  };

  it('a service that is down is pending for a minute, then fires, and is resolved when it is back', async () => {
    served.pods.mark('dolthubapi', false);
    served.clock.advance(30_000);
    assert.equal((await rule('dolthubapi', 'ServiceDown')).state, 'pending');
    assert.deepEqual(seen(), []);
    served.clock.advance(MINUTE);
    assert.deepEqual(seen(), ['firing ServiceDown dolthubapi']);
    served.pods.mark('dolthubapi', true, 1);
    served.clock.advance(30_000);
    assert.deepEqual(seen(), ['firing ServiceDown dolthubapi', 'resolved ServiceDown dolthubapi']);
    assert.equal((await rule('dolthubapi', 'ServiceDown')).state, 'inactive');
  });

  it('`for` is a wait: it passes on the wall clock too', () => {
    served.pods.mark('dolthubapi', false);
    served.lapse(2 * MINUTE);
    assert.deepEqual(seen(), ['firing ServiceDown dolthubapi']);
  });

  it('an outage shorter than `for` pages nobody', () => {
    served.pods.mark('dolthubapi', false);
    served.clock.advance(45_000);
    served.pods.mark('dolthubapi', true);
    served.clock.advance(10 * MINUTE);
    assert.deepEqual(seen(), []);
  });

  it('going from no answer to no instance at all stays one alert', () => {
    served.pods.mark('dolthubapi', false);
    served.clock.advance(2 * MINUTE);
    served.pods.remove('dolthubapi');
    served.clock.advance(2 * MINUTE);
    assert.deepEqual(seen(), ['firing ServiceDown dolthubapi']);
    assert.equal(served.alerting.firing().filter(({ labels }) => labels['service'] === 'dolthubapi').length, 1);
  });

  it('an alert tells what, since when, where to look and what to do', () => {
    served.pods.mark('dolthubapi', false);
    served.clock.advance(2 * MINUTE);
    const event = events[0];
    assert.ok(event);
    assert.deepEqual(event.labels, {
      alertname: 'ServiceDown',
      app: 'dolthubapi',
      service: 'dolthubapi',
      severity: 'page',
    });
    assert.equal(event.annotations['summary'], 'dolthubapi is down');
    assert.ok(event.annotations['runbook_url']);
    assert.equal(event.endsAt, '0001-01-01T00:00:00Z');
    assert.match(event.fingerprint, /^[0-9a-f]{16}$/);
    const link = new URL(event.generatorURL);
    assert.equal(`${link.origin}${link.pathname}`, `${EXTERNAL_URL}/graph`);
    assert.equal(
      link.searchParams.get('g0.expr'),
      'sum(up{app="dolthubapi"}) == 0 or absent(up{app="dolthubapi"}) > 0',
    );
    assert.equal(link.searchParams.get('g0.tab'), '1');
  });

  it('a second outage is the same alert with another beginning', () => {
    for (const up of [false, true, false]) {
      served.pods.mark('dolthubapi', up);
      served.clock.advance(2 * MINUTE);
    }
    const [first, , second] = events;
    assert.equal(first?.fingerprint, second?.fingerprint);
    assert.notEqual(first?.startsAt, second?.startsAt);
  });

  it("a fingerprint is Alertmanager's own", () => {
    // Recorded from Alertmanager 0.25.0.
    assert.equal(fingerprint({ service: 'a', alertname: 'X' }), '85e92aebb4e7fb0e');
    assert.equal(fingerprint({ alertname: 'W', severity: 'none' }), 'ba7378c3a37f159a');
  });

  it('who depends on a service that stays down fails more, but does not page as well', () => {
    served.pods.mark('dolthubapi', false);
    served.lapse(12 * MINUTE);
    assert.deepEqual(seen(), ['firing ServiceDown dolthubapi']);
  });

  it('a service that fails more than 5 % of its requests pages after five minutes', async () => {
    const services = SERVICES.map((spec) => (spec.name === 'userservice' ? { ...spec, errorRatio: 0.08 } : spec));
    const failing = await servePrometheus({ services });
    const fired: AlertDetail[] = [];
    failing.alerting.onAlert((event) => fired.push(event));
    const names = () => fired.map(({ labels }) => `${labels['alertname']} ${labels['service'] ?? ''}`.trim());
    failing.lapse(5 * MINUTE);
    assert.deepEqual(names(), ['Watchdog']);
    failing.lapse(30_000);
    assert.deepEqual(names(), ['Watchdog', 'HighErrorRatio userservice']);
    assert.match(fired[1]?.annotations['description'] ?? '', /over the last five minutes: 0\.0[78]\d+\.$/);
    await failing.stop();
  });

  it('the rules API shows expressions in their normal form, and the alerts of each', async () => {
    served.pods.mark('dolthubapi', false);
    served.clock.advance(2 * MINUTE);
    const down = await rule('dolthubapi', 'ServiceDown');
    assert.equal(down.query, 'sum(up{app="dolthubapi"}) == 0 or absent(up{app="dolthubapi"}) > 0');
    assert.deepEqual([down.duration, down.health, down.alerts.length], [60, 'ok', 1]);
    assert.equal(down.alerts[0]?.activeAt, new Date(BEGIN).toISOString().replace('.000', ''));
    assert.equal(down.alerts[0]?.value, '0e+00');
    const alerts = (await served.ask('/api/v1/alerts')).body.data as unknown as { alerts: unknown[] };
    assert.equal(alerts.alerts.length, 2);
  });

  it('alerts are series, first pending, then firing', async () => {
    served.pods.mark('dolthubapi', false);
    served.lapse(45_000);
    const states = async () => Object.keys(await served.instant('sum by (alertstate) (ALERTS{service="dolthubapi"})'));
    assert.deepEqual(await states(), ['{"alertstate":"pending"}']);
    served.lapse(MINUTE);
    assert.deepEqual(await states(), ['{"alertstate":"firing"}']);
    const since = await served.instant('ALERTS_FOR_STATE{alertname="ServiceDown"}');
    const seconds = Number(Object.values(since)[0]);
    assert.ok(seconds >= BEGIN / 1000 && seconds <= BEGIN / 1000 + 30);
    served.pods.mark('dolthubapi', true);
    served.lapse(45_000);
    assert.deepEqual(await served.instant('ALERTS{service="dolthubapi"}'), {});
  });

  it('a world can begin with an alert that has been pending for a while', () => {
    served.pods.mark('dolthubapi', false);
    served.alerting.assumePendingSince({ alert: 'ServiceDown', service: 'dolthubapi' }, BEGIN - 50_000);
    served.clock.advance(15_000);
    assert.deepEqual(seen(), ['firing ServiceDown dolthubapi']);
  });

  it('an assumed alert is forgotten when its expression does not hold', () => {
    served.alerting.assumePendingSince({ alert: 'ServiceDown', service: 'dolthubapi' }, BEGIN - 10 * MINUTE);
    served.clock.advance(MINUTE);
    assert.deepEqual(seen(), []);
  });

  it('the Watchdog always fires', () => {
    served.clock.advance(15_000);
    assert.deepEqual(
      served.alerting.firing().map(({ labels }) => labels['alertname']),
      ['Watchdog'],
    );
  });
});

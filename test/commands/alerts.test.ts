import assert from 'node:assert/strict';
import type { Firing } from '../../src/lib/metrics/firing.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Envelope {
  result: { alerts: Firing[]; suppressed: number; watchers: number; missing: string[] };
}

describe('oncall alerts', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const put = (changes: Record<string, unknown> = {}) => {
    const { silences } = world.sandbox.world.alertmanager;
    const now = Date.now();
    return silences.put({
      matchers: [{ name: 'service', value: 'dolthubapi', isRegex: false, isEqual: true }],
      startsAt: now,
      endsAt: now + 3_600_000,
      createdBy: 'ana',
      comment: 'index is being built',
      ...changes,
    });
  };

  it('says what fires, since when, with value, bound, expression, summary and runbook', async () => {
    const ran = await world.oncall(['alerts']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /1 alert fires\./);
    assert.match(ran.stdout, /ServiceDown {2}dolthubapi {2}page {2}for \d+\w* .*since \d{4}-/);
    assert.match(ran.stdout, /value 0 \(alarm at 0\), held for 1m before it fired/);
    assert.match(ran.stdout, /sum\(up\{app="dolthubapi"\}\) == 0 or absent/);
    assert.match(ran.stdout, /runbook https:\/\/runbooks\.dolthub\.test\/service-down/);
    assert.doesNotMatch(ran.stdout, /Watchdog/);
    assert.match(ran.stdout, /1 that only watches the pipeline \(--all\)/);
    const { alerts } = (await world.oncall(['alerts', '--json'])).json<Envelope>().result;
    assert.deepEqual(
      alerts.map(({ name, state, value, limit, forSeconds }) => [name, state, value, limit, forSeconds]),
      [['ServiceDown', 'active', 0, { op: '==', value: 0 }, 60]],
    );
  });

  it('shows the Watchdog with --all, after what needs somebody', async () => {
    const { alerts } = (await world.oncall(['alerts', '--all', '--json'])).json<Envelope>().result;
    assert.deepEqual(
      alerts.map(({ name }) => name),
      ['ServiceDown', 'Watchdog'],
    );
  });

  it('marks a silenced alert with whose silence it is and until when, and hides it otherwise', async () => {
    put();
    const plainRun = await world.oncall(['alerts']);
    assert.match(plainRun.stdout, /No alert fires and is heard/);
    assert.match(plainRun.stdout, /1 more is silenced or inhibited \(--silenced\)/);
    const ran = await world.oncall(['alerts', '--silenced']);
    assert.match(ran.stdout, /silenced by ana until \d{4}-.*, in (1h|59m)[^:]*: index is being built/);
  });

  it('names what inhibits an alert', async () => {
    world.sandbox.world.alertmanager.report([
      {
        labels: { alertname: 'HighErrorRatio', service: 'dolthubapi', severity: 'page' },
        annotations: {},
        startsAt: null,
        endsAt: null,
        generatorURL: '',
      },
    ]);
    const ran = await world.oncall(['alerts', '--silenced']);
    assert.match(ran.stdout, /inhibited while ServiceDown fires/);
  });

  it('says that a silence which ended within the hour is why it is heard now', async () => {
    world.sandbox.world.alertmanager.silences.expire(put());
    // It lasted no time at all: give it a past, as a real one has.
    const [silence] = world.sandbox.world.alertmanager.silences.list();
    assert.ok(silence);
    silence.startsAt -= 600_000;
    const ran = await world.oncall(['alerts']);
    assert.match(ran.stdout, /heard now because a silence of ana ended .*: index is being built/);
  });

  it('shows one alert with its labels, annotations and a link whose times stay', async () => {
    const ran = await world.oncall(['alerts', 'ServiceDown']);
    assert.match(ran.stdout, /labels\n(.*\n)*.*severity: page/);
    assert.match(ran.stdout, /description: No instance of dolthubapi answers/);
    assert.match(ran.stdout, /\/prometheus\/graph\?g0\.expr=.*&g0\.end_input=\d{4}-/);
  });

  it('takes a service, and names near ones for what is none', async () => {
    assert.match((await world.oncall(['alerts', 'userservice'])).stdout, /No alert of userservice fires/);
    const ran = await world.oncall(['alerts', 'dolthubap']);
    assert.equal(ran.code, 5);
    assert.match(ran.stderr, /Did you mean "dolthubapi"/);
  });

  for (const [face, missing, still] of [
    ['alertmanager', /Which alerts are silenced is not known: Alertmanager .*/, /value 0 \(alarm at 0\)/],
    ['prometheus', /Values and expressions are not known: Prometheus .*/, /dolthubapi is down/],
  ] as const) {
    it(`is still useful without ${face}, and names what is missing`, async () => {
      world.sandbox.faults.add({ face, kind: '503' });
      const ran = await world.oncall(['alerts']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, missing);
      assert.match(ran.stdout, /ServiceDown {2}dolthubapi/);
      assert.match(ran.stdout, still);
    });
  }

  it('does not wait longer than three seconds for a source that dawdles', async () => {
    world.sandbox.faults.add({ face: 'prometheus', kind: 'slow' });
    const begun = performance.now();
    const ran = await world.oncall(['alerts']);
    assert.match(ran.stdout, /not known: no answer within 3 s/);
    assert.match(ran.stdout, /ServiceDown/);
    assert.ok(performance.now() - begun < 9000);
  });

  it('fails with 6 when neither answers', async () => {
    for (const face of ['alertmanager', 'prometheus']) world.sandbox.faults.add({ face, kind: 'refused' });
    assert.equal((await world.oncall(['alerts'])).code, 6);
  });

  it('lets nothing in labels, annotations or comments move the cursor', async () => {
    const evil = '\u001b[2J\u001b]0;owned\u0007\r\u202eforged';
    world.sandbox.world.alertmanager.report([
      {
        labels: { alertname: `Evil${evil}`, service: `svc${evil}`, severity: 'page' },
        annotations: { summary: `sum${evil}`, runbook_url: `http://x/${evil}`, description: evil },
        startsAt: null,
        endsAt: null,
        generatorURL: `http://p/graph?g0.expr=up${evil}`,
      },
    ]);
    put({ comment: `why${evil}`, createdBy: `who${evil}` });
    for (const argv of [
      ['alerts', '--all'],
      ['alerts', `Evil${evil}`],
      ['silence', 'list', '--all'],
      ['silence', 'end', '--dry-run'],
      ['silence', 'add', `alertname=Evil${evil}`, '-d', '1h', '-m', `c${evil}`, '--yes'],
    ]) {
      for (const width of [undefined, 100]) {
        const { stdout, stderr } = await world.oncall(argv, width ? { width } : {});
        assert.doesNotMatch(stdout + stderr, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/, argv.join(' '));
      }
    }
  });
});

describe('oncall alerts on a calm day', () => {
  it('says that nothing fires, and is done', async () => {
    const world = await startWorld({ scenario: 'quiet' });
    const ran = await world.oncall(['alerts']);
    assert.equal(ran.code, 0);
    assert.match(ran.stdout, /No alert fires\./);
    await world.close();
  });
});

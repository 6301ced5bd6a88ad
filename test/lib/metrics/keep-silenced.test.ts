import assert from 'node:assert/strict';
import type { Alertmanager } from '../../../src/lib/clients/alertmanager/alertmanager.ts';
import { connectAlertmanager } from '../../../src/lib/clients/alertmanager/http-api.ts';
import { interrupted, OncallError } from '../../../src/lib/errors.ts';
import { type KeepEvent, type Kept, keepSilenced, SHORT_MS } from '../../../src/lib/metrics/keep-silenced.ts';
import { matchersOf } from '../../../src/lib/metrics/matchers.ts';
import { connection, unaborted } from '../../support/connection.ts';
import { type ServedPrometheus, servePrometheus } from '../../support/serve-prometheus.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('A silence that is kept up until its alert is resolved', function () {
  this.timeout(90_000);
  let served: ServedPrometheus;
  let real: Alertmanager;
  let events: KeepEvent[];
  /** What happens at a minute of the watch. */
  let plan: Map<number, () => void>;
  let writes: string[];
  beforeEach(async () => {
    served = await servePrometheus();
    const settings = connection({ world: 'sandbox', alertmanager: { url: `${served.baseUrl}/alertmanager` } });
    real = connectAlertmanager({ settings, signal: unaborted() });
    events = [];
    writes = [];
    plan = new Map();
    served.alertmanager.report([report(4 * HOUR)]);
  });
  afterEach(() => served.stop());

  const labels = { alertname: 'DiskFull', service: 'dolthubapi', severity: 'page' };
  const matchers = matchersOf(labels);
  const report = (forMs: number) => ({
    labels,
    annotations: {},
    startsAt: served.now(),
    endsAt: served.now() + forMs,
    generatorURL: '',
  });
  const resolve = () =>
    served.alertmanager.report([{ ...report(0), startsAt: served.now() - 1, endsAt: served.now() }]);
  const silences = () => served.alertmanager.silences.list();

  /** Watches in the world's time: each wait lets it pass, and does what the plan has for the minutes passed. */
  async function keep(options: { cap?: number; alertmanager?: Partial<Alertmanager> } = {}): Promise<Kept> {
    const begun = served.now();
    const draft = {
      id: null,
      matchers,
      startsAt: new Date(begun).toISOString(),
      endsAt: new Date(begun + SHORT_MS).toISOString(),
      createdBy: 'sam',
      comment: 'disk is being grown',
    };
    const id = await real.putSilence(draft);
    const watched: Alertmanager = {
      ...real,
      putSilence: (one) => {
        writes.push(`put ${one.id === null ? 'new' : 'same'}`);
        return real.putSilence(one);
      },
      endSilence: (one) => {
        writes.push('end');
        return real.endSilence(one);
      },
      ...options.alertmanager,
    };
    return keepSilenced({
      alertmanager: watched,
      draft: { ...draft, id },
      cap: begun + (options.cap ?? 12 * HOUR),
      now: served.now,
      wait: async (ms) => {
        served.lapse(ms);
        for (const [minute, act] of plan) {
          if (served.now() - begun < minute * MINUTE) continue;
          plan.delete(minute);
          act();
        }
      },
      onEvent: (event) => events.push(event),
    });
  }
  const kinds = () => events.filter(({ kind }) => kind !== 'watching').map(({ kind }) => kind);

  it('is renewed five minutes before its end, under its id, and ended when the alert is over', async () => {
    plan.set(24, resolve);
    const kept = await keep();
    assert.equal(kept.end, 'resolved');
    assert.equal(kept.renewals, 2);
    assert.deepEqual(writes, ['put same', 'put same', 'end']);
    const [only, ...others] = silences();
    assert.deepEqual(others, []);
    assert.equal(only?.id, kept.id);
    assert.ok(only && served.alertmanager.silences.stateOf(only) === 'expired');
  });

  it('is never heard in between', async () => {
    const sent: string[] = [];
    served.alertmanager.onNotification(({ status, labels: { alertname } }) => {
      if (alertname === 'DiskFull') sent.push(status);
    });
    plan.set(50, resolve);
    await keep();
    assert.deepEqual(sent, []);
  });

  it('ends at its longest time although the alert fires', async () => {
    const kept = await keep({ cap: 25 * MINUTE });
    assert.equal(kept.end, 'cap');
    const [only] = silences();
    assert.ok(only && only.endsAt <= served.now());
    assert.equal(kept.until, only.endsAt);
  });

  it('is left ended when somebody else ends it', async () => {
    plan.set(3, () => served.alertmanager.silences.expire(silences()[0]?.id ?? ''));
    const kept = await keep();
    assert.equal(kept.end, 'ended');
    assert.deepEqual(writes, []);
  });

  it('is not renewed where somebody has made it longer', async () => {
    plan.set(2, () => {
      const [only] = silences();
      if (only) only.endsAt += 2 * HOUR;
    });
    plan.set(40, resolve);
    assert.equal((await keep()).end, 'resolved');
    assert.deepEqual(writes, ['end']);
  });

  it('waits for an Alertmanager that is away, writes nothing meanwhile, and says so once', async () => {
    let away = false;
    const gone = () => new OncallError('Alertmanager cannot be reached.', { code: 'UNAVAILABLE' });
    plan.set(9, () => {
      away = true;
    });
    plan.set(20, () => {
      away = false;
    });
    plan.set(30, resolve);
    const kept = await keep({
      alertmanager: { silences: async () => (away ? Promise.reject(gone()) : real.silences()) },
    });
    assert.equal(kept.end, 'resolved');
    assert.deepEqual(kinds(), ['away', 'back', 'renewed']);
    // It had run out meanwhile: the next one is new, and followed.
    assert.equal((events.find(({ kind }) => kind === 'renewed') as { replaced: boolean }).replaced, true);
    assert.equal(writes[0], 'put new');
    assert.equal(silences().length, 2);
    assert.ok(silences().every((one) => served.alertmanager.silences.stateOf(one) === 'expired'));
  });

  it('after a renewal with a lost answer it looks, and does not write again', async () => {
    let lost = 0;
    plan.set(14, resolve);
    const kept = await keep({
      alertmanager: {
        putSilence: async (draft) => {
          lost++;
          await real.putSilence(draft);
          throw new OncallError('the answer broke off.', { code: 'UNAVAILABLE' });
        },
      },
    });
    assert.equal(lost, 1);
    assert.equal(kept.end, 'resolved');
    assert.deepEqual(kinds(), ['away', 'back']);
    assert.equal(silences().length, 1);
  });

  it('one quiet look is not yet the end', async () => {
    let looks = 0;
    plan.set(6, resolve);
    await keep({
      alertmanager: {
        alerts: async (some) => {
          looks++;
          return looks === 2 ? [] : real.alerts(some);
        },
      },
    });
    assert.ok(looks > 20, `ended after ${looks} looks`);
  });

  it('tells when it runs out when it is interrupted', async () => {
    plan.set(12, () => {
      throw interrupted();
    });
    const kept = await keep();
    assert.equal(kept.end, 'interrupted');
    assert.ok(kept.until > served.now());
    assert.equal(kept.until, silences()[0]?.endsAt);
  });
});

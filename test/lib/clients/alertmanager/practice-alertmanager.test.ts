import assert from 'node:assert/strict';
import { connectAlertmanager } from '../../../../src/lib/clients/alertmanager/http-api.ts';
import { connection, unaborted } from '../../../support/connection.ts';
import { type ServedPrometheus, servePrometheus } from '../../../support/serve-prometheus.ts';

const HOUR = 3_600_000;

describe('Alertmanager, against the practice world', () => {
  let served: ServedPrometheus;
  beforeEach(async () => {
    served = await servePrometheus();
  });
  afterEach(() => served.stop());

  it('tells silences, also those that have just ended', async () => {
    const settings = connection({ world: 'sandbox', alertmanager: { url: `${served.baseUrl}/alertmanager` } });
    const alertmanager = connectAlertmanager({ settings, signal: unaborted() });
    assert.deepEqual(await alertmanager.silences(), []);
    const { silences } = served.alertmanager;
    const matchers = [{ name: 'service', value: 'dolthubapi', isRegex: false, isEqual: true }];
    const draft = {
      matchers,
      startsAt: served.now(),
      endsAt: served.now() + HOUR,
      createdBy: 'ana',
      comment: 'upgrade',
    };
    const ended = silences.put(draft);
    served.lapse(1000);
    const active = silences.put({ ...draft, comment: 'again', endsAt: draft.endsAt + HOUR });
    served.lapse(1000);
    silences.expire(ended);
    const found = await alertmanager.silences();
    assert.deepEqual(
      found.map(({ id, state }) => [id, state]),
      [
        [ended, 'expired'],
        [active, 'active'],
      ],
    );
    assert.deepEqual(found[1]?.matchers, matchers);
    assert.equal(found[1]?.createdBy, 'ana');
    assert.equal(found[0]?.endsAt, new Date(served.now()).toISOString());
    assert.match(await alertmanager.version(), /^\d+\.\d+\.\d+$/);
  });
});

import assert from 'node:assert/strict';
import { BEGIN, type ServedPrometheus, servePrometheus } from '../../support/serve-prometheus.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const UNKNOWN = '11111111-1111-4111-8111-111111111111';

interface SilenceView {
  id: string;
  status: { state: string };
  startsAt: string;
  endsAt: string;
}

describe("the sandbox's Alertmanager", () => {
  let served: ServedPrometheus;
  const sent: string[] = [];
  beforeEach(async () => {
    served = await servePrometheus();
    sent.length = 0;
    served.alertmanager.onNotification(({ status, labels }, receiver) => {
      if (receiver === 'sns') sent.push(`${status} ${labels['alertname']} ${labels['service']}`);
    });
  });
  afterEach(() => served.stop());

  const ask = async (path: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> => {
    const answer = await fetch(`${served.baseUrl}/alertmanager/api/v2${path}`, init);
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  };
  const at = (ms: number) => new Date(BEGIN + ms).toISOString();
  const draft = (changes: Record<string, unknown> = {}) => ({
    matchers: [{ name: 'service', value: 'dolthubapi', isRegex: false, isEqual: true }],
    startsAt: at(0),
    endsAt: at(HOUR),
    createdBy: 'sam',
    comment: 'known, being worked on',
    ...changes,
  });
  const post = (body: unknown, type = 'application/json') =>
    ask('/silences', {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const create = async (changes: Record<string, unknown> = {}): Promise<string> => {
    const { status, body } = await post(draft(changes));
    assert.equal(status, 200, JSON.stringify(body));
    return (body as { silenceID: string }).silenceID;
  };
  const states = async () =>
    ((await ask('/silences')).body as SilenceView[]).map(({ id, status }) => [id, status.state]);
  const goDown = () => {
    served.pods.mark('dolthubapi', false);
    served.clock.advance(2 * MINUTE);
  };
  const down = async (query = '') => {
    const { body } = await ask(`/alerts?filter=alertname%3D%22ServiceDown%22${query}`);
    return body as {
      status: { state: string; silencedBy: string[] };
      receivers: unknown;
      fingerprint: string;
      endsAt: string;
    }[];
  };

  it('an alert that fires is active, with its receiver and an end some minutes ahead', async () => {
    goDown();
    const [alert] = await down();
    assert.deepEqual(alert?.status, { inhibitedBy: [], silencedBy: [], state: 'active' });
    assert.deepEqual(alert?.receivers, [{ name: 'sns' }]);
    assert.equal(alert?.endsAt, at(4 * MINUTE));
    assert.deepEqual(sent, ['firing ServiceDown dolthubapi']);
  });

  it('a silence suppresses the alerts that it matches, and nothing is sent, not even the end', async () => {
    const id = await create();
    goDown();
    const [alert] = await down();
    assert.deepEqual(alert?.status, { inhibitedBy: [], silencedBy: [id], state: 'suppressed' });
    assert.deepEqual(await down('&silenced=false'), []);
    assert.equal((await down('&active=false')).length, 1);
    served.pods.mark('dolthubapi', true);
    served.clock.advance(2 * MINUTE);
    assert.deepEqual(sent, []);
  });

  it('when a silence is ended and the alert still fires, it is sent then', async () => {
    const id = await create();
    goDown();
    const { status } = await ask(`/silence/${id}`, { method: 'DELETE' });
    assert.equal(status, 200);
    assert.deepEqual(await states(), [[id, 'expired']]);
    assert.deepEqual(sent, [], 'before its group is looked at again');
    served.clock.advance(MINUTE);
    assert.deepEqual(sent, ['firing ServiceDown dolthubapi']);
  });

  it('a silence ends by itself', async () => {
    const id = await create({ endsAt: at(10 * MINUTE) });
    goDown();
    assert.equal(sent.length, 0);
    served.lapse(11 * MINUTE);
    assert.deepEqual(await states(), [[id, 'expired']]);
    assert.ok(sent.includes('firing ServiceDown dolthubapi'));
  });

  it('a page is repeated every four hours while its alert fires, and its end is told once', async function () {
    this.timeout(90_000);
    goDown();
    served.clock.advance(4 * HOUR + MINUTE);
    assert.equal(sent.filter((line) => line === 'firing ServiceDown dolthubapi').length, 2);
    served.pods.mark('dolthubapi', true);
    served.clock.advance(2 * MINUTE);
    assert.equal(sent.filter((line) => line === 'resolved ServiceDown dolthubapi').length, 1);
  });

  it('all four kinds of matcher work, in silences and in filters', async () => {
    goDown();
    await create({
      matchers: [
        { name: 'service', value: 'dolt.*', isRegex: true },
        { name: 'severity', value: 'none', isRegex: false, isEqual: false },
        { name: 'alertname', value: 'High.*', isRegex: true, isEqual: false },
      ],
    });
    assert.equal((await down())[0]?.status.state, 'suppressed');
    const filtered = async (filter: string) =>
      ((await ask(`/alerts?filter=${encodeURIComponent(filter)}`)).body as unknown[]).length;
    assert.deepEqual(
      [
        await filtered('severity=~"p.*"'),
        await filtered('severity!~"p.*"'),
        await filtered('severity!=page'),
        await filtered('service=dolthubapi'),
      ],
      [1, 1, 1, 1],
    );
  });

  it('a silence that starts in the past starts now, and one for later is pending', async () => {
    const now = await create({ startsAt: at(-HOUR) });
    const later = await create({ startsAt: at(HOUR), endsAt: at(2 * HOUR) });
    assert.deepEqual(await states(), [
      [now, 'active'],
      [later, 'pending'],
    ]);
    const { body } = await ask(`/silence/${now}`);
    assert.equal((body as SilenceView).startsAt, at(0));
  });

  it('changing only the end keeps the silence; any other change makes a new one and ends the old', async () => {
    const id = await create();
    assert.equal(await create({ id, endsAt: at(2 * HOUR) }), id);
    const other = await create({ id, matchers: [{ name: 'service', value: 'userservice', isRegex: false }] });
    assert.notEqual(other, id);
    assert.deepEqual(await states(), [
      [other, 'active'],
      [id, 'expired'],
    ]);
  });

  it('what Alertmanager refuses is a 400 with one string', async () => {
    const said = async (changes: Record<string, unknown>) => {
      const { status, body } = await post(draft(changes));
      return [status, body];
    };
    assert.deepEqual(await said({ endsAt: at(-HOUR), startsAt: at(0) }), [
      400,
      'Failed to create silence: start time must be before end time',
    ]);
    assert.deepEqual(await said({ startsAt: at(-2 * HOUR), endsAt: at(-HOUR) }), [
      400,
      "Failed to create silence: end time can't be in the past",
    ]);
    assert.deepEqual(await said({ matchers: [{ name: 'a', value: '', isRegex: false }] }), [
      400,
      'silence invalid: at least one matcher must not match the empty string',
    ]);
    assert.deepEqual(await said({ matchers: [{ name: 'a', value: '(', isRegex: true }] }), [
      400,
      'silence invalid: invalid label matcher 0: invalid regular expression "(": error parsing regexp: missing closing ): `(`',
    ]);
    const filter = await ask('/alerts?filter=foo');
    assert.deepEqual([filter.status, filter.body], [400, 'bad matcher format: foo']);
  });

  it('what its parser refuses is an object with a code', async () => {
    assert.deepEqual(await post({}), { status: 422, body: { code: 602, message: 'comment in body is required' } });
    assert.deepEqual(await post(draft({ matchers: [] })), {
      status: 422,
      body: { code: 612, message: 'matchers in body should have at least 1 items' },
    });
    assert.equal((await post('{bad')).status, 400);
    assert.equal((await post(draft(), 'text/plain')).status, 415);
    assert.deepEqual(await ask('/silence/nosuch'), {
      status: 422,
      body: { code: 601, message: 'silenceID in path must be of type uuid: "nosuch"' },
    });
  });

  it('an unknown silence is a 404 to read, and a 500 to end, as in version 0.25', async () => {
    assert.deepEqual(await ask(`/silence/${UNKNOWN}`), { status: 404, body: null });
    assert.deepEqual(await ask(`/silence/${UNKNOWN}`, { method: 'DELETE' }), {
      status: 500,
      body: 'silence not found',
    });
    assert.deepEqual(await post(draft({ id: UNKNOWN })), { status: 404, body: 'silence not found' });
  });

  it('groups hold the alerts of one name and service', async () => {
    goDown();
    const { body } = await ask('/alerts/groups');
    const groups = body as { labels: Record<string, string>; receiver: { name: string }; alerts: unknown[] }[];
    assert.deepEqual(
      groups.map(({ labels, receiver, alerts }) => [labels, receiver.name, alerts.length]),
      [
        [{ alertname: 'Watchdog' }, 'watchdog', 1],
        [{ alertname: 'ServiceDown', service: 'dolthubapi' }, 'sns', 1],
      ],
    );
  });

  it('an alert that was sent, silenced and freed again is not sent twice within its repeat interval', async () => {
    goDown();
    const id = await create();
    served.clock.advance(MINUTE);
    await ask(`/silence/${id}`, { method: 'DELETE' });
    served.clock.advance(10 * MINUTE);
    assert.deepEqual(sent, ['firing ServiceDown dolthubapi']);
  });

  describe('alerts that others report', () => {
    const report = async (...alerts: Record<string, unknown>[]) =>
      ask('/alerts', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      });
    const labels = { alertname: 'DiskFull', service: 'dolthubapi', severity: 'page' };
    const held = async (query = '') =>
      (await ask(`/alerts?filter=alertname%3D~%22DiskFull%7CHighErrorRatio%22${query}`)).body as {
        status: { state: string; inhibitedBy: string[] };
        startsAt: string;
        endsAt: string;
      }[];

    it('are held and sent, end after resolve_timeout unless repeated, and their end is told', async () => {
      assert.equal((await report({ labels })).status, 200);
      assert.deepEqual(sent, ['firing DiskFull dolthubapi']);
      assert.equal((await held())[0]?.endsAt, at(5 * MINUTE));
      served.lapse(4 * MINUTE);
      await report({ labels });
      served.lapse(4 * MINUTE);
      const [one] = await held();
      assert.deepEqual([one?.startsAt, one?.endsAt], [at(0), at(9 * MINUTE)]);
      served.lapse(2 * MINUTE);
      assert.deepEqual(await held(), []);
      assert.deepEqual(sent, ['firing DiskFull dolthubapi', 'resolved DiskFull dolthubapi']);
    });

    it('are not sent while a silence covers them', async () => {
      await create();
      await report({ labels });
      served.clock.advance(10 * MINUTE);
      assert.deepEqual(sent, []);
    });

    it('are held back while an alert that explains them fires, which the filters know', async () => {
      goDown();
      await report({ labels: { ...labels, alertname: 'HighErrorRatio' } });
      const [source] = await down();
      assert.deepEqual((await held())[0]?.status, {
        inhibitedBy: [source?.fingerprint],
        silencedBy: [],
        state: 'suppressed',
      });
      assert.deepEqual([(await held('&inhibited=false')).length, (await held('&active=false')).length], [0, 1]);
      assert.deepEqual(sent, ['firing ServiceDown dolthubapi']);
    });
  });

  it('it says which version it follows, and what it does not know', async () => {
    const { body } = await ask('/status');
    assert.equal((body as { versionInfo: { version: string } }).versionInfo.version, '0.25.0');
    assert.deepEqual(await ask('/nosuch'), {
      status: 404,
      body: { code: 404, message: 'path /api/v2/nosuch was not found' },
    });
    assert.equal((await ask('/silences', { method: 'PUT' })).status, 405);
  });
});

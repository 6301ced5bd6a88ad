import assert from 'node:assert/strict';
import type { Received } from '../../../src/lib/sandbox/exchange.ts';
import { startWorld, type TestWorld } from '../../support/world.ts';

const writes = (received: readonly Received[]) => received.filter(({ method }) => method !== 'GET');
const HOUR = 3_600_000;

interface Body {
  matchers: { name: string; value: string; isRegex: boolean; isEqual: boolean }[];
  startsAt: string;
  endsAt: string;
  createdBy: string;
  comment: string;
}

describe('oncall silence add', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const posted = () => writes(world.received('alertmanager')).map(({ body }) => body as Body);
  const silences = () => world.sandbox.world.alertmanager.silences.list();
  const add = (...argv: string[]) => world.oncall(['silence', 'add', ...argv]);

  it('silences exactly the alert of the open incident, and looks that it is quiet', async () => {
    const ran = await add('-d', '1h', '-m', 'revert is going out', '--yes');
    assert.equal(ran.code, 0, ran.stderr);
    const [body] = posted();
    assert.ok(body);
    assert.deepEqual(
      body.matchers.map(({ name, value }) => [name, value]),
      [
        ['alertname', 'ServiceDown'],
        ['app', 'dolthubapi'],
        ['service', 'dolthubapi'],
        ['severity', 'page'],
      ],
    );
    assert.equal(body.createdBy, 'sam');
    assert.equal(Date.parse(body.endsAt) - Date.parse(body.startsAt), HOUR);
    assert.match(ran.stdout, /It hides 1 alert that fires now:\n.*ServiceDown {2}dolthubapi/);
    assert.match(ran.stdout, new RegExp(`Silenced: 1 alert hidden now. Id ${silences()[0]?.id}`));
    assert.match(
      ran.stdout,
      /amtool silence add --alertmanager.url=\S+ -a sam -c 'revert is going out' -d 1h 'alertname="ServiceDown"'/,
    );
    assert.match(ran.stdout, /oncall silence end [0-9a-f]{8}/);
    const reads = world.received('alertmanager').map(({ operation }) => operation);
    assert.deepEqual(reads.slice(-2).sort(), ['GET /api/v2/alerts', 'GET /api/v2/silences']);
  });

  it('goes to the timeline of the incident', async () => {
    await add('-d', '1h', '-m', 'revert is going out', '--yes');
    const ran = await world.oncall(['incident', 'timeline']);
    assert.match(
      ran.stdout,
      /Silenced ServiceDown of dolthubapi until \d{4}-\d\d-\d\d \d\d:\d\dZ: revert is going out/,
    );
  });

  it('warns strongly of a page that nobody has acknowledged, until somebody has', async () => {
    const before = await add('-d', '1h', '-m', 'x', '--dry-run');
    assert.match(before.stderr, /NOBODY HAS ACKNOWLEDGED "dolthubapi is down" \(sam paged, no answer\)/);
    await world.oncall(['ack']);
    const after = await add('-d', '1h', '-m', 'x', '--dry-run');
    assert.doesNotMatch(after.stderr, /NOBODY/);
  });

  it('names the other services that it would hide too', async () => {
    const ran = await add('ServiceDown', '-d', '1h', '-m', 'x', '--dry-run');
    assert.match(ran.stderr, /would also hide alerts, should they fire, of: dolthub-web, /);
    world.sandbox.world.alertmanager.report([
      {
        labels: { alertname: 'ServiceDown', service: 'userservice', severity: 'page' },
        annotations: {},
        startsAt: null,
        endsAt: null,
        generatorURL: '',
      },
    ]);
    const both = await add('ServiceDown', '-d', '1h', '-m', 'x', '--dry-run');
    assert.match(both.stderr, /also hides alerts that fire now of other services: dolthubapi, userservice/);
    assert.match(both.stdout, /It hides 2 alerts that fire now/);
    const one = await add('ServiceDown', '--service', 'dolthubapi', '-d', '1h', '-m', 'x', '--dry-run');
    assert.doesNotMatch(one.stderr, /also hide/);
  });

  it('takes --service by the label that its alerts use, and --alert by name', async () => {
    const ran = await add('--service', 'dolthubapi', '--alert', 'ServiceDown', '-d', '30m', '-m', 'x', '--yes');
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(
      posted()[0]?.matchers.map(({ name, value }) => [name, value]),
      [
        ['alertname', 'ServiceDown'],
        ['service', 'dolthubapi'],
      ],
    );
  });

  it('wants a duration and a comment, and names the flags off a terminal', async () => {
    const noEnd = await add('ServiceDown', '-m', 'x', '--yes');
    assert.equal(noEnd.code, 2);
    assert.match(noEnd.stderr, /-d\/--duration/);
    for (const comment of [[], ['-m', ' ']]) {
      const noReason = await add('ServiceDown', '-d', '1h', '--yes', ...comment);
      assert.equal(noReason.code, 2);
      assert.match(noReason.stderr, /--comment/);
    }
    const unasked = await add('ServiceDown', '-d', '1h', '-m', 'x');
    assert.equal(unasked.code, 2);
    assert.match(unasked.stderr, /--yes/);
    assert.deepEqual(posted(), []);
  });

  for (const [why, argv, code, words] of [
    ['more than twelve hours', ['ServiceDown', '-d', '13h'], 8, /12 h at most.*outlives your shift/],
    ['what fits the empty string', ['service!=x', '-d', '1h'], 8, /Alertmanager takes no such silence/],
    ['an empty pattern', ['alertname=~.*', '-d', '1h'], 8, /Alertmanager takes no such silence/],
    ['what fits everything', ['alertname=~.+', 'service=~".+"', '-d', '1h'], 8, /name nothing/],
    ['a second word that is no matcher', ['ServiceDown', 'dolthubapi', '-d', '1h'], 2, /"dolthubapi" is no matcher/],
    ['a pattern that is none', ['alertname=~Service(', '-d', '1h'], 2, /missing closing \)/],
    ['to wait for the end of nothing', ['Quiet', '--until-resolved'], 2, /no end to wait for/],
  ] as const) {
    it(`refuses ${why}, and writes nothing`, async () => {
      const ran = await add(...argv, '-m', 'x', '--yes');
      assert.equal(ran.code, code, ran.stdout);
      assert.match(ran.stderr, words);
      assert.deepEqual(posted(), []);
    });
  }

  it('without an incident and without words it says what to say', async () => {
    const quiet = await startWorld({ scenario: 'quiet' });
    const ran = await quiet.oncall(['silence', 'add', '-d', '1h', '-m', 'x', '--yes']);
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /oncall silence add alertname=NAME service=NAME/);
    await quiet.close();
  });

  it('prints the exact call with --dry-run, and makes none', async () => {
    const ran = await add('ServiceDown', '-d', '1h', '-m', 'x', '--dry-run');
    assert.equal(ran.code, 0);
    assert.match(ran.stdout, /POST \/api\/v2\/silences\n/);
    assert.deepEqual(posted(), []);
  });

  it('says that the same is silenced already', async () => {
    await add('ServiceDown', '-d', '1h', '-m', 'x', '--yes');
    const ran = await add('ServiceDown', '-d', '2h', '-m', 'y', '--dry-run');
    assert.match(ran.stderr, /silenced already by sam, which ends in (1h|59m)/);
  });

  it('after a broken answer it looks, finds the silence, and does not write again', async () => {
    world.sandbox.faults.add({ face: 'alertmanager', kind: 'cut', match: 'POST', count: 1 });
    const ran = await add('ServiceDown', '-d', '1h', '-m', 'x', '--yes');
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(posted().length, 1);
    assert.equal(silences().length, 1);
  });

  for (const kind of ['500', '503', 'refused', 'malformed'] as const) {
    it(`after ${kind} it looks, and says that nothing was set`, async () => {
      world.sandbox.faults.add({ face: 'alertmanager', kind, match: 'POST', count: 1 });
      const ran = await add('ServiceDown', '-d', '1h', '-m', 'x', '--yes');
      assert.equal(ran.code, 6);
      assert.match(ran.stderr, /was not set.*\n.*does not have it/);
      assert.equal(posted().length, 1);
      assert.deepEqual(silences(), []);
    });
  }

  it('where it cannot look either, it says that it does not know', async () => {
    world.sandbox.faults.add({ face: 'alertmanager', kind: 'cut', match: 'POST', count: 1 });
    world.sandbox.faults.add({ face: 'alertmanager', kind: '503', match: 'silences', after: 1 });
    const ran = await add('ServiceDown', '-d', '1h', '-m', 'x', '--yes');
    assert.equal(ran.code, 6);
    assert.match(ran.stderr, /not known whether the silence was set.*\n.*oncall silence list --mine/);
    assert.equal(posted().length, 1);
  });

  it('works while the pager is down, and says what it could not see', async () => {
    world.sandbox.faults.add({ face: 'ssm-incidents', kind: '503' });
    const ran = await add('ServiceDown', '-d', '1h', '-m', 'x', '--yes');
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, /Whether it hides an open page is not known/);
    assert.equal(silences().length, 1);
  });

  it('really keeps the pager quiet: an alert that has not been sent opens no incident', async () => {
    const quiet = await startWorld({ scenario: 'quiet' });
    const ran = await quiet.oncall([
      'silence',
      'add',
      'ServiceDown',
      'service=dolthubapi',
      '-d',
      '1h',
      '-m',
      'x',
      '--yes',
    ]);
    assert.equal(ran.code, 0, ran.stderr);
    quiet.sandbox.world.play('bad-deploy');
    quiet.advance(300);
    const alerts = await quiet.oncall(['alerts', '--silenced', '--json']);
    assert.deepEqual(
      alerts.json<{ result: { alerts: { name: string; state: string }[] } }>().result.alerts.map(({ state }) => state),
      ['suppressed'],
    );
    const open = () => quiet.sandbox.world.incidentManager.incidents.list().filter(({ status }) => status === 'OPEN');
    assert.deepEqual(open(), []);
    await quiet.oncall(['silence', 'end', '--yes']);
    quiet.advance(60);
    assert.deepEqual(
      open().map(({ title }) => title),
      ['dolthubapi is down'],
    );
    await quiet.close();
  });

  it('--until-resolved sets a short silence; Ctrl-C lets it run out, and says when', async () => {
    const stop = new AbortController();
    const ran = await world.oncall(['silence', 'add', '--until-resolved', '-m', 'x', '--yes'], {
      signal: stop.signal,
      onOutput: (text) => {
        if (/Silenced: 1 alert/.test(text)) setImmediate(() => stop.abort());
      },
    });
    assert.equal(ran.code, 130);
    assert.match(ran.stderr, /runs out by itself at .* \(in 1[45]m/);
    const [body] = posted();
    assert.equal(Date.parse(body?.endsAt ?? '') - Date.parse(body?.startsAt ?? ''), HOUR / 4);
    assert.equal(posted().length, 1);
  });
});

import assert from 'node:assert/strict';
import type { Matcher, Silence } from '../../../src/lib/clients/alertmanager/alertmanager.ts';
import { endedSilences, matches } from '../../../src/lib/metrics/silences.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 0, 0);
const HOUR = 3_600_000;
const minutesAgo = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

function matcher(text: string): Matcher {
  const [, name = '', op = '', value = ''] = /^(\w+)(=~|!~|!=|=)(.*)$/.exec(text) ?? [];
  return { name, value, isRegex: op.endsWith('~'), isEqual: !op.startsWith('!') };
}

function silence(id: string, changes: Partial<Silence>, ...matchers: string[]): Silence {
  return {
    id,
    state: 'expired',
    matchers: matchers.map(matcher),
    startsAt: minutesAgo(120),
    endsAt: minutesAgo(10),
    updatedAt: minutesAgo(10),
    createdBy: 'ana',
    comment: 'migration',
    ...changes,
  };
}

async function ended(silences: Silence[], about: Parameters<typeof endedSilences>[0]['about']): Promise<string[]> {
  const alertmanager = { silences: async () => silences };
  return (await endedSilences({ alertmanager, about, now: NOW, within: HOUR })).map(({ id }) => id);
}

describe('Matchers of a silence (a pattern that only Go reads claims nothing)', () => {
  const cases: [matcher: string, value: string, matches: boolean][] = [
    ['app=api', 'api', true],
    ['app=api', 'api2', false],
    ['app!=api', 'web', true],
    ['app!=api', '', true],
    ['app=~api|web', 'web', true],
    ['app=~api', 'dolthubapi', false],
    ['app=~.*api', 'dolthubapi', true],
    ['app!~api|web', 'apiary', true],
    ['app!~api|web', 'api', false],
    ['app=~(?i)API', 'api', true],
    ['app=', '', true],
    ['app=~.+', '', false],
    ['app=~[[:alpha:]]+', 'a', false],
    ['app!~[[:alpha:]]+', '7', false],
    ['app!~(', 'a', false],
  ];
  for (const [text, value, expected] of cases) {
    it(`${text} ${expected ? 'takes' : 'does not take'} "${value}"`, () => {
      assert.equal(matches(matcher(text), value), expected);
    });
  }
});

describe('Silences that ended', () => {
  const labels = { alertname: 'Down', app: 'api' };

  it('are those that matched the alert and ended within the time, the latest first', async () => {
    const silences = [
      silence('matched', {}, 'alertname=Down', 'app=~a.*'),
      silence('later', { endsAt: minutesAgo(1) }, 'alertname=Down'),
      silence('other-alert', {}, 'alertname=Slow'),
      silence('needs-label', {}, 'alertname=Down', 'pod=~.+'),
      silence('absent-label', { endsAt: minutesAgo(20) }, 'alertname=Down', 'pod=', 'env!=staging'),
      silence('long-ago', { endsAt: minutesAgo(61) }, 'alertname=Down'),
      silence('still-active', { state: 'active', endsAt: new Date(NOW + HOUR).toISOString() }, 'alertname=Down'),
      silence('never-began', { startsAt: minutesAgo(5), endsAt: minutesAgo(5) }, 'alertname=Down'),
    ];
    assert.deepEqual(await ended(silences, { labels }), ['later', 'matched', 'absent-label']);
  });

  it('are found by the service where no alert is known', async () => {
    const silences = [
      silence('by-service', {}, 'service=api', 'alertname=Whatever'),
      silence('by-app', {}, 'app=~api|web'),
      silence('other', {}, 'app=web'),
      silence('all-but', {}, 'app!=web'),
    ];
    assert.deepEqual(await ended(silences, { service: 'api' }), ['by-service', 'by-app']);
  });

  it('name their matchers as Alertmanager writes them', async () => {
    const alertmanager = { silences: async () => [silence('x', {}, 'app=~a"b', 'c!=d')] };
    const [found] = await endedSilences({ alertmanager, about: { labels: { app: 'a"b' } }, now: NOW, within: HOUR });
    assert.deepEqual(found?.matchers, ['app=~"a\\"b"', 'c!="d"']);
  });
});

import assert from 'node:assert/strict';
import type { Received } from '../../../src/lib/sandbox/exchange.ts';
import { startWorld, type TestWorld } from '../../support/world.ts';

describe('oncall sandbox log', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const log = async (...argv: string[]) => {
    const ran = await world.oncall(['sandbox', 'log', ...argv, '--json']);
    assert.equal(ran.code, 0, ran.stderr);
    return ran.json<{ result: { received: Received[] } }>().result.received;
  };

  it('shows time, service, status, fault and operation of each request, newest last', async () => {
    world.sandbox.faults.add({ face: 'github', kind: '503', count: 1 });
    await world.oncall(['ack']);
    const { stdout } = await world.oncall(['sandbox', 'log', '-n', '1000']);
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.length, world.sandbox.received().length);
    for (const line of lines) assert.match(line, /^\d\d:\d\d:\d\d\.\d{3}Z {2}[a-z-]+ +(\d{3}|-) /);
    assert.match(stdout, /ssm-contacts {3}200 +AcceptPage\n/);
    assert.match(stdout, /github {9}503 {2}503 +GET \/repos\//);
    const times = lines.map((line) => line.slice(0, 12));
    assert.deepEqual(times, [...times].sort());
  });

  it('keeps to a service, an operation, errors, writes, a span and a number', async () => {
    world.sandbox.faults.add({ face: 'prometheus', kind: '500', count: 1, match: 'query_range' });
    await world.oncall(['ack']);
    assert.deepEqual([...new Set((await log('alertmanager')).map(({ face }) => face))], ['alertmanager']);
    assert.deepEqual(
      (await log('--writes')).map(({ operation }) => operation),
      ['AcceptPage', 'CreateTimelineEvent'],
    );
    assert.deepEqual(
      (await log('--errors')).map(({ face, status }) => [face, status]),
      [['prometheus', 500]],
    );
    assert.equal((await log('--operation', 'acceptpage')).length, 1);
    assert.equal((await log('-n', '3')).length, 3);
    assert.deepEqual(await log('--operation', 'StopEngagement'), []);
    const hourLater = () => Date.now() + 3_600_000;
    const later = await world.oncall(['sandbox', 'log', '--since', '30m'], { now: hourLater });
    assert.match(later.stdout, /Nothing of that/);
  });

  it('shows bodies when asked to, and no credential', async () => {
    await world.oncall(['ack']);
    const { stdout } = await world.oncall(['sandbox', 'log', '--writes', '--body']);
    assert.match(stdout, /AcceptPage\n {2}\{"PageId":"arn:aws:ssm-contacts/);
    const everything = JSON.stringify(await log('-n', '1000'));
    assert.doesNotMatch(everything, /authorization|Bearer|AWS4-HMAC/i);
  });

  it('follows: shows what comes in once it is answered, until Ctrl-C', async () => {
    const interrupt = new AbortController();
    let shown = '';
    let following: Promise<void> = Promise.resolve();
    const seen = new Promise<void>((resolve) => {
      following = world
        .oncall(['sandbox', 'log', '-f', '--writes', '-n', '1'], {
          signal: interrupt.signal,
          onOutput: (text) => {
            shown += text;
            if (/CreateTimelineEvent/.test(shown)) resolve();
          },
        })
        .then((ran) => assert.equal(ran.code, 130));
    });
    await world.oncall(['ack']);
    await seen;
    interrupt.abort();
    await following;
    assert.equal(shown.match(/AcceptPage/g)?.length, 1);
  });
});

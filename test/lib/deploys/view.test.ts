import assert from 'node:assert/strict';
import type { DeploysResult } from '../../../src/lib/deploys/list-deploys.ts';
import { deploysView, nearness } from '../../../src/lib/deploys/view.ts';
import { createPaint } from '../../../src/lib/text/paint.ts';
import { c, MINUTE, marked, minutesAgo, NOW } from './some-deploys.ts';

const options = {
  paint: createPaint({ colour: false, ascii: false }),
  zone: { utc: true, timeZone: null },
  now: NOW,
  width: 120,
};
const result = (facts: Partial<DeploysResult>): DeploysResult => ({
  services: [
    {
      service: 'dolthubapi',
      repository: 'dolthub/dolthubapi',
      source: 'deployments',
      cachedAt: null,
      now: { sha: c('b'), from: 'cluster', cachedAt: null, image: 'x', ready: 0, desired: 3 },
      alreadyLastGood: false,
      drift: null,
    },
  ],
  since: new Date(NOW - 24 * 60 * MINUTE).toISOString(),
  onset: minutesAgo(10),
  deploys: [],
  more: 0,
  ...facts,
});

describe('the view of deploys', () => {
  it('begins with the deploy near the onset, and never says what caused it', () => {
    const suspect = { rank: 1, beforeOnsetSeconds: 240 };
    const deploys = [marked('b', 15, { current: true, suspect }), marked('a', 3000, { lastGood: true })];
    const text = deploysView(result({ deploys }), options);
    assert.match(text.split('\n')[0] ?? '', /^★ bbbbbbb was deployed 4m before onset \(03:10:00Z\): Change b/);
    assert.match(text, /next: oncall revert dolthubapi$/);
    assert.doesNotMatch(text, /cause/i);
  });

  it('says so when nothing went out near the onset', () => {
    const text = deploysView(result({ deploys: [marked('a', 3000, { current: true })] }), options);
    assert.match(text, /^No deploy of dolthubapi went out shortly before onset .*: the newest went out 2d 1h before/);
    assert.match(text, /next: oncall logs dolthubapi$/);
  });

  it('cannot be steered by a title', () => {
    const deploys = [marked('b', 15, { title: 'Fine\u001b[2J\u001b]0;x\u0007\nfake line\u202e' })];
    const text = deploysView(result({ deploys }), options);
    assert.doesNotMatch(text, /[\u001b\u0007\u202e]/);
    assert.doesNotMatch(text, /^fake line/m);
  });

  it('says it in ASCII where the terminal knows no more', () => {
    const suspect = { rank: 1, beforeOnsetSeconds: 240 };
    const deploys = [marked('b', 15, { current: true, suspect }), marked('a', 3000, { lastGood: true })];
    const paint = createPaint({ colour: false, ascii: true });
    assert.match(deploysView(result({ deploys }), { ...options, paint }), /^[\x20-\x7e\n]*$/);
  });

  it('has words for no deploy at all', () => {
    assert.match(deploysView(result({ onset: null }), options), /^No deploy of dolthubapi is known\./);
  });

  for (const [seconds, words] of [
    [240, '4m before onset'],
    [-90, '1m 30s after onset'],
    [0, 'at the onset'],
  ] as const) {
    it(`calls ${seconds} s ${words}`, () => {
      assert.equal(nearness({ rank: 1, beforeOnsetSeconds: seconds }), words);
    });
  }
});

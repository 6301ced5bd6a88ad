import assert from 'node:assert/strict';
import { WorldClock } from '../../src/lib/sandbox/world/clock.ts';

describe("the world's clock", () => {
  it('moves waits on without moving the wall clock', () => {
    const clock = new WorldClock({ wall: () => 1000 });
    const seen: string[] = [];
    clock.after(60_000, () => seen.push('a minute'));
    clock.after(5000, () => {
      seen.push('five seconds');
      clock.after(5000, () => seen.push('five more'));
    });
    clock.advance(59_000);
    assert.deepEqual(seen, ['five seconds', 'five more']);
    clock.advance(1000);
    assert.deepEqual(seen, ['five seconds', 'five more', 'a minute']);
    assert.equal(clock.now(), 1000);
    clock.stop();
  });

  it('runs what is due at the same moment in the order in which it was asked for', () => {
    const clock = new WorldClock({ wall: () => 0 });
    const seen: number[] = [];
    for (let i = 0; i < 5; i++) clock.after(1000, () => seen.push(i));
    clock.advance(1000);
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
    clock.stop();
  });

  it('shortens waits by its speed', () => {
    let wall = 0;
    const clock = new WorldClock({ speed: 60, wall: () => wall });
    let rang = false;
    clock.after(60_000, () => {
      rang = true;
    });
    wall = 999;
    clock.advance(0);
    assert.equal(rang, false);
    wall = 1000;
    clock.advance(0);
    assert.equal(rang, true);
    clock.stop();
  });

  it('lives through a past at the moments of that past, and then is in the present', () => {
    const clock = new WorldClock({ speed: 10, wall: () => 100_000, behind: 60_000 });
    const seen: [string, number][] = [];
    assert.equal(clock.now(), 40_000);
    clock.after(10_000, () => {
      seen.push(['first', clock.now()]);
      clock.after(20_000, () => seen.push(['second', clock.now()]));
    });
    clock.after(90_000, () => seen.push(['later', clock.now()]));
    clock.catchUp();
    assert.deepEqual(seen, [
      ['first', 50_000],
      ['second', 70_000],
    ]);
    assert.equal(clock.now(), 100_000);
    assert.equal(clock.untilNext(), 30_000);
    clock.stop();
  });

  it('repeats until cancelled', () => {
    const clock = new WorldClock({ wall: () => 0 });
    let count = 0;
    const beat = clock.every(1000, () => count++);
    clock.advance(3500);
    beat.cancel();
    clock.advance(5000);
    assert.equal(count, 3);
    clock.stop();
  });

  it('never gives the same stamp twice', () => {
    const clock = new WorldClock({ wall: () => 5 });
    assert.deepEqual([clock.stamp(), clock.stamp(), clock.stamp()], [5, 6, 7]);
  });
});

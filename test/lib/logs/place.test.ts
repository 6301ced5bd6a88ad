import assert from 'node:assert/strict';
import { Place } from '../../../src/lib/logs/place.ts';

const DAY = new Date().toISOString().slice(0, 11);

function line(second: number, text: string): Buffer {
  return Buffer.from(`${DAY}03:00:${second.toFixed(9).padStart(12, '0')}Z ${text}`);
}

function deliver(place: Place, lines: readonly Buffer[]): void {
  for (const one of lines) place.deliver(one, 0, one.length);
}

/** What of a replay counts as new. */
function replay(place: Place, lines: readonly Buffer[]): string[] {
  const fresh: string[] = [];
  for (const one of lines) {
    if (place.scanning) place.look(one, 0, one.length);
    else fresh.push(one.toString('latin1', 31));
  }
  return fresh;
}

describe('The place in a log', () => {
  it('searches for nothing before the first line', () => {
    const place = new Place();
    place.resume();
    assert.equal(place.scanning, false);
    assert.equal(place.nanos, null);
  });

  it('skips a replay up to the last delivered line, counting equal ones', () => {
    const place = new Place();
    const log = [line(1, 'a'), line(2, 'x'), line(2, 'x'), line(2, 'b'), line(2, 'x'), line(3, 'c')];
    deliver(place, log.slice(0, 3));
    place.resume();
    assert.deepEqual(replay(place, log), ['b', 'x', 'c']);
  });

  it('counts equal lines within one piece', () => {
    const place = new Place();
    const piece = Buffer.concat([line(2, 'x'), Buffer.from('\n'), line(2, 'x')]);
    place.deliver(piece, 0, piece.length);
    place.resume();
    assert.deepEqual(replay(place, [line(2, 'x'), line(2, 'x'), line(2, 'x')]), ['x']);
  });

  it('takes the order of the file and not that of the stamps', () => {
    const place = new Place();
    const log = [line(2.000005, 'out'), line(2.000001, 'err'), line(2.000003, 'new')];
    deliver(place, log.slice(0, 2));
    place.resume();
    assert.deepEqual(replay(place, log), ['new']);
  });

  it('stays where it is when a search breaks off', () => {
    const place = new Place();
    const log = [line(1, 'a'), line(2, 'b'), line(3, 'c')];
    deliver(place, log.slice(0, 2));
    place.resume();
    assert.deepEqual(replay(place, log.slice(0, 1)), []);
    place.resume();
    assert.deepEqual(replay(place, log), ['c']);
  });

  it('gives, when it is lost, all that came after its last equal line, whatever the stamps', () => {
    const place = new Place();
    deliver(place, [line(5, 'x'), line(5, 'x')]);
    place.resume();
    assert.deepEqual(replay(place, [line(5, 'x'), line(4, 'clock set back'), line(5, 'y')]), []);
    assert.equal(place.holds, true);
    const lost: string[] = [];
    place.giveUp((bytes, start, end) => lost.push(bytes.toString('latin1', start + 31, end)));
    assert.deepEqual(lost, ['clock set back', 'y']);
    assert.equal(place.scanning, false);
  });

  it('is doubtful when lines come that are much newer', () => {
    const place = new Place();
    deliver(place, [line(5, 'x')]);
    place.resume();
    const [near, far] = [line(6, 'a'), line(8, 'b')];
    assert.equal(place.look(near, 0, near.length), 'held');
    assert.equal(place.look(far, 0, far.length), 'doubtful');
    assert.equal(place.beyond, true);
  });

  it('forgets with the run', () => {
    const place = new Place();
    deliver(place, [line(5, 'x')]);
    place.forget();
    place.resume();
    assert.equal(place.scanning, false);
  });
});

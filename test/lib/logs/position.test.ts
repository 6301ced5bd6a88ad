import assert from 'node:assert/strict';
import type { LogLine } from '../../../src/lib/logs/log-line.ts';
import { Position } from '../../../src/lib/logs/position.ts';

function line(ms: number, text: string): LogLine {
  const at = new Date(Date.UTC(2026, 0, 2) + ms).toISOString().replace('Z', '000000Z');
  return { at, text };
}

/** Small and repeatable; the tests must fail the same way twice. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('The place in a log', () => {
  it('lets everything pass at first', () => {
    const position = new Position();
    position.replay();
    assert.deepEqual(position.take([line(1, 'a'), line(1, 'a')]).length, 2);
    assert.equal(position.last?.text, 'a');
  });

  it('skips a replay up to the last shown line, counting equal ones', () => {
    const position = new Position();
    const log = [line(1, 'a'), line(2, 'x'), line(2, 'x'), line(2, 'b'), line(2, 'x'), line(3, 'c')];
    position.take(log.slice(0, 3));
    position.replay();
    assert.deepEqual(
      position.take(log).map(({ text }) => text),
      ['b', 'x', 'c'],
    );
  });

  it('goes on with a later run, whose log does not have the place', () => {
    const position = new Position();
    position.take([line(1000, 'panic')]);
    position.replay();
    assert.deepEqual(
      position.take([line(11_000, 'starting')]).map(({ text }) => text),
      ['starting'],
    );
  });

  it('shows what a short replay held back when the place never came', () => {
    const position = new Position();
    position.take([line(1000, 'gone')]);
    position.replay();
    assert.deepEqual(position.take([line(900, 'old'), line(1050, 'new')]), []);
    assert.deepEqual(
      position.end().map(({ text }) => text),
      ['new'],
    );
  });

  it('loses nothing and repeats nothing over any breaks, with equal stamps and disorder', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const random = chance(seed);
      const log = Array.from({ length: 60 }, (_, i) => {
        // Some lines share a stamp, some texts repeat, and stderr may be a little behind stdout.
        const ms = Math.floor(i / 2) * 20 + (random() < 0.1 ? -1 : 0);
        return line(10_000 + ms, random() < 0.3 ? 'same' : `line ${i}`);
      });
      const position = new Position();
      const shown: LogLine[] = [];
      for (let written = 0; written < log.length; ) {
        written = Math.min(log.length, written + Math.floor(random() * 15));
        position.replay();
        // The replay begins anywhere before the place, and breaks off anywhere: also before the place has come up.
        const from = Math.floor(random() * Math.max(0, shown.length - 5));
        const to = random() < 0.3 ? Math.min(written, from + Math.floor(random() * 10)) : written;
        shown.push(...position.take(log.slice(from, to)));
        if (to === written) shown.push(...position.end());
        if (to !== written) written = Math.min(written, Math.max(shown.length, to));
      }
      position.replay();
      shown.push(...position.take(log), ...position.end());
      assert.deepEqual(
        shown.map(({ at, text }) => `${at} ${text}`),
        log.map(({ at, text }) => `${at} ${text}`),
        `seed ${seed}`,
      );
    }
  });
});

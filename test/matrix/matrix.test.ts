import assert from 'node:assert/strict';
import { commandFiles } from '../../bin/registry.ts';
import { startWorld } from '../support/world.ts';
import { allCells, type Cell, sample } from './cells.ts';
import { ROWS, WITHOUT } from './expectations.ts';
import { closeShared, runCell, worldFor } from './run-cell.ts';

/** `npm run test:full` runs all; `npm test` a sample, which `ONCALL_MATRIX_SEED` gives again. */
const FULL = process.env.ONCALL_MATRIX === 'all';
const SEED = Number(process.env.ONCALL_MATRIX_SEED ?? Math.floor(Math.random() * 1e6));
/** `ONCALL_MATRIX_ONLY='× github 500'` runs all cells whose name matches. */
const ONLY = process.env.ONCALL_MATRIX_ONLY ? new RegExp(process.env.ONCALL_MATRIX_ONLY) : null;
/** So many cells of a sample, and so many more that have to be waited for. */
const CELLS = 60;
const SLOW_CELLS = 4;
/** What waits for a slow service costs no work, so many of them wait side by side. */
const AT_ONCE = 4;

/** A sample ends after so many milliseconds, however far it has come: a slow machine runs fewer. */
const BUDGET = 45_000;

describe('every command, every fault', () => {
  // The first use of each SDK costs seconds on a busy machine, which is more patience than decorations get.
  before(async function () {
    this.timeout(120_000);
    const world = await startWorld({ scenario: 'quiet' });
    await world.oncall(['doctor']);
    await world.close();
  });

  after(closeShared);

  it('has a row, or a reason why not, for every command', async () => {
    const commands = Object.keys(await commandFiles());
    const without = commands.filter(
      (command) => !ROWS.some((row) => row.command === command) && !WITHOUT.some(([pattern]) => pattern.test(command)),
    );
    assert.deepEqual(without, [], 'add a row to test/matrix/expectations.ts');
    assert.deepEqual(
      ROWS.filter(({ command }) => !commands.includes(command)).map(({ command }) => command),
      [],
    );
  });

  for (const row of ROWS) {
    it(`on a good day: oncall ${row.argv.join(' ')}`, async () => {
      const world = await worldFor(row);
      try {
        const ran = await world.oncall([...row.argv]);
        assert.equal(ran.code, 0, ran.stdout + ran.stderr);
        const seen = world.sandbox.received();
        const asked = [...new Set(seen.map(({ face }) => face))].filter((face) => world.received(face).length > 0);
        assert.deepEqual(asked.sort(), Object.keys(row.faces).sort(), 'the services that it asks');
        for (const write of row.each ?? []) {
          assert.equal(world.received(write.face, write.operation).length, 1, write.operation);
        }
      } finally {
        await world.close();
      }
    });
  }

  it('is as tabled', async function () {
    this.timeout(FULL || ONLY ? 3_600_000 : 300_000);
    const cells = allCells();
    const [slow, quick] = [cells.filter(isSlow), cells.filter((cell) => !isSlow(cell))];
    const some = [...sample(quick, CELLS, SEED), ...sample(slow, SLOW_CELLS, SEED)];
    const chosen = ONLY ? cells.filter(({ name }) => ONLY.test(name)) : FULL ? cells : some;
    const giveUp = FULL || ONLY ? Number.POSITIVE_INFINITY : Date.now() + BUDGET;
    const wrong: string[] = [];
    let ran = 0;
    const run = async (queue: Cell[]) => {
      for (let cell = queue.shift(); cell && Date.now() < giveUp; cell = queue.shift()) {
        wrong.push(...(await runCell(cell)));
        ran++;
      }
    };
    const waiting = chosen.filter(isSlow);
    await Promise.all([
      run(chosen.filter((cell) => !isSlow(cell))),
      ...Array.from({ length: AT_ONCE }, () => run(waiting)),
    ]);
    const verdict = wrong.length === 0 ? 'all as tabled' : `${wrong.length} not as tabled`;
    process.stdout.write(`      matrix: ${ran} cells run of ${cells.length}, seed ${SEED}, ${verdict}\n`);
    assert.equal(wrong.length, 0, `ONCALL_MATRIX_SEED=${SEED}\n${wrong.join('\n')}`);
  });
});

function isSlow({ fault }: Cell): boolean {
  return fault.kind === 'slow';
}

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ROOT } from '../../bin/registry.ts';
import { FACES, type FaultRequest } from '../../src/lib/sandbox/faults.ts';
import { Random } from '../../src/lib/sandbox/world/random.ts';
import { runProgram } from '../support/run-program.ts';
import { type Aviary, type Home, openAviary, secretsIn } from './canaries.ts';
import { ROWS, type Row } from './expectations.ts';

const FULL = process.env.ONCALL_MATRIX === 'all';
const SEED = Number(process.env.ONCALL_MATRIX_SEED ?? Math.floor(Math.random() * 1e6));

/** Days on which services tell more than they should: their errors repeat what they were sent. */
const DAYS: readonly (Pick<FaultRequest, 'kind' | 'echo'> | null)[] = [
  null,
  { kind: '401', echo: true },
  { kind: '403', echo: true },
  { kind: '429', echo: true },
  { kind: '500', echo: true },
  { kind: '503', echo: true },
  { kind: 'malformed' },
  { kind: 'cut' },
  { kind: 'lost' },
  { kind: 'refused' },
];
/** Days of each row in a sample. */
const SAMPLE = 2;

describe('secrets', function () {
  this.timeout(FULL ? 3_600_000 : 300_000);
  const random = new Random(SEED);
  const days = () => (FULL ? DAYS : [...DAYS].sort(() => random.next() - 0.5).slice(0, SAMPLE));
  let [runs, bytes] = [0, 0];

  for (const where of ['shell', 'files'] as const satisfies readonly Home[]) {
    describe(`in the ${where === 'shell' ? 'shell' : 'files of each tool'}`, () => {
      let aviary: Aviary;
      let own: NodeJS.ProcessEnv;
      before(async () => {
        aviary = await openAviary(where);
        own = { ...process.env };
        // AWS's SDK looks for credentials in the process itself.
        for (const name of Object.keys(own)) if (name.startsWith('AWS_')) delete process.env[name];
        Object.assign(process.env, aviary.env);
      });
      after(async () => {
        process.env = own;
        await aviary.close();
      });

      const look = (what: string, text: string) => {
        bytes += text.length;
        assert.deepEqual(secretsIn(text, aviary.secrets), [], `${what} shows a secret:\n${text}`);
      };
      const play = (day: (typeof DAYS)[number]) => {
        aviary.world.sandbox.faults.clear();
        for (const face of day ? FACES : []) aviary.world.sandbox.faults.add({ ...(day as FaultRequest), face });
      };
      const run = async (row: Row, json: boolean) => {
        runs++;
        const argv = json ? [...row.argv, '--json'] : [...row.argv];
        const ran = await aviary.world.oncall(argv, { env: { ...blank(aviary), ...aviary.env, DEBUG: 'oncall' } });
        look(`oncall ${argv.join(' ')}`, ran.stdout + ran.stderr);
        return ran;
      };

      it('are good for something: every service takes them', async () => {
        play(null);
        for (const argv of [
          ['incident', 'show'],
          ['logs', 'dolthubgraphql'],
          ['graph', 'dolthubapi'],
          ['hold', 'dolthubapi', '--reason', 'x', '--dry-run'],
        ]) {
          const ran = await run({ command: '', argv, day: 'outage', faces: {} }, true);
          assert.equal(ran.code, 0, `${argv.join(' ')}: ${ran.stdout}`);
        }
        const { env } = aviary;
        const { stdout, stderr, code } = await runProgram(['who'], { env });
        assert.equal(code, 0, stdout + stderr);
      });

      for (const row of ROWS) {
        it(`are not shown by oncall ${row.argv.join(' ')}`, async () => {
          for (const day of days()) {
            play(day);
            await run(row, false);
            await run(row, true);
          }
        });
      }

      it('are not shown by the program with DEBUG=*, on a day when everything repeats them', async () => {
        play({ kind: '500', echo: true });
        for (const row of FULL ? ROWS : ROWS.filter((_, i) => i % 4 === 0)) {
          runs++;
          const { stdout, stderr } = await runProgram(row.argv, { env: { ...aviary.env, DEBUG: '*' } });
          look(`DEBUG=* oncall ${row.argv.join(' ')}`, stdout + stderr);
        }
      });

      it('are not shown by a crash that carries them', async () => {
        play(null);
        const crash = join(ROOT, 'test/matrix/crash.cjs');
        const chosen: readonly string[][] = [
          ['now'],
          ['ack'],
          ['deploys', 'dolthubapi'],
          ['logs', 'dolthubapi'],
          ['graph', 'dolthubapi'],
        ];
        for (const argv of chosen) {
          for (const debug of ['', 'oncall', '*']) {
            runs++;
            const env = { ...aviary.env, DEBUG: debug, NODE_OPTIONS: `--require ${crash}` };
            const { stdout, stderr, code } = await runProgram(argv, { env });
            assert.notEqual(code, 0, `${argv.join(' ')}: ${stdout}`);
            look(`a crash of oncall ${argv.join(' ')} with DEBUG=${debug}`, stdout + stderr);
          }
        }
      });

      it('are in nothing that was kept, and in nothing that was told to others', () => {
        look('what was kept', aviary.writtenFiles());
        // The timeline, the hold, the reasons of runs, the pages: all of it went over the wire.
        look('what services were told', JSON.stringify(aviary.world.sandbox.received()));
      });
    });
  }

  after(() => {
    const verdict = `canaries: ${runs} runs, ${bytes} characters searched for 10 secrets in 3 forms, seed ${SEED}`;
    process.stdout.write(`      ${verdict}\n`);
  });
});

/** What the sandbox's own shell would set is not there. */
function blank({ world }: Aviary): Record<string, undefined> {
  return Object.fromEntries(Object.keys(world.env).map((name) => [name, undefined]));
}

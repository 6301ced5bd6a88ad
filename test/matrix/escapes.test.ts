import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../support/world.ts';
import { ROWS } from './expectations.ts';
import { FORGED, MARK, POISON, poisonWorld } from './poison.ts';
import { misdeeds } from './screen.ts';

/** Commands that show words of others on a day like this; each must have shown some, or the test would prove nothing. */
const SHOWING: ReadonlySet<string> = new Set([
  'now',
  'ack',
  'escalate',
  'incident:list',
  'incident:show',
  'incident:timeline',
  'who',
  'logs',
  'deploys',
  'revert',
  'hold',
  'release',
]);

/** Commands whose own words are given by whoever types them, or pastes them from elsewhere. */
const TYPED: readonly string[][] = [
  ['note', `typed ${POISON}`],
  ['hold', 'dolthubapi', '--yes', '--reason', POISON],
  ['page', 'tom', POISON, '--yes', '--again'],
  ['escalate', '--yes', '--again', '--reason', POISON],
  ['page', POISON, 'why'],
  ['incident', 'show', POISON],
  ['incident', 'link', POISON],
  ['logs', POISON, '--no-follow'],
  ['graph', POISON],
  ['deploys', POISON],
  [POISON],
  ['now', `--${POISON}`],
  ['logs', 'dolthubgraphql', '--no-follow', '--since', POISON],
  ['sandbox', 'fault', 'add', POISON, '500'],
];

describe('escape sequences', function () {
  this.timeout(240_000);
  let world: TestWorld;
  let outputs = 0;
  beforeEach(async () => {
    world = await startWorld({ speed: 40 });
    poisonWorld(world.sandbox);
  });
  afterEach(() => world.close());
  after(() => process.stdout.write(`      escapes: ${outputs} outputs looked at\n`));

  /** Runs it piped, as JSON, and on a terminal of 100 columns with colours. @returns whether it showed what was planted */
  const look = async (argv: readonly string[]): Promise<boolean> => {
    let shown = false;
    for (const [more, options] of [
      [[], {}],
      [['--json'], {}],
      [[], { width: 100, env: { NO_COLOR: '' } }],
    ] as const) {
      const tty = 'width' in options;
      const ran = await world.oncall([...argv, ...more], options);
      outputs += 2;
      const what = `oncall ${argv.join(' ')} ${more.join('')}${tty ? ' (terminal)' : ''}`;
      assert.deepEqual(misdeeds(ran.stdout, { tty }), [], `${what}, stdout:\n${ran.stdout}`);
      assert.deepEqual(misdeeds(ran.stderr, { tty, moving: true }), [], `${what}, stderr:\n${ran.stderr}`);
      assert.doesNotMatch(ran.stderr, /This is a bug/, what);
      shown ||= (ran.stdout + ran.stderr).includes(MARK);
    }
    return shown;
  };

  it('are seen by this test', () => {
    for (const evil of [
      '\u001b[2J',
      '\u001b]0;x\u0007',
      'a\rb',
      '\u009b2J',
      '\u202e',
      `a\n${FORGED}`,
      `sandbox │ ${FORGED}`,
    ])
      assert.notDeepEqual(misdeeds(evil, { tty: true }), [], JSON.stringify(evil));
    assert.notDeepEqual(misdeeds('\u001b[31m', { tty: false }), []);
    assert.deepEqual(misdeeds('\u001b[31mred\u001b[39m\n  ok\tand\n', { tty: true }), []);
  });

  for (const row of ROWS) {
    it(`in the words of others do nothing in oncall ${row.argv.join(' ')}`, async () => {
      for (const argv of row.before ?? []) await world.oncall([...argv]);
      // On a terminal logs are followed, and what was planted is some lines back.
      const shown = await look(row.stream ? [...row.argv, '--no-follow', '--tail', '500'] : row.argv);
      if (SHOWING.has(row.command) && !row.before) assert.ok(shown, 'nothing that was planted was shown');
    });
  }

  it('in what was typed do nothing', async () => {
    for (const argv of TYPED) await look(argv);
  });

  it('in a log reach the terminal with --raw, and only then', async () => {
    const raw = await world.oncall(['logs', 'dolthubgraphql', '--raw', '--tail', '5']);
    assert.match(raw.stdout, new RegExp(MARK));
    assert.notDeepEqual(misdeeds(raw.stdout, { tty: false }), []);
  });
});

import { type ErrorCode, EXIT_CODES } from '../../src/lib/errors.ts';
import type { Received } from '../../src/lib/sandbox/exchange.ts';
import type { Ran } from '../support/run-oncall.ts';
import { type Program, runProgram } from '../support/run-program.ts';
import { startWorld, type TestWorld } from '../support/world.ts';
import { type Cell, DOUBTFUL } from './cells.ts';
import type { Row } from './expectations.ts';

type Outcome = Pick<Ran, 'stdout' | 'stderr' | 'code'>;

/** Waits pass fast enough that proofs come within a second or two. */
const SPEED = 40;
/** While a slow service is waited for, the world must not go through hours: whom else it pages would change the answer. */
const SLOW_SPEED = 4;

/** A world in which a row's command can be run, with what it wants done before. */
export async function worldFor(row: Row, speed = SPEED): Promise<TestWorld> {
  const world = await startWorld({ scenario: row.day === 'outage' ? 'bad-deploy' : 'quiet', speed });
  for (const argv of row.before ?? []) {
    const ran = await world.oncall([...argv]);
    if (ran.code !== 0)
      throw new Error(`before ${row.argv.join(' ')}: ${argv.join(' ')} gave ${ran.code}: ${ran.stderr}`);
  }
  world.forget();
  return world;
}

/** Worlds in which nothing is ever changed, by their day: a new one costs more than most commands. */
const readOnly = new Map<Row['day'], Promise<TestWorld>>();
let states = 0;

/** Closes what the cells have shared. */
export async function closeShared(): Promise<void> {
  for (const world of readOnly.values()) await (await world).close();
  readOnly.clear();
}

/** Runs a cell, in a world of its own if it changes anything. @returns what is wrong with it, in words; nothing when it is as tabled */
export async function runCell(cell: Cell): Promise<string[]> {
  const { row, fault } = cell;
  if (row.writes || row.before || fault.kind === 'slow') {
    const world = await worldFor(row, fault.kind === 'slow' ? SLOW_SPEED : SPEED);
    const asked = (received: readonly Received[]) => [...new Set(received.map(({ face }) => face))];
    return play(cell, world, (received) =>
      asked(received)
        .filter((face) => !(face in row.faces))
        .map((face) => `asks ${face}, which the table does not say`),
    ).finally(() => world.close());
  }
  const shared = readOnly.get(row.day) ?? worldFor(row);
  readOnly.set(row.day, shared);
  // What a command before has left unanswered may still come in, so who is asked is looked at on good days only.
  return play(cell, await shared, () => []);
}

async function play(
  cell: Cell,
  world: TestWorld,
  wrongAsked: (received: readonly Received[]) => string[],
): Promise<string[]> {
  const { sandbox } = world;
  const before = sandbox.received().at(-1)?.id ?? 0;
  sandbox.faults.clear();
  sandbox.faults.add(cell.fault);
  // Commands read what those before have kept, unless they are told to begin afresh.
  const env: Record<string, string> = cell.row.before
    ? {}
    : { ONCALL_STATE_DIR: `${sandbox.address.directory}/state-${states++}` };
  const ran = await (cell.fault.kind === 'slow' ? asProgram(world, cell, env) : world.oncall(argvOf(cell), { env }));
  sandbox.faults.clear();
  const received = sandbox.received().filter(({ id }) => id > before);
  const wrong = [
    ...wrongCode(ran, cell),
    ...wrongWords(ran, cell),
    ...wrongAsked(received),
    ...wrongWrites(received, cell),
  ];
  return wrong.map((what) => `${cell.name}: ${what}\n${indented(ran)}`);
}

function argvOf({ row, json }: Cell): string[] {
  return json ? [...row.argv, '--json'] : [...row.argv];
}

/** As a process of its own, so that many can wait at once. */
async function asProgram(world: TestWorld, cell: Cell, own: Record<string, string>): Promise<Outcome> {
  const env = { ...world.env, HOME: world.sandbox.address.directory, ...own };
  const ran: Program = await runProgram(argvOf(cell), { env });
  return { ...ran, code: ran.code ?? -1 };
}

function wrongCode(ran: Outcome, cell: Cell): string[] {
  return cell.codes.includes(ran.code) ? [] : [`exit ${ran.code}, tabled ${cell.codes.join(' or ')}`];
}

/** One clear message: what failed and what to do, and nothing that only a programmer can read. */
function wrongWords(ran: Outcome, { json, row }: Cell): string[] {
  const both = ran.stdout + ran.stderr;
  // What services log is theirs.
  const ours = row.stream ? ran.stderr : both;
  const wrong: string[] = [];
  if (/^\s*at .+[(:]\d+:\d+\)?$/m.test(ours) || /node:internal/.test(ours)) wrong.push('a stack trace');
  const unprintable = /\[object Object\]|\bundefined\b|\bNaN\b/.exec(ours);
  if (unprintable) wrong.push(`says "${unprintable[0]}"`);
  if (/[\u001b\u009b]/.test(both)) wrong.push('an escape sequence off a terminal');
  if (/This is a bug/.test(both)) wrong.push('a bug');
  return [...wrong, ...(json ? wrongJson(ran, row) : wrongText(ran))];
}

function wrongText({ stderr, code }: Outcome): string[] {
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^sandbox │ /, ''));
  const failures = lines.filter((line) => line.startsWith('✖ '));
  if (code === 0) return failures.length === 0 ? [] : ['a failure is told, but the code is 0'];
  if (failures.length !== 1) return [`${failures.length} failures are told instead of one`];
  const hint = lines[lines.indexOf(failures[0] ?? '') + 1];
  return hint?.startsWith('→ ') ? [] : ['no hint follows the failure'];
}

interface Envelope {
  ok: boolean;
  error?: { code: string; message: string; hint: string | null; retryable: boolean };
}

function wrongJson({ stdout, stderr, code }: Outcome, { stream }: Row): string[] {
  if (stderr !== '') return ['something is on stderr beside the envelope'];
  const documents = stdout.trimEnd().split('\n');
  if (!stream && documents.length !== 1) return [`${documents.length} lines instead of one document`];
  if (stream && code === 0) return [];
  let envelope: Envelope;
  try {
    envelope = JSON.parse(documents.at(-1) ?? '') as Envelope;
  } catch {
    return ['stdout is not JSON'];
  }
  if (code === 0) return envelope.ok === true ? [] : ['not ok, but the code is 0'];
  const { error } = envelope;
  if (envelope.ok !== false || !error) return ['no error in the envelope'];
  if (EXIT_CODES[error.code as ErrorCode] !== code) return [`error.code ${error.code} with exit ${code}`];
  return error.message && error.hint ? [] : ['no message or no hint'];
}

/** No write that is not in the row, none carried out more often than it says, none repeated blindly. */
function wrongWrites(received: readonly Received[], { row }: Cell): string[] {
  const wrong: string[] = [];
  const counts = new Map<string, number>();
  // What comes twice with one token is done once.
  const effects = new Map(received.filter(isCarriedOut).map((entry) => [tokenOf(entry) ?? entry.id, entry]));
  for (const entry of effects.values()) {
    const operation = entry.operation ?? `${entry.method} ${entry.path}`;
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
  }
  for (const [operation, count] of counts) {
    const most = row.writes?.[operation] ?? 0;
    if (count > most) wrong.push(`${operation} was carried out ${count} times, at most ${most} are tabled`);
  }
  received.forEach((entry, i) => {
    if (!entry.write || !DOUBTFUL.has(entry.fault ?? '')) return;
    const later = received.slice(i + 1);
    const again = later.findIndex((one) => one.write && isSame(one, entry));
    if (again < 0 || tokenOf(entry) !== null) return;
    const looked = later.slice(0, again).some(({ face, write }) => face === entry.face && !write);
    if (!looked) wrong.push(`${entry.operation ?? entry.path} was repeated without a look after ${entry.fault}`);
  });
  return wrong;
}

function isCarriedOut({ write, status, fault }: Received): boolean {
  return write && status >= 200 && status < 300 && (fault === null || ['cut', 'lost', 'slow'].includes(fault));
}

function isSame(one: Received, other: Received): boolean {
  return (
    one.method === other.method && one.path === other.path && JSON.stringify(one.body) === JSON.stringify(other.body)
  );
}

/** A request that carries a token is taken for the same one by the service itself. */
function tokenOf({ body }: Received): string | null {
  const { clientToken, IdempotencyToken } = (body ?? {}) as Record<string, unknown>;
  return typeof clientToken === 'string' ? clientToken : typeof IdempotencyToken === 'string' ? IdempotencyToken : null;
}

function indented({ stdout, stderr }: Outcome): string {
  return `${stdout}--- stderr\n${stderr}`.trimEnd().split('\n').slice(-25).join('\n').replace(/^/gm, '      ');
}

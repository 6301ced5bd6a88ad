import type { Station, StationName } from '../cli/stations.ts';
import type { End, SignInWay } from '../clients/sign-in.ts';
import { type ErrorCode, OncallError } from '../errors.ts';
import { shellLine } from '../text/shell-line.ts';
import { worst } from './check.ts';

/** How a service took us: known before, after signing in just now, not at all, or it could not be asked. */
export type SignInState = 'valid' | 'signed-in' | 'needed' | 'failed' | 'unreachable';

export interface SignIn {
  name: StationName;
  title: string;
  state: SignInState;
  /** Who one is there; null when one is not signed in. */
  who: string | null;
  ends: End[];
  /** The program that signs in, as one would type it; null where none can. */
  command: string | null;
  /** What is wrong, or what to do by hand; null when all is well. */
  remark: string | null;
  code: ErrorCode | null;
}

/** Nobody waits longer than this for one look, in milliseconds. */
const PATIENCE = 8000;

/** Where one stands with every service, asked side by side. @throws INTERRUPTED */
export async function lookAtSignIns(stations: readonly Station[]): Promise<SignIn[]> {
  // Loading our own programs is not the other side's slowness. What fails here fails again in the look.
  await Promise.allSettled(stations.map((station) => station.way()));
  return Promise.all(stations.map((station) => look(station)));
}

async function look(station: Station): Promise<SignIn> {
  const { name, title } = station;
  const found = await inTime(station.look()).catch(unlessInterrupted);
  // After the look, which may have found what is lacking.
  const way = await wayOf(station);
  const command = way.command && shellLine(way.command);
  if (!(found instanceof OncallError))
    return { name, title, command, ...found, state: 'valid', remark: null, code: null };
  const { code, message, hint } = found;
  const remark = [message, way.command ? way.hint : (way.hint ?? hint)].filter(Boolean).join(' ');
  return { name, title, command, who: null, ends: [], state: code === 'AUTH' ? 'needed' : 'unreachable', remark, code };
}

/** What keeps the look from being made keeps the way from being known as well, and is told there. */
async function wayOf(station: Station): Promise<SignInWay> {
  try {
    return await station.way();
  } catch (error) {
    unlessInterrupted(error);
    return { command: null, hint: null };
  }
}

/** Those that a program has to sign in to: what is not valid, or everything if `force` says so. */
export function toSignIn(signIns: readonly SignIn[], force: boolean): SignIn[] {
  return signIns.filter(({ state, command }) => command && (state === 'needed' || (force && state === 'valid')));
}

/**
 * Runs the sign-in of each that needs it, one after the other, and looks again. What an earlier one has mended on its way
 * (a cluster that trusts the AWS session) is not run. One that fails does not stop the others.
 * @param run hands the terminal to a program and gives its exit code. @throws NOT_FOUND when it is not installed
 */
export async function signIn(
  facts: { stations: readonly Station[]; before: readonly SignIn[]; force: boolean },
  run: (station: Station, argv: readonly [string, ...string[]]) => Promise<number>,
): Promise<SignIn[]> {
  const { stations, before, force } = facts;
  const done = new Set<string>();
  const after: SignIn[] = [];
  for (const [i, station] of stations.entries()) {
    const known = before[i] as SignIn;
    const now = done.size > 0 && known.state === 'needed' ? await look(station) : known;
    const { command } = await wayOf(station);
    const due = command && toSignIn([now], force).length > 0 && !done.has(shellLine(command));
    if (!due) {
      after.push(now.state === 'valid' && known.state !== 'valid' ? { ...now, state: 'signed-in' } : now);
      continue;
    }
    done.add(shellLine(command));
    const failure = await outcome(() => run(station, command), command);
    const found = await look(station);
    if (found.state === 'valid') after.push({ ...found, state: failure ? 'valid' : 'signed-in', remark: failure });
    else after.push({ ...found, state: 'failed', remark: failure ?? `It still says: ${found.remark}` });
  }
  return after;
}

/** What went wrong with the program, in words; null when nothing did. */
async function outcome(run: () => Promise<number>, [program]: readonly [string, ...string[]]): Promise<string | null> {
  try {
    const code = await run();
    if (code === 0) return null;
    const old =
      program === 'aws' ? ' `aws sso login` needs version 2 of the AWS CLI: `aws --version` tells yours.' : '';
    return `\`${program}\` ended with exit code ${code}.${code > 128 ? '' : old}`;
  } catch (error) {
    const { message, hint } = unlessInterrupted(error);
    return [message, hint].filter(Boolean).join(' ');
  }
}

/** The error that the command ends with; null when one is signed in to everything. */
export function signInVerdict(signIns: readonly SignIn[]): OncallError | null {
  const missing = signIns.filter(({ who }) => who === null);
  const code = worst(missing.map((one) => one.code));
  if (!code) return null;
  const told = missing.map(({ title }) => title).join(', ');
  const command = missing.find((one) => one.command)?.command;
  return new OncallError(`Not signed in to ${told}.`, {
    code,
    hint: command
      ? `Run \`oncall login\` at a terminal, or by hand: \`${command}\``
      : (missing[0]?.remark ?? undefined),
  });
}

async function inTime<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const words = `No answer within ${PATIENCE / 1000} s.`;
      reject(new OncallError(words, { code: 'UNAVAILABLE', hint: 'Check the network or VPN.' }));
    }, PATIENCE);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

function unlessInterrupted(error: unknown): OncallError {
  if (error instanceof OncallError && error.code !== 'INTERRUPTED') return error;
  throw error;
}

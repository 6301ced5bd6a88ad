import { type ErrorCode, EXIT_CODES, OncallError } from '../errors.ts';

export type Outcome = 'ok' | 'warning' | 'failed' | 'skipped';

/** One thing that was looked at. */
export interface Check {
  title: string;
  outcome: Outcome;
  /** What was found, in words for the reader. */
  found: string;
  /** What to do about it, best a command to paste; null where nothing is to be done. */
  remedy: string | null;
}

/** A check with the kind of its failure, from which the exit code follows. */
export interface Finding extends Check {
  code: ErrorCode | null;
}

/** What a look brings; `examine` adds the title. */
export type Seen = Omit<Finding, 'title'>;

/** Nobody waits longer than this for one check, in milliseconds. */
export const PATIENCE = 5000;

export function ok(found: string): Seen {
  return { outcome: 'ok', found, remedy: null, code: null };
}

export function warning(found: string, remedy: string | null): Seen {
  return { outcome: 'warning', found, remedy, code: null };
}

export function skipped(found: string, remedy: string | null = null): Seen {
  return { outcome: 'skipped', found, remedy, code: null };
}

export function failed(found: string, remedy: string | null, code: ErrorCode = 'FAILED'): Seen {
  return { outcome: 'failed', found, remedy, code };
}

/** What a source's error means for a check: what is not configured is passed over, all else failed. */
export function failedWith(error: OncallError): Seen {
  return { outcome: 'failed', found: error.message, remedy: error.hint, code: error.code };
}

/**
 * Makes one check. A source that fails or dawdles costs its own check and nothing else.
 * @throws INTERRUPTED, and anything that is a bug
 */
export async function examine(
  title: string,
  look: () => Promise<Seen> | Seen,
  options: { patience?: number } = {},
): Promise<Finding> {
  const { patience = PATIENCE } = options;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Seen>((resolve) => {
    timer = setTimeout(
      () =>
        resolve(
          failed(
            `no answer within ${patience / 1000} s`,
            'Check the network or VPN, then: oncall doctor',
            'UNAVAILABLE',
          ),
        ),
      patience,
    );
  });
  try {
    return { title, ...(await Promise.race([look(), late])) };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    return { title, ...failedWith(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** A look at a sign-in: one that is lacking or has run out is got anew by `oncall login`. @throws INTERRUPTED, and bugs */
export async function signInCheck(
  title: string,
  station: 'aws' | 'kubernetes' | 'github',
  look: () => Promise<Seen>,
): Promise<Finding> {
  const finding = await examine(title, look);
  return finding.code === 'AUTH' ? { ...finding, remedy: `oncall login --only ${station}` } : finding;
}

/** A check that makes no sense before another one is well. */
export function dependent(title: string, before: Finding): Finding {
  return { title, ...skipped(`not looked at: "${before.title}" comes first`) };
}

/** One look per service, summed up: those that are not well are named, and the first remedy is given. */
export interface Flaw {
  subject: string;
  words: string;
  remedy: string | null;
  code: ErrorCode | null;
}

/** Several looks as one: all well, or the flaws by name. A failure outweighs a warning. */
export function summed(flaws: readonly Flaw[], well: string): Seen {
  const [first] = flaws;
  if (!first) return ok(well);
  const grave = flaws.filter(({ code }) => code !== null);
  const words = sameWords(flaws) ? [`${subjects(flaws)}: ${first.words}`] : flaws.map(inWords);
  const { remedy } = grave[0] ?? first;
  return grave.length > 0
    ? failed(words.join('; '), remedy, worst(grave.map(({ code }) => code)) ?? 'FAILED')
    : warning(words.join('; '), remedy);
}

/** Runs a look at one subject; an error of the source becomes its flaw. */
export async function flawOf(subject: string, look: () => Promise<Flaw | null>): Promise<Flaw | null> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    return { subject, words: error.message.replace(/\.$/, ''), remedy: error.hint, code: error.code };
  }
}

function sameWords(flaws: readonly Flaw[]): boolean {
  return flaws.every(({ words }) => words === flaws[0]?.words);
}

function subjects(flaws: readonly Flaw[]): string {
  return flaws.map(({ subject }) => subject).join(', ');
}

function inWords({ subject, words }: Flaw): string {
  return `${subject}: ${words}`;
}

/** The code that decides the exit: a sign-in first, since most else follows from it, then what cannot be reached. */
export function worst(codes: readonly (ErrorCode | null)[]): ErrorCode | null {
  const known = codes.filter((code): code is ErrorCode => code !== null);
  for (const exit of [EXIT_CODES.AUTH, EXIT_CODES.UNAVAILABLE, EXIT_CODES.CONFIG]) {
    const found = known.find((code) => EXIT_CODES[code] === exit);
    if (found) return found;
  }
  return known.length > 0 ? 'FAILED' : null;
}

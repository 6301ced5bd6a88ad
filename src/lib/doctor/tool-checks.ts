import { OncallError } from '../errors.ts';
import { examine, type Finding, type Flaw, summed } from './check.ts';

/** Runs a program to its end and gives what it wrote on stdout. @throws NOT_FOUND when it is not installed */
export type RunTool = (argv: readonly [string, ...string[]]) => Promise<string>;

/** `oncall` needs none of them; the sign-in commands and runbooks that it prints do. */
const TOOLS: readonly (readonly [string, ...string[]])[] = [
  ['kubectl', 'version', '--client'],
  ['aws', '--version'],
];

/** Whether the programs that printed commands use are on the PATH. */
export function toolCheck(run: RunTool): Promise<Finding> {
  return examine('Tools', async () => {
    const flaws = await Promise.all(TOOLS.map((argv) => missing(run, argv)));
    return summed(
      flaws.flatMap((flaw) => flaw ?? []),
      TOOLS.map(([name]) => name).join(', '),
    );
  });
}

async function missing(run: RunTool, argv: readonly [string, ...string[]]): Promise<Flaw | null> {
  try {
    await run(argv);
    return null;
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    if (error.code !== 'NOT_FOUND') return null;
    return { subject: argv[0], words: 'not on the PATH', remedy: error.hint, code: null };
  }
}

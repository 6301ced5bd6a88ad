import { setMaxListeners } from 'node:events';
import { Config } from '@oclif/core/config';
import { normalizeArgv } from '@oclif/core/help';
import { OncallError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';
import { jsonLine, plain } from '../text/plain.ts';
import { failureJson, toOncallError } from './failure.ts';
import { attachInvocation, type Invocation } from './invocation.ts';
import { packageDescription, type Registry, rootPlugin } from './registry.ts';

const silent = { debug() {}, error() {}, info() {}, trace() {}, warn() {}, child: () => silent, namespace: 'oncall' };

/**
 * One run of `oncall`, from the arguments to the exit code, which is left in `process.exitCode`: nothing here ends the
 * process, so that everything written is flushed.
 * @param root the package's directory
 */
export async function runCli(
  argv: string[],
  registry: Registry,
  options: { root: string; invocation: Invocation },
): Promise<void> {
  const { root, invocation } = options;
  // Everything that waits listens to this one signal, however much of it there is; Node would suspect a leak, on stderr.
  setMaxListeners(0, invocation.signal);
  try {
    const config = await Config.load({
      root,
      pjson: packageDescription(registry.version) as never,
      plugins: new Map([['oncall', rootPlugin(registry, root)]]),
      logger: silent as never,
    });
    attachInvocation(config, invocation);
    const [id = '', ...rest] = normalizeArgv(config, argv);
    if (argv.length === 1 && (id === '--version' || id === '-v')) {
      invocation.terminal.output.write(`${config.userAgent}\n`);
      return;
    }
    const command = config.findCommand(id);
    const asksHelp =
      argv.length === 0 || beforeDashes(argv).some((word) => word === '--help' || word === '-h') || id === 'help';
    if (asksHelp || (!command && config.findTopic(id))) {
      const { OncallHelp } = await import('./help.ts');
      const about = argv.filter((word) => word !== 'help');
      await new OncallHelp(config, {
        stripAnsi: !invocation.terminal.outputIsTty,
        maxWidth: invocation.terminal.width ?? 100,
      }).showHelp(about.length > 0 ? about : ['--help']);
      return;
    }
    if (!command) throw unknownCommand(argv, Object.keys(registry.commands));
    await config.runCommand(id, rest, command);
  } catch (error) {
    printFailure(
      toOncallError(error, { aborted: invocation.signal.aborted, command: '', flags: [] }),
      argv,
      invocation,
    );
  }
}

function beforeDashes(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}

function unknownCommand(argv: readonly string[], ids: readonly string[]): OncallError {
  const words = argv.filter((word) => !word.startsWith('-'));
  const known = ids.map((id) => id.replaceAll(':', ' '));
  const isTopic = known.some((id) => id.startsWith(`${words[0]} `));
  const typed = words.slice(0, isTopic ? 2 : 1).join(' ');
  const first = known.map((id) => id.split(' ')[0] ?? '');
  const near = [...new Set([...nearest(typed, known), ...(isTopic ? [] : nearest(typed, first))])].slice(0, 3);
  const suggestion = near.length > 0 ? ` Did you mean ${near.map((name) => `\`oncall ${name}\``).join(' or ')}?` : '';
  return new OncallError(`There is no command "${typed || argv.join(' ')}".${suggestion}`, {
    code: 'USAGE',
    hint: 'See all commands with `oncall --help`.',
  });
}

function printFailure(error: OncallError, argv: readonly string[], { terminal }: Invocation): void {
  process.exitCode = error.exitCode;
  if (beforeDashes(argv).includes('--json')) {
    terminal.output.write(`${jsonLine({ ok: false, error: failureJson(error), warnings: [] })}\n`);
    return;
  }
  const { errorPaint } = terminal;
  terminal.error.write(`${errorPaint.bad(errorPaint.sign.bad)} ${plain(error.message)}\n`);
  if (error.hint) terminal.error.write(`${errorPaint.dim(errorPaint.sign.next)} ${error.hint}\n`);
}

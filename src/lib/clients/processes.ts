import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { interrupted, OncallError } from '../errors.ts';

/** How long a process that was asked to end may take before it is killed, in milliseconds. */
const GRACE = 2000;

const WHERE_TO_GET: Readonly<Record<string, string>> = {
  aws: 'Install the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
  kubectl: 'Install kubectl: https://kubernetes.io/docs/tasks/tools/',
  gh: 'Install the GitHub CLI: https://cli.github.com',
  gcloud: 'Install the Google Cloud CLI: https://cloud.google.com/sdk/docs/install',
  'gke-gcloud-auth-plugin': 'Install it with `gcloud components install gke-gcloud-auth-plugin`.',
  'aws-iam-authenticator': 'Install it: https://github.com/kubernetes-sigs/aws-iam-authenticator',
  kubelogin: 'Install it: https://azure.github.io/kubelogin/install.html',
  'xdg-open': 'Install xdg-utils, for example with `sudo apt install xdg-utils`.',
};

/** The program and its arguments, each its own word. There is never a shell, so nothing in them needs quoting. */
export type Argv = readonly [program: string, ...args: string[]];

export type Environment = Readonly<Record<string, string | undefined>>;

export interface RunOptions {
  /** The whole environment of the child; nothing is inherited. */
  env: Environment;
  cwd?: string;
  /** Written to the child's standard input, which is empty otherwise. */
  input?: string;
  /** Milliseconds until the child is ended. */
  timeout: number;
  signal: AbortSignal;
}

export interface RunResult {
  /** As a shell has it: 128 + n for a child that signal n ended. */
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end and gives what it wrote. A failing program is an answer, not an error.
 * The child leads a process group of its own; on abort or after `timeout` the whole group is ended.
 * @throws NOT_FOUND when the program is not installed, UNAVAILABLE after `timeout`, INTERRUPTED
 */
export async function run(argv: Argv, options: RunOptions): Promise<RunResult> {
  if (options.signal.aborted) throw interrupted();
  const input = options.input === undefined ? 'ignore' : 'pipe';
  const child = await start(argv, { ...options, detached: true, stdio: [input, 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  // A child may end without reading its input; its exit code says what that means.
  child.stdin?.on('error', () => {}).end(options.input);

  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= endGroup(child);
  };
  // Not `AbortSignal.timeout`: https://github.com/nodejs/node/issues/54614
  const overdue = setTimeout(end, options.timeout);
  options.signal.addEventListener('abort', end, { once: true });
  if (options.signal.aborted) end();
  const [code, signal] = (await closed) as [number | null, NodeJS.Signals | null];
  clearTimeout(overdue);
  options.signal.removeEventListener('abort', end);
  await ending;

  if (ending && options.signal.aborted) throw interrupted();
  if (ending) {
    throw new OncallError(`\`${argv[0]}\` did not end within ${options.timeout / 1000} s, so it was stopped.`, {
      code: 'UNAVAILABLE',
      hint: `Run it by hand to see what it waits for: \`${argv.join(' ')}\``,
    });
  }
  return { code: exitCode(code, signal), stdout: stdout(), stderr: stderr() };
}

/**
 * Hands the terminal to a program and waits for its end. The child stays in our process group, or it could not read
 * the terminal; a Ctrl-C therefore reaches it directly, and on abort the child alone is ended.
 * @returns its exit code, 128 + n if signal n ended it
 * @throws NOT_FOUND when the program is not installed
 */
export async function attach(
  argv: Argv,
  options: { env: Environment; cwd?: string; signal: AbortSignal },
): Promise<number> {
  if (options.signal.aborted) throw interrupted();
  const child = await start(argv, { ...options, stdio: 'inherit' });
  const exited = once(child, 'exit');
  let murder: NodeJS.Timeout | undefined;
  const end = () => {
    child.kill('SIGTERM');
    murder = setTimeout(() => child.kill('SIGKILL'), GRACE);
  };
  options.signal.addEventListener('abort', end, { once: true });
  if (options.signal.aborted) end();
  const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  clearTimeout(murder);
  options.signal.removeEventListener('abort', end);
  return exitCode(code, signal);
}

/**
 * Starts a program that outlives us, in a session of its own.
 * @param options.logFile gets all that it writes; created for the owner's eyes only, appended to when it exists
 * @returns its process id, which is also that of its process group
 * @throws NOT_FOUND when the program is not installed
 */
export async function detach(
  argv: Argv,
  options: { env: Environment; cwd?: string; logFile: string },
): Promise<number> {
  const log = await open(options.logFile, 'a', 0o600);
  try {
    const child = await start(argv, { ...options, detached: true, stdio: ['ignore', log.fd, log.fd] });
    child.unref();
    return child.pid as number;
  } finally {
    await log.close();
  }
}

/**
 * Shows a web page in the user's browser.
 * @throws REFUSED for anything but http and https, NOT_FOUND or FAILED when this machine has no way to open one
 */
export async function openInBrowser(
  url: string,
  options: { env: Environment; platform?: NodeJS.Platform },
): Promise<void> {
  const page = URL.canParse(url) ? new URL(url) : null;
  if (page?.protocol !== 'http:' && page?.protocol !== 'https:') {
    throw new OncallError('Only http and https pages can be opened.', { code: 'REFUSED' });
  }
  const hint = `Open it yourself: ${page.href}`;
  const argv = browserCommand(page.href, options.platform ?? process.platform);
  const child = await start(argv, { env: options.env, detached: true, stdio: 'ignore' }, hint);
  child.unref();
  // Some openers become the browser and stay; one that has not failed within a second has done its work.
  const code = await Promise.race([once(child, 'exit').then(([exit]) => exit), wait(1000, 0, { ref: false })]);
  if (code !== 0) throw new OncallError('The browser could not be opened.', { code: 'FAILED', hint });
}

function browserCommand(url: string, platform: NodeJS.Platform): Argv {
  if (platform === 'darwin') return ['open', url];
  // Not `cmd /c start`: cmd would read the `&` of a query string as the start of another command.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return ['xdg-open', url];
}

async function start(argv: Argv, options: SpawnOptions & { signal?: AbortSignal }, hint?: string) {
  const [program, ...args] = argv;
  // `signal` is ours to act on: Node would end the child alone, and not its group.
  const child = spawn(program, args, { ...options, signal: undefined, shell: false, windowsHide: true });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw notStarted(program, { cwd: options.cwd?.toString(), hint, error: error as NodeJS.ErrnoException });
  }
  return child;
}

function notStarted(
  program: string,
  facts: { cwd: string | undefined; hint: string | undefined; error: NodeJS.ErrnoException },
) {
  const { cwd, error } = facts;
  if (error.code === 'ENOENT' && cwd !== undefined && !existsSync(cwd)) {
    return new OncallError(`The folder ${cwd} does not exist.`, { code: 'NOT_FOUND', cause: error });
  }
  if (error.code === 'ENOENT') {
    return new OncallError(`\`${program}\` is not installed, or not on the PATH.`, {
      code: 'NOT_FOUND',
      hint: facts.hint ?? WHERE_TO_GET[program] ?? `Install \`${program}\`, or correct its name.`,
      cause: error,
    });
  }
  const reason = error.code === 'EACCES' ? 'it is not executable' : (error.code ?? 'unknown reason');
  return new OncallError(`\`${program}\` could not be started: ${reason}.`, {
    code: 'FAILED',
    hint: facts.hint,
    cause: error,
  });
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}

/** Ends a child and all that it started: politely first, for certain after two seconds. */
async function endGroup(child: ChildProcess): Promise<void> {
  const group = child.pid as number;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(group), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => {},
    );
    return;
  }
  const tell = (signal: NodeJS.Signals | 0) => {
    try {
      return process.kill(-group, signal);
    } catch {
      return false;
    }
  };
  tell('SIGTERM');
  for (let waited = 0; waited < GRACE && tell(0); waited += 25) await wait(25);
  tell('SIGKILL');
  // What left the group may still hold the pipes; we no longer listen.
  child.stdout?.destroy();
  child.stderr?.destroy();
}

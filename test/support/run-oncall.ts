import { setMaxListeners } from 'node:events';
import { PassThrough } from 'node:stream';
import { ROOT, sourceRegistry } from '../../bin/registry.ts';
import { runCli } from '../../src/lib/cli/run.ts';
import { createTerminal } from '../../src/lib/cli/terminal.ts';

export interface Ran {
  stdout: string;
  stderr: string;
  code: number;
  /** Stdout as JSON; fails the test when it is not one document. */
  json<T = Record<string, unknown>>(): T;
}

export interface RunOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
  signal?: AbortSignal;
  now?: () => number;
  /** Pretends to be a terminal of this width. Prompts stay impossible. */
  width?: number;
  /** Called with each piece of output as it comes. */
  onOutput?: (text: string) => void;
}

let registry: ReturnType<typeof sourceRegistry> | undefined;

/**
 * Runs one command in this process, from its arguments to its exit code, as a user's shell would: only the streams, the
 * environment, the clock and the signal are the test's.
 */
export async function runOncall(argv: string[], options: RunOptions = {}): Promise<Ran> {
  registry ??= sourceRegistry();
  const output = collect(options.width, options.onOutput);
  const error = collect(options.width, options.onOutput);
  const env = { HOME: '/nonexistent', LANG: 'C.UTF-8', TERM: 'xterm', ...options.env };
  const signal = options.signal ?? new AbortController().signal;
  setMaxListeners(0, signal);
  process.exitCode = 0;
  await runCli(argv, await registry, {
    root: ROOT,
    invocation: {
      shell: { env, cwd: options.cwd ?? '/', home: env.HOME },
      terminal: createTerminal(
        { input: new PassThrough(), output: output.stream, error: error.stream },
        { NO_COLOR: '1', ...env },
      ),
      signal,
      now: options.now ?? Date.now,
      self: [process.execPath, `${ROOT}/bin/run.js`],
    },
  });
  const code = Number(process.exitCode ?? 0);
  process.exitCode = 0;
  return { stdout: output.text(), stderr: error.text(), code, json: <T>() => JSON.parse(output.text()) as T };
}

function collect(width: number | undefined, onOutput: ((text: string) => void) | undefined) {
  const stream = new PassThrough() as PassThrough & { isTTY?: boolean; columns?: number };
  if (width !== undefined) Object.assign(stream, { isTTY: true, columns: width });
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => {
    // Whoever writes may use the buffer again once it was taken.
    pieces.push(Buffer.from(piece));
    onOutput?.(piece.toString('utf8'));
  });
  return { stream, text: () => Buffer.concat(pieces).toString('utf8') };
}

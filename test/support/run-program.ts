import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../../bin/registry.ts';

export interface Program {
  stdout: string;
  stderr: string;
  /** 128 + n is what a shell would show; a process that a signal ended has none here. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ProgramOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Called with all that has been written to stdout so far, each time more comes. */
  onOutput?: (text: string, child: ReturnType<typeof spawn>) => void;
  /** Called once it runs. */
  onStart?: (child: ReturnType<typeof spawn>) => void;
}

/**
 * Runs the built program as a process of its own, as a user's shell would. Its whole environment is given here, but for
 * the PATH. For what only a process can show: signals, pipes, what reaches stderr past the program.
 */
export async function runProgram(argv: readonly string[], options: ProgramOptions = {}): Promise<Program> {
  const child = spawn(process.execPath, [join(ROOT, 'bin/run.js'), ...argv], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', LANG: 'C.UTF-8', ...options.env },
    cwd: options.cwd ?? '/',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    stdout += piece;
    options.onOutput?.(stdout, child);
  });
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    stderr += piece;
  });
  options.onStart?.(child);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { stdout, stderr, code, signal };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROOT } from '../../bin/registry.ts';

export interface Done {
  out: string;
  err: string;
  code: number | null;
}

export interface ShellOptions {
  env: Record<string, string | undefined>;
  cwd: string;
  /** Shown all that was written so far, each time more comes; what it gives is typed. */
  answer?: (output: string) => string | null;
}

/** Runs a program with its output piped. */
export async function piped(argv: readonly [string, ...string[]], options: ShellOptions): Promise<Done> {
  const [program, ...args] = argv;
  const child = spawn(program, args, { env: options.env, cwd: options.cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const done: Done = { out: '', err: '', code: null };
  child.stdin.on('error', () => {});
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    done.out += text.replaceAll('\r', '');
    const typed = options.answer?.(done.out);
    if (typed) child.stdin.write(typed);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    done.err += text;
  });
  [done.code] = (await once(child, 'close')) as [number | null];
  return done;
}

/** Pastes a line into a shell at a real terminal, one that `script` makes, 140 columns wide. Both streams come as `out`. */
export function atTerminal(line: string, options: ShellOptions): Promise<Done> {
  const env = { SHELL: '/bin/sh', ...options.env };
  return piped(['script', '-qec', `stty cols 140; ${line}`, '/dev/null'], { ...options, env });
}

/** Answers every yes-or-no question with yes, each once. */
export function yesToAll(): (output: string) => string | null {
  let answered = 0;
  return (output) => {
    const asked = output.split('(y/N)').length - 1;
    // A prompt is drawn anew with each key; a new question stands on a line of its own.
    const questions = new Set(output.split('\n').filter((line) => line.includes('(y/N)'))).size;
    if (asked === 0 || questions <= answered) return null;
    answered = questions;
    return 'y\r';
  };
}

/** Puts `oncall`, as it was built last, into a directory for programs. @returns that directory */
export async function withOncall(directory: string): Promise<string> {
  const file = join(directory, 'oncall');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'bin/run.js')}' "$@"\n`);
  await chmod(file, 0o755);
  return directory;
}

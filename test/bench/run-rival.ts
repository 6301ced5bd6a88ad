import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchSource } from './bench-source.ts';
import type { Rival } from './rivals.ts';

/** Whatever hangs is ended after this, in milliseconds. */
const LONGEST = 90_000;
const LOOK_EVERY = 20;

export interface Run {
  seconds: number;
  /** Of the program alone, user and system. */
  cpuSeconds: number;
  /** The most memory that it had resident, in megabytes; 0 if it was over before anybody looked. */
  megabytes: number;
}

/** Its own words go to a file, its lines into a real pipe whose other end is `cat`; bash times the program alone. */
const INTO_CAT = `
TIMEFORMAT='%U %S'
{ time sh -c 'echo $$ >"$0/pid"; exec "$@" 2>"$0/stderr"' "$DIRECTORY" "$@" ; } 2>"$DIRECTORY/time" | cat >/dev/null
exit "\${PIPESTATUS[0]}"`;

function environment({ directory, kubeconfig }: BenchSource): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DIRECTORY: directory,
    KUBECONFIG: kubeconfig,
    HOME: directory,
    ONCALL_CONFIG: join(directory, 'oncall.yaml'),
    ONCALL_STATE_DIR: join(directory, 'state'),
  };
}

/** Runs a program until it is done with all logs. @throws with its own words when it fails */
export async function runToEnd(rival: Rival, source: BenchSource, pods: number): Promise<Run> {
  const { directory } = source;
  rmSync(join(directory, 'pid'), { force: true });
  const begun = performance.now();
  const child = spawn('bash', ['-c', INTO_CAT, 'bash', ...rival.argv(source, pods)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: environment(source),
  });
  let megabytes = 0;
  const looking = setInterval(() => {
    megabytes = Math.max(megabytes, peakOf(textOf(join(directory, 'pid')).trim()));
  }, LOOK_EVERY);
  const late = setTimeout(() => kill(textOf(join(directory, 'pid')).trim()), LONGEST);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const seconds = (performance.now() - begun) / 1000;
  clearInterval(looking);
  clearTimeout(late);
  if (code !== 0) throw new Error(`${rival.name} ended with ${code}: ${textOf(join(directory, 'stderr')).slice(-500)}`);
  const [user = 0, system = 0] = textOf(join(directory, 'time')).trim().split(' ').map(Number);
  return { seconds, cpuSeconds: user + system, megabytes };
}

/** Starts a program whose lines are read here; `stop` ends it. */
export function startRival(
  rival: Rival,
  source: BenchSource,
  pods: number,
): { child: ChildProcess; stop(): Promise<void> } {
  const [program = '', ...argv] = rival.argv(source, pods);
  const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'ignore'], env: environment(source) });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const late = setTimeout(() => child.kill('SIGKILL'), LONGEST);
  return {
    child,
    async stop() {
      clearTimeout(late);
      child.kill('SIGKILL');
      child.stdout?.destroy();
      await gone;
    },
  };
}

/** Peak resident memory of a process in megabytes; 0 when there is no such process. */
export function peakOf(pid: string | number | undefined): number {
  const peak = pid ? /VmHWM:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1] : undefined;
  return peak ? Number(peak) / 1024 : 0;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: string): void {
  if (pid) process.kill(Number(pid), 'SIGKILL');
}

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchSource } from './bench-source.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What is measured: a program, and how it is told to show all logs of a source. */
export interface Rival {
  name: string;
  argv(source: BenchSource, pods: number): string[];
}

export type Kind = 'all' | 'live';

/** `oncall logs` as it is shipped: the bundle. The same lines as the others print: behind a prefix, without stamps. */
export function oncall(name: string, kind: Kind, ...flags: string[]): Rival {
  const span = kind === 'all' ? ['--all'] : ['--tail', '0'];
  return {
    name,
    argv: () => [process.execPath, join(ROOT, 'bin/run.js'), 'logs', 'bench', '-f', ...span, ...flags],
  };
}

/** @param kind live lines only, or all there are */
export function kubectl(kind: Kind): Rival | null {
  if (!found('kubectl')) return null;
  const tail = kind === 'all' ? '--tail=-1' : '--tail=0';
  return {
    name: 'kubectl',
    argv: ({ kubeconfig }) => [
      ...['kubectl', '--kubeconfig', kubeconfig, 'logs', '-f', '-l', 'app=bench'],
      ...['--prefix', tail, '--max-log-requests', '200'],
    ],
  };
}

/** Like kubectl it follows until the logs end. */
export function stern(kind: Kind, ...flags: string[]): Rival | null {
  const program = found('stern');
  if (!program) return null;
  const tail = kind === 'all' ? ['--tail', '-1', '--no-follow'] : ['--tail', '0'];
  return {
    name: ['stern', ...flags].join(' '),
    argv: ({ kubeconfig }) => [
      ...[program, '--kubeconfig', kubeconfig, '-l', 'app=bench', ...tail],
      ...['--color', 'never', '--only-log-lines', '--max-log-requests', '200', ...flags],
    ],
  };
}

/** The floor: the same bytes, read and thrown away. */
export const floor: Rival = {
  name: 'bare read',
  argv: ({ kubeconfig }, pods) => [
    ...[process.execPath, join(ROOT, 'test/bench/bare-read.js'), kubeconfig, String(pods)],
  ],
};

/** The programs' versions, as they say them. */
export function versions(): string[] {
  const kube = spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' });
  const program = found('stern');
  const told = program ? spawnSync('go', ['version', '-m', program], { encoding: 'utf8' }).stdout : '';
  const module = /mod\s+github\.com\/stern\/stern\s+(\S+)/.exec(told ?? '')?.[1];
  return [
    `node ${process.version}`,
    kube.status === 0 ? `kubectl ${/Client Version: (\S+)/.exec(kube.stdout)?.[1]}` : 'no kubectl',
    program ? `stern ${module ?? '(version unknown)'}` : 'no stern (go install github.com/stern/stern@latest)',
  ];
}

function found(program: string): string | null {
  const go = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' }).stdout?.trim();
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...(go ? [join(go, 'bin')] : [])];
  const folder = folders.find((one) => existsSync(join(one, program)));
  return folder ? join(folder, program) : null;
}

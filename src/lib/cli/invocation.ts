import type { Shell } from '../config/shell.ts';
import type { Terminal } from './terminal.ts';

/** Everything that one run of `oncall` is given from outside. Replaced as a whole in tests. */
export interface Invocation {
  shell: Shell;
  terminal: Terminal;
  /** Aborted by the first Ctrl-C; everything that waits listens to it. */
  signal: AbortSignal;
  /** Milliseconds since 1970. */
  now: () => number;
  /** How to run this very program again as a child: executable and leading arguments. */
  self: readonly string[];
}

const invocations = new WeakMap<object, Invocation>();

/** Ties an invocation to the oclif configuration object that every command of it is constructed with. */
export function attachInvocation(oclifConfig: object, invocation: Invocation): void {
  invocations.set(oclifConfig, invocation);
}

export function invocationOf(oclifConfig: object): Invocation {
  const invocation = invocations.get(oclifConfig);
  if (!invocation) throw new Error('this command was not started through runCli');
  return invocation;
}

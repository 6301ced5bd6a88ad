import { setMaxListeners } from 'node:events';
import { currentShell } from '../config/shell.ts';
import type { Registry } from './registry.ts';
import { runCli } from './run.ts';
import { createTerminal, processStreams } from './terminal.ts';

/**
 * Runs `oncall` as a program of its own: the process's streams and shell, and its signals.
 * The first Ctrl-C asks everything that waits to stop; the second ends the process at once.
 */
export async function main(registry: Registry, options: { root: string; self: readonly string[] }): Promise<void> {
  const shell = currentShell();
  const interrupt = new AbortController();
  // Every request that is under way listens to it, and a command may have dozens at once.
  setMaxListeners(0, interrupt.signal);
  const stop = (signal: NodeJS.Signals) => {
    if (interrupt.signal.aborted) {
      for (const name of SIGNALS) process.removeAllListeners(name);
      process.kill(process.pid, signal);
    }
    interrupt.abort();
  };
  for (const name of SIGNALS) process.on(name, stop);
  const streams = processStreams();
  // A reader that has had enough (`| head`) is no failure.
  for (const stream of [streams.output, streams.error]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      interrupt.abort();
    });
  }
  await runCli(process.argv.slice(2), registry, {
    root: options.root,
    invocation: {
      shell,
      terminal: createTerminal(streams, shell.env),
      signal: interrupt.signal,
      now: Date.now,
      self: options.self,
    },
  });
  for (const name of SIGNALS) process.removeListener(name, stop);
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import { interrupted } from '../errors.ts';
import type { Invocation } from './invocation.ts';

/**
 * What somebody wants to say: the words behind the command, or, for a single `-`, standard input to its end.
 * @param prompt tells a person at a terminal what is waited for
 * @throws INTERRUPTED
 */
export async function wordsOf(argv: readonly unknown[], invocation: Invocation, prompt: () => void): Promise<string> {
  if (argv.length !== 1 || argv[0] !== '-') return argv.join(' ');
  const { terminal, signal } = invocation;
  if (terminal.inputIsTty) prompt();
  try {
    return await text(addAbortSignal(signal, terminal.input));
  } catch (error) {
    if (signal.aborted) throw interrupted();
    throw error;
  }
}

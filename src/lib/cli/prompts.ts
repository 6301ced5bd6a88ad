import { interrupted, OncallError } from '../errors.ts';
import type { Invocation } from './invocation.ts';

/** Questions to the person at the terminal. Asked on stderr, so that stdout stays the payload. */
export interface Prompts {
  /** Whether anybody can answer. */
  readonly possible: boolean;
  /** Yes or no; Enter alone means no. */
  confirm(message: string): Promise<boolean>;
  /** A line of text. */
  input(message: string, initial?: string): Promise<string>;
  /** One out of several. */
  select<T extends string>(message: string, choices: readonly { name: string; value: T }[]): Promise<T>;
}

/**
 * The only place that knows inquirer, and it loads it at the first question. Off a terminal, under `--json`, in CI or
 * with `--no-input` no question is possible: asking then is a bug, and says so instead of hanging.
 */
export function createPrompts(invocation: Invocation, quiet: boolean): Prompts {
  const { terminal, shell, signal } = invocation;
  const possible = terminal.inputIsTty && terminal.errorIsTty && !quiet && !shell.env.CI;
  const ask = async <T>(question: Record<string, unknown>): Promise<T> => {
    if (!possible) throw new OncallError('A question was asked where nobody can answer.', { code: 'BUG' });
    if (signal.aborted) throw interrupted();
    const { createPromptModule } = (await import('inquirer')).default;
    // inquirer is typed for literal questions; the three kinds used here are built just below.
    const prompt = createPromptModule({ input: terminal.input, output: terminal.error } as never) as unknown as (
      questions: unknown[],
    ) => Promise<{ answer: T }> & { ui?: { close?: () => void } };
    try {
      const message = terminal.label ? `${terminal.label}: ${question.message}` : question.message;
      return (await prompt([{ ...question, message, name: 'answer' }])).answer;
    } catch (error) {
      if (signal.aborted || (error as Error).name === 'ExitPromptError' || (error as Error).name === 'AbortPromptError')
        throw interrupted();
      throw error;
    }
  };
  return {
    possible,
    confirm: (message) => ask<boolean>({ type: 'confirm', message, default: false }),
    input: (message, initial) => ask<string>({ type: 'input', message, default: initial }),
    select: (message, choices) => ask({ type: 'select', message, choices: [...choices] }),
  };
}

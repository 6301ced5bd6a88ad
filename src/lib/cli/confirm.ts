import { OncallError } from '../errors.ts';
import type { Prompts } from './prompts.ts';

export interface Guard {
  /** `--yes` was given. */
  yes: boolean;
  /** The question, e.g. `Ring Ana Duarte now?`. */
  question: string;
  /** For acts on production that must not happen by a reflex: the word that has to be typed. */
  typed?: string;
}

/**
 * Asks before anything is changed. Without a terminal and without `--yes` nothing happens, and the flag is named.
 * @throws USAGE when nobody can be asked; DECLINED when the answer is no
 */
export async function confirm(prompts: Prompts, guard: Guard): Promise<void> {
  if (guard.yes) return;
  if (!prompts.possible) {
    throw new OncallError('This changes something, and nobody can be asked here.', {
      code: 'USAGE',
      hint: 'Repeat it with --yes to go ahead, or with --dry-run to see what it would do.',
    });
  }
  const agreed = guard.typed
    ? (await prompts.input(`${guard.question} Type ${guard.typed} to go ahead:`)).trim() === guard.typed
    : await prompts.confirm(guard.question);
  if (!agreed) throw new OncallError('Not done: you said no. Nothing was changed.', { code: 'DECLINED' });
}

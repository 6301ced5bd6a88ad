import { OncallError } from '../errors.ts';

/** More than this does not fit on an incident's timeline. */
export const LONGEST_NOTE = 8000;

/** The words of a note. @throws USAGE when there are none, or too many */
export function noteWords(text: string): string {
  const words = text.trim();
  if (words === '')
    throw new OncallError('The note is empty.', {
      code: 'USAGE',
      hint: 'Write it behind the command: `oncall note "what I saw"`.',
    });
  if (words.length > LONGEST_NOTE)
    throw new OncallError(`The note has ${words.length} characters; a timeline takes at most ${LONGEST_NOTE}.`, {
      code: 'USAGE',
      hint: 'Shorten it, or put it where others can read it and note the link.',
    });
  return words;
}

import { type KubectlFlag, normalName } from './flags.ts';

export interface ParsedWords {
  /** In the order given; a flag without a value has null. */
  flags: { flag: KubectlFlag; value: string | null }[];
  positionals: string[];
}

/** Words that cannot be parsed for certain. `flag` is the part at fault, without its value. */
export class Unreadable extends Error {
  readonly flag: string;

  constructor(flag: string) {
    super(`unknown flag ${flag}`);
    this.flag = flag;
  }
}

/**
 * Parses words exactly as kubectl's parser does, `--x=y`, `--x y`, `-xy`, `-x=y`, `-ax y` and `--` included.
 * @throws Unreadable at the first flag that is not in the list, since nobody can say whether it takes the next word
 */
export function parseWords(words: readonly string[], known: readonly KubectlFlag[]): ParsedWords {
  const parsed: ParsedWords = { flags: [], positionals: [] };
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      parsed.positionals.push(...rest);
      break;
    }
    if (word.startsWith('--')) long(word, { rest, known, parsed });
    else if (word.startsWith('-') && word !== '-') shorts(word, { rest, known, parsed });
    else parsed.positionals.push(word);
  }
  return parsed;
}

interface State {
  rest: string[];
  known: readonly KubectlFlag[];
  parsed: ParsedWords;
}

function long(word: string, { rest, known, parsed }: State): void {
  const equals = word.indexOf('=');
  const typed = equals < 0 ? word.slice(2) : word.slice(2, equals);
  const flag = known.find(({ name }) => name === normalName(typed));
  if (!flag) throw new Unreadable(`--${typed}`);
  const value = equals >= 0 ? word.slice(equals + 1) : flag.takesValue ? valueFor(`--${typed}`, rest) : null;
  parsed.flags.push({ flag, value });
}

function shorts(word: string, { rest, known, parsed }: State): void {
  let letters = word.slice(1);
  while (letters !== '') {
    const letter = letters[0] ?? '';
    const flag = known.find(({ short }) => short === letter);
    if (!flag) throw new Unreadable(`-${letter}`);
    letters = letters.slice(1);
    if (letters.length > 1 && letters.startsWith('=')) {
      parsed.flags.push({ flag, value: letters.slice(1) });
      return;
    }
    if (flag.takesValue) {
      parsed.flags.push({ flag, value: letters === '' ? valueFor(`-${letter}`, rest) : letters });
      return;
    }
    parsed.flags.push({ flag, value: null });
  }
}

function valueFor(flag: string, rest: string[]): string {
  const value = rest.shift();
  if (value === undefined) throw new Unreadable(flag);
  return value;
}

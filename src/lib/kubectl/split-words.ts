import { BUILT_IN } from './verbs.ts';

/** The words after `oncall kubectl`, taken apart. */
export interface SplitWords {
  /** Our own flags. */
  own: string[];
  /** The first word that is no flag; null when `--` comes at once. */
  first: string | null;
  /** Whether a `--` says where kubectl's words begin. */
  marked: boolean;
  /** What is for kubectl, or for kubectl after `first`. */
  words: string[];
}

/** Our flags: by their long names and letters, and those among them that take a value. */
export interface OwnFlags {
  all: ReadonlySet<string>;
  withValue: ReadonlySet<string>;
}

/**
 * Tells our words from kubectl's. Ours are flags of ours and one word, up to `--` or, without that, up to the first word
 * that is neither: `--yes dolthubapi --write -- delete pod x`, `dolthubapi get pods -o wide`.
 */
export function splitWords(argv: readonly string[], flags: OwnFlags): SplitWords {
  const own: string[] = [];
  let first: string | null = null;
  let at = 0;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') return { own, first, marked: true, words: argv.slice(at + 1) };
    if (!word.startsWith('-')) {
      if (first !== null) break;
      first = word;
      continue;
    }
    const name = flagName(word);
    // A flag that is not ours before any other word is a mistake; oclif says so.
    if (!flags.all.has(name) && first !== null) break;
    own.push(word);
    const value = argv[at + 1];
    if (flags.withValue.has(name) && isAlone(word) && value !== undefined) {
      own.push(value);
      at++;
    }
  }
  return { own, first, marked: false, words: argv.slice(at) };
}

/** `--incident` for `--incident=x`, `-i` for `-ix`. */
function flagName(word: string): string {
  return word.startsWith('--') ? word.replace(/=.*$/s, '') : word.slice(0, 2);
}

function isAlone(word: string): boolean {
  return word.startsWith('--') ? !word.includes('=') : word.length === 2;
}

/** Our flags as they may be typed, from their definitions. */
export function flagNames(flags: Readonly<Record<string, { type: string; char?: string | undefined }>>): OwnFlags {
  const typed = Object.entries({ ...flags, json: { type: 'boolean' } as (typeof flags)[string] }).flatMap(
    ([name, { type, char }]) => [`--${name}`, ...(char ? [`-${char}`] : [])].map((word) => ({ word, type })),
  );
  const names = (some: typeof typed) => new Set(some.map(({ word }) => word));
  return { all: names(typed), withValue: names(typed.filter(({ type }) => type === 'option')) };
}

/**
 * Which service is named, and what is left for kubectl. A first word that is no service of ours but one of kubectl's
 * commands means that the service was left out.
 */
export function serviceOf(
  { first, marked, words }: SplitWords,
  services: readonly { name: string }[],
): { name: string | null; words: string[] } {
  if (first === null) return { name: null, words };
  const isService = services.some(({ name }) => name === first);
  if (!isService && !marked && BUILT_IN.has(first)) return { name: null, words: [first, ...words] };
  return { name: first, words };
}

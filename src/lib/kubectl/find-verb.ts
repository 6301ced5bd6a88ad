import { GLOBAL_FLAGS, type KubectlFlag, normalName } from './flags.ts';
import { type ParsedWords, parseWords, Unreadable } from './parse-flags.ts';
import { GROUPS } from './verbs.ts';

export interface FoundVerb {
  /** As kubectl will understand it, e.g. `rollout status`; empty when there is none. */
  verb: string;
  /** Flags that stood before or inside it. */
  before: ParsedWords['flags'];
  /** What follows it. */
  rest: string[];
}

/**
 * Finds kubectl's verb past its global flags. kubectl itself takes a flag that it does not know before the verb for one
 * with a value, and so jumps over a word; therefore only global flags, each on its own, are read here.
 * @throws Unreadable for any other flag before the verb
 */
export function findVerb(words: readonly string[]): FoundVerb {
  if (words.length === 1 && (words[0] === '-h' || words[0] === '--help')) return { verb: 'help', before: [], rest: [] };
  const first = nextWord(words);
  if (!GROUPS.has(first.word)) return { verb: first.word, before: first.flags, rest: first.rest };
  // `rollout --help` is a question about the group.
  const asked = first.rest[0];
  if (asked === '-h' || asked === '--help') return { verb: 'help', before: first.flags, rest: [first.word] };
  const second = nextWord(first.rest);
  return {
    verb: `${first.word} ${second.word}`.trim(),
    before: [...first.flags, ...second.flags],
    rest: second.rest,
  };
}

function nextWord(words: readonly string[]): { word: string; flags: ParsedWords['flags']; rest: string[] } {
  const flags: ParsedWords['flags'] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word !== '' && !word.startsWith('-')) return { word, flags, rest: words.slice(at + 1) };
    const flag = globalFlag(word);
    const next = words[at + 1];
    const alone = flag.takesValue && !word.includes('=') && (word.startsWith('--') || word.length === 2);
    if (alone && next === undefined) throw new Unreadable(word);
    flags.push(...parseWords(alone ? [word, next ?? ''] : [word], [flag]).flags);
    if (alone) at++;
  }
  return { word: '', flags, rest: [] };
}

/** The help flag is not among them: before the verb kubectl takes it for one with a value. */
function globalFlag(word: string): KubectlFlag {
  const [, long] = /^--([^=]+)/.exec(word) ?? [];
  const flag = GLOBAL_FLAGS.find(({ name, short }) =>
    long === undefined ? short !== null && short === word[1] : name === normalName(long),
  );
  if (!flag || flag.name === 'help' || word === '') throw new Unreadable(word.replace(/=.*$/s, '').slice(0, 40));
  return flag;
}

import type { FoundVerb } from './find-verb.ts';
import { GLOBAL_FLAGS, normalName } from './flags.ts';
import { type Aim, leavesNamespace, leavesTarget } from './refusals.ts';

const TARGET = new Map(GLOBAL_FLAGS.filter(({ concern }) => concern === 'target').map((flag) => [flag.name, flag]));
/** Letters that take a value in every command of kubectl that has them, so that what follows is no flag. */
const WITH_VALUE = new Set('olLkcv');
/** What stands before `--` and surely takes no value. */
const SWITCH = /^(-[itqAwRh]+|--(stdin|tty|quiet|rm|all|force|watch|recursive|help|dry_run|dry-run))$/;

/**
 * Makes sure that a changing command stays with the service. Its flags are not all known, so nothing is taken for the
 * value of another flag: what looks like a flag that leads away is refused wherever it stands before kubectl's own `--`.
 * @throws REFUSED
 */
export function checkWrite({ verb, before, rest }: FoundVerb, aim: Aim): void {
  for (const { flag, value } of before) {
    if (flag.concern === 'target') throw leavesTarget(`--${flag.name}`, aim);
    if (flag.concern === 'namespace' && value !== aim.namespace) throw leavesNamespace(aim);
  }
  const words = rest.slice(0, endOfFlags(rest));
  words.forEach((word, i) => {
    if (!word.startsWith('-') || word === '-' || word === '--') return;
    if (word.startsWith('--')) checkLong(word, words[i + 1], aim);
    else checkShorts(word.slice(1), { next: words[i + 1], verb, aim });
  });
}

/** Where kubectl stops to look for flags. A `--` that may be the value of a flag before it ends nothing. */
function endOfFlags(words: readonly string[]): number {
  const end = words.findIndex((word, i) => {
    const previous = words[i - 1] ?? '';
    return word === '--' && (!previous.startsWith('-') || previous.includes('=') || SWITCH.test(previous));
  });
  return end < 0 ? words.length : end;
}

function checkLong(word: string, next: string | undefined, aim: Aim): void {
  const [, typed = '', value = next] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  const name = normalName(typed);
  if (TARGET.has(name)) throw leavesTarget(`--${name}`, aim);
  if (name === 'namespace' && value !== aim.namespace) throw leavesNamespace(aim);
  if (name === 'all-namespaces' && !word.endsWith('=false')) throw leavesNamespace(aim);
}

function checkShorts(letters: string, facts: { next: string | undefined; verb: string; aim: Aim }): void {
  const { next, verb, aim } = facts;
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? '';
    const tied = letters.slice(at + 1).replace(/^=/, '');
    if (letter === 's') throw leavesTarget('-s', aim);
    if (letter === 'A') throw leavesNamespace(aim);
    if (letter === 'n') {
      if ((tied || next) !== aim.namespace) throw leavesNamespace(aim);
      return;
    }
    // `-f` is a file everywhere but in `logs`, where it means to follow; there `-p` is a switch, too.
    if (letters[at + 1] === '=' || WITH_VALUE.has(letter) || ('fp'.includes(letter) && verb !== 'logs')) return;
  }
}

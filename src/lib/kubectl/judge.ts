import { plain } from '../text/plain.ts';
import { type FoundVerb, findVerb } from './find-verb.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import { type ParsedWords, parseWords, Unreadable } from './parse-flags.ts';
import { type Aim, hidesVerb, incomplete, leavesTarget, needsWrite, notBuiltIn, ownFlag } from './refusals.ts';
import { knownType, typesIn } from './types.ts';
import { BUILT_IN, GROUPS, READ_VERBS, type ReadVerb } from './verbs.ts';
import { checkWrite } from './write-words.ts';

/** What was made of the words for kubectl. */
export interface Judgement {
  /** Whether it can change anything. */
  writes: boolean;
  /** One of kubectl's own, e.g. `rollout status`: the only part that may be written down. */
  verb: string;
  /** The built-in type it is about; null when the words do not name one. */
  type: string | null;
  asksCluster: boolean;
  /** Whether it goes on until it is stopped. */
  endless: boolean;
  /** Another namespace than the service's that it reads: its name, or `*` for all. */
  elsewhere: string | null;
  /** Whether it lists what belongs to other services too. */
  unselected: boolean;
}

/**
 * Decides what kubectl may be asked. Reading is what an allow-list of commands and flags says; all else needs `write`.
 * Which cluster, and as whom, can be changed by neither.
 * @throws USAGE, REFUSED
 */
export function judge(words: readonly string[], aim: Aim, { write }: { write: boolean }): Judgement {
  refuseOwnFlags(words, aim);
  const found = verbOf(words, aim);
  for (const { flag } of found.before) if (flag.concern === 'target') throw leavesTarget(`--${flag.name}`, aim);
  const [name = ''] = found.verb.split(' ');
  if (name === '' || (GROUPS.has(name) && !found.verb.includes(' '))) throw incomplete(name, aim);
  if (!BUILT_IN.has(name)) throw notBuiltIn(name, aim);
  const reading = READ_VERBS.find(({ words: known }) => known === found.verb);
  const read = reading
    ? readJudgement(reading, found, aim)
    : `\`kubectl ${plain(found.verb)}\` is not among the commands that are known only to read`;
  if (typeof read !== 'string') return read;
  checkWrite(found, aim);
  if (!write) throw needsWrite(read, found.verb, aim);
  const plainWrite = { writes: true, asksCluster: true, endless: false, elsewhere: null, unselected: false };
  return { ...plainWrite, verb: found.verb, type: typeOf(found) };
}

/** The judgement of a reading command, or why it is not only that. */
function readJudgement(reading: ReadVerb, found: FoundVerb, aim: Aim): Judgement | string {
  let parsed: ParsedWords;
  try {
    parsed = parseWords(found.rest, [...GLOBAL_FLAGS, ...reading.flags]);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return `${plain(error.flag)} is not among the flags of \`kubectl ${reading.words}\` that are known only to read`;
  }
  const flags = [...found.before, ...parsed.flags];
  const given = (name: string) => flags.findLast(({ flag }) => flag.name === name);
  const target = flags.find(({ flag }) => flag.concern === 'target');
  if (target) throw leavesTarget(`--${target.flag.name}`, aim);
  const machine = flags.find(({ flag }) => flag.concern === 'machine');
  if (machine) return `--${machine.flag.name} writes files on this machine`;
  const subresource = given('subresource')?.value;
  if (reading.words === 'get' && subresource && !['status', 'scale', 'resize'].includes(subresource))
    return '--subresource may reach into a pod';
  const types = reading.namesTypes ? typesIn(parsed.positionals) : [];
  if (types.includes('secrets')) return 'Secrets hold passwords, and what is printed here may be shared';
  if (parsed.positionals.length > (reading.most ?? Number.POSITIVE_INFINITY))
    return `more words than \`kubectl ${reading.words}\` is known to take`;
  const isOn = (name: string) => ![undefined, 'false', '0', 'f', 'F', 'FALSE', 'False'].includes(onValue(given(name)));
  const all = isOn('all-namespaces');
  const namespace = given('namespace')?.value ?? null;
  const other = namespace !== null && namespace !== aim.namespace ? namespace : null;
  return {
    writes: false,
    verb: reading.words,
    type: types.length > 0 ? knownType(parsed.positionals) : null,
    asksCluster: reading.asksCluster,
    endless: reading.words !== 'rollout status' && ['watch', 'watch-only', 'follow'].some(isOn),
    elsewhere: all ? '*' : other,
    unselected:
      !all && other === null && isUnselected(reading.words, parsed.positionals, given('selector') !== undefined),
  };
}

function onValue(given: ParsedWords['flags'][number] | undefined): string | undefined {
  return given ? (given.value ?? 'true') : undefined;
}

/** What lists all of a namespace shows other services, too; that may surprise. */
function isUnselected(verb: string, positionals: readonly string[], selected: boolean): boolean {
  if (selected) return false;
  if (verb.startsWith('top p')) return positionals.length === 0;
  if (verb !== 'get' && verb !== 'describe') return false;
  const [first = ''] = positionals;
  const mine = ['pods', 'all', 'deployments', 'replicasets', 'services', 'endpointslices'];
  return positionals.length === 1 && !first.includes('/') && typesIn(positionals).some((type) => mine.includes(type));
}

function typeOf({ verb, rest }: FoundVerb): string | null {
  const positionals = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : undefined);
  const words = positionals.filter((word) => !word.startsWith('-'));
  // What follows `exec` and its like is a pod, whatever it is called.
  if (/^(exec|attach|cp|port-forward|debug|logs)$/.test(verb)) return 'pods';
  return knownType(words);
}

function verbOf(words: readonly string[], aim: Aim): FoundVerb {
  try {
    return findVerb(words);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw hidesVerb(error.flag, aim);
  }
}

function refuseOwnFlags(words: readonly string[], aim: Aim): void {
  const end = words.indexOf('--');
  const own = words.slice(0, end < 0 ? undefined : end).find((word) => ['--write', '--yes', '--json'].includes(word));
  if (own) throw ownFlag(own, aim);
}

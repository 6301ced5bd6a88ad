import { type Level, levelOfLine } from './flatten.ts';
import type { Wanted } from './line-filter.ts';
import type { Source } from './source.ts';
import { CONTINUES, textOf } from './text-printer.ts';

export const LEVELS: readonly Level[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

const BRACE = 0x7b;
const COMMA = 0x2c;
const KEYS = ['"level":', '"severity":', '"lvl":', '"loglevel":', '"log.level":', '"@level":', '"levelname":'].map(
  (key) => Buffer.from(key),
);
/** So many lines of one container are taken apart in vain before their form is taken as it is. */
const TRIES = 50;

/** Where the lines of one container tell their level: the services' own loggers put it at the same place every time. */
interface Habit {
  /** Bytes from the beginning of the text to the key. */
  offset: number;
  key: Buffer;
}

interface Memory {
  habit: Habit | null;
  tries: number;
  /** Whether the last line that told its level was wanted: a stack trace goes with its head. */
  last: boolean;
}

/**
 * Lines of at least this level. A line that tells none goes with the one before it if it continues it, as a stack trace
 * does, and is not wanted otherwise. JSON is not taken apart for every line: where the level stands is learnt from one
 * line, looked at in the next, and only a line that seems wanted is taken apart to be sure.
 */
export function atLeast(least: Level): Wanted {
  const threshold = LEVELS.indexOf(least);
  const memories = new WeakMap<Source, Memory>();
  const isWanted = (level: Level | null) => level !== null && LEVELS.indexOf(level) >= threshold;
  const known = new Map<number, boolean | null>();
  return (source, bytes, text, end) => {
    let memory = memories.get(source);
    if (!memory) {
      memory = { habit: null, tries: 0, last: false };
      memories.set(source, memory);
    }
    const { habit } = memory;
    if (habit && bytes[text] === BRACE && standsAt(habit, bytes, text)) {
      const word = wordAt(bytes, text + habit.offset + habit.key.length);
      const verdict = known.get(word);
      if (verdict === false) {
        memory.last = false;
        return false;
      }
      const level = levelOfLine(textOf(bytes, text, end));
      if (verdict === undefined) known.set(word, isWanted(level));
      memory.last = isWanted(level);
      return memory.last;
    }
    return lookClosely(memory, { line: textOf(bytes, text, end), bytes, text, end, isWanted });
  };
}

function lookClosely(
  memory: Memory,
  seen: { line: string; bytes: Buffer; text: number; end: number; isWanted(level: Level | null): boolean },
): boolean {
  const { line, bytes, text, end, isWanted } = seen;
  const level = levelOfLine(line);
  if (level === null) return CONTINUES.test(line) && memory.last;
  if (bytes[text] === BRACE && memory.tries < TRIES) {
    memory.tries++;
    memory.habit = habitOf(bytes, text, end) ?? memory.habit;
  }
  memory.last = isWanted(level);
  return memory.last;
}

/** Where a line's level stands, if it is a field of the outermost object and no other object comes before it. */
function habitOf(bytes: Buffer, text: number, end: number): Habit | null {
  for (const key of KEYS) {
    const at = bytes.indexOf(key, text);
    if (at < 0 || at >= end) continue;
    const habit = { offset: at - text, key };
    return standsAt(habit, bytes, text) ? habit : null;
  }
  return null;
}

function standsAt({ offset, key }: Habit, bytes: Buffer, text: number): boolean {
  const at = text + offset;
  const before = bytes[at - 1];
  if (before !== BRACE && before !== COMMA) return false;
  for (let i = 0; i < key.length; i++) if (bytes[at + i] !== key[i]) return false;
  // An inner object, or a brace in a text, could hold a level of its own: then the line is taken apart.
  const inner = bytes.indexOf(BRACE, text + 1);
  return inner < 0 || inner > at;
}

/** Four bytes of the value as one number, enough to tell one level from the other. */
function wordAt(bytes: Buffer, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

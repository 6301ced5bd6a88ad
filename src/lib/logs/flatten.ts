export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** A log line taken apart as far as its form allows. */
export interface FlatLine {
  /** Null where the line does not say. */
  level: Level | null;
  message: string;
  /** The few fields that help to follow one request, in this order. */
  fields: [name: string, value: string][];
}

const LEVEL_KEYS = ['level', 'severity', 'lvl', 'loglevel', 'log.level', '@level', 'levelname'];
const MESSAGE_KEYS = ['msg', 'message', '@message', 'event', 'short_message'];
/** What is shown beside the message: each under its first name, wherever a service calls it otherwise. */
const FIELDS: readonly (readonly string[])[] = [
  ['method', 'http_method'],
  ['path', 'url', 'uri', 'route'],
  ['status', 'status_code', 'code', 'statusCode'],
  ['duration', 'duration_ms', 'latency', 'latency_ms', 'elapsed', 'took'],
  ['err', 'error', 'exception'],
  ['request_id', 'requestId', 'req_id', 'trace_id', 'traceId'],
];
/** https://getpino.io/#/docs/api?id=loggerlevels-object */
const NUMBERS: readonly [from: number, level: Level][] = [
  [60, 'fatal'],
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
  [20, 'debug'],
  [10, 'trace'],
];
const WORDS: readonly [word: RegExp, level: Level][] = [
  [/^(fatal|panic|emerg(ency)?|alert|crit(ical)?|dpanic)$/, 'fatal'],
  [/^(err(or)?|e)$/, 'error'],
  [/^(warn(ing)?|w)$/, 'warn'],
  [/^(info(rmation)?|notice|i)$/, 'info'],
  [/^(debug|d)$/, 'debug'],
  [/^(trace|verbose|t)$/, 'trace'],
];

/**
 * Reads JSON and logfmt; any other line stays whole, and its level is read off its beginning if it shows there.
 * @param wanted names of the fields to give, nested ones with dots; null gives the few that help to follow a request
 */
export function flatten(text: string, wanted: readonly string[] | null = null): FlatLine {
  const fields = fieldsOf(text);
  if (!fields) return { level: levelInText(text), message: text, fields: [] };
  const level = levelOf(first(fields, LEVEL_KEYS));
  const message = first(fields, MESSAGE_KEYS);
  if (wanted) return chosen(fields, wanted, { level, message });
  if (message === null) return { level, message: text, fields: [] };
  const told: [string, string][] = [];
  for (const names of FIELDS) {
    const value = first(fields, names);
    if (value !== null && value !== '') told.push([names.find((name) => fields[name] !== undefined) ?? '', value]);
  }
  return { level, message, fields: told };
}

/** The level of a line, wherever its form tells it; null where it does not. */
export function levelOfLine(text: string): Level | null {
  const fields = fieldsOf(text);
  return fields ? levelOf(first(fields, LEVEL_KEYS)) : levelInText(text);
}

/** As JSON gives them. An object and not a map, since to make one of every line costs as much as to read it. */
type Fields = Readonly<Record<string, unknown>>;

/** What a line says of itself as JSON or logfmt; null for any other form. */
function fieldsOf(text: string): Fields | null {
  return text.startsWith('{') ? fromJson(text) : fromLogfmt(text);
}

/** Exactly what was asked for; level and message keep their place at the front. */
function chosen(
  fields: Fields,
  wanted: readonly string[],
  found: Pick<FlatLine, 'level'> & { message: string | null },
): FlatLine {
  const others = wanted.filter((name) => !LEVEL_KEYS.includes(name) && !MESSAGE_KEYS.includes(name));
  return {
    level: wanted.some((name) => LEVEL_KEYS.includes(name)) ? found.level : null,
    message: wanted.some((name) => MESSAGE_KEYS.includes(name)) ? (found.message ?? '') : '',
    fields: others.flatMap((name): [string, string][] => {
      const value = own(fields, name) ?? dug(fields, name.split('.'));
      if (value === undefined || value === null) return [];
      return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    }),
  };
}

function dug(fields: Fields, steps: readonly string[]): unknown {
  let value: unknown = fields;
  for (const step of steps) value = own(value, step);
  return value;
}

/** A field that a line has: what every object has by nature, such as a constructor, is none. */
function own(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Fields)[name]
    : undefined;
}

function fromJson(text: string): Fields | null {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return null;
  }
}

const PAIR = /([\w.@-]+)=("(?:\\.|[^"\\])*"|\S*)(?:\s+|$)/y;

/** Only lines that are pairs from end to end: `a=b` may stand in any sentence. */
function fromLogfmt(text: string): Fields | null {
  if (!/^[\w.@-]+=/.test(text)) return null;
  const fields: Record<string, unknown> = {};
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < text.length) {
    const match = PAIR.exec(text);
    if (!match) return null;
    const [, name = '', value = ''] = match;
    fields[name] = value.startsWith('"') ? unquoted(value) : value;
  }
  return fields;
}

function unquoted(value: string): string {
  try {
    return JSON.parse(value) as string;
  } catch {
    return value.slice(1, -1);
  }
}

function first(fields: Fields, names: readonly string[]): string | null {
  for (const name of names) {
    const value = fields[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'object') return String(value);
    const inner = value as { message?: unknown; name?: unknown };
    return typeof inner.message === 'string' ? inner.message : JSON.stringify(value);
  }
  return null;
}

const knownLevels = new Map<string, Level | null>();
/** Lines tell few different levels, unless they are made up to fill memory. */
const MOST_KNOWN = 100;

function levelOf(value: string | null): Level | null {
  if (value === null) return null;
  const known = knownLevels.get(value);
  if (known !== undefined) return known;
  const level = readLevel(value);
  if (knownLevels.size < MOST_KNOWN) knownLevels.set(value, level);
  return level;
}

function readLevel(value: string): Level | null {
  const number = Number(value);
  if (value !== '' && Number.isFinite(number)) return NUMBERS.find(([from]) => number >= from)?.[1] ?? null;
  return WORDS.find(([word]) => word.test(value.toLowerCase()))?.[1] ?? null;
}

/** The beginning of lines that are only text: Go's panics, klog, `ERROR …`, `[warn] …`, `TypeError: …`. */
function levelInText(text: string): Level | null {
  if (/^(panic:|fatal error:|\[signal SIG)/.test(text)) return 'fatal';
  const klog = /^([IWEF])\d{4} \d\d:\d\d:\d\d/.exec(text)?.[1];
  if (klog) return { I: 'info', W: 'warn', E: 'error', F: 'fatal' }[klog] as Level;
  if (/^(Uncaught )?[A-Z]?\w*(Error|Exception)\b[:\s]/.test(text)) return 'error';
  const word = /^\W{0,2}(?:\d{4}-\d\d-\d\d[T ][\d:.,Z+-]+\W{1,3})?\[?(\w+)\]?(?=[\s:|\]-]|$)/.exec(text)?.[1] ?? '';
  return word.length >= 4 && (word === word.toUpperCase() || /^\W{0,2}.*?\[/.test(text.slice(0, 2)))
    ? levelOf(word)
    : null;
}

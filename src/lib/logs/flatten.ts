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
  const told = FIELDS.flatMap((names): [string, string][] => {
    const value = first(fields, names);
    return value === null || value === '' ? [] : [[names.find((name) => fields.has(name)) ?? '', value]];
  });
  return { level, message, fields: told };
}

/** The level of a line, wherever its form tells it; null where it does not. */
export function levelOfLine(text: string): Level | null {
  const fields = fieldsOf(text);
  return fields ? levelOf(first(fields, LEVEL_KEYS)) : levelInText(text);
}

/** What a line says of itself as JSON or logfmt; null for any other form. */
function fieldsOf(text: string): Map<string, unknown> | null {
  return text.startsWith('{') ? fromJson(text) : fromLogfmt(text);
}

/** Exactly what was asked for; level and message keep their place at the front. */
function chosen(
  fields: Map<string, unknown>,
  wanted: readonly string[],
  found: Pick<FlatLine, 'level'> & { message: string | null },
): FlatLine {
  const others = wanted.filter((name) => !LEVEL_KEYS.includes(name) && !MESSAGE_KEYS.includes(name));
  return {
    level: wanted.some((name) => LEVEL_KEYS.includes(name)) ? found.level : null,
    message: wanted.some((name) => MESSAGE_KEYS.includes(name)) ? (found.message ?? '') : '',
    fields: others.flatMap((name): [string, string][] => {
      const value = fields.get(name) ?? dug(fields, name.split('.'));
      if (value === undefined || value === null) return [];
      return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    }),
  };
}

function dug(fields: ReadonlyMap<string, unknown>, steps: readonly string[]): unknown {
  let value: unknown = fields.get(steps[0] ?? '');
  for (const step of steps.slice(1)) value = (value as Record<string, unknown> | null | undefined)?.[step];
  return value;
}

function fromJson(text: string): Map<string, unknown> | null {
  try {
    return new Map(Object.entries(JSON.parse(text) as object));
  } catch {
    return null;
  }
}

const PAIR = /([\w.@-]+)=("(?:\\.|[^"\\])*"|\S*)(?:\s+|$)/y;

/** Only lines that are pairs from end to end: `a=b` may stand in any sentence. */
function fromLogfmt(text: string): Map<string, unknown> | null {
  if (!/^[\w.@-]+=/.test(text)) return null;
  const fields = new Map<string, unknown>();
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < text.length) {
    const match = PAIR.exec(text);
    if (!match) return null;
    const [, name = '', value = ''] = match;
    fields.set(name, value.startsWith('"') ? unquoted(value) : value);
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

function first(fields: ReadonlyMap<string, unknown>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = fields.get(name);
    if (value === undefined || value === null) continue;
    if (typeof value !== 'object') return String(value);
    const inner = value as { message?: unknown; name?: unknown };
    return typeof inner.message === 'string' ? inner.message : JSON.stringify(value);
  }
  return null;
}

function levelOf(value: string | null): Level | null {
  if (value === null) return null;
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

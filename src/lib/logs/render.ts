import type { Paint } from '../text/paint.ts';
import { plain } from '../text/plain.ts';
import { clockTime, type Zone } from '../text/time.ts';
import { flatten, type Level } from './flatten.ts';
import { type Entry, millisecondsOf } from './log-line.ts';
import { shortPodName } from './sources.ts';

export interface RenderOptions {
  paint: Paint;
  zone: Zone;
  /** Lines as the container wrote them: no prefix, nothing taken apart, nothing cleaned. */
  raw: boolean;
  timestamps: boolean;
  /** On a terminal times are short, and repetitions are told instead of shown. */
  terminal: boolean;
  /** Pods known at the start. The prefix is as wide as their short names, and names containers where one has several. */
  pods: readonly { name: string; containers: readonly string[] }[];
}

/** A repetition is told at the latest after so many milliseconds, so that the screen is seen to live. */
const PATIENCE = 5000;
/** Fields that everybody knows by their values. */
const SELF_EVIDENT = new Set(['method', 'http_method', 'path', 'url', 'uri', 'route']);
const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  trace: 'TRC',
  debug: 'DBG',
  info: 'INF',
  warn: 'WRN',
  error: 'ERR',
  fatal: 'FTL',
};

/** Turns log lines into lines of text, one after the other. */
export class LogRenderer {
  readonly #options: RenderOptions;
  readonly #names = new Map<string, string>();
  readonly #containers: boolean;
  #width = 0;
  #same = { key: '', prefix: '', count: 0, since: 0 };

  constructor(options: RenderOptions) {
    this.#options = options;
    this.#containers = options.pods.some(({ containers }) => containers.length > 1);
    for (const { name } of options.pods) this.nameOf(name);
  }

  /** The short name of a pod; once given, it stays. */
  nameOf(pod: string): string {
    const known = this.#names.get(pod);
    if (known) return known;
    const name = shortPodName(pod, [...this.#options.pods.map((known) => known.name), ...this.#names.keys()]);
    this.#names.set(pod, name);
    this.#width = Math.max(this.#width, name.length);
    return name;
  }

  /** @param now milliseconds since 1970 */
  lines(entries: readonly Entry[], now: number): string[] {
    if (this.#options.raw) return entries.map((entry) => this.#raw(entry));
    return entries.flatMap((entry) => this.#collapsed(entry, now));
  }

  /** What is still to be said of repetitions. */
  rest(): string[] {
    const { count, prefix } = this.#same;
    this.#same.count = 0;
    return count === 0 ? [] : [`${prefix} ${this.#options.paint.dim(`×${count} more of the same`)}`];
  }

  #raw({ at, text }: Entry): string {
    return this.#options.timestamps ? `${at} ${text}` : text;
  }

  #collapsed(entry: Entry, now: number): string[] {
    const prefix = this.#prefix(entry);
    const text = this.#text(entry);
    if (!this.#options.terminal) return [`${prefix} ${this.#time(entry)}${text}`.trimEnd()];
    const key = `${prefix} ${text}`;
    if (key === this.#same.key && now - this.#same.since < PATIENCE) {
      this.#same.count += 1;
      return [];
    }
    const told = this.rest();
    this.#same = { key, prefix, count: 0, since: now };
    return [...told, `${prefix} ${this.#time(entry)}${text}`.trimEnd()];
  }

  #prefix({ pod, container }: Entry): string {
    const name = plain(this.nameOf(pod)).padEnd(this.#width);
    return this.#options.paint.dim(this.#containers ? `${name} ${plain(container)}` : name);
  }

  #time({ at }: Entry): string {
    const { timestamps, terminal, zone, paint } = this.#options;
    if (!timestamps) return '';
    return `${terminal ? paint.dim(clockTime(millisecondsOf(at), zone).slice(0, 8)) : `${at.slice(0, 23)}Z`} `;
  }

  #text({ text }: Entry): string {
    const { paint } = this.#options;
    const { level, message, fields } = flatten(text);
    const told = fields.map(([name, value]) =>
      SELF_EVIDENT.has(name) ? plain(value) : `${paint.dim(`${plain(name)}=`)}${plain(quoted(value))}`,
    );
    const words = [plain(tabsAsSpaces(message)), ...told].join(' ');
    return level === null ? `    ${words}` : `${this.#level(level)} ${words}`;
  }

  #level(level: Level): string {
    const { paint } = this.#options;
    const word = LEVEL_WORDS[level];
    if (level === 'error' || level === 'fatal') return paint.bad(word);
    return level === 'warn' ? paint.warn(word) : paint.dim(word);
  }
}

/** Stack traces are indented by tabs, which cleaning would make one space. */
function tabsAsSpaces(text: string): string {
  return text.replaceAll('\t', '    ');
}

function quoted(value: string): string {
  return /\s/.test(value) ? JSON.stringify(value) : value;
}

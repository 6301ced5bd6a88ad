import { Chalk } from 'chalk';

/** Colours by meaning. Nothing is ever said by colour alone: each use stands beside a word or a sign. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  strong(text: string): string;
  dim(text: string): string;
  /** Something to type. */
  command(text: string): string;
  link(text: string): string;
  /** One of twelve colours, for things that are many and alike, such as pods: neighbours never share one. */
  oneOf(index: number, text: string): string;
  /** Found by a search. */
  found(text: string): string;
  /** The signs that stand for good, bad, warning, and the next step; ASCII where the terminal knows no more. */
  readonly sign: { good: string; bad: string; warn: string; next: string; bullet: string };
  readonly ascii: boolean;
}

/** Readable on light and dark; those that are hard to tell apart do not stand side by side. */
const PALETTE = [
  'cyan',
  'magenta',
  'blue',
  'yellow',
  'green',
  'redBright',
  'blueBright',
  'greenBright',
  'magentaBright',
  'yellowBright',
  'cyanBright',
  'red',
] as const;

/** chalk ignores `NO_COLOR` (tested on 5.6.2), so the caller decides once and says it here. */
export function createPaint(options: { colour: boolean; ascii: boolean }): Paint {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  return {
    good: (text) => chalk.green(text),
    bad: (text) => chalk.red(text),
    warn: (text) => chalk.yellow(text),
    strong: (text) => chalk.bold(text),
    dim: (text) => chalk.dim(text),
    command: (text) => chalk.cyan(text),
    link: (text) => chalk.underline(text),
    oneOf: (index, text) => chalk[PALETTE[index % PALETTE.length] as (typeof PALETTE)[number]](text),
    found: (text) => chalk.inverse(text),
    sign: options.ascii
      ? { good: 'ok', bad: 'x', warn: '!', next: '->', bullet: '*' }
      : { good: '✔', bad: '✖', warn: '⚠', next: '→', bullet: '•' },
    ascii: options.ascii,
  };
}

import { quote, quoteRune } from './print-value.ts';

/** A piece of a query. `type` is its spelling for operators and keywords, and a word such as `identifier` for the rest. */
export interface Token {
  type: string;
  text: string;
  start: number;
  end: number;
}

export interface Scan {
  tokens: Token[];
  /** Where scanning stopped because no token could be read, and why; null when it reached the end. */
  failure: { position: number; message: string } | null;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'and or unless atan2 sum avg count min max group stddev stdvar topk bottomk count_values quantile ' +
    'offset by without on ignoring group_left group_right bool start end'
  ).split(' '),
);
const NUMBER = /(?:0[xX][0-9a-fA-F]*|\d*\.?\d*(?:[eE][+-]?\d*)?)/y;
const DURATION = /\d+(?:[smhdwy]s?)(?:\d+[smhdw]s?)*/y;
const WORD = /[a-zA-Z0-9_]/;
const OPERATORS = ['==', '!=', '<=', '>=', '<', '>', '+', '-', '*', '/', '%', '^', '=', ',', '(', ')', '@'];

type Shape = readonly [type: string, length: number];

class Failure {
  readonly position: number;
  readonly message: string;
  constructor(position: number, message: string) {
    this.position = position;
    this.message = message;
  }
}

/**
 * Splits a query into tokens the way Prometheus does, so that what is wrong with it can be said in Prometheus's words.
 * The grammar package splits on its own and is more tolerant.
 */
export function scan(query: string): Scan {
  const scanner = new Scanner(query);
  try {
    scanner.run();
  } catch (failure) {
    if (failure instanceof Failure) return { tokens: scanner.tokens, failure };
    throw failure;
  }
  return { tokens: scanner.tokens, failure: null };
}

class Scanner {
  readonly tokens: Token[] = [];
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #inBraces = false;
  #inBrackets = false;
  #colon = false;

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    for (;;) {
      this.#at += (/^(?:[ \t\r\n]|#[^\r\n]*)*/.exec(this.#text.slice(this.#at)) as RegExpExecArray)[0].length;
      if (this.#at >= this.#text.length) break;
      const [type, length] = this.#inBraces ? this.#inside() : this.#outside();
      this.#take(type, length);
    }
    if (this.#inBraces) throw new Failure(this.#at, 'unexpected end of input inside braces');
    if (this.#depth !== 0) throw new Failure(this.#at, 'unclosed left parenthesis');
    if (this.#inBrackets) throw new Failure(this.#at, 'unclosed left bracket');
  }

  #take(type: string, length: number): void {
    this.tokens.push({
      type,
      text: this.#text.slice(this.#at, this.#at + length),
      start: this.#at,
      end: this.#at + length,
    });
    this.#at += length;
  }

  #fail(message: string): never {
    throw new Failure(this.#at, message);
  }

  #rune(at: number): string {
    const code = this.#text.codePointAt(at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  #inside(): Shape {
    const rune = this.#rune(this.#at);
    const next = this.#rune(this.#at + 1);
    if (/[a-zA-Z_]/.test(rune)) return ['identifier', this.#wordLength(WORD)];
    if (/["'`]/.test(rune)) return this.#string(rune);
    if (rune === ',') return [',', 1];
    if (rune === '=') return next === '~' ? ['=~', 2] : ['=', 1];
    if (rune === '!') {
      if (next !== '~' && next !== '=') this.#fail(`unexpected character after '!' inside braces: ${quoteRune(next)}`);
      return [`!${next}`, 2];
    }
    if (rune === '{') this.#fail("unexpected left brace '{'");
    if (rune !== '}') this.#fail(`unexpected character inside braces: ${quoteRune(rune)}`);
    this.#inBraces = false;
    return ['}', 1];
  }

  #outside(): Shape {
    const rune = this.#rune(this.#at);
    const next = this.#rune(this.#at + 1);
    if (/\d/.test(rune) || (rune === '.' && /\d/.test(next))) return this.#numberOrDuration();
    if (/["'`]/.test(rune)) return this.#string(rune);
    if (/[a-zA-Z_:]/.test(rune)) return this.#word(rune);
    if (rune === '=' && next === '~') this.#fail(`unexpected character after '=': '~'`);
    if (rune === '!' && next !== '=') this.#fail(`unexpected character after '!': ${quoteRune(next)}`);
    if (rune === '[' || rune === ']') return this.#bracket(rune);
    if (rune === '{') {
      this.#inBraces = true;
      return ['{', 1];
    }
    const operator = OPERATORS.find((candidate) => this.#text.startsWith(candidate, this.#at));
    if (operator === undefined) this.#fail(`unexpected character: ${quoteRune(rune)}`);
    if (operator === '(') this.#depth++;
    if (operator === ')' && --this.#depth < 0) {
      this.#at++;
      this.#fail("unexpected right parenthesis ')'");
    }
    return [operator, operator.length];
  }

  #bracket(rune: string): Shape {
    if (rune === ']') {
      if (!this.#inBrackets) this.#fail("unexpected right bracket ']'");
      this.#inBrackets = false;
      return [']', 1];
    }
    if (this.#inBrackets) this.#fail("unexpected left bracket '['");
    this.#inBrackets = true;
    this.#colon = false;
    this.#take('[', 1);
    while (/[ \t\r\n]/.test(this.#rune(this.#at))) this.#at++;
    const duration = this.#match(DURATION);
    if (duration > 0 && !WORD.test(this.#rune(this.#at + duration))) return ['duration', duration];
    const number = this.#match(NUMBER);
    const after = this.#rune(this.#at + number);
    if (!WORD.test(after)) this.#fail('missing unit character in duration');
    this.#fail(`bad duration syntax: ${quote(this.#spoiled(number))}`);
  }

  #numberOrDuration(): Shape {
    const number = this.#match(NUMBER);
    if (!WORD.test(this.#rune(this.#at + number))) return ['number', number];
    const duration = this.#match(DURATION);
    if (duration > 0 && !WORD.test(this.#rune(this.#at + duration))) return ['duration', duration];
    this.#fail(`bad number or duration syntax: ${quote(this.#spoiled(number))}`);
  }

  /** What had been read when it turned out to be no duration; Prometheus shows it with the character that spoiled it. */
  #spoiled(number: number): string {
    const rest = this.#text.slice(this.#at + number);
    const read = /^[smhdwy]s?(?:\d+[smhdw]s?)*/.exec(rest)?.[0] ?? '';
    const dangling = /^\d+/.exec(rest.slice(read.length))?.[0].length ?? 1;
    return this.#text.slice(this.#at, this.#at + number + (read === '' ? 0 : read.length + dangling));
  }

  #word(rune: string): Shape {
    if (this.#inBrackets) {
      if (this.#colon) this.#fail(`unexpected colon ${quoteRune(rune)}`);
      this.#colon = true;
      return [':', 1];
    }
    const length = this.#wordLength(/[a-zA-Z0-9_:]/);
    const word = this.#text.slice(this.#at, this.#at + length);
    const lower = word.toLowerCase();
    if (KEYWORDS.has(lower)) return [lower, length];
    if (lower === 'inf' || lower === 'nan') return ['number', length];
    return [word.includes(':') ? 'metric identifier' : 'identifier', length];
  }

  #string(mark: string): Shape {
    const raw = mark === '`';
    let at = this.#at + 1;
    for (; this.#text[at] !== mark; at++) {
      const character = this.#text[at];
      if (raw && character === undefined) this.#fail('unterminated raw string');
      if (!raw && (character === undefined || character === '\n')) this.#fail('unterminated quoted string');
      if (!raw && character === '\\') {
        const problem = escapeProblem(this.#text.slice(at + 1), mark);
        if (problem) this.#fail(problem);
        at++;
      }
    }
    return ['string', at + 1 - this.#at];
  }

  #match(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0].length ?? 0;
  }

  #wordLength(character: RegExp): number {
    let length = 0;
    while (character.test(this.#rune(this.#at + length))) length++;
    return length;
  }
}

/** What is wrong with the escape sequence whose backslash was just read, if anything. */
function escapeProblem(rest: string, mark: string): string | null {
  const first = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  if (rest === '') return 'escape sequence not terminated';
  if ('abfnrtv\\'.includes(first) || first === mark) return null;
  const digits = /^[0-7]/.test(rest)
    ? /^[0-7]{3}/
    : { x: /^x[0-9a-fA-F]{2}/, u: /^u[0-9a-fA-F]{4}/, U: /^U[0-9a-fA-F]{8}/ }[first];
  if (digits === undefined) return `unknown escape sequence ${unicodeName(first)}`;
  if (digits.test(rest)) return null;
  const at = /^[0-7]/.test(rest) ? /^[0-7]*/.exec(rest) : /^.[0-9a-fA-F]*/.exec(rest);
  const bad = rest[at?.[0].length ?? 0];
  return bad === undefined
    ? 'escape sequence not terminated'
    : `illegal character ${unicodeName(bad)} in escape sequence`;
}

/** A character as Go's `%#U` writes it: `U+0071 'q'`. */
function unicodeName(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${code} '${character}'`;
}

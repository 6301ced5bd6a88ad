/** A value of which nothing can be said. */
export const UNKNOWN = Symbol('unknown');
/** A value that differs from run to run, and has nothing to do with what is asked about: a branch, an input, an actor. */
export const FREE = Symbol('free');
export type Value = string | number | boolean | null | typeof UNKNOWN | typeof FREE;
/** True, false, `free` where some runs say yes and others no, or null where it cannot be said. */
export type Verdict = boolean | 'free' | null;

/** What is known beforehand. Paths are in lower case, as GitHub compares them: `vars.deploy_hold`. */
export interface Known {
  value(path: string): Value;
  /** Whether a value is the one that is asked about. */
  isHeld(value: Value): boolean;
  /** Whether everything before has succeeded, for the status functions. */
  success: Verdict;
}

const TOKEN = /\s*('(?:[^']|'')*'|\d+(?:\.\d+)?|==|!=|<=|>=|&&|\|\||[!()[\],<>.*]|[A-Za-z_][\w-]*)/y;
const STATUS = /\b(success|failure|cancelled|always)\s*\(/i;

/**
 * Whether an `if:` lets its job or step run, as far as that can be said beforehand. Without a status function in it, it
 * runs only while all went well. An expression beside other text is text, which GitHub takes for true.
 * https://docs.github.com/en/actions/reference/evaluate-expressions-in-workflows-and-actions
 * @param condition null when there is none
 */
export function mayRun(condition: string | null, known: Known): Verdict {
  if (condition === null) return known.success;
  const text = condition.trim();
  const inner = /^\$\{\{([\s\S]*)\}\}$/.exec(text)?.[1];
  const isOne = inner !== undefined && !inner.includes('${{');
  if (!isOne && text.includes('${{')) return and(known.success, true);
  const source = isOne ? inner : text;
  const value = truth(evaluate(source, known));
  return STATUS.test(source) ? value : and(known.success, value);
}

/** The value of a text with `${{ … }}` in it. */
export function interpolated(text: string, known: Known): Value {
  const only = /^\s*\$\{\{((?:(?!\}\})[\s\S])*)\}\}\s*$/.exec(text)?.[1];
  if (only !== undefined) return evaluate(only, known);
  return text.includes('${{') ? UNKNOWN : text;
}

function truth(value: Value): Verdict {
  if (value === FREE) return 'free';
  return value === UNKNOWN ? null : Boolean(value);
}

export function and(a: Verdict, b: Verdict): Verdict {
  if (a === false || b === false) return false;
  if (a === null || b === null) return null;
  return a === 'free' || b === 'free' ? 'free' : true;
}

function or(a: Verdict, b: Verdict): Verdict {
  if (a === true || b === true) return true;
  if (a === null || b === null) return null;
  return a === 'free' || b === 'free' ? 'free' : false;
}

function asValue(verdict: Verdict): Value {
  if (verdict === 'free') return FREE;
  return verdict === null ? UNKNOWN : verdict;
}

/** The value of an expression; unknown for what cannot be read. */
function evaluate(source: string, known: Known): Value {
  try {
    return new Evaluation(source, known).value();
  } catch (error) {
    if (error instanceof Unreadable) return UNKNOWN;
    throw error;
  }
}

class Unreadable extends Error {}

class Evaluation {
  readonly #tokens: string[] = [];
  readonly #known: Known;
  #at = 0;

  constructor(source: string, known: Known) {
    this.#known = known;
    const token = new RegExp(TOKEN);
    while (token.lastIndex < source.trimEnd().length) {
      const match = token.exec(source);
      if (!match) throw new Unreadable();
      this.#tokens.push(match[1] as string);
    }
  }

  value(): Value {
    const value = this.#either();
    if (this.#at < this.#tokens.length) throw new Unreadable();
    return value;
  }

  #take(...tokens: string[]): string | null {
    const token = this.#tokens[this.#at];
    if (token === undefined || !tokens.includes(token)) return null;
    this.#at++;
    return token;
  }

  #either(): Value {
    let left = this.#both();
    while (this.#take('||')) {
      const right = this.#both();
      const known = truth(left);
      if (known === false) left = right;
      else if (known !== true) left = asValue(or(known, truth(right)));
    }
    return left;
  }

  #both(): Value {
    let left = this.#compared();
    while (this.#take('&&')) {
      const right = this.#compared();
      const known = truth(left);
      if (known === true) left = right;
      else if (known !== false) left = asValue(and(known, truth(right)));
    }
    return left;
  }

  #compared(): Value {
    const left = this.#single();
    const sign = this.#take('==', '!=', '<', '>', '<=', '>=');
    if (!sign) return left;
    const right = this.#single();
    if (left === UNKNOWN || right === UNKNOWN) return UNKNOWN;
    if (left === FREE || right === FREE) return FREE;
    if (sign !== '==' && sign !== '!=') return UNKNOWN;
    return same(left, right) === (sign === '==');
  }

  #single(): Value {
    if (this.#take('!')) {
      const value = this.#single();
      return value === UNKNOWN || value === FREE ? value : !value;
    }
    if (this.#take('(')) {
      const value = this.#either();
      if (!this.#take(')')) throw new Unreadable();
      return value;
    }
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Unreadable();
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d/.test(token)) return Number(token);
    if (!/^[A-Za-z_]/.test(token)) throw new Unreadable();
    return this.#take('(') ? this.#call(token.toLowerCase()) : this.#path(token.toLowerCase());
  }

  #call(name: string): Value {
    const given: Value[] = [];
    while (!this.#take(')')) {
      if (this.#at >= this.#tokens.length) throw new Unreadable();
      given.push(this.#either());
      this.#take(',');
    }
    const { success } = this.#known;
    if (name === 'always') return true;
    if (name === 'cancelled') return false;
    if (name === 'success') return asValue(success);
    if (name === 'failure') return typeof success === 'boolean' ? !success : asValue(success);
    // What comes out differs from run to run if anything that goes in does; what is made of known values is not worked out.
    return given.includes(FREE) && !given.includes(UNKNOWN) && !given.some((one) => this.#known.isHeld(one))
      ? FREE
      : UNKNOWN;
  }

  #path(first: string): Value {
    if (first === 'true' || first === 'false') return first === 'true';
    if (first === 'null') return null;
    let path = first;
    for (;;) {
      if (this.#take('.')) path += `.${(this.#tokens[this.#at++] ?? '').toLowerCase()}`;
      else if (this.#take('[')) {
        const key = this.#either();
        if (!this.#take(']')) throw new Unreadable();
        path += `.${typeof key === 'string' ? key.toLowerCase() : '*'}`;
      } else return this.#known.value(path);
    }
  }
}

type Plain = Exclude<Value, symbol>;

/** GitHub compares text without regard to case, and everything else as numbers: what is nothing is 0. */
function same(left: Plain, right: Plain): boolean {
  if (typeof left === typeof right) return String(left).toLowerCase() === String(right).toLowerCase();
  const number = (value: typeof left) => (typeof value === 'string' && value.trim() === '' ? 0 : Number(value ?? 0));
  return number(left) === number(right);
}

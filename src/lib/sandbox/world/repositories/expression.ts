/** What an expression may look at. Every value is text, as inputs and variables are on the wire. */
export interface Scope {
  values: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** How the job, or what it needs, stands so far, for `success()`, `failure()` and `cancelled()`. */
  outcome: 'success' | 'failure' | 'cancelled' | 'skipped';
}

type Value = string | boolean;

const TOKEN = /\s*('(?:[^']|'')*'|==|!=|&&|\|\||[!()]|[A-Za-z_][\w.-]*)/y;
const STATUS_CHECK = /\b(success|failure|cancelled|always)\s*\(/;

/**
 * Evaluates the part of GitHub's expression language that the sandbox's workflows use: properties, text, `==`, `!=`,
 * `!`, `&&`, `||`, parentheses and the status functions. Text compares without regard to case, as it does there.
 * https://docs.github.com/en/actions/reference/evaluate-expressions-in-workflows-and-actions
 */
class Evaluation {
  readonly #tokens: string[];
  readonly #scope: Scope;
  #at = 0;

  constructor(source: string, scope: Scope) {
    this.#scope = scope;
    this.#tokens = [];
    const token = new RegExp(TOKEN);
    while (token.lastIndex < source.trimEnd().length) {
      const match = token.exec(source);
      if (!match) throw new Error(`the sandbox cannot read the expression: ${source}`);
      this.#tokens.push(match[1] as string);
    }
  }

  value(): Value {
    const value = this.#either();
    if (this.#at < this.#tokens.length) throw new Error(`unexpected ${this.#tokens[this.#at]} in an expression`);
    return value;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #either(): Value {
    let left = this.#both();
    while (this.#take('||')) {
      const right = this.#both();
      left = left || right;
    }
    return left;
  }

  #both(): Value {
    let left = this.#compared();
    while (this.#take('&&')) {
      const right = this.#compared();
      left = left && right;
    }
    return left;
  }

  #compared(): Value {
    const left = this.#single();
    if (this.#take('==')) return same(left, this.#single());
    if (this.#take('!=')) return !same(left, this.#single());
    return left;
  }

  #single(): Value {
    if (this.#take('!')) return !this.#single();
    if (this.#take('(')) {
      const value = this.#either();
      this.#expect(')');
      return value;
    }
    const token = this.#tokens[this.#at++] ?? '';
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (this.#take('(')) {
      this.#expect(')');
      return token === 'always' || token === this.#scope.outcome;
    }
    if (token === 'true' || token === 'false') return token === 'true';
    const [context = '', ...name] = token.split('.');
    return this.#scope.values[context]?.[name.join('.')] ?? '';
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new Error(`expected ${token} in an expression`);
  }
}

function same(left: Value, right: Value): boolean {
  return String(left).toLowerCase() === String(right).toLowerCase();
}

/** Whether a step with this `if:` runs. Without a status function in it, it runs only while all went well. */
export function isMet(condition: string | null, scope: Scope): boolean {
  if (condition === null) return scope.outcome === 'success';
  const source = condition.replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1');
  if (!STATUS_CHECK.test(source) && scope.outcome !== 'success') return false;
  return Boolean(new Evaluation(source, scope).value());
}

/** Replaces each `${{ … }}` of a text by its value. */
export function interpolate(text: string, scope: Scope): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, source: string) => String(new Evaluation(source, scope).value()));
}

import { parseError } from './promql-error.ts';
import type { Binary, BinaryOperator, Expr, Matching } from './syntax.ts';
import { timestampOutOfBounds } from './syntax-error.ts';

/** One part of an expression, as it stands in the text. */
export type Item =
  | { type: 'operand'; expr: Expr }
  | { type: 'prefix'; operator: '+' | '-'; start: number }
  | { type: 'infix'; operator: string; bool: boolean; matching: Matching; start: number }
  | Suffix;

type Suffix =
  | { type: 'range'; rangeMs: number; start: number; end: number }
  | { type: 'subquery'; rangeMs: number; stepMs: number; start: number; end: number }
  | { type: 'offset'; offsetMs: number; end: number }
  /** Seconds since 1970, or one end of the query. */
  | { type: 'at'; at: number | 'start' | 'end'; end: number };

/** https://prometheus.io/docs/prometheus/2.42/querying/operators/#binary-operator-precedence */
const LEVELS: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<=': 3,
  '<': 3,
  '>=': 3,
  '>': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
const SIGN_LEVEL = 5;

/** Binds the parts of an expression by Prometheus's precedence: suffixes first, then `^`, then signs, then the rest. */
export function assemble(query: string, items: readonly Item[]): Expr {
  return new Assembly(query, items).climb(1);
}

class Assembly {
  readonly #query: string;
  readonly #items: readonly Item[];
  #next = 0;

  constructor(query: string, items: readonly Item[]) {
    this.#query = query;
    this.#items = items;
  }

  climb(lowest: number): Expr {
    let left = this.#unary();
    for (;;) {
      const item = this.#items[this.#next];
      if (item?.type !== 'infix') return left;
      const level = LEVELS[item.operator] ?? 0;
      if (level < lowest) return left;
      this.#next++;
      // `^` alone groups to the right.
      const right = this.climb(item.operator === '^' ? level : level + 1);
      left = binary(left, item, right);
    }
  }

  #unary(): Expr {
    const item = this.#items[this.#next++];
    if (item?.type === 'prefix') {
      const expr = this.climb(SIGN_LEVEL + 1);
      if (expr.kind === 'number') {
        return { ...expr, value: item.operator === '-' ? -expr.value : expr.value, start: item.start };
      }
      return { kind: 'unary', operator: item.operator, expr, start: item.start, end: expr.end };
    }
    let expr = (item as Item & { type: 'operand' }).expr;
    for (let suffix = this.#items[this.#next]; isSuffix(suffix); suffix = this.#items[this.#next]) {
      expr = attach(this.#query, expr, suffix);
      this.#next++;
    }
    return expr;
  }
}

function isSuffix(item: Item | undefined): item is Suffix {
  return item !== undefined && item.type !== 'operand' && item.type !== 'prefix' && item.type !== 'infix';
}

function binary(left: Expr, item: Item & { type: 'infix' }, right: Expr): Binary {
  return {
    kind: 'binary',
    operator: item.operator as BinaryOperator,
    left,
    right,
    bool: item.bool,
    matching: item.matching,
    operatorAt: item.start,
    start: left.start,
    end: right.end,
  };
}

function attach(query: string, expr: Expr, suffix: Suffix): Expr {
  if (suffix.type === 'range') return attachRange(query, expr, suffix);
  if (suffix.type === 'subquery') {
    const { rangeMs, stepMs, end } = suffix;
    return { kind: 'subquery', expr, rangeMs, stepMs, offsetMs: 0, at: null, start: expr.start, end };
  }
  const shifted = expr.kind === 'matrix' ? expr.selector : expr;
  if (shifted.kind !== 'selector' && shifted.kind !== 'subquery') {
    const modifier = suffix.type === 'at' ? '@' : 'offset';
    const wanted = 'must be preceded by an instant vector selector or range vector selector or a subquery';
    throw parseError(query, expr.start, `${modifier} modifier ${wanted}`);
  }
  if (suffix.type === 'offset') {
    if (shifted.offsetMs !== 0) throw parseError(query, expr.start, 'offset may not be set multiple times');
    shifted.offsetMs = suffix.offsetMs;
  } else {
    if (typeof suffix.at === 'number' && !Number.isFinite(suffix.at)) {
      throw timestampOutOfBounds(query, expr.start, suffix.at);
    }
    if (shifted.at !== null) throw parseError(query, expr.start, '@ <timestamp> may not be set multiple times');
    shifted.at = typeof suffix.at === 'number' ? Math.round(suffix.at * 1000) : suffix.at;
  }
  expr.end = suffix.end;
  return expr;
}

function attachRange(query: string, expr: Expr, suffix: Suffix & { type: 'range' }): Expr {
  let problem: string | null = null;
  if (expr.kind !== 'selector') problem = 'ranges only allowed for vector selectors';
  else if (expr.offsetMs !== 0) problem = 'no offset modifiers allowed before range';
  else if (expr.at !== null) problem = 'no @ modifiers allowed before range';
  if (problem !== null || expr.kind !== 'selector') throw parseError(query, suffix.start, problem ?? '');
  return { kind: 'matrix', selector: expr, rangeMs: suffix.rangeMs, start: expr.start, end: suffix.end };
}

import type { Matcher } from './matcher.ts';

/** The types of PromQL, under the names that the HTTP API uses. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

interface Spanned {
  /** Where the expression stands in the query: offsets of its first character and past its last. */
  start: number;
  end: number;
}

export interface NumberLiteral extends Spanned {
  kind: 'number';
  value: number;
}

export interface StringLiteral extends Spanned {
  kind: 'string';
  value: string;
}

/** The `@` modifier: milliseconds since 1970, or one end of the whole query. */
export type At = number | 'start' | 'end';

interface Shifted {
  /** How far back to look: the `offset` modifier, in milliseconds. */
  offsetMs: number;
  at: At | null;
}

export interface VectorSelector extends Spanned, Shifted {
  kind: 'selector';
  /** The name before the braces; empty when there is none. */
  name: string;
  /** All conditions, that on the name included. */
  matchers: Matcher[];
}

export interface MatrixSelector extends Spanned {
  kind: 'matrix';
  selector: VectorSelector;
  rangeMs: number;
}

export interface Subquery extends Spanned, Shifted {
  kind: 'subquery';
  expr: Expr;
  rangeMs: number;
  /** 0 for the default resolution. */
  stepMs: number;
}

export interface Call extends Spanned {
  kind: 'call';
  name: string;
  args: Expr[];
}

export const AGGREGATORS = [
  'sum',
  'avg',
  'count',
  'min',
  'max',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'count_values',
  'quantile',
] as const;
export type Aggregator = (typeof AGGREGATORS)[number];

export interface Aggregate extends Spanned {
  kind: 'aggregate';
  operator: Aggregator;
  param: Expr | null;
  expr: Expr;
  grouping: string[];
  without: boolean;
}

export type SetOperator = 'and' | 'or' | 'unless';
export type Comparison = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type BinaryOperator = SetOperator | Comparison | Arithmetic;

export interface Matching {
  on: boolean;
  labels: string[];
  /** Which side may have several series for one of the other. */
  many: 'none' | 'left' | 'right';
  /** Labels taken over from the "one" side. */
  include: string[];
}

export interface Binary extends Spanned {
  kind: 'binary';
  operator: BinaryOperator;
  left: Expr;
  right: Expr;
  bool: boolean;
  matching: Matching;
  /** Where the operator stands, for error messages. */
  operatorAt: number;
}

export interface Unary extends Spanned {
  kind: 'unary';
  operator: '+' | '-';
  expr: Expr;
}

export interface Paren extends Spanned {
  kind: 'paren';
  expr: Expr;
}

export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregate
  | Binary
  | Unary
  | Paren;

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const SET_OPERATORS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

export function isComparison(operator: BinaryOperator): operator is Comparison {
  return COMPARISONS.has(operator);
}

export function isSetOperator(operator: BinaryOperator): operator is SetOperator {
  return SET_OPERATORS.has(operator);
}

/** Aggregators whose first argument is not the vector. */
export function takesParam(operator: Aggregator): boolean {
  return operator === 'topk' || operator === 'bottomk' || operator === 'count_values' || operator === 'quantile';
}

/** The expression inside any number of parentheses. */
export function bare(expr: Expr): Expr {
  return expr.kind === 'paren' ? bare(expr.expr) : expr;
}

import type { Labels } from './labels.ts';
import { quote } from './print-value.ts';
import { anchored } from './regular-expression.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** One condition on a label. Regular expressions are anchored at both ends. */
export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  /** Whether a label value passes; an absent label counts as the empty string. */
  matches(value: string): boolean;
}

/**
 * Builds a matcher.
 * @throws RegularExpressionError when `value` is not a regular expression and the operator needs one.
 */
export function matcher(name: string, operator: MatchOperator, value: string): Matcher {
  return { name, operator, value, matches: test(operator, value) };
}

function test(operator: MatchOperator, value: string): (candidate: string) => boolean {
  if (operator === '=') return (candidate) => candidate === value;
  if (operator === '!=') return (candidate) => candidate !== value;
  const pattern = anchored(value);
  return operator === '=~' ? (candidate) => pattern.test(candidate) : (candidate) => !pattern.test(candidate);
}

export function matchesAll(labels: Labels, matchers: readonly Matcher[]): boolean {
  return matchers.every((one) => one.matches(labels.get(one.name)));
}

/** A matcher as Prometheus prints it: `app="dolthubapi"`. */
export function printMatcher(one: Matcher): string {
  return `${one.name}${one.operator}${quote(one.value)}`;
}

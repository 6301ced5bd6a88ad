import type { SyntaxNode } from '@lezer/common';
import { childrenOf } from './grammar-tree.ts';
import { METRIC_NAME } from './labels.ts';
import { unquoted } from './literals.ts';
import { type Matcher, type MatchOperator, matcher } from './matcher.ts';
import { parseError } from './promql-error.ts';
import { RegularExpressionError } from './regular-expression.ts';
import type { VectorSelector } from './syntax.ts';
import { syntaxError } from './syntax-error.ts';

/** Keywords that can be no metric's name. */
const RESERVED: ReadonlySet<string> = new Set('on ignoring group_left group_right bool atan2'.split(' '));

/**
 * Reads one series selector out of the grammar's tree.
 * @throws PromqlError `bad_data`
 */
export function readSelector(query: string, node: SyntaxNode): VectorSelector {
  const identifier = node.getChild('Identifier');
  const name = identifier ? query.slice(identifier.from, identifier.to) : '';
  if (RESERVED.has(name.toLowerCase())) throw syntaxError(query, node.from);
  const matchers = childrenOf(node.getChild('LabelMatchers')).map((child) => readMatcher(query, child));
  if (name !== '') matchers.push(matcher(METRIC_NAME, '=', name));
  return { kind: 'selector', name, matchers, offsetMs: 0, at: null, start: node.from, end: node.to };
}

function readMatcher(query: string, node: SyntaxNode): Matcher {
  if (node.name !== 'UnquotedLabelMatcher') throw syntaxError(query, node.from);
  const [label, operator, value] = childrenOf(node).map(({ from, to }) => query.slice(from, to)) as [
    string,
    string,
    string,
  ];
  try {
    return matcher(label, operator as MatchOperator, unquoted(value));
  } catch (error) {
    if (error instanceof RegularExpressionError) throw parseError(query, node.from, error.message);
    throw error;
  }
}

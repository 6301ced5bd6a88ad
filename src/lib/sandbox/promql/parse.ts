import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { checkTypes } from './check-types.ts';
import { SIGNATURES } from './functions.ts';
import { childrenOf, firstError } from './grammar-tree.ts';
import { numberLiteral, positiveDuration, unquoted } from './literals.ts';
import type { Matcher } from './matcher.ts';
import { assemble, type Item } from './precedence.ts';
import { type PromqlError, parseError } from './promql-error.ts';
import { readSelector } from './read-selector.ts';
import type { Aggregate, Aggregator, Call, Expr, Matching } from './syntax.ts';
import { AGGREGATORS, takesParam } from './syntax.ts';
import { lexicalError, syntaxError } from './syntax-error.ts';
import { scan } from './tokens.ts';

const OPERATOR_NODES: ReadonlySet<string> = new Set(
  'Pow Mul Div Mod Atan2 Add Sub Eql Gte Gtr Lte Lss Neq And Unless Or'.split(' '),
);
/**
 * Reads a PromQL expression, checks its types and gives its tree.
 *
 * The grammar package is made for editors: it says what the parts are, but it binds `offset`, `@`, ranges and signs
 * looser than Prometheus does (`a - b offset 5m` comes out as `(a - b) offset 5m`). So the parts of each level are taken
 * in the order of the text and bound anew, by Prometheus's own precedence.
 * @throws PromqlError `bad_data`, with Prometheus's wording, position included
 */
export function parse(query: string): Expr {
  const expr = new Reader(query).read();
  checkTypes(query, expr);
  return expr;
}

/**
 * Reads a series selector, as the `match[]` parameters take it. It may be empty: that is for the caller to refuse.
 * @throws PromqlError `bad_data`
 */
export function parseSelector(query: string): readonly Matcher[] {
  const { tokens } = scan(query);
  if (tokens.length === 0) throw syntaxError(query, query.length);
  const expr = new Reader(query).read();
  const named = tokens[0]?.type === '{' ? 0 : 1;
  const closed = tokens[named]?.type === '{' ? tokens.findIndex(({ type }) => type === '}') + 1 : named;
  const rest = expr.kind === 'selector' ? tokens[closed] : (tokens[closed] ?? tokens[0]);
  if (rest || expr.kind !== 'selector') throw syntaxError(query, rest?.start ?? 0);
  return expr.matchers;
}

class Reader {
  readonly #query: string;

  constructor(query: string) {
    this.#query = query;
  }

  read(): Expr {
    const tree = parser.parse(withoutBareDots(this.#query));
    const broken = firstError(tree.topNode);
    if (broken !== null && scan(this.#query).tokens.length > 0) throw syntaxError(this.#query, broken);
    const refused = lexicalError(this.#query);
    if (refused) throw refused;
    return this.#expr(tree.topNode.firstChild as SyntaxNode);
  }

  #text(node: SyntaxNode): string {
    return this.#query.slice(node.from, node.to);
  }

  #unexpected(node: SyntaxNode): PromqlError {
    return syntaxError(this.#query, node.from);
  }

  #expr(node: SyntaxNode): Expr {
    return assemble(this.#query, this.#items(node));
  }

  /** The parts of one level of an expression in the order of the text, however the grammar nested them. */
  #items(node: SyntaxNode): Item[] {
    const [first, second, third] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode];
    switch (node.name) {
      case 'BinaryExpr':
        return this.#binary(node);
      case 'UnaryExpr':
        return [
          { type: 'prefix', operator: this.#text(first) as '+' | '-', start: first.from },
          ...this.#items(second),
        ];
      case 'MatrixSelector':
        return [...this.#items(first), this.#range(node, second, null)];
      case 'SubqueryExpr':
        return [...this.#items(first), this.#range(node, second, third ?? 'default')];
      case 'OffsetExpr':
        return [...this.#items(first), this.#offset(node, third)];
      case 'StepInvariantExpr':
        return [...this.#items(first), this.#at(node, third)];
      case 'NumberDurationLiteral':
        return this.#number(node);
      default:
        return [{ type: 'operand', expr: this.#operand(node) }];
    }
  }

  #operand(node: SyntaxNode): Expr {
    const span = { start: node.from, end: node.to };
    switch (node.name) {
      case 'ParenExpr':
        return { kind: 'paren', expr: this.#expr(node.firstChild as SyntaxNode), ...span };
      case 'StringLiteral':
        return { kind: 'string', value: unquoted(this.#text(node)), ...span };
      case 'VectorSelector':
        return readSelector(this.#query, node);
      case 'FunctionCall':
        return this.#call(node);
      case 'AggregateExpr':
        return this.#aggregate(node);
      default:
        throw this.#unexpected(node.lastChild ?? node);
    }
  }

  #number(node: SyntaxNode): Item[] {
    const text = this.#text(node);
    const signed = /^[+-]\s*/.exec(text)?.[0] ?? '';
    const start = node.from + signed.length;
    const digits = text.slice(signed.length);
    // Prometheus 2 has no durations among its numbers.
    if (/\d[a-z]+$/i.test(digits) && !/^0x/i.test(digits)) throw syntaxError(this.#query, start);
    const value = numberLiteral(this.#query, start, digits);
    const operand: Item = { type: 'operand', expr: { kind: 'number', value, start, end: node.to } };
    return signed === ''
      ? [operand]
      : [{ type: 'prefix', operator: signed[0] as '+' | '-', start: node.from }, operand];
  }

  #binary(node: SyntaxNode): Item[] {
    const children = childrenOf(node);
    const operator = children[1] as SyntaxNode;
    const modifiers = children.slice(2, -1);
    if (!OPERATOR_NODES.has(operator.name)) throw syntaxError(this.#query, operator.from + 1);
    const fill = modifiers.find(({ name }) => name === 'FillModifier');
    if (fill) throw parseError(this.#query, fill.from, `unknown function with name "${/^\w+/.exec(this.#text(fill))}"`);
    const clause = modifiers.find(({ name }) => name === 'MatchingModifierClause');
    return [
      ...this.#items(children[0] as SyntaxNode),
      {
        type: 'infix',
        operator: this.#text(operator).toLowerCase(),
        bool: modifiers.some(({ name }) => name === 'BoolModifier'),
        matching: this.#matching(clause),
        start: operator.from,
      },
      ...this.#items(children.at(-1) as SyntaxNode),
    ];
  }

  #matching(clause: SyntaxNode | undefined): Matching {
    const lists = clause?.getChildren('GroupingLabels') ?? [];
    return {
      on: clause?.getChild('On') != null,
      labels: this.#labels(lists[0]),
      many: clause?.getChild('GroupLeft') ? 'left' : clause?.getChild('GroupRight') ? 'right' : 'none',
      include: this.#labels(lists[1]),
    };
  }

  #labels(list: SyntaxNode | null | undefined): string[] {
    return childrenOf(list).map((label) => {
      if (label.name !== 'LabelName') throw this.#unexpected(label);
      return this.#text(label);
    });
  }

  #range(node: SyntaxNode, range: SyntaxNode, step: SyntaxNode | 'default' | null): Item {
    const rangeMs = this.#duration(range);
    const bracket = this.#query.lastIndexOf('[', range.from);
    if (step === null) return { type: 'range', rangeMs, start: bracket, end: node.to };
    const stepMs = step === 'default' ? 0 : this.#duration(step);
    return { type: 'subquery', rangeMs, stepMs, start: bracket, end: node.to };
  }

  /** Prometheus 2 takes a plain duration here, not the arithmetic that the grammar allows. */
  #duration(node: SyntaxNode): number {
    const text = this.#text(node);
    const plain = /^\w*/.exec(text)?.[0].length ?? 0;
    if (plain < text.length) throw syntaxError(this.#query, node.from + plain);
    return positiveDuration(this.#query, node.from, text);
  }

  #offset(node: SyntaxNode, duration: SyntaxNode): Item {
    const text = this.#text(duration);
    const sign = /^[+-]\s*/.exec(text)?.[0] ?? '';
    if (sign.startsWith('+')) throw this.#unexpected(duration);
    if (!/\d[a-z]+$/i.test(text)) throw syntaxError(this.#query, duration.from + sign.length);
    const ms = positiveDuration(this.#query, duration.from + sign.length, text.slice(sign.length));
    return { type: 'offset', offsetMs: sign === '' ? ms : -ms, end: node.to };
  }

  #at(node: SyntaxNode, moment: SyntaxNode): Item {
    if (moment.name === 'AtModifierPreprocessors') {
      return { type: 'at', at: this.#text(moment).toLowerCase() as 'start' | 'end', end: node.to };
    }
    const { expr } = this.#number(moment).at(-1) as Item & { type: 'operand' };
    const seconds = (expr as { value: number }).value * (this.#text(moment).startsWith('-') ? -1 : 1);
    return { type: 'at', at: seconds, end: node.to };
  }

  #call(node: SyntaxNode): Call {
    const identifier = node.firstChild as SyntaxNode;
    const name = this.#text(identifier);
    const args = childrenOf(node.getChild('FunctionCallBody')).map((arg) => this.#expr(arg));
    if (/^(?:start|end)$/i.test(name)) throw syntaxError(this.#query, identifier.to);
    if (!SIGNATURES.has(name)) throw parseError(this.#query, node.from, `unknown function with name "${name}"`);
    return { kind: 'call', name, args, start: node.from, end: node.to };
  }

  #aggregate(node: SyntaxNode): Aggregate {
    const operator = this.#text(node.firstChild as SyntaxNode).toLowerCase() as Aggregator;
    if (!AGGREGATORS.includes(operator)) {
      throw parseError(this.#query, node.from, `unknown function with name "${operator}"`);
    }
    const modifier = node.getChild('AggregateModifier');
    const grouping = this.#labels(modifier?.getChild('GroupingLabels'));
    const args = childrenOf(node.getChild('FunctionCallBody')).map((arg) => this.#expr(arg));
    if (args.length === 0) throw parseError(this.#query, node.from, 'no arguments for aggregate expression provided');
    const wanted = takesParam(operator) ? 2 : 1;
    if (args.length !== wanted) {
      const problem = `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`;
      throw parseError(this.#query, node.from, problem);
    }
    return {
      kind: 'aggregate',
      operator,
      param: wanted === 2 ? (args[0] as Expr) : null,
      expr: args[wanted - 1] as Expr,
      grouping,
      without: modifier?.getChild('Without') != null,
      start: node.from,
      end: node.to,
    };
  }
}

/** The grammar does not know numbers such as `1.`; a blank in place of the point keeps all positions. */
function withoutBareDots(query: string): string {
  let text = query;
  for (const { type, end } of scan(query).tokens) {
    if (type === 'number' && query[end - 1] === '.') text = `${text.slice(0, end - 1)} ${text.slice(end)}`;
  }
  return text;
}

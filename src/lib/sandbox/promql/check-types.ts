import { SIGNATURES, type Signature } from './functions.ts';
import { METRIC_NAME } from './labels.ts';
import { quote } from './print-value.ts';
import { type PromqlError, parseError } from './promql-error.ts';
import type { Aggregate, Binary, Call, Expr, Subquery, Unary, ValueType, VectorSelector } from './syntax.ts';
import { isComparison, isSetOperator } from './syntax.ts';

const DOCUMENTED: Readonly<Record<ValueType, string>> = {
  vector: 'instant vector',
  matrix: 'range vector',
  scalar: 'scalar',
  string: 'string',
};

/** The type that an expression gives. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'matrix':
    case 'subquery':
      return 'matrix';
    case 'paren':
    case 'unary':
      return typeOf(expr.expr);
    case 'call':
      return (SIGNATURES.get(expr.name) as Signature).returns;
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
    default:
      return 'vector';
  }
}

/**
 * Checks an expression as Prometheus does once it is read, from the inside out.
 * @throws PromqlError `bad_data` naming the first thing that does not fit
 */
export function checkTypes(query: string, expr: Expr): void {
  if (expr.kind === 'aggregate') checkAggregate(query, expr);
  else if (expr.kind === 'binary') checkBinary(query, expr);
  else if (expr.kind === 'call') checkCall(query, expr);
  else if (expr.kind === 'selector') checkSelector(query, expr);
  else if (expr.kind === 'matrix') checkSelector(query, expr.selector);
  else if (expr.kind === 'paren') checkTypes(query, expr.expr);
  else if (expr.kind === 'unary') checkUnary(query, expr);
  else if (expr.kind === 'subquery') checkSubquery(query, expr);
}

function checkUnary(query: string, { expr, start }: Unary): void {
  checkTypes(query, expr);
  const type = typeOf(expr);
  if (isNumeric(type)) return;
  const problem = 'unary expression only allowed on expressions of type scalar or instant vector';
  throw parseError(query, start, `${problem}, got ${quote(DOCUMENTED[type])}`);
}

function checkSubquery(query: string, { expr, start }: Subquery): void {
  checkTypes(query, expr);
  const type = typeOf(expr);
  if (type !== 'vector')
    throw parseError(query, start, `subquery is only allowed on instant vector, got ${type} instead`);
}

function isNumeric(type: ValueType): boolean {
  return type === 'scalar' || type === 'vector';
}

interface Expectation {
  type: ValueType;
  where: string;
}

function expect(query: string, expr: Expr, { type, where }: Expectation): void {
  checkTypes(query, expr);
  const got = typeOf(expr);
  if (got !== type) {
    throw parseError(query, expr.start, `expected type ${DOCUMENTED[type]} in ${where}, got ${DOCUMENTED[got]}`);
  }
}

function checkAggregate(query: string, { operator, expr, param }: Aggregate): void {
  expect(query, expr, { type: 'vector', where: 'aggregation expression' });
  if (param === null) return;
  expect(query, param, { type: operator === 'count_values' ? 'string' : 'scalar', where: 'aggregation parameter' });
}

function checkBinary(query: string, expr: Binary): void {
  const { operator, left, right, bool, matching } = expr;
  checkTypes(query, left);
  checkTypes(query, right);
  const types = [typeOf(left), typeOf(right)];
  const atOperator = (problem: string) => parseError(query, expr.operatorAt, problem);
  if (bool && !isComparison(operator)) throw atOperator('bool modifier can only be used on comparison operators');
  if (isComparison(operator) && !bool && types.every((type) => type === 'scalar')) {
    throw atOperator('comparisons between scalars must use BOOL modifier');
  }
  const both = matching.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
  if (both !== undefined) throw atOperator(`label ${quote(both)} must not occur in ON and GROUP clause at once`);
  for (const side of [left, right]) {
    if (!isNumeric(typeOf(side))) {
      throw parseError(query, side.start, 'binary expression must contain only scalar and instant vector types');
    }
  }
  const problem = matchingProblem(expr, types.includes('scalar'));
  if (problem !== null) throw parseError(query, expr.start, problem);
}

function matchingProblem({ operator, matching }: Binary, withScalar: boolean): string | null {
  if (withScalar && matching.labels.length > 0) return 'vector matching only allowed between instant vectors';
  if (!isSetOperator(operator)) return null;
  if (withScalar) return `set operator ${quote(operator)} not allowed in binary scalar expression`;
  return matching.many === 'none' ? null : `no grouping allowed for ${quote(operator)} operation`;
}

function checkCall(query: string, call: Call): void {
  const { args: wanted, variadic } = SIGNATURES.get(call.name) as Signature;
  const problem = countProblem(call, wanted.length, variadic);
  if (problem) throw problem(query);
  call.args.forEach((arg, i) => {
    const type = wanted[Math.min(i, wanted.length - 1)] as ValueType;
    expect(query, arg, { type, where: `call to function ${quote(call.name)}` });
  });
}

function countProblem(call: Call, wanted: number, variadic: number): ((query: string) => PromqlError) | null {
  const got = call.args.length;
  const say = (bound: string, count: number) => (query: string) =>
    parseError(query, call.start, `expected ${bound}${count} argument(s) in call to ${quote(call.name)}, got ${got}`);
  if (variadic === 0) return got === wanted ? null : say('', wanted);
  const least = wanted - 1;
  if (got < least) return say('at least ', least);
  return variadic > 0 && got > least + variadic ? say('at most ', least + variadic) : null;
}

function checkSelector(query: string, { name, matchers, start }: VectorSelector): void {
  if (name === '') {
    if (matchers.some((one) => !one.matches(''))) return;
    throw parseError(query, start, 'vector selector must contain at least one non-empty matcher');
  }
  const twice = matchers.slice(0, -1).find((one) => one.name === METRIC_NAME);
  if (twice)
    throw parseError(query, start, `metric name must not be set twice: ${quote(name)} or ${quote(twice.value)}`);
}

import { METRIC_NAME } from './labels.ts';
import { printMatcher } from './matcher.ts';
import { printDuration, printLiteral, quote } from './print-value.ts';
import type { Aggregate, At, Binary, Expr, VectorSelector } from './syntax.ts';

/** An expression in Prometheus's normal form, as the rules API and the links in alerts show it. */
export function printExpression(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return printLiteral(expr.value);
    case 'string':
      return quote(expr.value);
    case 'paren':
      return `(${printExpression(expr.expr)})`;
    case 'unary':
      return `${expr.operator}${printExpression(expr.expr)}`;
    case 'call':
      return `${expr.name}(${expr.args.map(printExpression).join(', ')})`;
    case 'selector':
      return `${printSelector(expr)}${printShift(expr)}`;
    case 'matrix':
      return `${printSelector(expr.selector)}[${printDuration(expr.rangeMs)}]${printShift(expr.selector)}`;
    case 'subquery': {
      const step = expr.stepMs === 0 ? '' : printDuration(expr.stepMs);
      return `${printExpression(expr.expr)}[${printDuration(expr.rangeMs)}:${step}]${printShift(expr)}`;
    }
    case 'aggregate':
      return printAggregate(expr);
    case 'binary':
      return printBinary(expr);
  }
}

function printSelector({ name, matchers }: VectorSelector): string {
  const shown = matchers.filter((one) => !(one.name === METRIC_NAME && one.operator === '=' && one.value === name));
  if (shown.length === 0) return name;
  return `${name}{${shown.map(printMatcher).sort().join(',')}}`;
}

function printShift({ offsetMs, at }: { offsetMs: number; at: At | null }): string {
  const moment = at === null ? '' : typeof at === 'number' ? ` @ ${(at / 1000).toFixed(3)}` : ` @ ${at}()`;
  if (offsetMs === 0) return moment;
  return `${moment} offset ${offsetMs < 0 ? '-' : ''}${printDuration(Math.abs(offsetMs))}`;
}

function printAggregate({ operator, param, expr, grouping, without }: Aggregate): string {
  const modifier = without || grouping.length > 0 ? ` ${without ? 'without' : 'by'} (${grouping.join(', ')}) ` : '';
  const first = param === null ? '' : `${printExpression(param)}, `;
  return `${operator}${modifier}(${first}${printExpression(expr)})`;
}

function printBinary({ operator, left, right, bool, matching }: Binary): string {
  let clause = '';
  if (matching.on || matching.labels.length > 0) {
    clause = ` ${matching.on ? 'on' : 'ignoring'} (${matching.labels.join(', ')})`;
    if (matching.many !== 'none') clause += ` group_${matching.many} (${matching.include.join(', ')})`;
  }
  return `${printExpression(left)} ${operator}${bool ? ' bool' : ''}${clause} ${printExpression(right)}`;
}

/** When a value is wrong: `value op limit` holds. */
export interface Threshold {
  op: '==' | '!=' | '>' | '<' | '>=' | '<=';
  value: number;
}

/** What of an alert's expression can be drawn, and from where on it fires. */
export interface Drawable {
  expr: string;
  threshold: Threshold | null;
}

/**
 * What to draw for an alert. Its own expression has a value only while it fires, so its curve would be a gap wherever
 * all was well: of `A op NUMBER` the curve of `A` tells more. Of several conditions joined by `or`, `and` or `unless`
 * the first that compares with a number is drawn. Everything else is drawn as it is, with no threshold.
 */
export function drawableOf(expr: string): Drawable {
  for (const condition of conditions(unwrapped(expr))) {
    const compared = comparison(unwrapped(condition));
    if (compared) return compared;
  }
  return { expr: expr.trim(), threshold: null };
}

/** Whether a value is past a threshold; never for what is no number. */
export function isPast(value: number | null, threshold: Threshold | null): boolean {
  if (value === null || threshold === null || Number.isNaN(value)) return false;
  switch (threshold.op) {
    case '==':
      return value === threshold.value;
    case '!=':
      return value !== threshold.value;
    case '>':
      return value > threshold.value;
    case '<':
      return value < threshold.value;
    case '>=':
      return value >= threshold.value;
    case '<=':
      return value <= threshold.value;
  }
}

/** A word or operator that stands outside all brackets and quotes. */
interface Token {
  text: string;
  from: number;
  to: number;
}

const PIECE =
  /(?<skip>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*)|(?<bracket>[()[\]{}])|(?<token>==|!=|>=|<=|=~|!~|>|<|[A-Za-z_:][\w:]*)/g;

/** The tokens at depth zero; enough of the grammar to know where an expression falls apart. */
function topTokens(expr: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (const match of expr.matchAll(PIECE)) {
    const { bracket, token } = match.groups as { bracket?: string; token?: string };
    if (bracket) depth += '([{'.includes(bracket) ? 1 : -1;
    if (token && depth === 0) tokens.push({ text: token, from: match.index, to: match.index + token.length });
  }
  return tokens;
}

/** Without the brackets that enclose all of it. */
function unwrapped(expr: string): string {
  const text = expr.trim();
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (const match of text.matchAll(PIECE)) {
    const { bracket } = match.groups as { bracket?: string };
    if (!bracket) continue;
    depth += '([{'.includes(bracket) ? 1 : -1;
    if (depth === 0 && match.index < text.length - 1) return text;
  }
  return depth === 0 ? unwrapped(text.slice(1, -1)) : text;
}

function conditions(expr: string): string[] {
  const cuts = topTokens(expr).filter(({ text }) => /^(or|and|unless)$/i.test(text));
  const starts = [0, ...cuts.map(({ to }) => to)];
  return starts.map((start, i) => expr.slice(start, cuts[i]?.from ?? expr.length));
}

const OPS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const FLIPPED: Readonly<Record<string, Threshold['op']>> = { '>': '<', '<': '>', '>=': '<=', '<=': '>=' };

/** `A op NUMBER`, or `NUMBER op A` turned round. With `bool` the result has a value always, and is drawn as it is. */
function comparison(condition: string): Drawable | null {
  const operator = topTokens(condition)
    .filter(({ text }) => OPS.has(text))
    .at(-1);
  if (!operator) return null;
  const op = operator.text as Threshold['op'];
  const [left, right] = [condition.slice(0, operator.from).trim(), condition.slice(operator.to).trim()];
  const [leftNumber, rightNumber] = [numberOf(left), numberOf(right)];
  if (rightNumber !== null && left && leftNumber === null)
    return { expr: unwrapped(left), threshold: { op, value: rightNumber } };
  if (leftNumber !== null && right && rightNumber === null && !/^bool\b/i.test(right))
    return { expr: unwrapped(right), threshold: { op: FLIPPED[op] ?? op, value: leftNumber } };
  return null;
}

function numberOf(text: string): number | null {
  const bare = unwrapped(text);
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(bare)) return null;
  return Number(bare);
}

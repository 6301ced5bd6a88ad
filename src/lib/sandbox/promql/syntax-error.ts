import { SIGNATURES } from './functions.ts';
import { numberLiteral, positiveDuration } from './literals.ts';
import { printPlain, quote } from './print-value.ts';
import { type PromqlError, parseError } from './promql-error.ts';
import { AGGREGATORS } from './syntax.ts';
import { type Scan, scan, type Token } from './tokens.ts';

const AGGREGATOR_NAMES: ReadonlySet<string> = new Set(AGGREGATORS);
const LISTS: ReadonlySet<string> = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const KEYWORDS: ReadonlySet<string> = new Set([...LISTS, 'offset', 'bool']);
const VALUES: ReadonlySet<string> = new Set(['number', 'string', 'duration']);
const OPERATORS: ReadonlySet<string> = new Set('== != <= >= < > + - * / % ^ =~ !~ and or unless atan2'.split(' '));

/** The error for what cannot even be split into tokens; null when the query can. */
export function lexicalError(query: string): PromqlError | null {
  const { tokens, failure } = scan(query);
  if (failure) return parseError(query, failure.position, failure.message);
  return tokens.length === 0 ? parseError(query, 0, 'no expression found in input') : null;
}

/**
 * The error that Prometheus gives for a query which the grammar stopped understanding at `position`: it names the first
 * token from there on, what was being read, and what could have stood there.
 */
export function syntaxError(query: string, position: number): PromqlError {
  const found = scan(query);
  const index = found.tokens.findIndex((token) => token.start >= position || token.end > position);
  if (index < 0 && found.failure) return parseError(query, found.failure.position, found.failure.message);
  return unexpected(query, found, index < 0 ? found.tokens.length : index);
}

function unexpected(query: string, { tokens }: Scan, index: number): PromqlError {
  const token = tokens[index];
  const before = tokens[index - 1];
  if (token?.type === '(' && before?.type === 'identifier' && !SIGNATURES.has(before.text)) {
    return parseError(query, before.start, `unknown function with name "${before.text}"`);
  }
  if (before?.type === ',' && token?.type === ')' && ARGUMENTS.has(frame(tokens, index - 1).kind)) {
    return parseError(query, before.start, 'trailing commas not allowed in function call args');
  }
  // The grammar knows fewer spellings of numbers and durations than the scanner, so their own errors come here too.
  const timed = before?.type === '[' || before?.type === ':' || before?.type === 'offset';
  if (token?.type === 'duration' && timed) positiveDuration(query, token.start, token.text);
  if (token?.type === 'number') numberLiteral(query, token.start, token.text);
  const position = token?.start ?? query.length;
  return parseError(query, position, `unexpected ${describe(token)}${context(tokens, index)}`);
}

function describe(token: Token | undefined): string {
  if (token === undefined) return 'end of input';
  const { type, text } = token;
  if (type === 'identifier' || type === 'metric identifier') return `${type} ${quote(text)}`;
  if (VALUES.has(type)) return `${type} ${text.length > 10 ? `${quote(text.slice(0, 10))}...` : quote(text)}`;
  if (AGGREGATOR_NAMES.has(type)) return `<aggr:${text}>`;
  if (OPERATORS.has(type)) return `<op:${text}>`;
  return KEYWORDS.has(type) ? `<${text}>` : quote(text);
}

const ARGUMENTS: ReadonlySet<Frame['kind']> = new Set(['call', 'aggregation']);

interface Frame {
  kind: 'braces' | 'brackets' | 'list' | 'aggregation' | 'call' | 'group' | 'top';
}

/** What encloses the token at `index`, innermost first. */
function frames(tokens: readonly Token[], index: number): Frame[] {
  const open: Frame[] = [];
  for (let i = 0; i < index; i++) {
    const type = tokens[i]?.type ?? '';
    if (type === '{') open.unshift({ kind: 'braces' });
    else if (type === '[') open.unshift({ kind: 'brackets' });
    else if (type === '(') open.unshift({ kind: parenKind(tokens, i) });
    else if (type === '}' || type === ']' || type === ')') open.shift();
  }
  return open;
}

function frame(tokens: readonly Token[], index: number): Frame {
  return frames(tokens, index)[0] ?? { kind: 'top' };
}

function parenKind(tokens: readonly Token[], at: number): Frame['kind'] {
  const before = tokens[at - 1]?.type ?? '';
  if (LISTS.has(before)) return 'list';
  if (before === 'identifier') return 'call';
  return AGGREGATOR_NAMES.has(before) || followsModifier(tokens, at) ? 'aggregation' : 'group';
}

/** Whether the token at `at` comes right after `sum by (…)`. */
function followsModifier(tokens: readonly Token[], at: number): boolean {
  if (tokens[at - 1]?.type !== ')') return false;
  const opening = tokens.slice(0, at).findLastIndex((token) => token.type === '(');
  const modifier = tokens[opening - 1]?.type ?? '';
  return (modifier === 'by' || modifier === 'without') && AGGREGATOR_NAMES.has(tokens[opening - 2]?.type ?? '');
}

function context(tokens: readonly Token[], index: number): string {
  const before = tokens[index - 1]?.type ?? '';
  const open = frames(tokens, index);
  if (open[0]?.kind === 'braces') return ` in label matching, expected ${expectedInBraces(before)}`;
  if (open[0]?.kind === 'list')
    return ` in grouping opts, expected ${before === '(' || before === ',' ? 'label' : '"," or ")"'}`;
  if (LISTS.has(before) && before !== 'group_left' && before !== 'group_right')
    return ' in grouping opts, expected "("';
  const signedOffset = before === '-' && tokens[index - 2]?.type === 'offset';
  if (before === 'offset' || signedOffset) return ' in offset, expected duration';
  if (before === '@') return ' in @, expected timestamp';
  if (open[0]?.kind === 'brackets') return bracketContext(tokens, index);
  const aggregating = AGGREGATOR_NAMES.has(before) || followsModifier(tokens, index);
  return aggregating || open.some(({ kind }) => kind === 'aggregation') ? ' in aggregation' : '';
}

function expectedInBraces(before: string): string {
  if (before === '{' || before === ',') return 'identifier or "}"';
  if (before === 'identifier') return 'label matching operator';
  return before === 'string' ? '"," or "}"' : 'string';
}

function bracketContext(tokens: readonly Token[], index: number): string {
  const before = tokens[index - 1]?.type;
  if (before === ':') return ' in subquery selector, expected duration or "]"';
  const colon = tokens[index - 2]?.type === ':';
  return colon ? ' in subquery selector, expected "]"' : ' in subquery or range, expected ":" or "]"';
}

/** The error of an `@` modifier that names no moment. */
export function timestampOutOfBounds(query: string, position: number, value: number): PromqlError {
  return parseError(
    query,
    position,
    `timestamp out of bounds for @ modifier: ${Number.isFinite(value) ? value.toFixed(6) : printPlain(value)}`,
  );
}

import { matcher as build, type MatchOperator } from '../../promql/matcher.ts';
import { RegularExpressionError } from '../../promql/regular-expression.ts';

/** One condition of a silence, with the spelling of Alertmanager's API. */
export interface SilenceMatcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

/** Why a silence was refused, in Alertmanager's words. */
export class SilenceProblem extends Error {
  readonly kind: 'invalid' | 'missing';

  constructor(message: string, kind: 'invalid' | 'missing' = 'invalid') {
    super(message);
    this.name = 'SilenceProblem';
    this.kind = kind;
  }
}

function operatorOf({ isRegex, isEqual }: SilenceMatcher): MatchOperator {
  if (isRegex) return isEqual ? '=~' : '!~';
  return isEqual ? '=' : '!=';
}

/** Whether labels meet all conditions; an absent label counts as empty. */
export function silenceMatches(matchers: readonly SilenceMatcher[], labels: Readonly<Record<string, string>>): boolean {
  return matchers.every((one) => build(one.name, operatorOf(one), one.value).matches(labels[one.name] ?? ''));
}

/** @throws SilenceProblem when a condition is no condition, or all of them hold for an empty label set */
export function validateMatchers(matchers: readonly SilenceMatcher[]): void {
  matchers.forEach((one, i) => {
    const problem = problemOf(one);
    if (problem) throw new SilenceProblem(`silence invalid: invalid label matcher ${i}: ${problem}`);
  });
  if (silenceMatches(matchers, {})) {
    throw new SilenceProblem('silence invalid: at least one matcher must not match the empty string');
  }
}

function problemOf(one: SilenceMatcher): string | null {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(one.name)) return `invalid label name ${JSON.stringify(one.name)}`;
  if (!one.isRegex) return null;
  try {
    build(one.name, '=~', one.value);
    return null;
  } catch (error) {
    if (!(error instanceof RegularExpressionError)) throw error;
    // Alertmanager compiles the expression as it came, before it anchors it.
    const bare = error.message.replace(`^(?:${one.value})$`, one.value).replace(/\)\$`$/, '`');
    return `invalid regular expression ${JSON.stringify(one.value)}: ${bare}`;
  }
}

/**
 * Reads a condition as the `filter` parameters spell it: `name="value"`, quotes optional, any of the four operators.
 * @throws SilenceProblem
 */
export function parseFilter(text: string): SilenceMatcher {
  const parts = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*((?:.|\n)*?)\s*$/.exec(text);
  if (!parts) throw new SilenceProblem(`bad matcher format: ${text}`);
  const [, name = '', operator = '=', raw = ''] = parts;
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(raw);
  if (!quoted && /"/.test(raw.replace(/\\./g, ''))) {
    throw new SilenceProblem(`matcher value contains unescaped double quote: ${raw}`);
  }
  const value = (quoted?.[1] ?? raw).replace(/\\(["\\n])/g, (_, character: string) =>
    character === 'n' ? '\n' : character,
  );
  const one = { name, value, isRegex: operator.endsWith('~'), isEqual: !operator.startsWith('!') };
  try {
    build(name, operatorOf(one), value);
  } catch (error) {
    throw new SilenceProblem((error as Error).message);
  }
  return one;
}

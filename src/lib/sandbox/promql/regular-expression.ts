/** A regular expression that Go's regexp package (RE2) would refuse; the message is in its words. */
export class RegularExpressionError extends Error {
  constructor(problem: string) {
    super(`error parsing regexp: ${problem}`);
    this.name = 'RegularExpressionError';
  }
}

const POSIX: Readonly<Record<string, string>> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/**
 * Compiles an RE2 expression so that it must match a whole string, as label matchers and `label_replace` do.
 * RE2 has no look-around and no back-references, so what JavaScript would accept beyond it is refused.
 * @throws RegularExpressionError
 */
export function anchored(source: string): RegExp {
  const { flags, rest } = leadingFlags(source);
  const body = translate(rest);
  try {
    return new RegExp(`^(?:${body})$`, `u${flags}`);
  } catch (error) {
    throw new RegularExpressionError(describe(error as Error, source));
  }
}

/** JavaScript takes flags only from outside, so a leading `(?i)` or `(?s)` moves there. */
function leadingFlags(source: string): { flags: string; rest: string } {
  const match = /^\(\?([ims]+)\)/.exec(source);
  if (!match) return { flags: '', rest: source };
  return { flags: [...new Set(match[1])].join(''), rest: source.slice(match[0].length) };
}

function translate(source: string): string {
  let out = '';
  for (let i = 0; i < source.length; ) {
    const rest = source.slice(i);
    const taken = escapeSequence(rest) ?? group(rest) ?? characterClass(rest) ?? { from: 1, to: source[i] as string };
    out += taken.to;
    i += taken.from;
  }
  return out;
}

interface Taken {
  /** How many characters of RE2 were read. */
  from: number;
  /** The same in JavaScript. */
  to: string;
}

function escapeSequence(rest: string): Taken | null {
  if (rest[0] !== '\\') return null;
  const next = rest[1];
  if (next === undefined) throw new RegularExpressionError('trailing backslash at end of expression: ``');
  if (next === 'Q') {
    const end = rest.indexOf('\\E');
    const literal = end < 0 ? rest.slice(2) : rest.slice(2, end);
    return { from: end < 0 ? rest.length : end + 2, to: literal.replace(/[\^$.*+?()[\]{}|/\\]/g, '\\$&') };
  }
  if (next === 'A') return { from: 2, to: '^' };
  if (next === 'z') return { from: 2, to: '$' };
  if (next === 'a') return { from: 2, to: '\\x07' };
  if (/[1-9]/.test(next) || /[kcZ]/.test(next))
    throw new RegularExpressionError(`invalid escape sequence: \`\\${next}\``);
  if (/[dDsSwWbBnrtfv0xpPu]/.test(next))
    return /^\\p[A-Z]/.test(rest) ? { from: 3, to: `\\p{${rest[2]}}` } : pass(rest);
  if (/[a-zA-Z]/.test(next)) throw new RegularExpressionError(`invalid escape sequence: \`\\${next}\``);
  // With the u flag JavaScript refuses to escape what needs no escape; RE2 allows it for any punctuation.
  return { from: 2, to: /[\^$.*+?()[\]{}|/\\]/.test(next) ? `\\${next}` : next === '-' ? '\\x2d' : next };
}

function pass(rest: string): Taken {
  const braced = /^\\[px]\{[^}]*\}/i.exec(rest)?.[0];
  if (braced) return { from: braced.length, to: braced.startsWith('\\x{') ? `\\u${braced.slice(2)}` : braced };
  return { from: 2, to: rest.slice(0, 2) };
}

function group(rest: string): Taken | null {
  if (!rest.startsWith('(?')) return null;
  if (rest.startsWith('(?P<')) return { from: 4, to: '(?<' };
  if (rest.startsWith('(?:')) return { from: 3, to: '(?:' };
  const look = /^\(\?(<?[=!])/.exec(rest);
  if (look) throw new RegularExpressionError(`invalid or unsupported Perl syntax: \`${look[0]}\``);
  if (rest.startsWith('(?<')) return { from: 3, to: '(?<' };
  throw new RegularExpressionError(`invalid or unsupported Perl syntax: \`${rest.slice(0, 3)}\``);
}

function characterClass(rest: string): Taken | null {
  const named = /^\[:(\^?)(\w+):\]/.exec(rest);
  if (named) {
    const members = POSIX[named[2] as string];
    if (members && named[1] === '') return { from: named[0].length, to: members };
  }
  return null;
}

function describe(error: Error, source: string): string {
  if (/Unterminated group/.test(error.message)) return `missing closing ): \`^(?:${source})$\``;
  if (/Unmatched '\)'/.test(error.message)) return `unexpected ): \`^(?:${source})$\``;
  if (/Unterminated character class|Lone quantifier brackets/.test(error.message) && source.includes('[')) {
    return `missing closing ]: \`${source.slice(source.lastIndexOf('['))})$\``;
  }
  if (/Nothing to repeat/.test(error.message)) {
    const operator = /(?:^|[(|])([*+?])/.exec(source)?.[1] ?? /[*+?]{2}/.exec(source)?.[0] ?? source;
    return operator.length > 1
      ? `invalid nested repetition operator: \`${operator}\``
      : `missing argument to repetition operator: \`${operator}\``;
  }
  return `invalid expression: \`${source}\``;
}

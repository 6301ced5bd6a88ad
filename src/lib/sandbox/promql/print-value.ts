/** A number as Go's `strconv.FormatFloat(v, 'f', -1, 64)` writes it: shortest digits that read back the same, no exponent. */
export function printPlain(value: number): string {
  const special = printSpecial(value);
  if (special !== null) return special;
  const [digits, exponent] = value.toString().split('e') as [string, string | undefined];
  if (exponent === undefined) return digits;
  const sign = digits.startsWith('-') ? '-' : '';
  const [whole, fraction = ''] = digits.replace('-', '').split('.') as [string, string | undefined];
  const shift = Number(exponent);
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - whole.length)}${whole}${fraction}`;
  return `${sign}${whole}${fraction}${'0'.repeat(shift - fraction.length)}`;
}

/** A number as Go's `strconv.FormatFloat(v, 'e', -1, 64)` writes it: `1e+00`, `2.5e-07`. */
export function printScientific(value: number): string {
  const special = printSpecial(value);
  if (special !== null && special !== '-0') return special;
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const sign = special === '-0' ? '-' : '';
  return `${sign}${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

/** A sample's value as the HTTP API writes it: plain, but scientific below 1e-6 and from 1e21. */
export function printSample(value: number): string {
  const size = Math.abs(value);
  const extreme = Number.isFinite(value) && size !== 0 && (size < 1e-6 || size >= 1e21);
  return extreme ? printScientific(value) : printPlain(value);
}

/** A number as Go's `%v` writes it, in printed expressions and templates: scientific below 1e-4 and from 1e6. */
export function printLiteral(value: number): string {
  const size = Math.abs(value);
  const extreme = Number.isFinite(value) && size !== 0 && (size < 1e-4 || size >= 1e6);
  return extreme ? printScientific(value) : printPlain(value);
}

function printSpecial(value: number): string | null {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return Object.is(value, -0) ? '-0' : null;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};

/** A string in double quotes as Go's `%q` writes it. */
export function quote(text: string): string {
  const escaped = text.replace(/["\\\u0000-\u001f\u007f]/g, (character) => {
    const known = ESCAPES[character];
    return known ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${escaped}"`;
}

/** A single character in single quotes as Go's `%q` writes a rune. */
export function quoteRune(character: string): string {
  if (character === '') return "'\ufffd'";
  if (character === "'") return "'\\''";
  if (character === '"') return `'"'`;
  return `'${quote(character).slice(1, -1)}'`;
}

const UNITS: readonly [unit: string, ms: number, exactly: boolean][] = [
  ['y', 365 * 86_400_000, true],
  ['w', 7 * 86_400_000, true],
  ['d', 86_400_000, false],
  ['h', 3_600_000, false],
  ['m', 60_000, false],
  ['s', 1000, false],
  ['ms', 1, false],
];

/** A duration in milliseconds as Prometheus writes it, e.g. `1h30m`; years and weeks only when nothing remains. */
export function printDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = ms;
  let text = '';
  for (const [unit, size, exactly] of UNITS) {
    if (exactly && rest % size !== 0) continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

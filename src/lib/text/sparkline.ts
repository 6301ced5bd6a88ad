/** One point of a curve: milliseconds since 1970, and a value that may be NaN. */
export interface Point {
  at: number;
  value: number;
}

const BLOCKS = '▁▂▃▄▅▆▇█';
const ASCII = '.:-=+*#%';

/**
 * A curve in one line. Each cell shows the *maximum* of its span, since a mean hides spikes; a span without samples is
 * a space, never interpolated. The scale starts at zero unless values are negative.
 * @param width number of cells
 */
export function sparkline(
  points: readonly Point[],
  options: { from: number; to: number; width: number; ascii?: boolean },
): string {
  const { from, to, width } = options;
  const ramp = options.ascii ? ASCII : BLOCKS;
  const cells: (number | null)[] = Array.from({ length: width }, () => null);
  for (const { at, value } of points) {
    if (!Number.isFinite(value) || at < from || at > to) continue;
    const cell = Math.min(width - 1, Math.floor(((at - from) / (to - from)) * width));
    cells[cell] = Math.max(cells[cell] ?? Number.NEGATIVE_INFINITY, value);
  }
  const values = cells.filter((value): value is number => value !== null);
  const low = Math.min(0, ...values);
  const high = Math.max(...values, low);
  return cells
    .map((value) => {
      if (value === null) return ' ';
      const share = high === low ? 0 : (value - low) / (high - low);
      return ramp[Math.min(ramp.length - 1, Math.floor(share * ramp.length))];
    })
    .join('');
}

/**
 * A line of marks to stand under a sparkline of the same span and width: each mark's sign at its moment. Where two fall
 * on one cell the later one in the list is shown.
 */
export function marksLine(
  marks: readonly { at: number; sign: string }[],
  options: { from: number; to: number; width: number },
): string {
  const cells = Array.from({ length: options.width }, () => ' ');
  for (const { at, sign } of marks) {
    if (at < options.from || at > options.to) continue;
    const cell = Math.floor(((at - options.from) / (options.to - options.from)) * options.width);
    cells[Math.min(options.width - 1, cell)] = sign;
  }
  return cells.join('').trimEnd();
}

/** A number as people read it: at most four significant digits, with `k`, `M`, `G` for large ones. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'no value' : value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  for (const [one, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    // Rounded before it is compared: 999,999 is 1M and not 1000k.
    const scaled = Number((value / one).toPrecision(3));
    if (size >= 1e4 && Math.abs(scaled) >= 1) return `${scaled}${unit}`;
  }
  return String(Number(value.toPrecision(size >= 1000 ? 4 : 3)));
}

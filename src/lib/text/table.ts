import Table from 'cli-table3';
import stringWidth from 'string-width';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => string;
  /** Columns with a lower number are narrowed last; only those marked may be narrowed at all. */
  shrink?: boolean;
}

const SMALLEST = 8;
/** Blanks between two columns. */
const GAP = 2;

/**
 * Rows in columns. On a terminal they are aligned, headed, and narrowed to its width; piped, they are tab-separated
 * without a header and never cut, so that scripts see everything.
 * @param width columns of the terminal; null when the output is not a terminal
 */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number | null): string {
  if (width === null) return rows.map((row) => columns.map((column) => column.cell(row)).join('\t')).join('\n');
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const natural = columns.map((column, i) =>
    Math.max(stringWidth(column.title), ...cells.map((row) => stringWidth(row[i] ?? ''))),
  );
  const widths = narrowed(natural, columns, width);
  const none = '';
  const drawing = new Table({
    head: columns.map((column) => column.title),
    colWidths: widths.map((cell) => cell + GAP),
    wordWrap: false,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': GAP },
    chars: {
      top: none,
      'top-mid': none,
      'top-left': none,
      'top-right': none,
      bottom: none,
      'bottom-mid': none,
      'bottom-left': none,
      'bottom-right': none,
      left: none,
      'left-mid': none,
      mid: none,
      'mid-mid': none,
      right: none,
      'right-mid': none,
      middle: none,
    },
  });
  drawing.push(...cells);
  return drawing
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function narrowed<Row>(natural: number[], columns: readonly Column<Row>[], width: number): number[] {
  const widths = [...natural];
  const total = () => widths.reduce((sum, cell) => sum + cell + GAP, -GAP);
  for (;;) {
    const over = total() - width;
    if (over <= 0) return widths;
    let widest = -1;
    columns.forEach((column, i) => {
      const cell = widths[i] ?? 0;
      if (column.shrink && cell > SMALLEST && (widest < 0 || cell > (widths[widest] ?? 0))) widest = i;
    });
    if (widest < 0) return widths;
    widths[widest] = Math.max(SMALLEST, (widths[widest] ?? 0) - over);
  }
}

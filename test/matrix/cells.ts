import { FAULT_KINDS, type FaultKind, type FaultRequest } from '../../src/lib/sandbox/faults.ts';
import { Random } from '../../src/lib/sandbox/world/random.ts';
import { CODES, type FaceName, ROWS, type Row, type Write } from './expectations.ts';

/** One run: a command, one fault, and what must come of it. */
export interface Cell {
  name: string;
  row: Row;
  fault: FaultRequest;
  codes: readonly number[];
  json: boolean;
}

/** With these, what was asked for has been done. */
const DONE: ReadonlySet<FaultKind> = new Set(['cut', 'lost']);
/** After these nobody can know whether it was done; they may not be answered by asking blindly again. */
export const DOUBTFUL: ReadonlySet<string> = new Set(['500', '503', 'cut', 'malformed', 'refused', 'lost', 'slow']);

/** Every cell of the table. */
export function allCells(): Cell[] {
  return ROWS.flatMap((row) => [
    ...(Object.keys(row.faces) as FaceName[]).flatMap((face) =>
      FAULT_KINDS.map((kind) => ({ row, fault: { face, kind }, codes: codesOf(row, face, kind) })),
    ),
    ...(row.each ?? []).flatMap((write) =>
      FAULT_KINDS.map((kind) => ({
        row,
        fault: { face: write.face, kind, match: write.match },
        codes: writeCodes(write, kind),
      })),
    ),
  ]).flatMap((cell) => [false, true].map((json) => ({ ...cell, json, name: nameOf(cell, json) })));
}

function codesOf({ faces, but }: Row, face: FaceName, kind: FaultKind): readonly number[] {
  const exception = but?.find((one) => one.face === face && one.kinds.includes(kind));
  if (exception) return exception.codes;
  return [faces[face] === 'needs' ? CODES[kind] : 0];
}

function writeCodes(write: Write, kind: FaultKind): readonly number[] {
  if (DONE.has(kind)) return write.done;
  if (['401', '403', '429'].includes(kind)) return write.refusedCosts === 'nothing' ? write.notDone : [CODES[kind]];
  return write.notDone;
}

function nameOf({ row, fault }: Pick<Cell, 'row' | 'fault'>, json: boolean): string {
  const before = row.before ? ` after ${row.before.map((argv) => argv.slice(0, 2).join(' ')).join(', ')}` : '';
  const match = fault.match ? ` on ${fault.match}` : '';
  return `oncall ${row.argv.join(' ')}${json ? ' --json' : ''}${before} × ${fault.face} ${fault.kind}${match}`;
}

/** Some of them, spread over commands and kinds; the same seed gives the same ones. */
export function sample(cells: readonly Cell[], count: number, seed: number): Cell[] {
  const random = new Random(seed);
  const drawn = cells.map((cell) => ({ cell, at: random.next() })).sort((a, b) => a.at - b.at);
  return drawn.slice(0, count).map(({ cell }) => cell);
}

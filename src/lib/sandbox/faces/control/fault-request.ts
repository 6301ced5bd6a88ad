import { OncallError } from '../../../errors.ts';
import { FAULT_KINDS, type FaultKind, type FaultRequest } from '../../faults.ts';

/** Reads what was asked for, whoever asked. @throws USAGE for a face that this world has not, or a number out of range */
export function readFaultRequest(asked: object, faces: readonly string[]): FaultRequest {
  const { face, kind, match, echo, ...numbers } = asked as Record<string, unknown>;
  if (typeof face !== 'string' || !faces.includes(face)) throw usage(`\`face\` must be one of ${faces.join(', ')}`);
  if (!FAULT_KINDS.includes(kind as FaultKind)) throw usage(`\`kind\` must be one of ${FAULT_KINDS.join(', ')}`);
  if (match !== undefined && typeof match !== 'string') throw usage('`match` must be text');
  if (echo !== undefined && typeof echo !== 'boolean') throw usage('`echo` must be true or false');
  const rate = numberOf(numbers, 'rate', (value) => value >= 0 && value <= 1);
  const count = numberOf(numbers, 'count', (value) => Number.isInteger(value) && value >= 1);
  const after = numberOf(numbers, 'after', (value) => Number.isInteger(value) && value >= 0);
  return {
    face,
    kind: kind as FaultKind,
    ...(rate === undefined ? {} : { rate }),
    ...(count === undefined ? {} : { count }),
    ...(after === undefined ? {} : { after }),
    ...(match === undefined ? {} : { match }),
    ...(echo === undefined ? {} : { echo }),
  };
}

function numberOf(from: Record<string, unknown>, name: string, fits: (value: number) => boolean): number | undefined {
  const value = from[name];
  if (value === undefined || (typeof value === 'number' && fits(value))) return value;
  throw usage(`\`${name}\` is out of range`);
}

function usage(text: string): OncallError {
  return new OncallError(text, { code: 'USAGE' });
}

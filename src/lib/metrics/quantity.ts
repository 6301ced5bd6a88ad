import { plain } from '../text/plain.ts';
import { formatValue } from '../text/sparkline.ts';
import type { Threshold } from './threshold.ts';

/** A value as people read it, with its unit. */
export function withUnit(value: number | null, unit: string | null): string {
  if (value === null) return 'no value';
  return unit ? `${formatValue(value)} ${plain(unit)}` : formatValue(value);
}

const LIMIT_WORDS: Readonly<Record<Threshold['op'], string>> = {
  '>': 'limit',
  '>=': 'alarm from',
  '<': 'alarm below',
  '<=': 'alarm up to',
  '==': 'alarm at',
  '!=': 'alarm unless',
};

/** `limit 5 %`, `alarm below 3`. */
export function limitText({ op, value }: Threshold, unit: string | null): string {
  return `${LIMIT_WORDS[op]} ${withUnit(value, unit)}`;
}

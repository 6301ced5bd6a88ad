import type { Labels } from '../../promql/labels.ts';
import { printLiteral } from '../../promql/print-value.ts';

/** One element of a rule's expression that holds now, or did until lately. Times are milliseconds since 1970. */
export interface ActiveAlert {
  labels: Labels;
  annotations: Readonly<Record<string, string>>;
  state: 'pending' | 'firing' | 'inactive';
  /** The expression's value when it was last evaluated. */
  value: number;
  activeAt: number;
  /** When it became active, in milliseconds of life: `for` is a wait and is counted in these. */
  activeSince: number;
  firedAt: number | null;
  resolvedAt: number | null;
  /** When it ceased to hold, in milliseconds of life. */
  goneSince: number | null;
}

/** Replaces `{{ $labels.name }}` and `{{ $value }}`, the two template forms that the rules use. */
export function expanded(template: string, labels: Labels, value: number): string {
  return template.replace(/\{\{\s*\$(?:labels\.(\w+)|value)\s*\}\}/g, (_, name: string | undefined) => {
    return name === undefined ? printLiteral(value) : labels.get(name);
  });
}

import { Failure } from '../../world/incident-manager/failure.ts';
import type { Of } from '../aws/shape.ts';
import type { filters as filtersShape } from './shapes.ts';

export type Filters = Of<typeof filtersShape>;

/** A value that can be filtered by: instants in milliseconds by `before` and `after`, the rest by `equals`. */
export type Filterable = { instant: number } | { text: string | readonly string[] } | { number: number };

function holds(condition: Filters[number]['condition'], value: Filterable): boolean {
  if ('instant' in value) {
    const { before, after } = condition;
    if (before === undefined && after === undefined) throw unsupported();
    return (before === undefined || value.instant < before) && (after === undefined || value.instant > after);
  }
  const wanted = 'number' in value ? condition.equals?.integerValues : condition.equals?.stringValues;
  if (!wanted) throw unsupported();
  if ('number' in value) return (wanted as number[]).includes(value.number);
  return [value.text].flat().some((text) => (wanted as string[]).includes(text));
}

function unsupported(): Failure {
  return new Failure('ValidationException', 'The condition is not supported for the filter key');
}

/**
 * Keeps what all filters hold for.
 * @param values what each filter key stands for; any other key is refused.
 */
export function filtered<T>(
  items: readonly T[],
  filters: Filters | undefined,
  values: Readonly<Record<string, (item: T) => Filterable>>,
): T[] {
  const tests = (filters ?? []).map(({ key, condition }) => {
    const value = values[key];
    if (!value) throw new Failure('ValidationException', `Invalid filter key: ${key}`);
    return (item: T) => holds(condition, value(item));
  });
  return items.filter((item) => tests.every((test) => test(item)));
}

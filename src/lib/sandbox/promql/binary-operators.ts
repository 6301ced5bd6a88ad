import type { Labels } from './labels.ts';
import { METRIC_NAME } from './labels.ts';
import { executionError } from './promql-error.ts';
import type { BinaryOperator, Matching } from './syntax.ts';
import { isComparison } from './syntax.ts';
import { fromVectors, merged, type Sample, type Track, valueAt, vectorAt } from './track.ts';

/** What a binary expression says besides its two sides. */
export interface Operation {
  operator: BinaryOperator;
  bool: boolean;
  matching: Matching;
}

/** A number to the power of another, as Go has it: 1 to any power and -1 to an infinite one are 1. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  return base ** exponent;
}

/** Arithmetic, or for a comparison whether it holds. */
function compute(operator: BinaryOperator, left: number, right: number): number | boolean {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return power(left, right);
    case 'atan2':
      return Math.atan2(left, right);
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '>':
      return left > right;
    case '<':
      return left < right;
    case '>=':
      return left >= right;
    default:
      return left <= right;
  }
}

/** Two scalars; a comparison gives 1 or 0. */
export function betweenScalars(operator: BinaryOperator, left: number, right: number): number {
  return Number(compute(operator, left, right));
}

/** Prometheus keeps the name only where the value itself survives; in 2.x `atan2` keeps it by an oversight. */
function dropsName({ operator, bool }: Operation): boolean {
  return bool || !(isComparison(operator) || operator === 'atan2');
}

/** A vector and a scalar. A comparison without `bool` filters, and keeps the vector's own value on either side. */
export function withScalar(
  operation: Operation,
  tracks: readonly Track[],
  other: { scalar: Track; onLeft: boolean },
): Track[] {
  const { operator, bool } = operation;
  const results = tracks.map((track): Track => {
    const values = new Float64Array(track.values.length);
    const present = track.present.slice();
    for (let i = 0; i < values.length; i++) {
      if (!present[i]) continue;
      const own = track.values[i] as number;
      const scalar = valueAt(other.scalar, i);
      const outcome = other.onLeft ? compute(operator, scalar, own) : compute(operator, own, scalar);
      if (typeof outcome === 'number' || bool) values[i] = Number(outcome);
      else if (outcome) values[i] = own;
      else present[i] = 0;
    }
    return { labels: dropsName(operation) ? track.labels.nameless : track.labels, values, present };
  });
  return merged(results);
}

/** The part of the labels that must agree for two elements to match. */
function signature(labels: Labels, { on, labels: names }: Matching): string {
  return on ? labels.only(names).key : labels.without([...names, METRIC_NAME]).key;
}

/** `and`, `or`, `unless`. */
export function setOperation(operator: 'and' | 'or' | 'unless', [left, right]: Sides, matching: Matching): Track[] {
  const leftKeys = left.map(({ labels }) => signature(labels, matching));
  const rightKeys = right.map(({ labels }) => signature(labels, matching));
  const count = (left[0] ?? right[0])?.values.length ?? 0;
  return fromVectors(count, (i) => {
    const [ours, theirs] = [vectorAt(left, i), vectorAt(right, i)];
    if (operator === 'or') {
      const known = new Set(ours.map(({ track }) => leftKeys[track]));
      return [...ours, ...theirs.filter(({ track }) => !known.has(rightKeys[track]))];
    }
    const known = new Set(theirs.map(({ track }) => rightKeys[track]));
    return ours.filter(({ track }) => known.has(leftKeys[track]) === (operator === 'and'));
  });
}

type Sides = readonly [left: readonly Track[], right: readonly Track[]];
type Element = Sample & { track: number };

/** Arithmetic and comparison between two vectors: one to one, or many to one with `group_left` or `group_right`. */
export function betweenVectors(operation: Operation, [left, right]: Sides): Track[] {
  const { matching } = operation;
  const swapped = matching.many === 'right';
  const [many, one] = swapped ? [right, left] : [left, right];
  const manyKeys = many.map(({ labels }) => signature(labels, matching));
  const oneKeys = one.map(({ labels }) => signature(labels, matching));
  const count = (left[0] ?? right[0])?.values.length ?? 0;
  return fromVectors(count, (i) => {
    const elements = vectorAt(many, i);
    const singles = vectorAt(one, i);
    if (elements.length === 0 || singles.length === 0) return [];
    const bySignature = index(singles, oneKeys, matching);
    const out = new Matched(operation);
    for (const element of elements) {
      const key = manyKeys[element.track] as string;
      const single = bySignature.get(key);
      if (single) out.add(key, element, single);
    }
    return out.samples;
  });
}

function index(singles: readonly Element[], keys: readonly string[], matching: Matching): Map<string, Element> {
  const bySignature = new Map<string, Element>();
  for (const single of singles) {
    const key = keys[single.track] as string;
    const twin = bySignature.get(key);
    if (twin) throw duplicate(single.labels, twin.labels, matching);
    bySignature.set(key, single);
  }
  return bySignature;
}

function duplicate(labels: Labels, twin: Labels, { on, labels: names, many }: Matching): Error {
  const group = on ? labels.only(names) : labels.without([...names, METRIC_NAME]);
  const side = many === 'right' ? 'left' : 'right';
  return executionError(
    `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: [${labels}, ${twin}]` +
      ';many-to-many matching not allowed: matching labels must be unique on one side',
  );
}

/** Collects the results of one step and refuses what would be ambiguous. */
class Matched {
  readonly samples: Sample[] = [];
  readonly #operation: Operation;
  readonly #seen = new Map<string, Set<string>>();

  constructor(operation: Operation) {
    this.#operation = operation;
  }

  add(key: string, element: Element, single: Element): void {
    const { operator, bool, matching } = this.#operation;
    const swapped = matching.many === 'right';
    const [left, right] = swapped ? [single.value, element.value] : [element.value, single.value];
    const outcome = compute(operator, left, right);
    if (outcome === false && !bool) return;
    const value = outcome === true && !bool ? left : Number(outcome);
    const labels = this.#labels(element.labels, single.labels);
    const seen = this.#seen.get(key);
    if (matching.many === 'none' && seen) {
      throw executionError(
        'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
      );
    }
    if (seen?.has(labels.key)) {
      throw executionError('multiple matches for labels: grouping labels must ensure unique matches');
    }
    this.#seen.set(key, (seen ?? new Set()).add(labels.key));
    this.samples.push({ labels, value });
  }

  #labels(many: Labels, one: Labels): Labels {
    const { matching, bool } = this.#operation;
    let labels = dropsName({ ...this.#operation, bool: false }) ? many.nameless : many;
    if (matching.many === 'none') {
      labels = matching.on ? labels.only(matching.labels) : labels.without(matching.labels);
    }
    for (const name of matching.include) labels = labels.with(name, one.get(name));
    return bool ? labels.nameless : labels;
  }
}

import { quote } from './print-value.ts';

/** The label that holds a series' metric name. */
export const METRIC_NAME = '__name__';

type Pair = readonly [name: string, value: string];

function byName(a: Pair, b: Pair): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

/** An immutable label set. A label with an empty value is the same as no label, as in Prometheus. */
export class Labels {
  static readonly EMPTY = new Labels([]);
  /** Equal for equal label sets, and only for them. */
  readonly key: string;
  readonly #pairs: readonly Pair[];
  #nameless: Labels | undefined;

  private constructor(sorted: readonly Pair[]) {
    this.#pairs = sorted;
    this.key = sorted.map(([name, value]) => `${name}\u0000${value}`).join('\u0001');
  }

  static of(record: Readonly<Record<string, string>>): Labels {
    return Labels.#from(Object.entries(record));
  }

  static #from(pairs: readonly Pair[]): Labels {
    const kept = pairs.filter(([, value]) => value !== '');
    return kept.length === 0 && Labels.EMPTY ? Labels.EMPTY : new Labels(kept.sort(byName));
  }

  /** The value of a label; empty when there is none. */
  get(name: string): string {
    for (const [own, value] of this.#pairs) if (own === name) return value;
    return '';
  }

  get pairs(): readonly Pair[] {
    return this.#pairs;
  }

  /** These labels without the metric name, as most functions return them. */
  get nameless(): Labels {
    this.#nameless ??= this.without([METRIC_NAME]);
    return this.#nameless;
  }

  without(names: readonly string[]): Labels {
    return Labels.#from(this.#pairs.filter(([name]) => !names.includes(name)));
  }

  only(names: readonly string[]): Labels {
    return Labels.#from(this.#pairs.filter(([name]) => names.includes(name)));
  }

  /** These labels with one of them set, or removed when `value` is empty. */
  with(name: string, value: string): Labels {
    return Labels.#from([...this.#pairs.filter(([own]) => own !== name), [name, value]]);
  }

  /** The order in which Prometheus sorts series. */
  static compare(a: Labels, b: Labels): number {
    const length = Math.min(a.#pairs.length, b.#pairs.length);
    for (let i = 0; i < length; i++) {
      const [nameA, valueA] = a.#pairs[i] as Pair;
      const [nameB, valueB] = b.#pairs[i] as Pair;
      if (nameA !== nameB) return nameA < nameB ? -1 : 1;
      if (valueA !== valueB) return valueA < valueB ? -1 : 1;
    }
    return a.#pairs.length - b.#pairs.length;
  }

  toRecord(): Record<string, string> {
    return Object.fromEntries(this.#pairs);
  }

  toString(): string {
    return `{${this.#pairs.map(([name, value]) => `${name}=${quote(value)}`).join(', ')}}`;
  }
}

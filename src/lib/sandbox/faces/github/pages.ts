/** One page of a list, and where it is in the whole. */
export interface Page<T> {
  items: T[];
  total: number;
  number: number;
  last: number;
}

export interface PageSize {
  usual: number;
  most: number;
}

const ORDINARY: PageSize = { usual: 30, most: 100 };

function positive(text: string | null, otherwise: number): number {
  const value = Number.parseInt(text ?? '', 10);
  return value >= 1 ? value : otherwise;
}

/** The page that `page` and `per_page` ask for. Values out of range are corrected without a word, as GitHub does. */
export function pageOf<T>(all: readonly T[], query: URLSearchParams, size: PageSize = ORDINARY): Page<T> {
  const perPage = Math.min(positive(query.get('per_page'), size.usual), size.most);
  const number = positive(query.get('page'), 1);
  const items = all.slice((number - 1) * perPage, number * perPage);
  return { items, total: all.length, number, last: Math.max(1, Math.ceil(all.length / perPage)) };
}

/** The `Link` header for a page, or undefined when there is only one. `address` is the list's own, without a query. */
export function linkHeader(page: Page<unknown>, address: string, query: URLSearchParams): string | undefined {
  const targets: [string, number][] = [];
  if (page.number > 1) targets.push(['prev', Math.min(page.number - 1, page.last)]);
  if (page.number < page.last) targets.push(['next', page.number + 1], ['last', page.last]);
  if (page.number > 1) targets.push(['first', 1]);
  if (targets.length === 0) return undefined;
  return targets
    .map(([relation, number]) => {
      const there = new URLSearchParams(query);
      there.set('page', String(number));
      return `<${address}?${there}>; rel="${relation}"`;
    })
    .join(', ');
}

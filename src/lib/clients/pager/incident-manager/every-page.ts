/** One page of a list, and the token of the next. */
export interface ListPage<T> {
  items: readonly T[] | undefined;
  next: string | undefined;
}

/** Reads a list page by page; the reader may stop early. Ends as well when a server gives the same token again. */
export async function* pageByPage<T>(read: (token: string | undefined) => Promise<ListPage<T>>): AsyncGenerator<T> {
  let token: string | undefined;
  do {
    const page = await read(token);
    yield* page.items ?? [];
    if (page.next === token) return;
    token = page.next;
  } while (token);
}

/** The whole list. */
export async function everyPage<T>(read: (token: string | undefined) => Promise<ListPage<T>>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of pageByPage(read)) all.push(item);
  return all;
}

/** Runs `act` for every item, `width` at once, and keeps the order. After a failure no further one is begun. */
export async function abreast<T, R>(items: readonly T[], width: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const i = next++;
      try {
        results[i] = await act(items[i]!);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}

/** GitHub asks for few requests at a time: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api */
const MOST = 6;

/** Does the same for every item, at most six at a time, and gives the results in the items' order. */
export async function inParallel<I, R>(items: readonly I[], act: (item: I) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await act(item);
  };
  await Promise.all(Array.from({ length: MOST }, work));
  return results;
}

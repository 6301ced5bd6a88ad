import { createHash } from 'node:crypto';
import { Failure } from '../../world/incident-manager/failure.ts';

/** One page of a list, and the token that leads to the next one. */
export interface Listing<T> {
  items: T[];
  next: string | undefined;
}

/** How either service is asked for a page of a list; the rest of an input says of which list. */
interface Ask {
  NextToken?: string;
  MaxResults?: number;
  nextToken?: string;
  maxResults?: number;
}

export interface ListingOptions<T> {
  /** The operation: a token of one list is not one of another. */
  of: string;
  /** How many items a page holds when the input does not say, or says 0. */
  usual: number;
  /** What tells the items of one list apart. */
  key: (item: T) => string;
}

function marked(place: [string, string, number]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws Failure ValidationException for what is no token of this list. */
function placeOf(token: string, list: string): { after: string; given: number } {
  try {
    const [of, after, given] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[];
    if (of === list && typeof after === 'string' && typeof given === 'number') return { after, given };
  } catch {
    // Refused below.
  }
  throw new Failure('ValidationException', 'The pagination token is not valid', { Reason: 'OTHER' });
}

/**
 * The part of a list that follows the token. A token names the last item that was given, so that what is added in front
 * of it between two calls neither repeats nor hides anything; if that item is gone, its place in the list is taken.
 * @param all takes no more of it than it needs.
 * @param input the whole input: a token goes with the filters that it was given for.
 * @throws Failure ValidationException for a token that leads nowhere.
 */
export function listing<T>(all: Iterable<T>, input: object, { of, usual, key }: ListingOptions<T>): Listing<T> {
  const { NextToken, MaxResults, nextToken, maxResults, ...filters } = input as Ask;
  const token = NextToken ?? nextToken;
  const size = (MaxResults ?? maxResults) || usual;
  const list = createHash('sha256')
    .update(`${of} ${JSON.stringify(filters)}`)
    .digest('base64url')
    .slice(0, 16);
  if (token === undefined) return pageOf(all, { list, size, key, skip: 0 });
  const { after, given } = placeOf(token, list);
  const seen: T[] = [];
  const rest = all[Symbol.iterator]();
  for (let next = rest.next(); !next.done; next = rest.next()) {
    seen.push(next.value);
    if (key(next.value) === after) return pageOf(toIterable(rest), { list, size, key, skip: seen.length });
  }
  return pageOf(seen.slice(given), { list, size, key, skip: given });
}

function toIterable<T>(iterator: Iterator<T>): Iterable<T> {
  return { [Symbol.iterator]: () => iterator };
}

function pageOf<T>(
  rest: Iterable<T>,
  { list, size, key, skip }: { list: string; size: number; key: (item: T) => string; skip: number },
): Listing<T> {
  const items: T[] = [];
  for (const item of rest) {
    if (items.length === size) {
      return { items, next: marked([list, key(items.at(-1) as T), skip + items.length]) };
    }
    items.push(item);
  }
  return { items, next: undefined };
}

/** Timestamps go over the wire as seconds since 1970. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

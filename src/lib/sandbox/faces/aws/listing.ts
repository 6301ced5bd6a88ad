import { Failure } from '../../world/incident-manager/failure.ts';

/** One page of a list, and the token that leads to the next one. */
export interface Listing<T> {
  items: T[];
  next: string | undefined;
}

export interface ListingOptions<T> {
  token: string | undefined;
  /** 0 and undefined both mean the service's own choice. */
  limit: number | undefined;
  usual: number;
  /** What tells the items of one list apart. */
  key: (item: T) => string;
}

/**
 * The part of a list that follows the token. A token names the last item that was given, so that what is added in front
 * of it between two calls neither repeats nor hides anything. Takes no more of `all` than it needs.
 * @throws Failure ValidationException for a token that leads nowhere.
 */
export function listing<T>(all: Iterable<T>, { token, limit, usual, key }: ListingOptions<T>): Listing<T> {
  const size = limit || usual;
  const after = token === undefined ? null : Buffer.from(token, 'base64url').toString('utf8');
  const items: T[] = [];
  let begun = after === null;
  for (const item of all) {
    if (!begun) begun = key(item) === after;
    else if (items.length < size) items.push(item);
    else return { items, next: Buffer.from(key(items.at(-1) as T)).toString('base64url') };
  }
  if (!begun) throw new Failure('ValidationException', 'The pagination token is not valid', { Reason: 'OTHER' });
  return { items, next: undefined };
}

/** Timestamps go over the wire as seconds since 1970. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

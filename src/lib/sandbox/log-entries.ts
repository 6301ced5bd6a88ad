import type { Received } from './exchange.ts';

/** What a reader of the log wants to see. */
export interface Wanted {
  face?: string | undefined;
  operation?: string | undefined;
  errors: boolean;
  writes: boolean;
  /** ISO 8601 UTC; null for all. */
  from: string | null;
}

/** Whether an entry is wanted. */
export function fits(one: Received, { face, operation, errors, writes, from }: Wanted): boolean {
  if ((face && one.face !== face) || (from !== null && one.at < from)) return false;
  if ((errors && !isError(one)) || (writes && !one.write)) return false;
  const about = `${one.operation ?? ''} ${one.method} ${one.path}`.toLowerCase();
  return operation === undefined || about.includes(operation.toLowerCase());
}

/** Whether its status is known, or will never be. */
export function isTold({ status, over }: Received): boolean {
  return over || status > 0;
}

/** Refused, failed, or without an answer. */
export function isError({ status, over, fault }: Received): boolean {
  return status >= 400 || fault !== null || (over && status === 0);
}

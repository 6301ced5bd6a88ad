/** Why GitHub would not do what it was asked; the face turns it into a status. */
export type RefusalReason = 'missing' | 'invalid' | 'forbidden' | 'conflict';

/** A request that GitHub refuses, with the message that GitHub gives. */
export class Refusal extends Error {
  readonly reason: RefusalReason;
  /** Entries for the `errors` list of a validation error; null when GitHub sends none. */
  readonly errors: readonly Record<string, unknown>[] | null;

  constructor(reason: RefusalReason, message: string, errors: readonly Record<string, unknown>[] | null = null) {
    super(message);
    this.name = 'Refusal';
    this.reason = reason;
    this.errors = errors;
  }
}

/** What GitHub answers for anything that is not there, and for anything that the caller may not know of. */
export function notFound(): Refusal {
  return new Refusal('missing', 'Not Found');
}

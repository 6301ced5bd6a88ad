/** Whether Prometheus would have refused the query as written, or failed while evaluating it. */
export type PromqlErrorKind = 'bad_data' | 'execution';

/** A query that Prometheus would not answer; the message is its own wording, without any prefix of the HTTP API. */
export class PromqlError extends Error {
  readonly kind: PromqlErrorKind;

  constructor(kind: PromqlErrorKind, message: string) {
    super(message);
    this.name = 'PromqlError';
    this.kind = kind;
  }
}

/** The error of a query that cannot be read, with the line and (byte) column where reading stopped. */
export function parseError(query: string, position: number, message: string): PromqlError {
  const before = query.slice(0, position);
  const line = before.split('\n').length;
  const column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1)) + 1;
  return new PromqlError('bad_data', `${line}:${column}: parse error: ${message}`);
}

/** The error of a query that was understood but cannot be answered. */
export function executionError(message: string): PromqlError {
  return new PromqlError('execution', message);
}

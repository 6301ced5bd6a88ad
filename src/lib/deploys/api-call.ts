/** A call that `--dry-run` shows instead of making it. */
export interface ApiCall {
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: string;
  body: Record<string, unknown> | Record<string, unknown>[] | null;
}

/** The calls as a reader could make them by hand. */
export function callsText(calls: readonly ApiCall[]): string {
  return calls
    .map(({ method, path, body }) =>
      body ? `${method} ${path}\n${JSON.stringify(body, null, 2)}` : `${method} ${path}`,
    )
    .join('\n');
}

/**
 * A service's timestamp as ISO 8601 UTC with milliseconds, so that stamps of all services sort as text. What is no
 * timestamp at all is left as it came.
 */
export function utcStamp(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}

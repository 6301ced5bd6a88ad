import type { Source } from './source.ts';

/** One log line as text, and where it comes from. */
export interface Entry {
  /** When the container wrote it: ISO 8601 UTC with nine digits. */
  at: string;
  /** The same as nanoseconds: see `stamp`. */
  nanos: number;
  source: Source;
  text: string;
}

import type { LogStream } from '../clients/kubernetes/kubernetes.ts';
import type { OncallError } from '../errors.ts';
import { Head } from './head.ts';
import { Merge } from './merge.ts';
import type { Place } from './place.ts';
import type { LineSink, Source } from './source.ts';

/** One log of what was written so far. */
export interface PastLog {
  source: Source;
  open(take: (piece: Buffer) => void): LogStream;
  /** Whether bytes after the last line break are a line: not of a log that is followed afterwards, where it comes whole. */
  restIsLine: boolean;
  /** Words of the kubelet among the lines. */
  remark(words: string): void;
}

/** Where a past log was left, to be followed from there; `error` when it could not be read, or not to its end. */
export interface PastEnd {
  place: Place;
  lines: number;
  error: OncallError | null;
}

/** All logs together may hold so many bytes that wait to be merged. */
const MOST_WAITING = 4 * 1024 * 1024;
const LEAST_EACH = 32 * 1024;

/**
 * Shows what was written so far, exactly in the order of the stamps across all logs (k-way, each log in its own order).
 * Nothing is held but what waits for a log that has not answered yet; a source that is far ahead is paused.
 * @returns where each log was left, in the order given
 */
export async function showBacklog(
  logs: readonly PastLog[],
  { sink, signal }: { sink: LineSink; signal: AbortSignal },
): Promise<PastEnd[]> {
  const share = Math.max(LEAST_EACH, Math.floor(MOST_WAITING / Math.max(1, logs.length)));
  const merge = new Merge(sink);
  const heads = logs.map((log) => new Head(log, { share, changed: () => merge.wake() }));
  const close = () => {
    for (const head of heads) head.close();
    merge.wake();
  };
  signal.addEventListener('abort', close, { once: true });
  try {
    await merge.run(heads, signal);
  } finally {
    signal.removeEventListener('abort', close);
  }
  return heads.map((head) => head.end);
}

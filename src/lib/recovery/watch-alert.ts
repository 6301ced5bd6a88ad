import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import { interrupted, OncallError } from '../errors.ts';

/** What one evaluation of the expression gave. Times are milliseconds since 1970. */
export interface AlertSample {
  at: number;
  /** Values of the series that the expression still gives; empty when the alert is quiet. */
  values: number[];
}

export interface AlertWatch {
  prometheus: Prometheus;
  /** The alert's own expression: it gives something while the trouble lasts, and nothing when it is over. */
  expr: string;
  /** When to give up, in milliseconds since 1970. At least one evaluation is made in any case. */
  deadline: number;
  now: () => number;
  /** Resolves after so many milliseconds; rejects with INTERRUPTED on Ctrl-C. */
  wait: (ms: number) => Promise<void>;
  signal: AbortSignal;
  onSample?: (sample: AlertSample) => void;
}

export interface AlertVerdict {
  quiet: boolean;
  /** When the first of the empty evaluations was made that it ended with; null while it is not quiet. */
  quietSince: number | null;
  /** The last evaluation that worked; null if none did. */
  last: AlertSample | null;
  /** Why the last evaluation did not work, in words; null if it did. */
  trouble: string | null;
}

/** One empty answer may be a scrape that failed: so many in a row are wanted. */
const IN_A_ROW = 2;
const FIRST_STEP = 2000;
const LATER_STEP = 5000;
const SOON = 30_000;

/**
 * Evaluates an alert's expression until it has been empty twice in a row, or until the deadline. Prometheus being away
 * for a while is waited out; a refused expression is not, since it will not get better.
 * @throws INTERRUPTED; FAILED with Prometheus's words when it refuses the expression
 */
export async function watchUntilQuiet(watch: AlertWatch): Promise<AlertVerdict> {
  const { prometheus, expr, deadline, now, wait, signal, onSample } = watch;
  const start = now();
  const empty: number[] = [];
  let last: AlertSample | null = null;
  let trouble: string | null = null;
  for (;;) {
    if (signal.aborted) throw interrupted();
    try {
      const { series } = await prometheus.query(expr);
      last = { at: now(), values: series.map(({ sample }) => sample.value) };
      trouble = null;
      onSample?.(last);
      if (last.values.length > 0) empty.length = 0;
      else empty.push(last.at);
    } catch (error) {
      if (!(error instanceof OncallError) || !['UNAVAILABLE', 'RATE_LIMITED', 'AUTH'].includes(error.code)) throw error;
      trouble = error.message;
      empty.length = 0;
    }
    if (empty.length >= IN_A_ROW) return { quiet: true, quietSince: empty[0] ?? null, last, trouble };
    if (now() >= deadline) return { quiet: false, quietSince: null, last, trouble };
    await wait(now() - start < SOON ? FIRST_STEP : LATER_STEP);
  }
}

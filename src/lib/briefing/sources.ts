import type { Alertmanager } from '../clients/alertmanager/alertmanager.ts';
import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';
import { inTime, PATIENCE } from '../deploys/patience.ts';
import { OncallError } from '../errors.ts';

/** Everything that a briefing is put together from. What is not configured is null. */
export interface Sources {
  pager: Pager;
  prometheus: Prometheus | null;
  alertmanager: Alertmanager | null;
  github: GitHub | null;
  kubernetes: Kubernetes | null;
  services: readonly Service[];
  /** A file beside the configuration, such as a runbook; null when it is not there. */
  textBeside(path: string): Promise<string | null>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** One part of a briefing: what was found, or why it is missing, in words for the reader. */
export interface Part<T> {
  value: T | null;
  missing: string | null;
  /** What the source said; null when it answered. */
  trouble: OncallError | null;
}

/**
 * Asks one source for one part. A source that fails or dawdles costs its part and nothing else; only a Ctrl-C ends the
 * whole briefing.
 */
export async function part<T>(what: string, ask: () => Promise<T | null> | T | null): Promise<Part<T>> {
  try {
    return { value: await inTime(Promise.resolve(ask()), PATIENCE), missing: null, trouble: null };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    return { value: null, missing: `${what}: ${error.message}`, trouble: error };
  }
}

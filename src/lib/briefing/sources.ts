import type { Alertmanager } from '../clients/alertmanager/alertmanager.ts';
import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import { type Known, lastKnown, type Memory, type Question } from '../store/fallback.ts';
import { asOf } from '../text/age.ts';

/** Everything that a briefing is put together from. What is not configured is null. */
export interface Sources {
  pager: Pager;
  prometheus: Prometheus | null;
  alertmanager: Alertmanager | null;
  github: GitHub | null;
  kubernetes: Kubernetes | null;
  services: readonly Service[];
  /** Address of Prometheus, for links. */
  prometheusUrl: string | null;
  /** What each source said the last time. */
  memory: Memory;
  /** A file beside the configuration, such as a runbook; null when it is not there. */
  textBeside(path: string): Promise<string | null>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** One part of a briefing: what was found, or why it is missing, in words for the reader. */
export interface Part<T> {
  value: T | null;
  /** When it was true, ISO 8601 UTC, if it comes out of the cache; null when it is live. */
  cachedAt: string | null;
  /** What to say when it is missing or old; null when it is live. */
  missing: string | null;
  /** What the source said; null when it answered. */
  trouble: OncallError | null;
}

/**
 * One part of a briefing. A source that fails or dawdles costs its part and nothing else; only a Ctrl-C ends the whole
 * briefing.
 */
export async function part<T>(what: string, known: Promise<Known<T>>, now: () => number): Promise<Part<T>> {
  try {
    const { value, cachedAt, trouble } = await known;
    const missing = cachedAt && trouble ? `${what} ${asOf(cachedAt, now())}: ${trouble.message}` : null;
    return { value, cachedAt, missing, trouble };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    return { value: null, cachedAt: null, missing: `${what}: ${error.message}`, trouble: error };
  }
}

/** Asks one source for one part, and falls back on what it said the last time under the same key. */
export function partOf<T>(what: string, question: Question<T> & { memory: Memory }): Promise<Part<T>> {
  return part(what, lastKnown(question), question.memory.now);
}

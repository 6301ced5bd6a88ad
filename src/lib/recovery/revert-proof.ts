import type { Kubernetes, Workload } from '../clients/kubernetes/kubernetes.ts';
import type { Prometheus, Sample } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';
import type { Clock } from '../deploys/start-run.ts';
import { type Standing, waitForPods } from '../deploys/wait-for-pods.ts';
import { OncallError } from '../errors.ts';
import { type AlertSample, type AlertVerdict, watchUntilQuiet } from './watch-alert.ts';

/** What is looked at to say that a service has recovered. */
export interface ProofRequest {
  service: Service;
  /** The commit that must be running. */
  sha: string;
  /** Null when no expression is known: then only the pods can speak. */
  alert: { expr: string; rule: string } | null;
  kubernetes: Kubernetes | null;
  prometheus: Prometheus | null;
  /** When the revert began, in milliseconds since 1970: recovery is counted from there. */
  startedAt: number;
  /** When to stop waiting, in milliseconds since 1970. */
  deadline: number;
  clock: Clock;
  signal: AbortSignal;
  onPods: (workload: Workload) => void;
  onSample: (sample: AlertSample) => void;
}

/** Whether the service recovered, and by what that is known. Times are ISO 8601 UTC; absent is null. */
export interface Proof {
  recovered: boolean;
  /** `alert`: its own expression became empty. `pods`: only that all are ready, which is weaker. */
  by: 'alert' | 'pods';
  recoveredAt: string | null;
  /** Seconds from the start of the revert. */
  afterSeconds: number | null;
  /** Null when the cluster did not answer. */
  pods: Standing | null;
  /** Values that the alert's expression still gives; null when it is not known or could not be asked. */
  stillFiring: number[] | null;
  health: Health | null;
  /** What could not be asked, in words. */
  cautions: string[];
}

/** The service's first named query before and after. */
export interface Health {
  name: string;
  unit: string | null;
  before: number | null;
  after: number | null;
  points: { at: string; value: number }[];
}

const BEFORE_MS = 10 * 60_000;
const STEP_SECONDS = 15;

/**
 * Waits until the cluster runs the commit with all its pods ready, then until the alert's expression is empty.
 * @throws INTERRUPTED
 */
export async function proveRecovery(request: ProofRequest): Promise<Proof> {
  const { alert, prometheus, startedAt, clock } = request;
  const cautions: string[] = [];
  const { kubernetes, service } = request;
  const pods = kubernetes ? await waitForPods({ ...request, kubernetes, target: service.target }, cautions) : null;
  const servingAt = clock.now();
  const verdict = alert && prometheus ? await watchAlert({ ...request, prometheus, expr: alert.expr }, cautions) : null;
  const health = prometheus ? await readHealth(request, prometheus) : null;
  const serving = pods?.serving ?? false;
  const recovered = verdict ? verdict.quiet && pods?.serving !== false : serving;
  const recoveredAt = recovered ? (verdict?.quietSince ?? servingAt) : null;
  return {
    recovered,
    by: verdict ? 'alert' : 'pods',
    recoveredAt: recoveredAt === null ? null : new Date(recoveredAt).toISOString(),
    afterSeconds: recoveredAt === null ? null : Math.max(0, Math.round((recoveredAt - startedAt) / 1000)),
    pods,
    stillFiring: verdict?.last?.values ?? null,
    health,
    cautions,
  };
}

async function watchAlert(
  request: ProofRequest & { prometheus: Prometheus; expr: string },
  cautions: string[],
): Promise<AlertVerdict | null> {
  const { prometheus, expr, deadline, clock, signal, onSample } = request;
  try {
    const verdict = await watchUntilQuiet({ prometheus, expr, deadline, ...clock, signal, onSample });
    if (verdict.trouble) cautions.push(`Prometheus did not answer at the end: ${verdict.trouble}`);
    return verdict;
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    cautions.push(`The alert's expression could not be evaluated: ${error.message}`);
    return null;
  }
}

async function readHealth(request: ProofRequest, prometheus: Prometheus): Promise<Health | null> {
  const { service, startedAt, clock } = request;
  const [query] = service.queries;
  if (!query) return null;
  try {
    const range = { from: startedAt - BEFORE_MS, to: clock.now(), stepSeconds: STEP_SECONDS };
    const [{ series }, latest] = await Promise.all([
      prometheus.queryRange(query.expr, range),
      prometheus.query(query.expr),
    ]);
    const samples = (series[0]?.samples ?? []).filter(({ value }) => Number.isFinite(value));
    const last = latest.series[0]?.sample;
    const points: Sample[] = last && Number.isFinite(last.value) ? [...samples, last] : samples;
    return {
      name: query.description ?? query.name,
      unit: query.unit,
      before: samples.findLast(({ at }) => at <= startedAt)?.value ?? null,
      after: points.at(-1)?.value ?? null,
      points: points.map(({ at, value }) => ({ at: new Date(at).toISOString(), value })),
    };
  } catch (error) {
    if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
    throw error;
  }
}

import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import { type ClusterFindings, lookIntoCluster } from './cluster.ts';
import type { Discovery, FoundTeamService } from './discovery.ts';
import { type Looked, lookAt, notLooked } from './look.ts';
import { lookIntoPrometheus, type MetricsFindings } from './metrics.ts';
import { isPlanned, lookIntoPager, type PagerFindings } from './pager.ts';
import { type FoundRepository, lookForRepositories } from './repositories.ts';

/** Where to look. What is null is not looked at, and its reason is told. */
export interface Places {
  kubernetes: (() => Promise<Kubernetes>) | null;
  context: string | null;
  namespace: string | null;
  prometheus: (() => Promise<Prometheus>) | null;
  pager: (() => Promise<Pager>) | null;
  github: (() => Promise<GitHub>) | null;
  /** `owner/name` of the repository that we stand in. */
  repository: string | null;
  /** Services that were named by the user; null takes those of the cluster. */
  named: readonly string[] | null;
  /** A file near the configuration; null when it is not there. */
  textBeside: (path: string) => Promise<string | null>;
}

const NO_CLUSTER = 'no kubeconfig with a current context';
const NO_PROMETHEUS = 'no address: give --prometheus, or set PROMETHEUS_URL';
const NO_PAGER = 'no region: give --region, or set AWS_REGION';
const NO_REPOSITORY = 'this directory has no git remote at GitHub';

/** Looks at every place at once, and puts together by name what they tell. Changes nothing. @throws INTERRUPTED */
export async function discover(places: Places): Promise<Discovery> {
  const { kubernetes, prometheus, pager, github } = places;
  // Loading our own programs is not the places' slowness. What fails here fails again where it is told.
  await Promise.allSettled([kubernetes, prometheus, pager, github].map((connect) => connect?.()));
  const [cluster, metrics, pagers] = await Promise.all([
    kubernetes
      ? lookAt('Cluster', async () => lookIntoCluster(await kubernetes(), places), clusterWords)
      : notLooked<ClusterFindings>('Cluster', NO_CLUSTER),
    prometheus
      ? lookAt('Prometheus', async () => lookIntoPrometheus(await prometheus()), metricsWords)
      : notLooked<MetricsFindings>('Prometheus', prometheusHint(null)),
    pager
      ? lookAt('Incident Manager', async () => lookIntoPager(await pager()), pagerWords)
      : notLooked<PagerFindings>('Incident Manager', NO_PAGER),
  ]);
  const names = places.named ?? cluster.value?.services.map(({ name }) => name) ?? [];
  const repositories = await lookAtRepositories(places, names);
  const found = {
    cluster: cluster.value,
    metrics: metrics.value,
    pager: pagers.value,
    repositories: repositories.value,
  };
  const services = await Promise.all(names.map((name) => merged(name, found, places)));
  if (!metrics.value && !prometheus) metrics.report.words = prometheusHint(cluster.value);
  return {
    services,
    plan: only(pagers.value?.plans),
    schedule: only(pagers.value?.schedules),
    namespace: mostCommon(services.flatMap(({ namespace }) => namespace ?? [])),
    alertmanager: metrics.value?.alertmanager ?? null,
    sources: [cluster.report, repositories.report, metrics.report, pagers.report],
  };
}

function lookAtRepositories(places: Places, names: readonly string[]): Promise<Looked<FoundRepository[]>> {
  const { github, repository } = places;
  if (!github || !repository) return Promise.resolve(notLooked('GitHub', NO_REPOSITORY));
  return lookAt(
    'GitHub',
    async () => lookForRepositories(await github(), { services: names, own: repository }),
    (found) => (found.length > 0 ? `${new Set(found.map((one) => one.repository)).size} repositories` : null),
  );
}

interface Found {
  cluster: ClusterFindings | null;
  metrics: MetricsFindings | null;
  pager: PagerFindings | null;
  repositories: FoundRepository[] | null;
}

async function merged(name: string, found: Found, { textBeside }: Places): Promise<FoundTeamService> {
  const running = found.cluster?.services.find((one) => one.name === name);
  // The repository of its own name comes before the one that we stand in.
  const repository = found.repositories?.filter(({ service }) => service === name).at(-1);
  const runbook = `runbooks/${name}.md`;
  return {
    name,
    namespace: running?.namespace ?? null,
    selector: running?.selector ?? null,
    repository: repository?.repository ?? null,
    deploy: repository?.deploy ?? null,
    revert: repository?.revert ?? null,
    upLabel: found.metrics?.apps.includes(name) ? 'app' : found.metrics?.jobs.includes(name) ? 'job' : null,
    planned: isPlanned(name, found.pager?.responsePlans ?? []),
    runbook: (await textBeside(runbook)) === null ? null : runbook,
  };
}

function only(values: readonly string[] | undefined): string | null {
  return values?.length === 1 ? (values[0] ?? null) : null;
}

function mostCommon(values: readonly string[]): string | null {
  const count = (value: string) => values.filter((one) => one === value).length;
  return [...new Set(values)].sort((a, b) => count(b) - count(a))[0] ?? null;
}

function clusterWords({ services }: ClusterFindings): string | null {
  if (services.length === 0) return null;
  return `${services.length} service${services.length === 1 ? '' : 's'} in ${new Set(services.map(({ namespace }) => namespace)).size} namespace(s)`;
}

function metricsWords({ apps, jobs, alertmanager }: MetricsFindings): string | null {
  if (apps.length === 0 && jobs.length === 0) return null;
  return `${apps.length} apps, ${jobs.length} jobs, ${alertmanager ? 'an Alertmanager' : 'no Alertmanager'}`;
}

function pagerWords({ plans, schedules, responsePlans }: PagerFindings): string | null {
  if (plans.length + schedules.length + responsePlans.length === 0) return null;
  const named = (what: string, values: readonly string[]) =>
    values.length === 0 ? `no ${what}` : `${what} ${values.join(', ')}`;
  return [
    named('plan', plans),
    named('schedule', schedules),
    `${responsePlans.length} response plan${responsePlans.length === 1 ? '' : 's'}`,
  ].join('; ');
}

/** A Prometheus inside the cluster has an address that only the cluster knows; people reach it by another. */
function prometheusHint(cluster: ClusterFindings | null): string {
  const inside = cluster?.monitoring.find(({ name }) => name.startsWith('prometheus'));
  return inside ? `${NO_PROMETHEUS} (it runs in the cluster as ${inside.namespace}/${inside.name})` : NO_PROMETHEUS;
}

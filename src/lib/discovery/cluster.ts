import type { FoundService, FoundWorkload, Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import { OncallError } from '../errors.ts';

/** A workload taken for a service of the team. */
export interface ClusterService {
  name: string;
  namespace: string;
  /** Null where it is the usual one, `app=NAME`. */
  selector: string | null;
}

export interface ClusterFindings {
  services: ClusterService[];
  /** Where Prometheus and Alertmanager run in the cluster: reached from inside it only, so no more than a hint. */
  monitoring: { name: string; namespace: string }[];
}

/** Namespaces that hold the cluster's own things. */
const SYSTEM =
  /^(kube-.*|cert-manager|ingress-nginx|istio-system|argocd|flux-system|monitoring|observability|logging)$/;
/** What watches the services, and is none. */
const WATCHERS = /(^|-)(prometheus|alertmanager|grafana|kube-state-metrics|node-exporter|blackbox-exporter|loki)(-|$)/;
const NAME_LABEL = 'app.kubernetes.io/name';

/**
 * The Deployments and StatefulSets that look like the team's services. Looks at all namespaces, or, where that is not
 * allowed, at the one of the kubeconfig's context.
 */
export async function lookIntoCluster(
  kubernetes: Kubernetes,
  place: { context: string | null; namespace: string | null },
): Promise<ClusterFindings> {
  const { context } = place;
  const within = async <T>(ask: (namespace: string | null) => Promise<T>): Promise<T> => {
    try {
      return await ask(null);
    } catch (error) {
      if (!(error instanceof OncallError) || error.code !== 'AUTH' || !place.namespace) throw error;
      return ask(place.namespace);
    }
  };
  const [workloads, objects] = await Promise.all([
    within((namespace) => kubernetes.workloads({ context, namespace })),
    within((namespace) => kubernetes.services({ context, namespace })).catch(noneUnlessInterrupted),
  ]);
  const services = workloads.filter(isService).map(asService);
  const once = services.filter(({ name }, i) => services.findIndex((one) => one.name === name) === i);
  const monitoring = objects.filter(({ name }) => /^(prometheus|alertmanager)/.test(name));
  return { services: once.sort((a, b) => a.name.localeCompare(b.name)), monitoring };
}

function noneUnlessInterrupted(error: unknown): FoundService[] {
  if (error instanceof OncallError && error.code !== 'INTERRUPTED') return [];
  throw error;
}

function isService({ kind, name, namespace }: FoundWorkload): boolean {
  return kind !== 'daemonset' && !SYSTEM.test(namespace) && !WATCHERS.test(name);
}

/** The name is the one that the pods' labels give, since metrics and selectors go by it. */
function asService({ name, namespace, podLabels, selects }: FoundWorkload): ClusterService {
  const app = podLabels['app'];
  if (app) return { name: app, namespace, selector: null };
  const standard = podLabels[NAME_LABEL];
  if (standard) return { name: standard, namespace, selector: `${NAME_LABEL}=${standard}` };
  const selector = Object.entries(selects).map(([key, value]) => `${key}=${value}`);
  return { name, namespace, selector: selector.length > 0 ? selector.join(',') : null };
}

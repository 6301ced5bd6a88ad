import type { Kubernetes, Target } from '../clients/kubernetes/kubernetes.ts';
import type { Service } from '../config/config.ts';

export interface TargetsAsked {
  /** From the configuration; null when the pods are named otherwise. */
  service: Service | null;
  /** `KIND/NAME` of the cluster. */
  object: string | null;
  selector: string | null;
  namespace: string | null;
  /** Contexts of the kubeconfig; empty takes the configured one. */
  contexts: readonly string[];
  /** Namespace where nothing names one. */
  fallback: string;
}

/** Which pods are meant, once for each cluster. @throws NOT_FOUND, USAGE for a kind that selects no pods */
export async function targetsOf(
  kubernetes: Kubernetes,
  asked: TargetsAsked,
): Promise<{ name: string; targets: Target[] }> {
  const { service, object, selector, contexts } = asked;
  const namespace = asked.namespace ?? service?.target.namespace ?? asked.fallback;
  const places = contexts.length > 0 ? contexts : [service?.target.context ?? null];
  const targets = await Promise.all(
    places.map(async (context): Promise<Target> => {
      if (object === null) return { context, namespace, selector: selector ?? service?.target.selector ?? '' };
      const [kind = '', name = ''] = object.split('/');
      return { context, namespace, selector: await kubernetes.selectorOf({ context, namespace, kind, name }) };
    }),
  );
  return { name: object ?? service?.name ?? selector ?? '', targets };
}

import { OncallError } from '../../errors.ts';
import type { Cluster } from './cluster.ts';
import type { FoundService, FoundWorkload } from './kubernetes.ts';
import type { Metadata, WireWorkload } from './wire.ts';

const KINDS = { deployments: 'deployment', statefulsets: 'statefulset', daemonsets: 'daemonset' } as const;

/**
 * Everything that runs, of a namespace or (null) of all of them.
 * @throws AUTH when not one of the kinds may be listed
 */
export async function foundWorkloads(cluster: Cluster, namespace: string | null): Promise<FoundWorkload[]> {
  const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
  const lists = await Promise.all(
    kinds.map((resource) =>
      cluster
        .list<WireWorkload>({ resource, namespace })
        .then((objects) => objects.map((object) => introduced(object, KINDS[resource])))
        .catch((error: unknown) => error as Error),
    ),
  );
  const seen = lists.filter((list): list is FoundWorkload[] => Array.isArray(list));
  const refused = lists.find((list) => list instanceof Error && !(list instanceof OncallError && list.code === 'AUTH'));
  if (refused || seen.length === 0) throw refused ?? lists[0];
  return seen.flat();
}

function introduced({ metadata, spec }: WireWorkload, kind: FoundWorkload['kind']): FoundWorkload {
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    kind,
    labels: metadata.labels ?? {},
    podLabels: spec.template.metadata?.labels ?? {},
    selects: spec.selector?.matchLabels ?? {},
  };
}

/** Service objects of a namespace, or (null) of all of them. */
export async function foundServices(cluster: Cluster, namespace: string | null): Promise<FoundService[]> {
  type Wire = { metadata: Metadata; spec?: { ports?: { port: number }[] } };
  const objects = await cluster.list<Wire>({ resource: 'services', namespace });
  return objects.map(({ metadata, spec }) => ({
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    ports: (spec?.ports ?? []).map(({ port }) => port),
  }));
}
